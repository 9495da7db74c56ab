"""What delivery gave up on, by reason and never by person; staff have it tried again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import read, transaction, write
from app.errors import NotFound
from app.policy import Actor
from app.privacy import audit
from app.worker import wake
from notices.channels.choice import WEBHOOK
from notices.model.policy import MANAGED_BY, managed_by
from notices.model.suppression import FEWEST

SEEN = f"SELECT 1 FROM notice n WHERE n.id = %(id)s AND {MANAGED_BY}"  # noqa: S608  constants of ours
DEAD = """
SELECT r.channel, r.refusal AS reason, count(DISTINCT coalesce(r.key_id, r.address_id)) AS people,
  min(r.parked_at) AS since
FROM delivery_campaign c JOIN delivery_retry r ON r.campaign_id = c.id
WHERE c.notice_id = %(id)s AND r.parked_at IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT k.channel, k.refusal, 0, min(k.parked_at) FROM delivery_campaign c
JOIN delivery_chunk k ON k.campaign_id = c.id
WHERE c.notice_id = %(id)s AND k.parked_at IS NOT NULL GROUP BY 1, 2
ORDER BY 1, 2
"""
PEOPLE_AGAIN = """
UPDATE delivery_retry r SET due_at = now(), tries = 0, parked_at = NULL, refusal = NULL
FROM delivery_campaign c WHERE c.id = r.campaign_id AND c.notice_id = %(id)s
  AND r.parked_at IS NOT NULL AND r.channel = %(channel)s RETURNING 1
"""
CHUNKS_AGAIN = """
UPDATE delivery_chunk k SET due_at = now(), tries = 0, parked_at = NULL, refusal = NULL,
  state = 'open'
FROM delivery_campaign c WHERE c.id = k.campaign_id AND c.notice_id = %(id)s
  AND k.parked_at IS NOT NULL AND k.channel = %(channel)s RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Dead:
    """What a channel gave up on for a reason, from when on. ``people`` None: fewer than five."""

    channel: str
    reason: str
    people: int | None
    since: datetime


def dead_of(actor: Actor, notice_id: UUID) -> list[Dead]:
    """Return how many were given up, by channel and reason; a chunk that is poison counts nobody.

    Raises:
        NotFound: the notice is none of the actor's.
    """
    _managed(actor, notice_id)
    rows = read(DEAD, {"id": notice_id})
    return [Dead(row.channel, row.reason, _shown(row), row.since) for row in rows]


def _shown(row: Any) -> int | None:
    """Return how many people a row tells of; a system is no person, and is always told of."""
    few = 0 < row.people < FEWEST and row.channel != WEBHOOK
    return None if few else int(row.people)


def drive_again(actor: Actor, notice_id: UUID, channel: str) -> None:
    """Have what a channel gave up on tried again from the start.

    Raises:
        NotFound: the notice is none of the actor's.
    """
    with transaction() as session:
        _managed(actor, notice_id)
        about = {"id": notice_id, "channel": channel}
        people, chunks = len(write(PEOPLE_AGAIN, about)), len(write(CHUNKS_AGAIN, about))
        audit(
            actor.account_id,
            "delivery-again",
            "notice",
            notice_id,
            channel=channel,
            people=people,
            chunks=chunks,
        )
        wake(session, "delivery")


def _managed(actor: Actor, notice_id: UUID) -> None:
    if not read(SEEN, managed_by(actor) | {"id": notice_id}):
        raise NotFound
