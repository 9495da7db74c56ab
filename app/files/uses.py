"""What refers to a file, counted in the file's row: who begins to and who drops it meet there."""

from collections.abc import Sequence
from uuid import UUID

from app.database import write
from app.files.kinds import Kind
from app.files.refusals import FileUnknown
from app.files.sealing import key_of
from app.policy import Actor

# The row is updated, not only locked: whoever is about to drop it looks at it again.
USE = """
WITH used AS (
  INSERT INTO file_use (file_id, subject_kind, subject_id, used_at)
  SELECT f.id, %(kind)s, %(subject)s, clock_timestamp() FROM stored_file f
  WHERE f.id = ANY(%(files)s) AND f.uploaded_by = %(me)s AND f.kind = ANY(%(kinds)s)
  ON CONFLICT DO NOTHING RETURNING file_id)
UPDATE stored_file f SET uses = uses + 1 FROM used WHERE f.id = used.file_id
RETURNING f.id, f.uses, f.key_sealed
"""
PASSED_ON = """
UPDATE stored_file f SET key_sealed = v.key
FROM unnest(%(ids)s::uuid[], %(keys)s::bytea[]) AS v(id, key) WHERE f.id = v.id
"""

SHARE = """
WITH used AS (
  INSERT INTO file_use (file_id, subject_kind, subject_id, used_at)
  SELECT file_id, subject_kind, %(with)s, used_at FROM file_use
  WHERE subject_kind = %(kind)s AND subject_id = %(subject)s
  ON CONFLICT DO NOTHING RETURNING file_id)
UPDATE stored_file f SET uses = uses + 1 FROM used WHERE f.id = used.file_id
"""

DROP_USE = """
WITH dropped AS (
  DELETE FROM file_use WHERE subject_kind = %(kind)s AND subject_id = %(subject)s
    AND (%(files)s::uuid[] IS NULL OR file_id = ANY(%(files)s)) RETURNING file_id)
UPDATE stored_file f SET uses = uses - 1, uploaded_at = now()
FROM dropped WHERE f.id = dropped.file_id
"""


def use_files(
    actor: Actor,
    subject_kind: str,
    subject_id: UUID,
    files: Sequence[UUID],
    kinds: Sequence[Kind] = (Kind.IMAGE,),
    whose: UUID | None = None,
) -> None:
    """Let a subject refer to files that the actor uploaded, in the transaction of its deed.

    From then on they are of ``whose`` account (None: the district's): readable as long as that
    account is. What something else refers to already stays whose it was.

    Raises:
        FileUnknown: one of them is not there, is somebody else's, is of another kind, or is
            referred to already.
    """
    if not files:
        return
    about = {"kind": subject_kind, "subject": subject_id, "me": actor.account_id}
    wanted = list(dict.fromkeys(files))
    used = write(USE, about | {"files": wanted, "kinds": [str(kind) for kind in kinds]})
    if len(used) != len(wanted):
        raise FileUnknown
    first = [row for row in used if row.uses == 1 and row.key_sealed is not None]
    if first:
        ids, keys = [row.id for row in first], [key_of(row).of(whose) for row in first]
        write(PASSED_ON, {"ids": ids, "keys": keys})


def share_files(subject_kind: str, subject_id: UUID, with_id: UUID) -> None:
    """Let another subject refer to what one refers to, in the transaction of its deed."""
    write(SHARE, {"kind": subject_kind, "subject": subject_id, "with": with_id})


def drop_uses(subject_kind: str, subject_id: UUID, files: Sequence[UUID] | None = None) -> None:
    """Let a subject refer to files no more (None: to any); what nobody refers to goes in a day."""
    named = None if files is None else list(files)
    write(DROP_USE, {"kind": subject_kind, "subject": subject_id, "files": named})
