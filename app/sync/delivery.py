"""Sending the outbox: in order for each subject, at least once, told apart by a stable key.

The receiver sees each outcome once, because the key is the subject and its number: a repeat after
a crash writes the same file again.
"""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import orjson
from sqlalchemy import exists
from sqlalchemy.orm import aliased

from app import clock
from app.sync.models import OutboxEvent
from app.sync.outbox import payload_of
from app.worker import Sweep, claim, deal_with_each, finish, retry

LEASE = timedelta(seconds=30)
BATCH = 20  # as many as are sent within a lease, however slow the other side

log = logging.getLogger("linli.sync")


class Undelivered(Exception):
    """The other side could not be reached; the event is kept and tried again."""


class Transport(Protocol):
    """A way to the district."""

    def send(self, key: str, envelope: bytes) -> str:
        """Hand over one envelope and return the receipt.

        Raises:
            Undelivered: try again later.
        """
        ...


class FileDropOut:
    """Writes ``<key>.json`` into a folder, then ``<key>.ok``: whole or not there at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, envelope: bytes) -> str:
        """Write, flush to the disk, rename into place, then mark as complete."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            target = self._folder / f"{key}.json"
            draft = self._folder / f".{key}.{os.getpid()}"
            try:
                with draft.open("wb") as out:
                    out.write(envelope)
                    out.flush()
                    os.fsync(out.fileno())
                draft.rename(target)
            finally:
                draft.unlink(missing_ok=True)
            (self._folder / f"{key}.ok").touch()
            self._flush_folder()
        except OSError as fault:
            raise Undelivered(type(fault).__name__) from fault
        return f"file:{target.name}"

    def _flush_folder(self) -> None:
        """Have the names on the disk, too, before the books say that it was sent."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def delivery_sweep(transport: Callable[[], Transport]) -> Sweep:
    """Return the sweep that sends what is due; an event waits for the one before it."""

    def run() -> int:
        earlier = aliased(OutboxEvent)
        first_of_subject = ~exists().where(
            earlier.subject_kind == OutboxEvent.subject_kind,
            earlier.subject_id == OutboxEvent.subject_id,
            earlier.seq < OutboxEvent.seq,
            earlier.sent_at.is_(None),
        )
        taken = claim(OutboxEvent, first_of_subject, limit=BATCH, lease=LEASE)
        return deal_with_each(taken, lambda event: _send(transport(), event))

    return Sweep("outbox", run)


def _send(transport: Transport, event: OutboxEvent) -> None:
    key = f"{event.subject_kind}-{event.subject_id}-{event.seq:06d}"
    envelope = orjson.dumps(
        {
            "key": key,
            "kind": event.kind,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "seq": event.seq,
            "told_at": event.told_at,
            "payload": payload_of(event),
        },
        option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2,
    )
    try:
        receipt = transport.send(key, envelope)
    except Undelivered as fault:
        log.warning("outbox %s could not be sent: %s", key, fault)
        retry(event)
        return
    finish(event, sent_at=clock.now(), receipt=receipt)
