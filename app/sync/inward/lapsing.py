"""Deletions that wait, and that a later look at the source does not want any more.

Whoever gave a word for them, or has not yet: who was found there since is not deleted. Who was
approved and is missing still needs no second word. All of it runs in the caller's transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.database import read, write
from app.sync.inward.holds import newest_then

WAITING = """
SELECT id, source, stream, run_id, status FROM sync_hold
WHERE source = %(source)s AND stream = %(stream)s AND status IN ('held', 'approved') ORDER BY id
"""
LOCKED = f"{WAITING} FOR UPDATE"
"""So that nobody approves meanwhile what lapses, or the other way round."""

FORGET = "DELETE FROM sync_held_key k WHERE k.hold_id = ANY(%(holds)s)"
SEEN = f"""
{FORGET} AND (k.sid = ANY(%(excused)s::text[])
  OR EXISTS (SELECT FROM sync_seen s WHERE s.run_id = %(look)s AND s.sid = k.sid))
"""
NOT_EXTRA = f"{FORGET} AND k.sid <> ALL(%(extra)s::text[])"
# What has changed since a hold was made is not carried out with it, and so counts for none of it.
NOT_MISSING = """
DELETE FROM sync_held_key k WHERE k.hold_id = %(hold)s AND NOT EXISTS (
  SELECT FROM stage_missing m WHERE m.sid = k.sid AND m.ver = k.ver AND m.last_batch <= %(newest)s)
"""
SPOKEN_FOR = """
DELETE FROM stage_missing m USING sync_held_key k WHERE k.hold_id = %(hold)s AND k.sid = m.sid
"""
LAPSE = """
UPDATE sync_hold h SET status = 'lapsed', decided_at = coalesce(decided_at, now())
WHERE h.id = ANY(%(holds)s) AND NOT EXISTS (SELECT FROM sync_held_key k WHERE k.hold_id = h.id)
"""


def waiting_holds(names: Mapping[str, object]) -> frozenset[UUID]:
    """Return the holds of a stream (``names``: source and stream) that nobody has ended."""
    return frozenset(hold.id for hold in read(WAITING, names))


def lapse_all(names: Mapping[str, object]) -> None:
    """Let all that waits go: nothing is missing."""
    _lapse(read(LOCKED, names))


def lapse_seen(names: Mapping[str, object], look: int, excused: Collection[str]) -> None:
    """Let go whoever was seen in a look, or put aside in it, whatever else it proves."""
    _lapse(read(LOCKED, names), SEEN, look=look, excused=sorted(excused))


def lapse_not_extra(
    names: Mapping[str, object], among: Collection[UUID], extra: Sequence[str]
) -> None:
    """Let go whom a look did not find extra; ``among``: the holds that were there before it."""
    holds = [hold for hold in read(LOCKED, names) if hold.id in among]
    _lapse(holds, NOT_EXTRA, extra=list(extra))


def lapse_not_missing(names: Mapping[str, object]) -> None:
    """Decide what waits by ``stage_missing``, in which those are left who need a word yet.

    What is held lapses, to be held anew if it is still much. What was approved lapses as far as
    it is not missing any more; the rest of it is taken out of the table.
    """
    holds = read(LOCKED, names)
    _lapse([hold for hold in holds if hold.status == "held"])
    approved = [hold for hold in holds if hold.status == "approved"]
    for hold in approved:
        about = {"hold": hold.id, "newest": newest_then(hold)}
        write(NOT_MISSING, about)
        write(SPOKEN_FOR, about)
    write(LAPSE, {"holds": [hold.id for hold in approved]})


def _lapse(holds: Sequence[Any], forget: str = FORGET, **about: object) -> None:
    """Forget keys of holds, all or those that ``forget`` names; who is left empty lapses."""
    if holds:
        ids = {"holds": [hold.id for hold in holds]}
        write(forget, {**ids, **about})
        write(LAPSE, ids)
