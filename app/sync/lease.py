"""A source is held by one reader at a time, for as long as it says so: by a lease, kept renewed."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from flask import current_app
from sqlalchemy.exc import DBAPIError

from app.database import transaction, write

LEASE = timedelta(minutes=5)
RENEW_EVERY = 60.0

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
    lease = _Lease(source, until)
    lease.begin()
    try:
        yield
    finally:
        lease.end()


class _Lease:
    """A source that is ours for a while, renewed on a thread of its own."""

    def __init__(self, source: str, until: datetime) -> None:
        self._about: dict[str, Any] = {"source": source, "lease": LEASE, "until": until}
        app: Any = current_app
        self._app = app._get_current_object()  # the thread has no context of its own
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="sync lease", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Let the source go, unless somebody else has it by now."""
        self._over.set()
        self._thread.join()
        with transaction():
            write(LET_GO, self._about)

    def _keep(self) -> None:
        while not self._over.wait(RENEW_EVERY):
            try:
                with self._app.app_context(), transaction():
                    renewed = write(RENEW, self._about)
            except (DBAPIError, psycopg.Error) as fault:
                log.warning("a lease could not be renewed: %s", type(fault).__name__)
                continue
            if not renewed:
                log.warning("sync %s: the lease is lost", self._about["source"])
                return
            self._about["until"] = renewed[0].reader_until
