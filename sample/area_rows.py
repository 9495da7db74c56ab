"""The rows about areas: divisions, the zone's tree, its outlines and the links between the two."""

from collections.abc import Iterator
from typing import Any

from sample.district_plan import Area, Plan
from sample.outlines import outline
from sample.streams import VALID_FROM
from sample.tables import FACTS, read_table

DIVISIONS_FROM = "2023-06-30"
"""The day to which the bureau's list of 2023 is reckoned."""

HANDED_OVER = "2025-01-01"
"""The made-up day on which the zone began to run Jianghai for its district, which it only
assisted before."""

_HANDED_OVER_STREET = "DDHT-XQ-JH"


def division_rows() -> Iterator[tuple[str | int, ...]]:
    """Yield the real statistical divisions of Dandong."""
    for row in read_table(FACTS / "divisions.csv"):
        code = row["code"]
        yield (code, 1, code, row["name"], row["level"], row["parent_code"], DIVISIONS_FROM)


def area_rows(plan: Plan) -> Iterator[tuple[str | int, ...]]:
    """Yield the zone's tree, parents first."""
    for area in plan.areas:
        named = (area.code, area.name, area.name_en, area.level, area.parent_code)
        yield (area.code, 1, *named, VALID_FROM, "")


def polygon_rows(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """Yield the outline of every community and grid."""
    for area in plan.areas:
        if area.code in plan.ground:
            drawn = outline(plan.ground[area.code])
            yield (area.code, 1, area.code, drawn, "wgs84", VALID_FROM)


def link_rows(plan: Plan) -> Iterator[tuple[str | int, ...]]:
    """Yield the dated links; valid_to is the first day on which a link no longer holds."""
    for area in plan.areas:
        if not area.division_code:
            continue
        if area.code == _HANDED_OVER_STREET:
            yield _link(area, "assisting", VALID_FROM, HANDED_OVER)
            yield _link(area, area.relation, HANDED_OVER, "")
        else:
            yield _link(area, area.relation, VALID_FROM, "")


def _link(area: Area, relation: str, since: str, until: str) -> tuple[str | int, ...]:
    sid = f"{area.code}/{area.division_code}/{since}"
    return (sid, 1, area.code, area.division_code, relation, since, until)
