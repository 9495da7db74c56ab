"""The outbox does not grow for ever, and no event is forgotten in it.

Payloads are dropped ninety days after they were sent or given up. The rest of the row, what was
told about whom, when, and the receipt, is a record of sharing and kept for three years. The newest
event of a subject stays even then: its number must never be given again, because a receiver would
take the next event for one that it has.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from app.database import FIRST_ID, transaction, write
from app.worker import Sweep

PAGE = 2000  # rows looked at in one transaction
PAYLOAD_LIVES = timedelta(days=90)
RECORD_LIVES = timedelta(days=3 * 365 + 1)
BEGINNING: tuple[object, object] = (None, FIRST_ID)
ROUND_EVERY = 3600.0  # seconds; the worker runs all sweeps whenever somebody calls

SHRINK = """
WITH old AS (
  SELECT id FROM outbox
  WHERE payload_sealed IS NOT NULL AND {over} < now() - %(lives)s
  ORDER BY {over} LIMIT %(page)s FOR UPDATE SKIP LOCKED),
shrunk AS (UPDATE outbox o SET payload_sealed = NULL FROM old WHERE o.id = old.id RETURNING 1)
SELECT count(*) AS looked, NULL::timestamptz AS at, NULL::uuid AS id FROM shrunk
"""

LET_GO = """
WITH page AS (
  SELECT id, subject_kind, subject_id, seq, {over} AS at FROM outbox
  WHERE {over} < now() - %(lives)s
    AND ({over}, id) > (coalesce(%(at)s, '-infinity')::timestamptz, %(id)s::uuid)
  ORDER BY {over}, id LIMIT %(page)s),
gone AS (
  DELETE FROM outbox WHERE id IN (
    SELECT p.id FROM page p WHERE EXISTS (
      SELECT FROM outbox later
      WHERE later.subject_kind = p.subject_kind AND later.subject_id = p.subject_id
        AND later.seq = p.seq + 1)))
SELECT count(*) OVER () AS looked, at, id FROM page ORDER BY at DESC, id DESC LIMIT 1
"""

# An event becomes due when the one before it is recorded as over. Should that ever be missed (rows
# of an older version, a hand in the database), it becomes due here.
WAKE = """
WITH page AS (
  SELECT id, subject_kind, subject_id, seq FROM outbox
  WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at IS NULL AND parked_at IS NULL
    AND id > %(id)s::uuid
  ORDER BY id LIMIT %(page)s),
woken AS (
  UPDATE outbox SET due_at = now() WHERE id IN (
    SELECT p.id FROM page p WHERE NOT EXISTS (
      SELECT FROM outbox before
      WHERE before.subject_kind = p.subject_kind AND before.subject_id = p.subject_id
        AND before.seq = p.seq - 1 AND before.sent_at IS NULL AND before.given_up_at IS NULL))
  AND sent_at IS NULL AND given_up_at IS NULL AND parked_at IS NULL RETURNING 1)
SELECT count(*) OVER () AS looked, NULL::timestamptz AS at, id FROM page ORDER BY id DESC LIMIT 1
"""


class Round:
    """One statement walked over a table page by page, once in a while, from its beginning."""

    def __init__(self, sql: str, lives: timedelta, clock: Callable[[], float]) -> None:
        self._sql, self._lives, self._clock = sql, lives, clock
        self._place = BEGINNING
        self._begins = 0.0

    def step(self) -> bool:
        """Walk one page if it is time; return whether there is another."""
        if self._clock() < self._begins:
            return False
        at, key = self._place
        with transaction():
            last = write(self._sql, {"at": at, "id": key, "lives": self._lives, "page": PAGE})
        if not last or last[0].looked < PAGE:
            self._place, self._begins = BEGINNING, self._clock() + ROUND_EVERY
            return False
        self._place = (last[0].at, last[0].id)
        return True


def upkeep_sweep(clock: Callable[[], float] = time.monotonic) -> Sweep:
    """Return the sweep that drops old payloads and records and wakes what was forgotten."""
    rounds = [Round(WAKE, timedelta(), clock)]
    for over in ("sent_at", "given_up_at"):
        rounds.append(Round(SHRINK.format(over=over), PAYLOAD_LIVES, clock))
        rounds.append(Round(LET_GO.format(over=over), RECORD_LIVES, clock))

    def run() -> int:
        return sum([each.step() for each in rounds])

    return Sweep("outbox-upkeep", run, every=ROUND_EVERY)
