"""Reads of files: each bounded, each one round trip."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import beyond, read

MOST_USED = 100

COLUMNS = "id, kind, media_type, digest, thumbnail, size, width, height, uploaded_by, uploaded_at"

ONE = f"SELECT {COLUMNS}, source, key_sealed FROM stored_file WHERE id = %(id)s"  # noqa: S608  ours

USED = f"""
SELECT u.subject_id, u.used_at, f.* FROM file_use u
JOIN LATERAL (SELECT {COLUMNS} FROM stored_file WHERE id = u.file_id) f ON true
WHERE u.subject_kind = %(kind)s AND u.subject_id = ANY(%(subjects)s)
ORDER BY u.subject_id, u.used_at, u.file_id LIMIT %(limit)s
"""  # noqa: S608  a constant of ours

SINCE = "SELECT count(*) AS n FROM stored_file WHERE uploaded_by = %(me)s AND uploaded_at > %(at)s"


@beyond()
def one(file_id: UUID) -> Any | None:
    """Return a file's row, whoever uploaded it: a link or the id says that it may be asked for."""
    return next(iter(read(ONE, {"id": file_id})), None)


@beyond()
def used_by(subject_kind: str, subjects: Sequence[UUID]) -> list[Any]:
    """Return the files that subjects refer to, in the order in which they came to do so.

    Whoever may see a subject may see them, whoever uploaded them.
    """
    about = {"kind": subject_kind, "subjects": list(subjects)}
    return read(USED, about | {"limit": MOST_USED * max(1, len(subjects))})


def uploaded_since(account_id: UUID, moment: datetime) -> int:
    """Return how many files an account has uploaded since a moment."""
    return int(read(SINCE, {"me": account_id, "at": moment})[0].n)
