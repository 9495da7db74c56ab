"""Whose photos are: of the person of the case, whoever took them."""

from collections.abc import Sequence
from uuid import UUID

from app.database import read

WHOSE = """
SELECT u.file_id, CASE u.subject_kind WHEN 'request' THEN r.account_id
  WHEN 'request-dispute' THEN f.uploaded_by END AS whose
FROM file_use u JOIN stored_file f ON f.id = u.file_id
LEFT JOIN service_request r ON r.id = u.subject_id AND u.subject_kind = 'request'
WHERE u.file_id = ANY(%(files)s) ORDER BY u.used_at DESC
"""


def whose(files: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Return whose files are by what referred to each first; None: the district's."""
    return {row.file_id: row.whose for row in read(WHOSE, {"files": list(files)})}
