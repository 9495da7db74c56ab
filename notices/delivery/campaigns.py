"""A campaign begins in the transaction that publishes, and is cut into chunks by a worker."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from app.database import apart, transaction, write
from app.worker import claim, deal_with_each, finish, wake
from notices.audience.public import IS_PUBLIC
from notices.audience.reached import TOPS, audience_of
from notices.channels.choice import TO_STRANGERS
from notices.delivery.models import DeliveryCampaign
from notices.delivery.ranges import chunks_for, is_found_sooner, ranges

EMERGENCY, USUAL = "emergency", "delivery"
LANES = (EMERGENCY, USUAL)
LEASE = timedelta(seconds=30)

BEGIN = f"""
INSERT INTO delivery_campaign (notice_id, channel, lane, over, made_at, due_at)
SELECT n.id, name, %(lane)s, %(over)s, now(), now()
FROM notice n, unnest(%(channels)s::text[]) AS wanted(name)
WHERE n.id = %(notice)s AND (name <> ALL(%(to_strangers)s::text[]) OR {IS_PUBLIC})
ON CONFLICT (notice_id, channel, over) DO NOTHING
"""  # noqa: S608  constants of ours

CUT = """
INSERT INTO delivery_chunk (campaign_id, channel, lane, low, high, done_upto, due_at)
SELECT %(campaign)s, %(channel)s, %(lane)s, low, high, low, now()
FROM unnest(%(lows)s::uuid[], %(highs)s::uuid[]) AS cut(low, high)
"""

SIZE = f"""
WITH RECURSIVE {TOPS}
SELECT (SELECT reltuples FROM pg_class WHERE oid = 'resident'::regclass) AS residents,
  (SELECT count(*) FROM area WHERE level = 'grid') AS all_grids,
  (SELECT count(*) FROM area a WHERE a.level = 'grid'
     AND a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops)) AS grids
"""  # noqa: S608  constants of ours

FINISHED = """
UPDATE delivery_campaign c SET finished_at = now()
WHERE c.id IN (
  SELECT c.id FROM delivery_campaign c WHERE c.finished_at IS NULL AND c.due_at IS NULL
    AND NOT EXISTS (SELECT FROM delivery_chunk k WHERE k.campaign_id = c.id
                    AND (k.due_at IS NOT NULL OR k.tally IS NOT NULL))
  ORDER BY c.id LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING 1
"""


def begin(notice_id: UUID, channels: Sequence[str], emergency: bool, *, over: bool = False) -> None:
    """Have a notice delivered, or (``over``) the word that it was withdrawn.

    One row a channel, in the transaction that publishes or withdraws; none for systems of others
    where it is not for everybody.
    """
    lane = EMERGENCY if emergency else USUAL
    with transaction() as session:
        about = {"notice": notice_id, "channels": list(channels), "lane": lane, "over": over}
        write(BEGIN, about | {"to_strangers": list(TO_STRANGERS)})
        wake(session, "delivery")


def cut_campaigns(lane: str, offered: Callable[[str], bool] = lambda _: True) -> int:
    """Cut new campaigns of a lane into chunks; return how many were taken.

    A channel that the installation has not ``offered`` has nothing to do.
    """
    taken = claim(DeliveryCampaign, DeliveryCampaign.lane == lane, limit=10, lease=LEASE)
    return deal_with_each(taken, lambda each: _cut(each) if offered(each.channel) else finish(each))


def _cut(campaign: DeliveryCampaign) -> None:
    people, _ = about_how_many(campaign.notice_id)
    cut_into(campaign, chunks_for(people))


def cut_into(campaign: DeliveryCampaign, chunks: int) -> None:
    """Cut a claimed campaign into so many chunks."""
    lows, highs = zip(*ranges(chunks), strict=True)
    with transaction():
        finish(campaign)
        values = {"campaign": campaign.id, "channel": campaign.channel, "lane": campaign.lane}
        write(CUT, values | {"lows": list(lows), "highs": list(highs)})


def about_how_many(notice_id: UUID) -> tuple[int, int]:
    """Return about how many a notice is for, its part of all grids, and how many residents live.

    It decides into how many chunks a campaign is cut and how each is read, and nothing else.
    """
    row = apart(SIZE, audience_of(notice_id))[0]
    residents = int(max(row.residents, 0))
    return residents * row.grids // max(row.all_grids, 1), residents


def begins_with_the_audience(notice_id: UUID) -> bool:
    """Tell whether a chunk finds the audience first, or walks the register and asks each."""
    return is_found_sooner(*about_how_many(notice_id))


def close_finished() -> int:
    """Note which campaigns have nothing left to do; return how many."""
    with transaction():
        return len(write(FINISHED))
