"""The rows about services: departments, matters, service points and what each point handles."""

import json
from collections.abc import Iterator
from random import Random

from sample.codes import credit_code
from sample.district_plan import Plan
from sample.lattice import spot
from sample.streams import VALID_FROM
from sample.tables import ZONE, read_table

_CITY = "210600"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKDAY = [["08:30", "11:30"], ["13:00", "17:00"]]
_EVENING = [["13:30", "16:30"], ["18:00", "20:00"]]
_MORNING = [["09:00", "11:30"]]

_OPEN: dict[str, dict[str, list[list[str]]]] = {
    "centre": dict.fromkeys(_DAYS[:5], _WORKDAY) | {"sat": _MORNING, "sun": []},
    "street": dict.fromkeys(_DAYS[:5], _WORKDAY) | {"sat": [], "sun": []},
    "station": {day: [] for day in _DAYS}
    | dict.fromkeys(("mon", "wed"), _WORKDAY)
    | {"thu": _EVENING, "fri": _WORKDAY},
}
"""Kind of point -> weekday -> the hours it is open, as pairs of Shanghai times."""


def department_rows() -> Iterator[tuple[str | int, ...]]:
    """Yield the departments, each with a valid made-up credit code."""
    for row in read_table(ZONE / "departments.csv"):
        credit = credit_code(_CITY, row["credit_body"])
        yield (row["code"], 1, row["code"], row["name"], row["name_en"], credit, VALID_FROM, "")


def matter_rows() -> Iterator[tuple[str | int, ...]]:
    """Yield the matters; a limit is a count of its unit, counted from the filing."""
    copied = (
        *("code", "code", "name", "name_en", "kind", "department_code", "handled_by"),
        *("limit_count", "limit_unit", "legal_basis", "level_required", "near_metres"),
    )
    for row in read_table(ZONE / "matters.csv"):
        sid, *values = (row[column] for column in copied)
        yield (sid, 1, *values, VALID_FROM, "")


def point_rows(plan: Plan, seed: int) -> Iterator[tuple[str | int, ...]]:
    """Yield the service points, each somewhere inside the community it names."""
    rng = Random(f"{seed}/points")
    for row in read_table(ZONE / "points.csv"):
        code, community = row["code"], plan.named(row["area_code"])
        lng, lat = spot(rng.choice(plan.ground[community.code]), rng)
        name = row["name"].replace("{community}", community.name)
        opens = json.dumps(_OPEN[row["kind"]], separators=(",", ":"))
        place = (row["address"], f"{lng:.6f}", f"{lat:.6f}", "wgs84")
        named = (code, name, row["name_en"], community.code)
        yield (code, 1, *named, *place, row["phone"], opens, VALID_FROM, "")


def point_matter_rows() -> Iterator[tuple[str | int, ...]]:
    """Yield what each point does for each matter, by the kind of the point."""
    matters = read_table(ZONE / "matters.csv")
    for point in read_table(ZONE / "points.csv"):
        for matter in matters:
            depth = matter[point["kind"]]
            if depth:
                codes = (point["code"], matter["code"])
                yield (":".join(codes), 1, *codes, depth)
