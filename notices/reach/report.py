"""Whom a notice reached, by area: the audience as it was frozen, and by it who read, who answered.

The children of an area are told with the area itself. What is hidden of an area is hidden of all
below it, or it could be added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import read
from notices.model.reaching import was_held
from notices.model.suppression import FEWEST, cells_shown, sizes_shown, together_shown

CHILDREN = """
WITH sized AS (
  SELECT grid_code, sum(residents) AS n,
    coalesce(sum(residents) FILTER (WHERE age_class <> 'child'), 0) AS owing
  FROM notice_audience WHERE notice_id = %(id)s GROUP BY 1),
reached AS (
  SELECT grid_code, channel, residents FROM notice_reach WHERE notice_id = %(id)s),
everything AS (
  SELECT grid_code, '' AS channel, n FROM sized
  UNION ALL SELECT grid_code, 'outstanding', owing FROM sized WHERE %(asks)s
  UNION ALL SELECT * FROM reached)
SELECT a.path[%(depth)s] AS area, e.channel, sum(e.n)::bigint AS n
FROM everything e JOIN area a ON a.code = e.grid_code
WHERE a.path[%(depth)s] IS NOT NULL AND (%(over)s::text IS NULL OR %(over)s = ANY(a.path))
GROUP BY 1, 2 ORDER BY 1
"""
PATH = "SELECT path FROM area WHERE code = %(code)s"
CLASSES = """
SELECT age_class, sum(residents)::bigint AS n FROM notice_audience WHERE notice_id = %(id)s
GROUP BY 1 ORDER BY 1
"""
WITH_CHILDREN = """
SELECT EXISTS (SELECT FROM notice_audience
  WHERE notice_id = %(id)s AND age_class = 'child' AND residents > 0) AS found
"""
ALWAYS = ("read", "ack")
OUTSTANDING = "outstanding"
"""The cell of those who owe an answer and have not given it; children under 14 owe none."""


@dataclass(frozen=True, slots=True)
class Line:
    """An area: how many the notice was for, and in ``cells`` what became of them; None: hidden."""

    area: str
    residents: int | None
    cells: dict[str, int | None]

    @property
    def reached(self) -> dict[str, int | None]:
        """Return how many each channel reached."""
        others = {name: n for name, n in self.cells.items() if was_held(name) is None}
        others.pop(OUTSTANDING, None)
        return others

    @property
    def outstanding(self) -> int | None:
        """Return how many owe an answer; None: hidden, or none is asked for."""
        return self.cells.get(OUTSTANDING)

    @property
    def not_sent(self) -> dict[str, dict[str, int | None]]:
        """Return how many each channel left alone as they wish, by the reason."""
        found: dict[str, dict[str, int | None]] = {}
        for name, n in self.cells.items():
            if (held := was_held(name)) is not None:
                found.setdefault(held[0], {})[held[1]] = n
        return found


@dataclass(frozen=True, slots=True)
class Report:
    """The areas right under one. ``counted_at`` None: the audience is still being counted."""

    counted_at: Any
    areas: list[Line]
    classes: list[dict[str, Any]]


def report(notice_id: UUID, counted_at: Any, under: str | None, *, asks: bool) -> Report:
    """Return what a notice reached in the areas right under ``under``, or in the zones.

    ``asks``: it asks for an acknowledgement, so that it is told how many still owe one.
    """
    path: list[str] = list(read(PATH, {"code": under})[0].path) if under else []
    open_sizes, open_cells = True, None
    lines: list[Line] = []
    asked = asks and counted_at is not None
    some_need_not = asked and read(WITH_CHILDREN, {"id": notice_id})[0].found
    for depth in range(len(path) + 1):
        over = path[depth - 1] if depth else None
        lines = _level(notice_id, depth + 1, over, asked, some_need_not)
        lines = _closed(lines, open_sizes, open_cells)
        if depth < len(path):
            here = next((line for line in lines if line.area == path[depth]), None)
            open_sizes = here is not None and here.residents is not None
            open_cells = (
                {name for name, n in here.cells.items() if n is not None} if here else set()
            )
    return Report(counted_at, lines, _classes(notice_id) if not under else [])


def _level(
    notice_id: UUID, depth: int, over: str | None, asks: bool, some_need_not: bool
) -> list[Line]:
    rows = read(CHILDREN, {"id": notice_id, "depth": depth, "over": over, "asks": asks})
    areas = sorted({row.area for row in rows})
    known = {(row.area, row.channel): int(row.n) for row in rows}
    channels = sorted({*ALWAYS, *(row.channel for row in rows if row.channel)})
    sizes = [known.get((area, ""), 0) for area in areas]
    seen = sizes_shown(sizes)  # of zones too: the classes of age add up to all of them
    cells = {
        name: _cells(sizes, [known.get((area, name), 0) for area in areas], alone=depth == 1)
        for name in channels
    }
    if OUTSTANDING in cells:
        owing = [known.get((area, OUTSTANDING), 0) for area in areas]
        acked = [known.get((area, "ack"), 0) for area in areas]
        secret = (owing, acked) if some_need_not else (acked,)
        cells[OUTSTANDING] = _outstanding(sizes, owing, acked, secret, alone=depth == 1)
    return [
        Line(
            area,
            sizes[at] if seen[at] else None,
            {name: cells[name][at] if seen[at] else None for name in channels},
        )
        for at, area in enumerate(areas)
    ]


def _cells(sizes: Sequence[int], counts: Sequence[int], *, alone: bool) -> list[int | None]:
    """Return the counts that may be shown; ``alone``: they add up to nothing that is shown."""
    if alone:
        shown = [
            count >= FEWEST and size - count >= FEWEST
            for size, count in zip(sizes, counts, strict=True)
        ]
    else:
        shown = cells_shown(sizes, counts)
    return [count if seen else None for count, seen in zip(counts, shown, strict=True)]


def _outstanding(
    sizes: Sequence[int],
    owing: Sequence[int],
    acked: Sequence[int],
    secret: Sequence[Sequence[int]],
    *,
    alone: bool,
) -> list[int | None]:
    """Return how many owe an answer, where that and what is ``secret`` may all be shown.

    Who answered is, and who need not: where all of the audience owe, that is no secret.
    """
    left = [max(0, due - given) for due, given in zip(owing, acked, strict=True)]
    every = (*secret, left)
    if alone:
        masks = [_cells(sizes, each, alone=True) for each in every]
        shown = [None not in seen for seen in zip(*masks, strict=True)]
    else:
        shown = together_shown(sizes, *every)
    return [n if seen else None for n, seen in zip(left, shown, strict=True)]


def _closed(lines: list[Line], sizes: bool, cells: set[str] | None) -> list[Line]:
    """Hide of each area what is hidden of the one over it."""
    return [
        Line(
            line.area,
            line.residents if sizes else None,
            {
                name: n if sizes and (cells is None or name in cells) else None
                for name, n in line.cells.items()
            },
        )
        for line in lines
    ]


def _classes(notice_id: UUID) -> list[dict[str, Any]]:
    rows = read(CLASSES, {"id": notice_id})
    shown = sizes_shown([int(row.n) for row in rows])
    return [
        {"age_class": row.age_class, "residents": int(row.n) if seen else None}
        for row, seen in zip(rows, shown, strict=True)
    ]
