"""What a worker looks for: campaigns to cut, chunks to deliver, people to try again, in two lanes.

An emergency has a lane of its own: a thread in every worker, and a process that does nothing else
where an operator wants one. Nothing is counted against both lanes together.
"""

from collections.abc import Callable, Sequence
from functools import partial

from app.housekeeping import delete_stale
from app.worker import Sweep
from notices.channels.protocol import Channel, Channels
from notices.delivery.campaigns import LANES, close_finished, cut_campaigns
from notices.delivery.chunks import deliver_chunks
from notices.delivery.retries import retry_missed
from notices.delivery.tallies import fold_tallies

BATCH = 2000
KEPT = {
    "delivery_retry": "made_at < now() - interval '90 days'",
    "delivery_chunk": "due_at IS NULL AND tally IS NULL AND campaign_id IN (SELECT id FROM"
    " delivery_campaign WHERE finished_at < now() - interval '90 days' LIMIT 100)",
}


def delivery_sweeps(names: Sequence[str], channels: Callable[[], Channels]) -> tuple[Sweep, ...]:
    """Return all sweeps of delivery; ``channels`` are asked when there is something to do."""

    def with_channel(run: Callable[[Channel, str], int], name: str, lane: str) -> int:
        channel = channels().named(name)
        return run(channel, lane) if channel is not None else 0

    def cut(lane: str) -> int:
        return cut_campaigns(lane, lambda name: channels().named(name) is not None)

    found = [Sweep("delivery counts", _add_up), Sweep("delivery upkeep", _tidy, every=600)]
    for lane in LANES:
        found.append(Sweep(f"cut {lane}", partial(cut, lane), lane=lane))
        for name in names:
            for what, run in (("deliver", deliver_chunks), ("retry", retry_missed)):
                work = partial(with_channel, run, name, lane)
                found.append(Sweep(f"{what} {lane} {name}", work, lane=lane))
    return tuple(found)


def _add_up() -> int:
    return fold_tallies() + close_finished()


def _tidy() -> int:
    """Forget what was delivered long ago; the counts of the notices stay."""
    return delete_stale(KEPT, BATCH)
