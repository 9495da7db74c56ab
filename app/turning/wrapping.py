"""Wrapping the data keys of subjects by the wrapping key in use: what they seal stays as it is."""

from uuid import UUID

from app.database import transaction, write
from app.privacy import vault

BATCH = 500
NOBODY = UUID(int=0)

OLD = """
SELECT subject, wrapped FROM subject_key
WHERE subject > %(after)s AND wrapped IS NOT NULL AND get_byte(wrapped, 0) <> %(used)s
ORDER BY subject LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
"""
WRAP = """
UPDATE subject_key k SET wrapped = v.wrapped
FROM unnest(%(subjects)s::uuid[], %(wrapped)s::bytea[]) AS v (subject, wrapped)
WHERE k.subject = v.subject
"""


def wrap_batch(after: UUID) -> list[UUID]:
    """Wrap the next keys after ``after`` anew; return whose, in order. What is done is not found.

    There is no progress to keep: the number of its wrapping key stands in each wrapped key.
    """
    with transaction():
        about = {"after": after, "used": vault.subjects.wrapping_used, "batch": BATCH}
        rows = write(OLD, about)
        if rows:
            wrapped = [vault.subjects.wrapped_anew(r.subject, bytes(r.wrapped)) for r in rows]
            write(WRAP, {"subjects": [row.subject for row in rows], "wrapped": wrapped})
    return [row.subject for row in rows]
