"""Some people of a notice once more, on one channel: those who have not answered in time."""

from collections.abc import Sequence
from uuid import UUID

from app.database import transaction, write
from app.worker import wake
from notices.channels.choice import PUSH, SMS
from notices.delivery.campaigns import USUAL

ADDRESSES = {
    PUSH: "SELECT id FROM push_subscription WHERE account_id = ANY(%(accounts)s::uuid[])",
    SMS: "SELECT unnest(%(residents)s::uuid[])",
}

# Not due: nothing of it is cut into chunks, only those named below are delivered to.
CAMPAIGN = """
INSERT INTO delivery_campaign (notice_id, channel, lane, made_at)
VALUES (%(notice)s, %(channel)s, %(lane)s, now()) ON CONFLICT (notice_id, channel) DO NOTHING
"""
REMIND = """
INSERT INTO delivery_retry (campaign_id, channel, lane, address_id, reason, made_at, due_at)
SELECT c.id, c.channel, c.lane, w.address, 'not-acknowledged', now(), now()
FROM delivery_campaign c, ({addresses}) AS w(address)
WHERE c.notice_id = %(notice)s AND c.channel = %(channel)s
ON CONFLICT (campaign_id, address_id) DO NOTHING
"""


def remind(
    notice_id: UUID, channel: str, accounts: Sequence[UUID], residents: Sequence[UUID]
) -> None:
    """Have a notice delivered again to some, in the deed under way; a repeat adds nobody twice."""
    about = {"notice": notice_id, "channel": channel, "lane": USUAL}
    with transaction() as session:
        write(CAMPAIGN, about)
        sql = REMIND.format(addresses=ADDRESSES[channel])
        write(sql, about | {"accounts": list(accounts), "residents": list(residents)})
        wake(session, "delivery")
