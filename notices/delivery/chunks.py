"""One chunk in one worker's hands: page by page, a fenced checkpoint after each."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from app import clock
from app.database import apart, transaction, write
from app.worker import LeaseLost, claim, deal_with_each, finish, park, put_off
from notices.channels.protocol import DELIVERED, Channel, Message, Outcome, Recipient, Verdict
from notices.delivery.campaigns import begins_with_the_audience
from notices.delivery.messages import message_of
from notices.delivery.models import DeliveryChunk
from notices.delivery.pages import Pages
from notices.delivery.tallies import held_in
from notices.delivery.waits import CHUNK_TRIES, MOST_TRIES, next_try, wait_after

LEASE = timedelta(seconds=60)
TURN_SECONDS = 5.0
"""After so long a chunk is handed back, so that no campaign waits for another to end."""
READ_IN_A_TURN = 10
"""A turn is longer by so many times what reading took: the next turn reads anew what is left."""
POISON, STOPPED = "poison", "stopped"

NOTICE_OF = "SELECT notice_id, over FROM delivery_campaign WHERE id = %(campaign)s"

CHECKPOINT = """
UPDATE delivery_chunk SET done_upto = %(upto)s, tries = 0, stalls = 0,
  lease_until = now() + %(lease)s, delivered = delivered + %(delivered)s,
  failed = failed + %(failed)s, tally = %(tally)s
WHERE id = %(id)s AND fence = %(fence)s RETURNING 1
"""

MISSED = """
INSERT INTO delivery_retry (campaign_id, channel, lane, address_id, key_id, counted, reason,
                            made_at, tries, due_at, parked_at, refusal)
SELECT %(campaign)s, %(channel)s, %(lane)s, m.address, m.key, m.key = ANY(%(counted)s::uuid[]),
       m.reason, now(), m.tries, m.due,
       CASE WHEN m.due IS NULL THEN now() END, CASE WHEN m.due IS NULL THEN m.reason END
FROM unnest(%(addresses)s::uuid[], %(keys)s::uuid[], %(reasons)s::text[], %(tries)s::int[],
            %(dues)s::timestamptz[]) AS m(address, key, reason, tries, due)
ON CONFLICT (campaign_id, address_id) DO NOTHING
"""

Missed = tuple[UUID, UUID, str, int, datetime | None]
"""Address, whose it is, reason, tries so far, and when it is due; None: it is dead."""

log = logging.getLogger("linli.delivery")


def deliver_chunks(channel: Channel, lane: str) -> int:
    """Take a due chunk of a channel and lane, deliver some of it; return how many were taken."""
    mine = (DeliveryChunk.lane == lane, DeliveryChunk.channel == channel.name)
    taken = claim(DeliveryChunk, *mine, limit=1, lease=LEASE)
    return deal_with_each(taken, lambda chunk: _deliver(channel, chunk))


def _deliver(channel: Channel, chunk: DeliveryChunk) -> None:
    if chunk.tries > CHUNK_TRIES:
        log.error("ALARM delivery chunk %d is poison: nobody is delivered to past it", chunk.id)
        park(chunk, POISON, state="dead")
        return
    campaign = apart(NOTICE_OF, {"campaign": chunk.campaign_id})[0]
    notice = campaign.notice_id
    few = begins_with_the_audience(notice)
    pages = Pages(channel, chunk.done_upto, chunk.high, few)
    began, tally = time.monotonic(), Counter(chunk.tally or {})
    while (message := message_of(notice, over=campaign.over)) is not None:
        batch, last = pages.take(message)
        outcomes = _send(channel, message, batch)
        if _holds_back(outcomes, chunk.stalls):
            _stall(chunk, outcomes)
            return
        _checkpoint(chunk, message, batch, outcomes, pages.upto, tally)
        if last:
            finish(chunk, state="done")
            return
        if time.monotonic() - began > TURN_SECONDS + READ_IN_A_TURN * pages.reading:
            put_off(chunk, clock.now(), tries=0)
            return
    finish(chunk, state=STOPPED)


def _send(channel: Channel, message: Message, batch: Sequence[Recipient]) -> list[Outcome]:
    """Send to those who may be disturbed now; the others are put off, or left as they wish."""
    left = [each.left_alone for each in batch]
    now = [who for who, outcome in zip(batch, left, strict=True) if outcome is None]
    sent = iter(channel.send(message, now) if now else ())
    return [outcome if outcome is not None else next(sent) for outcome in left]


def _holds_back(outcomes: Sequence[Outcome], stalls: int) -> bool:
    """Tell whether the provider, not some recipient, is the trouble.

    One that has everybody come later is believed eight times, and then asked for each by itself.
    """
    untried = (Verdict.PUT_OFF, Verdict.HELD)
    tried = [each.verdict for each in outcomes if each.verdict not in untried]
    if len(tried) <= 2:
        return False
    believed = {Verdict.AWAY, Verdict.LATER} if stalls < MOST_TRIES else {Verdict.AWAY}
    return believed.issuperset(tried)


def _stall(chunk: DeliveryChunk, outcomes: Sequence[Outcome]) -> None:
    """Have a chunk wait, at least for as long as the provider asks."""
    asked = max((each.after for each in outcomes if each.after), default=timedelta())
    wait = max(wait_after(chunk.stalls), asked)
    log.warning("channel %s is away; chunk %d waits %d s", chunk.channel, chunk.id, wait.seconds)
    put_off(chunk, clock.now() + wait, stalls=min(chunk.stalls + 1, 20), tries=0)
    chunk.stalls += 1


def _checkpoint(
    chunk: DeliveryChunk,
    message: Message,
    batch: Sequence[Recipient],
    outcomes: Sequence[Outcome],
    upto: UUID,
    tally: Counter[str],
) -> None:
    well = outcomes.count(DELIVERED) == len(outcomes)  # then nobody is looked at one by one
    counted = {who.key: who.area for who in batch} if well else _reached(batch, outcomes)
    reached = Counter(counted.values())
    tally.update(reached)
    if not well:
        held = _held(batch, outcomes, counted)
        tally.update(held.values())
        counted = counted | held
    missed = [] if well else _missed(message, batch, outcomes, clock.now())
    with transaction():
        kept = write(
            CHECKPOINT,
            {
                "id": chunk.id,
                "fence": chunk.fence,
                "upto": upto,
                "lease": LEASE,
                "delivered": reached.total(),
                "failed": len(missed),
                "tally": orjson.dumps(tally).decode(),
            },
        )
        if not kept:
            raise LeaseLost
        if missed:
            names = ("addresses", "keys", "reasons", "tries", "dues")
            columns = (list(column) for column in zip(*missed, strict=True))
            about = {"campaign": chunk.campaign_id, "channel": chunk.channel, "lane": chunk.lane}
            about |= dict(zip(names, columns, strict=True))
            write(MISSED, about | {"counted": list(counted)})


def _reached(batch: Sequence[Recipient], outcomes: Sequence[Outcome]) -> dict[UUID, str]:
    """Return who was reached by one of their addresses at least, and in which area."""
    return {
        who.key: who.area
        for who, outcome in zip(batch, outcomes, strict=True)
        if outcome.verdict is Verdict.DELIVERED
    }


def _held(
    batch: Sequence[Recipient], outcomes: Sequence[Outcome], reached: dict[UUID, str]
) -> dict[UUID, str]:
    """Return who wants not to be told, under which name they are counted."""
    return {
        who.key: held_in(who.area, outcome.reason)
        for who, outcome in zip(batch, outcomes, strict=True)
        if outcome.verdict is Verdict.HELD and who.key not in reached
    }


def _missed(
    message: Message,
    batch: Sequence[Recipient],
    outcomes: Sequence[Outcome],
    now: datetime,
) -> list[Missed]:
    found: list[Missed] = []
    for who, outcome in zip(batch, outcomes, strict=True):
        match outcome.verdict:
            case Verdict.DELIVERED | Verdict.GONE | Verdict.HELD:
                continue
            case Verdict.PUT_OFF:
                tries, due = 0, outcome.until
            case Verdict.REFUSED:
                tries, due = 1, None
            case _:
                tries, due = 1, next_try(now, 1, outcome.after, message.expires_at)
        found.append((who.address, who.key, outcome.reason, tries, due))
    return found
