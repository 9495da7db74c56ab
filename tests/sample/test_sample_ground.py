"""Where the sample's areas lie, reckoned exactly: in whole millionths of a degree."""

import json
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from sample.tables import county_outlines

Read = Callable[[str], list[dict[str, Any]]]
MILLIONTHS = 1_000_000
METRES_PER_DEGREE_EAST = 85_000


@pytest.fixture(scope="module")
def outlines(rows: Read) -> dict[str, BaseGeometry]:
    return {
        row["code"]: shapely.transform(shape(row["polygon"]), lambda xy: (xy * MILLIONTHS).round())
        for row in rows("polygons")
    }


@pytest.fixture(scope="module")
def children(rows: Read) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows("areas"):
        found[row["parent_code"]].append(row["code"])
    return found


def disjoint(shapes: list[BaseGeometry]) -> bool:
    return all(one.intersection(other).area == 0 for one, other in combinations(shapes, 2))


def inside(outline: BaseGeometry, row: dict[str, Any]) -> bool:
    point = Point(round(float(row["lng"]) * MILLIONTHS), round(float(row["lat"]) * MILLIONTHS))
    return bool(outline.contains(point))


def test_every_community_and_grid_has_a_valid_outline(
    rows: Read, outlines: dict[str, BaseGeometry]
) -> None:
    wanted = {row["code"] for row in rows("areas") if row["level"] in ("community", "grid")}
    assert set(outlines) == wanted
    assert all(outline.is_valid for outline in outlines.values())
    assert {row["crs"] for row in rows("polygons")} == {"wgs84"}


def test_grids_cover_their_community_without_gap_or_overlap(
    rows: Read, outlines: dict[str, BaseGeometry], children: dict[str, list[str]]
) -> None:
    for row in rows("areas"):
        if row["level"] == "community":
            community = outlines[row["code"]]
            grids = [outlines[code] for code in children[row["code"]]]
            assert 2 <= len(grids) <= 4
            assert disjoint(grids)
            assert sum(grid.area for grid in grids) == community.area
            assert shapely.union_all(grids).symmetric_difference(community).area == 0


def test_no_two_communities_overlap_and_each_street_is_in_one_piece(
    rows: Read, outlines: dict[str, BaseGeometry], children: dict[str, list[str]]
) -> None:
    everywhere = []
    for row in rows("areas"):
        if row["level"] == "street":
            communities = [outlines[code] for code in children[row["code"]]]
            assert isinstance(shapely.union_all(communities), Polygon)
            everywhere += communities
    assert disjoint(everywhere)


def test_the_zone_stays_inside_the_counties_it_lies_over(
    outlines: dict[str, BaseGeometry],
) -> None:
    counties = shapely.union_all(list(county_outlines().values())).buffer(1e-9)
    for outline in outlines.values():
        assert counties.covers(shapely.transform(outline, lambda xy: xy / MILLIONTHS))


def test_every_address_lies_inside_its_grid(rows: Read, outlines: dict[str, BaseGeometry]) -> None:
    assert all(inside(outlines[row["grid_code"]], row) for row in rows("addresses"))


def test_every_service_point_lies_inside_its_area(
    rows: Read, outlines: dict[str, BaseGeometry]
) -> None:
    assert all(inside(outlines[row["area_code"]], row) for row in rows("points"))


def test_the_first_request_is_well_inside_the_residents_own_grid(
    people: dict[str, Any], outlines: dict[str, BaseGeometry]
) -> None:
    place = people["request_point"]
    assert place["grid_code"] == people["resident"]["grid"]
    outline = shapely.transform(outlines[place["grid_code"]], lambda xy: xy / MILLIONTHS)
    point = Point(place["wgs84"])
    assert outline.contains(point)
    assert outline.boundary.distance(point) * METRES_PER_DEGREE_EAST > 60


def test_the_outlines_stay_small(records: Path) -> None:
    data = (records / "polygons.jsonl").read_bytes()
    assert len(data) < 1_500_000
    assert json.loads(data.splitlines()[0]).keys() == {"note"}
