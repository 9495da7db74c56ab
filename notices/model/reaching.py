"""Counters of what reached whom: one row for each notice, grid and channel, never a person's."""

from collections.abc import Mapping
from uuid import UUID

from app.database import write

APART = "/"

COUNT = """
INSERT INTO notice_reach AS r (notice_id, grid_code, channel, residents)
SELECT %(id)s, v.grid, %(channel)s, v.n
FROM unnest(%(grids)s::text[], %(counts)s::int[]) AS v(grid, n) ORDER BY v.grid
ON CONFLICT (notice_id, grid_code, channel)
DO UPDATE SET residents = r.residents + excluded.residents
"""


def count(notice_id: UUID, channel: str, by_grid: Mapping[str, int]) -> None:
    """Add residents that a notice reached by a channel, by grid, in the deed under way.

    Channels are ``read``, ``ack``, the names of those that deliver: ``push``, ``sms`` …, and what
    ``held_by`` returns.
    """
    about = {"grids": list(by_grid), "counts": list(by_grid.values())}
    write(COUNT, about | {"id": notice_id, "channel": channel})


def held_by(channel: str, reason: str) -> str:
    """Return under which name those are counted whom a channel left alone, as they wish."""
    return f"{channel}{APART}{reason}"


def was_held(name: str) -> tuple[str, str] | None:
    """Return the channel and the reason of such a name; None: it is none."""
    channel, apart, reason = name.partition(APART)
    return (channel, reason) if apart else None
