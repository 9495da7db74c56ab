"""Links that let whoever has them read one file for five minutes, and nothing else."""

import hmac
from uuid import UUID

from app import clock
from app.files.refusals import LinkExpired
from app.privacy import vault

LIFETIME_S = 300
PATH = "/api/v1/files"
FIELD = "file.link"
FULL, THUMBNAIL = "full", "thumbnail"
VARIANTS = (FULL, THUMBNAIL)


def link_to(file_id: UUID, variant: str = FULL) -> str:
    """Return the path of a file, good for ``LIFETIME_S`` seconds from now.

    It says nothing of whoever asked for it: give it only to those in whose sight the file is.
    """
    until = int(clock.now().timestamp()) + LIFETIME_S
    return f"{PATH}/{file_id}/{variant}?until={until}&mark={_mark(file_id, variant, until)}"


def check_link(file_id: UUID, variant: str, until: int, mark: str) -> None:
    """Do nothing for a link that was given and still holds.

    Raises:
        LinkExpired: it was altered, or has run out.
    """
    left = until - clock.now().timestamp()
    if not hmac.compare_digest(mark, _mark(file_id, variant, until)) or not 0 < left <= LIFETIME_S:
        raise LinkExpired


def _mark(file_id: UUID, variant: str, until: int) -> str:
    return vault.index(FIELD, f"{file_id} {variant} {until}").hex()
