"""Sending the outbox: in order for each subject, at least once, told apart by a stable key.

A batch holds at most one event of a subject, its first unsent one, so that a few may be on their
way at once. Only the sending runs in threads: it knows no database. The books are kept by the
thread that claimed, an event at a time, as the answers come in.
"""

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased

from app import clock
from app.database import transaction
from app.privacy import SealBroken
from app.sync.outward.line import Line
from app.sync.outward.models import OutboxEvent
from app.sync.outward.outbox import envelope_of, free_next, key_of
from app.sync.outward.protocol import Declined, KeyReused, Transport, Undelivered
from app.worker import LeaseLost, Sweep, claim, finish, park, release, retry

LANES = 4  # envelopes on their way at once
BATCH = 40
LEASE = timedelta(seconds=30)
BEGIN_WITHIN = 15.0  # seconds; a send may take as long again before the lease is over
RECEIPT = 200  # characters
TAKEN_BEFORE = "none: it had been taken before its content was withheld"

Flying = dict[Future[str], OutboxEvent]

log = logging.getLogger("linli.sync")


def delivery_sweep(transport: Callable[[], Transport], lanes: int = LANES) -> Sweep:
    """Return the sweep that sends what is due; an event waits for the one before it.

    ``transport`` is called once for each lane, when it is first needed. A transport that it makes
    anew each time is never used by two threads at once; one that it gives twice may be.
    """
    return Sweep("outbox", _Delivery(transport, lanes).run)


class _Delivery:
    """What a worker keeps between its batches: the lanes, and whether the district answers."""

    def __init__(self, transport: Callable[[], Transport], lanes: int) -> None:
        self._make = transport
        self._lanes = lanes
        self._made = False
        self._idle: queue.LifoQueue[Transport] = queue.LifoQueue()
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="outbox")
        self._line = Line()

    def run(self) -> int:
        """Send a batch; return how many events were claimed for it."""
        if not self._made:  # a way that cannot be opened is a fault of no event
            self._idle.put(self._make())
            self._made = True
        room = self._line.room(BATCH)
        taken = claim(OutboxEvent, _is_first(), limit=room, lease=LEASE) if room else ()
        if taken:
            self._send_all(taken)
        return len(taken)

    def _send_all(self, taken: Sequence[OutboxEvent]) -> None:
        """Send what can be begun in time; give back the rest, untried.

        When the books cannot be written, nothing more is begun. What is on its way is awaited, and
        sent again with the same key when the lease is over.
        """
        until, left = time.monotonic() + BEGIN_WITHIN, deque(taken)
        to_see = self._line.doubted  # a batch of one, to see whether the district is back
        flying: Flying = {}
        faults: list[Exception] = []
        while True:
            stop = faults or (self._line.doubted and not to_see) or time.monotonic() > until
            while left and len(flying) < self._lanes and not stop:
                self._begin(left.popleft(), flying)
            if not flying:
                break
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                try:
                    self._record(flying.pop(future), future)
                except Exception as fault:  # noqa: BLE001  raised when all have landed
                    faults.append(fault)
        if faults:
            raise faults[0]
        for event in left:
            _unless_overtaken(release, event)

    def _begin(self, event: OutboxEvent, flying: Flying) -> None:
        try:
            envelope = envelope_of(event)
        except SealBroken:  # no number of tries would open it
            _unless_overtaken(park, event, "seal-broken")
            return
        flying[self._pool.submit(self._hand_over, key_of(event), envelope)] = event

    def _hand_over(self, key: str, envelope: bytes) -> str:
        try:
            transport = self._idle.get_nowait()
        except queue.Empty:
            transport = self._make()
        try:
            return transport.send(key, envelope)
        finally:
            self._idle.put(transport)

    def _record(self, event: OutboxEvent, future: Future[str]) -> None:
        try:
            receipt = future.result()
        except Declined as fault:
            self._line.answered()
            if event.withheld_late and isinstance(fault, KeyReused):
                _unless_overtaken(_sent, event, TAKEN_BEFORE)
            else:
                _unless_overtaken(park, event, fault.reason)
        except Undelivered as fault:
            log.warning("outbox %s could not be sent: %s", key_of(event), fault)
            if self._line.missed(fault.after):
                log.warning("the district does not answer: the outbox rests")
            _unless_overtaken(retry, event, after=fault.after)
        except Exception as fault:  # noqa: BLE001  a transport's fault must not stop the others
            log.error("outbox %s failed: %s", key_of(event), type(fault).__name__)
            _unless_overtaken(retry, event)
        else:
            self._line.answered()
            _unless_overtaken(_sent, event, receipt)


def _is_first() -> Any:
    """Return the condition that nothing of the subject waits before an event.

    The number before is enough: they have no gaps and are sent in order.
    """
    before = aliased(OutboxEvent)
    return ~exists().where(
        before.subject_kind == OutboxEvent.subject_kind,
        before.subject_id == OutboxEvent.subject_id,
        before.seq == OutboxEvent.seq - 1,
        before.sent_at.is_(None),
        before.given_up_at.is_(None),
    )


def _sent(event: OutboxEvent, receipt: str) -> None:
    """Record the receipt and have the subject's next event due, together."""
    with transaction():
        finish(event, sent_at=clock.now(), receipt=receipt[:RECEIPT])
        free_next(event.subject_kind, event.subject_id, event.seq)


def _unless_overtaken(record: Callable[..., None], event: OutboxEvent, *of: Any, **by: Any) -> None:
    try:
        record(event, *of, **by)
    except LeaseLost:
        log.warning("outbox %s was taken over", key_of(event))
