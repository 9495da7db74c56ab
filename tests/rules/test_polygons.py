"""Every place has one area, and its metres are honest."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.geo.crs import PlaceRefused
from app.geo.nearness import metres_between
from app.geo.outlines import PolygonRefused
from app.geo.polygons import AreaIndex, Found

WEST, SOUTH, STEP, SIDE = 124.0, 40.0, 0.01, 5
Geometry = dict[str, Any]


def box(west: float, south: float, east: float, north: float) -> Geometry:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def edge(number: int, start: float) -> float:
    return round(start + number * STEP, 6)


def tiles() -> list[tuple[str, Geometry]]:
    """Twenty-five grids of a community without gaps, numbered west to east, south to north."""
    return [
        (
            f"{row}{column}",
            box(edge(column, WEST), edge(row, SOUTH), edge(column + 1, WEST), edge(row + 1, SOUTH)),
        )
        for row in range(SIDE)
        for column in range(SIDE)
    ]


COMMUNITY = AreaIndex(reversed(tiles()))
INSIDE = st.tuples(st.floats(WEST, WEST + SIDE * STEP), st.floats(SOUTH, SOUTH + SIDE * STEP))
ANYWHERE_NEAR = st.tuples(st.floats(123.9, 124.2), st.floats(39.9, 40.2))


def metres_to_box(place: tuple[float, float], row: int, column: int) -> float:
    """Great-circle metres from a place outside a grid to the nearest spot of that grid."""
    lng = min(max(place[0], edge(column, WEST)), edge(column + 1, WEST))
    lat = min(max(place[1], edge(row, SOUTH)), edge(row + 1, SOUTH))
    return metres_between(place, (lng, lat))


@given(INSIDE)
def test_every_place_inside_has_the_grid_its_numbers_say(place: tuple[float, float]) -> None:
    """No place falls between two grids; the one found holds it, edge included."""
    found = COMMUNITY.locate(*place)
    assert found is not None
    row, column = int(found.code[0]), int(found.code[1])
    assert edge(column, WEST) <= place[0] <= edge(column + 1, WEST)
    assert edge(row, SOUTH) <= place[1] <= edge(row + 1, SOUTH)
    assert COMMUNITY.nearest(*place) == (found.code, 0.0)


@given(INSIDE)
def test_metres_to_the_edge_are_honest(place: tuple[float, float]) -> None:
    """The metres agree with the great circle to each of the four sides, at 40 N, within 0.1 %."""
    found = COMMUNITY.locate(*place)
    assert found is not None
    row, column = int(found.code[0]), int(found.code[1])
    sides = [(edge(column + step, WEST), place[1]) for step in (0, 1)]
    sides += [(place[0], edge(row + step, SOUTH)) for step in (0, 1)]
    honest = min(metres_between(place, side) for side in sides)
    assert found.metres_to_edge == pytest.approx(honest, rel=1e-3, abs=0.002)
    assert found.near_edge is (found.metres_to_edge <= 30)


@given(ANYWHERE_NEAR)
def test_the_nearest_area_is_nearest_in_metres(place: tuple[float, float]) -> None:
    """No other grid is nearer on the ground, though one may be nearer in degrees."""
    code, metres = COMMUNITY.nearest(*place)
    others = [metres_to_box(place, row, column) for row in range(SIDE) for column in range(SIDE)]
    assert metres == pytest.approx(min(others), rel=2e-3, abs=0.002)
    assert metres_to_box(place, int(code[0]), int(code[1])) == pytest.approx(
        min(others), rel=2e-3, abs=0.002
    )
    assert (COMMUNITY.locate(*place) is None) is (min(others) > 0)


def test_a_degree_of_longitude_is_shorter() -> None:
    """At 40 N, 0.010 degrees east (852 m) is nearer than 0.009 degrees north (1,001 m)."""
    index = AreaIndex(
        [("north", box(124.0, 40.009, 124.001, 40.01)), ("east", box(124.01, 40.0, 124.02, 40.001))]
    )
    code, metres = index.nearest(124.0, 40.0)
    assert code == "east"
    assert metres == pytest.approx(851.8, abs=0.5)


def test_a_shared_border_belongs_to_the_lowest_code() -> None:
    """On a side and on a corner shared by four, the lowest code has it, in whatever order built."""
    for areas in (tiles(), list(reversed(tiles()))):
        index = AreaIndex(areas)
        assert index.locate(edge(1, WEST), 40.005) == Found("00", 0.0)
        assert index.locate(124.005, edge(1, SOUTH)) == Found("00", 0.0)
        assert index.locate(edge(2, WEST), edge(2, SOUTH)) == Found("11", 0.0)


@given(st.floats(0, 1))
def test_a_slanting_border_leaves_no_gap(along: float) -> None:
    """Two grids along a slanting street: every place on or by the line has one of them."""
    corner, far = [124.0, 40.0], [124.0137, 40.0071]
    below = [corner, [124.0137, 40.0], far, corner]
    above = [corner, far, [124.0, 40.0071], corner]
    index = AreaIndex(
        (code, {"type": "Polygon", "coordinates": [ring]})
        for code, ring in (("a", below), ("b", above))
    )
    lng = corner[0] + along * (far[0] - corner[0])
    lat = corner[1] + along * (far[1] - corner[1])
    found = index.locate(lng, min(lat, far[1]))
    assert found is not None
    assert found.near_edge


def test_a_yard_within_a_grid_may_be_its_own_area() -> None:
    """A hole is outside; its rim is an edge; a second part of a grid is the same grid."""
    whole = box(124.0, 40.0, 124.01, 40.01)
    yard = box(124.004, 40.004, 124.006, 40.006)
    apart = box(124.02, 40.0, 124.03, 40.01)
    grid = {
        "type": "MultiPolygon",
        "coordinates": [[*whole["coordinates"], *yard["coordinates"]], apart["coordinates"]],
    }
    index = AreaIndex([("grid", grid)])
    assert index.locate(124.005, 40.005) is None
    code, metres = index.nearest(124.005, 40.005)
    assert code == "grid"
    assert metres == pytest.approx(85.2, abs=0.1)
    beside_the_yard = index.locate(124.0039, 40.005)
    assert beside_the_yard is not None
    assert beside_the_yard.metres_to_edge == pytest.approx(8.5, abs=0.1)
    assert beside_the_yard.near_edge
    assert index.locate(124.025, 40.005) is not None


def test_across_the_river_is_outside() -> None:
    """Sinuiju has no area, whatever the coordinate system's rectangle says."""
    assert COMMUNITY.locate(124.40, 40.10) is None


def test_an_empty_index_knows_no_area() -> None:
    """A layer without areas answers None, and cannot say what is nearest."""
    assert AreaIndex([]).locate(124.0, 40.0) is None
    with pytest.raises(PolygonRefused) as refused:
        AreaIndex([]).nearest(124.0, 40.0)
    assert refused.value.reason == "empty_index"


def test_no_place_on_earth_is_refused() -> None:
    """NaN never has an area."""
    for ask in (COMMUNITY.locate, COMMUNITY.nearest):
        with pytest.raises(PlaceRefused):
            ask(math.nan, 40.0)


@settings(max_examples=5, deadline=None)
@given(st.lists(ANYWHERE_NEAR, min_size=200, max_size=200))
def test_threads_read_the_same_answers(places: list[tuple[float, float]]) -> None:
    """A fresh index asked by eight threads at once answers as one thread would."""
    fresh = AreaIndex(tiles())
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda place: (fresh.locate(*place), fresh.nearest(*place)), places)
        )
    assert answers == [(COMMUNITY.locate(*place), COMMUNITY.nearest(*place)) for place in places]
