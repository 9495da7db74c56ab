"""Files from before they were sealed: sealed where they lie, one after another.

It may be stopped at any time, run by several at once, and begun again: a file is sealed or it is
not, and what it consisted of before goes as anything goes that nothing consists of.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.database import FIRST_ID, read, transaction, write
from app.files.links import FULL, THUMBNAIL
from app.files.sealing import FileKey
from app.files.service import COUNT, stored
from app.files.shelf import shelf
from app.files.stores import BlobMissing

BATCH = 100
Whose = Callable[[Sequence[UUID]], Mapping[UUID, UUID | None]]

PLAIN = """
SELECT id, digest, thumbnail, uploaded_by FROM stored_file
WHERE key_sealed IS NULL AND id > %(after)s ORDER BY id LIMIT %(batch)s
"""
SEALED = """
UPDATE stored_file SET digest = %(digest)s, thumbnail = %(thumbnail)s, key_sealed = %(key)s
WHERE id = %(id)s AND key_sealed IS NULL RETURNING 1
"""
LEFT = """
UPDATE stored_blob SET refs = refs - 1, touched_at = now() WHERE digest = %(digest)s
"""


def seal_older(whose: Whose) -> tuple[int, int]:
    """Seal all files that are not; return how many were, and of how many the bytes are lost.

    ``whose`` says of files that something refers to whose they are (None: the district's); others
    are of whoever uploaded them.

    Raises:
        Unavailable, StoreAway: the store does not answer; begin again later.
    """
    done, lost, after = 0, 0, FIRST_ID
    while rows := read(PLAIN, {"after": after, "batch": BATCH}):
        known = whose([row.id for row in rows])
        for row in rows:
            try:
                done += _seal(row, known.get(row.id, row.uploaded_by))
            except BlobMissing:
                lost += 1
        after = rows[-1].id
    return done, lost


def _seal(row: Any, whose: UUID | None) -> int:
    key = FileKey(row.id)
    parts = {"digest": (FULL, row.digest), "thumbnail": (THUMBNAIL, row.thumbnail)}
    fresh = {
        name: stored(key.seal(variant, shelf.store.get(digest))) if digest else None
        for name, (variant, digest) in parts.items()
    }
    sealed = key.of(whose)
    with transaction():
        if not write(SEALED, {**fresh, "id": row.id, "key": sealed}):
            return 0  # somebody else did
        for name, (_, digest) in parts.items():
            if digest:
                write(COUNT, {"digest": fresh[name]})
                write(LEFT, {"digest": digest})
    return 1
