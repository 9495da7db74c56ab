"""What refers to a file, counted in the file's row: who begins to and who drops it meet there."""

from collections.abc import Sequence
from uuid import UUID

from app.database import write
from app.files.kinds import Kind
from app.files.refusals import FileUnknown
from app.policy import Actor

# The row is updated, not only locked: whoever is about to drop it looks at it again.
USE = """
WITH used AS (
  INSERT INTO file_use (file_id, subject_kind, subject_id, used_at)
  SELECT f.id, %(kind)s, %(subject)s, clock_timestamp() FROM stored_file f
  WHERE f.id = ANY(%(files)s) AND f.uploaded_by = %(me)s AND f.kind = ANY(%(kinds)s)
  ON CONFLICT DO NOTHING RETURNING file_id)
UPDATE stored_file f SET uses = uses + 1 FROM used WHERE f.id = used.file_id RETURNING f.id
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
) -> None:
    """Let a subject refer to files that the actor uploaded, in the transaction of its deed.

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


def share_files(subject_kind: str, subject_id: UUID, with_id: UUID) -> None:
    """Let another subject refer to what one refers to, in the transaction of its deed."""
    write(SHARE, {"kind": subject_kind, "subject": subject_id, "with": with_id})


def drop_uses(subject_kind: str, subject_id: UUID, files: Sequence[UUID] | None = None) -> None:
    """Let a subject refer to files no more (None: to any); what nobody refers to goes in a day."""
    named = None if files is None else list(files)
    write(DROP_USE, {"kind": subject_kind, "subject": subject_id, "files": named})
