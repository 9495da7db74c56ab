"""Some people of a notice once more, on one channel: those who have not answered in time."""

from collections.abc import Sequence
from uuid import UUID

from app.database import transaction, write
from app.worker import wake
from notices.channels.choice import PUSH, SMS, channels_for
from notices.delivery.campaigns import USUAL

ADDRESSES = {
    PUSH: """
    SELECT p.id, p.account_id, %(counted)s AND coalesce(p.since <= c.finished_at, true)
    FROM push_subscription p WHERE p.account_id = ANY(%(accounts)s::uuid[])
    """,
    SMS: "SELECT id, id, %(counted)s FROM unnest(%(residents)s::uuid[]) AS r(id)",
}
"""SQL over the campaign ``c``: each address, whose it is, and whether they are counted already."""

# Not due: nothing of it is cut into chunks, only those named below are delivered to.
CAMPAIGN = """
INSERT INTO delivery_campaign (notice_id, channel, lane, made_at)
VALUES (%(notice)s, %(channel)s, %(lane)s, now()) ON CONFLICT (notice_id, channel, over) DO NOTHING
"""
REMIND = """
INSERT INTO delivery_retry AS r
  (campaign_id, channel, lane, address_id, key_id, counted, rung, reason, made_at, due_at)
SELECT c.id, c.channel, c.lane, w.address, w.key, w.counted, %(channel)s, 'not-acknowledged',
  now(), now()
FROM delivery_campaign c, LATERAL ({addresses}) AS w(address, key, counted)
WHERE c.notice_id = %(notice)s AND c.channel = %(channel)s AND NOT c.over
ON CONFLICT (campaign_id, address_id) DO UPDATE SET due_at = now(), tries = 0,
  reason = excluded.reason, rung = excluded.rung, parked_at = NULL, refusal = NULL
  WHERE r.parked_at IS NOT NULL
"""
"""Whoever waits for a try of the notice itself waits on; who was given up is tried again."""


def remind(
    notice_id: UUID,
    channel: str,
    accounts: Sequence[UUID],
    residents: Sequence[UUID],
    *,
    emergency: bool,
) -> None:
    """Have a notice delivered again to some, in the deed under way; a repeat adds nobody twice.

    Where the notice itself took the channel, whom it reached is counted already: but for whoever
    had no browser yet when it went out. ``channel`` is the name of the rung.
    """
    counted = channel in channels_for(emergency)
    about = {"notice": notice_id, "channel": channel, "lane": USUAL, "counted": counted}
    with transaction() as session:
        write(CAMPAIGN, about)
        sql = REMIND.format(addresses=ADDRESSES[channel])
        write(sql, about | {"accounts": list(accounts), "residents": list(residents)})
        wake(session, "delivery")
