"""A source is held by one reader at a time, for as long as it says so: by a lease, kept renewed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from app.database import transaction, write
from app.sync.beat import Beat

LEASE = timedelta(minutes=5)

# A lease is known by its end: who was so slow that another took the source over renews nothing.
RENEW = """
UPDATE sync_source SET reader_until = now() + %(lease)s
WHERE source = %(source)s AND reader_until = %(until)s RETURNING reader_until
"""
LET_GO = """
UPDATE sync_source SET reader_until = NULL WHERE source = %(source)s AND reader_until = %(until)s
"""

log = logging.getLogger("linli.sync")


@contextmanager
def held(source: str, until: datetime) -> Iterator[None]:
    """Keep a source that is ours until then for as long as the block takes, and let it go."""
    about: dict[str, Any] = {"source": source, "lease": LEASE, "until": until}

    def renew() -> bool:
        with transaction():
            renewed = write(RENEW, about)
        if not renewed:
            log.warning("sync %s: the lease is lost", source)
            return False
        about["until"] = renewed[0].reader_until
        return True

    beat = Beat("lease", renew)
    beat.begin()
    try:
        yield
    finally:
        beat.end()
        with transaction():
            write(LET_GO, about)  # unless somebody else has it by now
