"""The few whom a channel did not reach at once: tried again ever later, then left to staff."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app import clock
from app.database import apart, transaction, write
from app.worker import LeaseLost, claim, deal_with_each, park, put_off
from notices.channels.protocol import Channel, Message, Outcome, Recipient, Verdict
from notices.delivery.messages import message_of
from notices.delivery.models import DeliveryRetry
from notices.delivery.tallies import count_reached
from notices.delivery.waits import next_try
from notices.model.reaching import held_by

LEASE = timedelta(seconds=60)
BATCH = 100
TOO_MANY_TRIES = "too-many-tries"

NOTICES = "SELECT id, notice_id, over FROM delivery_campaign WHERE id = ANY(%(campaigns)s)"


THEIRS = """
SELECT id, counted FROM delivery_retry
WHERE campaign_id = %(campaign)s AND key_id = %(key)s ORDER BY id FOR UPDATE
"""
COUNTED = """
UPDATE delivery_retry SET counted = true WHERE campaign_id = %(campaign)s AND key_id = %(key)s
"""


def retry_missed(channel: Channel, lane: str) -> int:
    """Try again those who are due on a channel and lane; return how many were taken."""
    mine = (DeliveryRetry.lane == lane, DeliveryRetry.channel == channel.name)
    taken = claim(DeliveryRetry, *mine, limit=min(BATCH, channel.page), lease=LEASE)
    if not taken:
        return 0
    campaigns = list({each.campaign_id for each in taken})
    told = {row.id: row for row in apart(NOTICES, {"campaigns": campaigns})}
    alike: dict[tuple[UUID, bool, str | None], list[DeliveryRetry]] = defaultdict(list)
    for each in taken:
        campaign = told[each.campaign_id]
        alike[campaign.notice_id, campaign.over, each.rung].append(each)
    for (notice, over, rung), missed in alike.items():
        _try_again(channel, message_of(notice, over=over, rung=rung), missed)
    return len(taken)


def _try_again(channel: Channel, message: Message | None, missed: Sequence[DeliveryRetry]) -> None:
    if message is None:
        deal_with_each(missed, _forget)
        return
    people = {who.address: who for who in channel.again(message, [m.address_id for m in missed])}
    now = [who for m in missed if (who := people.get(m.address_id)) and who.left_alone is None]
    outcomes = dict(zip((p.address for p in now), channel.send(message, now), strict=True))

    def settle(each: DeliveryRetry) -> None:
        who = people.get(each.address_id)
        if who is None:
            _forget(each)
        else:
            _settle(each, message, who, who.left_alone or outcomes[each.address_id])

    deal_with_each(missed, settle)


def _settle(each: DeliveryRetry, message: Message, who: Recipient, outcome: Outcome) -> None:
    match outcome.verdict:
        case Verdict.DELIVERED:
            _end(each, message, who, each.channel)
        case Verdict.HELD:
            _end(each, message, who, held_by(each.channel, outcome.reason))
        case Verdict.GONE:
            _forget(each)
        case Verdict.REFUSED:
            park(each, outcome.reason)
        case Verdict.PUT_OFF:
            put_off(each, outcome.until or clock.now(), reason=outcome.reason)
        case _:
            due = next_try(clock.now(), each.tries, outcome.after, message.expires_at)
            if due is None:
                park(each, TOO_MANY_TRIES)
            else:
                put_off(each, due, tries=each.tries, reason=outcome.reason)


def _end(each: DeliveryRetry, message: Message, who: Recipient, counted_as: str) -> None:
    """Settle a row and count its person, whom another address may have been counted by already."""
    with transaction():
        about = {"campaign": each.campaign_id, "key": who.key, "id": each.id}
        theirs = {row.id: row.counted for row in write(THEIRS, about)}
        _forget(each)
        if not theirs.get(each.id, each.counted):
            write(COUNTED, about)
            count_reached(message.notice_id, counted_as, {who.area: 1})


def _forget(each: DeliveryRetry) -> None:
    """Forget a row that is settled: who was reached, or is not meant any more, is no fault."""
    with transaction():
        gone = write(
            "DELETE FROM delivery_retry WHERE id = %(id)s AND fence = %(fence)s RETURNING 1",
            {"id": each.id, "fence": each.fence},
        )
        if not gone:
            raise LeaseLost
