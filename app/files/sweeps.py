"""What nothing refers to goes: first the file, then its bytes, each a bounded batch at a time.

Both are told by counters in the rows themselves, so that whoever begins to refer to a row and
whoever is about to drop it meet in it and one of them gives way.
"""

import logging

from app.database import transaction, write
from app.files.shelf import shelf
from app.files.stores import StoreAway
from app.worker import Sweep

BATCH = 200

log = logging.getLogger("linli.files")

DROP_FILES = """
WITH stale AS (
  SELECT id FROM stored_file WHERE uses = 0 AND uploaded_at < now() - interval '1 day'
  ORDER BY uploaded_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), dropped AS (
  DELETE FROM stored_file f USING stale WHERE f.id = stale.id RETURNING f.digest, f.thumbnail
), parts AS (
  SELECT part, count(*)::int AS n FROM dropped, unnest(ARRAY[digest, thumbnail]) AS part
  WHERE part IS NOT NULL GROUP BY part
)
UPDATE stored_blob b SET refs = refs - n, touched_at = now() FROM parts WHERE b.digest = parts.part
RETURNING b.digest
"""

# A doomed blob takes no new file. Whoever doomed it may have died: after ten minutes another may.
DOOM = """
WITH stale AS (
  SELECT digest FROM stored_blob WHERE refs = 0 AND touched_at < now() - interval '1 day'
    AND (doomed_at IS NULL OR doomed_at < now() - interval '10 minutes')
  ORDER BY touched_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
UPDATE stored_blob b SET doomed_at = now() FROM stale WHERE b.digest = stale.digest
RETURNING b.digest
"""

FORGET = "DELETE FROM stored_blob WHERE digest = ANY(%(gone)s) AND refs = 0"


def drop_unused_files() -> int:
    """Drop files that nothing has referred to for a day; return 1 while there may be more."""
    with transaction():
        return int(len(write(DROP_FILES, {"batch": BATCH})) >= BATCH)


def drop_unused_blobs() -> int:
    """Delete bytes of which no file has consisted for a day; return 1 while there may be more."""
    with transaction():
        doomed = [row.digest for row in write(DOOM, {"batch": BATCH})]
    gone = []
    for digest in doomed:
        try:
            shelf.store.delete(digest)
        except StoreAway as fault:
            log.warning("the store does not delete: %s", fault)
            break
        gone.append(digest)
    with transaction():
        write(FORGET, {"gone": gone})
    return int(len(gone) == BATCH)


def _sweep() -> int:
    return drop_unused_files() + drop_unused_blobs()


UNUSED_FILES = Sweep("unused files", _sweep, every=600)
