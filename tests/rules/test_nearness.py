"""Metres and chords tell the same order, and the public view does not tell the door."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geo.crs import PlaceRefused
from app.geo.nearness import (
    EARTH_RADIUS_M,
    DistanceRefused,
    chord_of,
    metres_between,
    metres_of,
    on_unit_earth,
)

PLACE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
AROUND_DANDONG = st.tuples(st.floats(123.3, 125.8), st.floats(39.5, 41.2))
HALF_WAY_ROUND = math.pi * EARTH_RADIUS_M


def test_known_distances() -> None:
    """A degree of latitude, half the equator, and Dandong to Shenyang (about 200 km)."""
    assert metres_between((124.0, 40.0), (124.0, 41.0)) == pytest.approx(111195.08, abs=0.01)
    assert metres_between((0.0, 0.0), (180.0, 0.0)) == pytest.approx(HALF_WAY_ROUND)
    assert metres_between((124.383, 40.124), (123.432, 41.806)) == pytest.approx(203_000, rel=0.01)


@given(PLACE, PLACE)
def test_the_chord_in_the_database_is_the_chord_of_the_metres(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    """The straight line between two points of the index is the chord of their distance."""
    straight = math.dist(on_unit_earth(*a), on_unit_earth(*b))
    assert chord_of(metres_between(a, b)) == pytest.approx(straight, abs=1e-12)


@given(PLACE, PLACE)
def test_distance_has_no_direction(a: tuple[float, float], b: tuple[float, float]) -> None:
    """There is as far as back, nothing is nearer than here, nothing is past the antipode."""
    assert metres_between(a, b) == metres_between(b, a)
    assert metres_between(a, a) == 0
    assert 0 <= metres_between(a, b) <= HALF_WAY_ROUND * (1 + 1e-12)


@given(st.floats(0, 1_000_000))
def test_metres_survive_the_chord(metres: float) -> None:
    """Any radius a resident may ask for comes back from its chord to a micrometre."""
    assert metres_of(chord_of(metres)) == pytest.approx(metres, rel=1e-12, abs=1e-6)


@given(st.floats(0, HALF_WAY_ROUND), st.floats(0, HALF_WAY_ROUND))
def test_farther_never_has_the_shorter_chord(one: float, other: float) -> None:
    """The index may order by chord: the order is that of metres."""
    near, far = sorted((one, other))
    assert chord_of(near) <= chord_of(far) <= 2.0


def test_past_half_way_round_is_the_whole_earth() -> None:
    """A radius larger than the earth finds everything, and rounding past 2 does no harm."""
    assert chord_of(1e12) == 2.0
    assert metres_of(2.0 + 1e-15) == pytest.approx(HALF_WAY_ROUND)


@pytest.mark.parametrize(
    ("number", "reason"),
    [(-1.0, "negative"), (math.nan, "not_finite"), (math.inf, "not_finite")],
)
def test_no_distance_is_refused(number: float, reason: str) -> None:
    """A negative, infinite or missing radius is refused by its reason."""
    for convert in (chord_of, metres_of):
        with pytest.raises(DistanceRefused) as refused:
            convert(number)
        assert refused.value.reason == reason


def test_nowhere_has_no_distance() -> None:
    """Places off the earth are refused here too."""
    for refused in (
        lambda: metres_between((0.0, 0.0), (math.nan, 0.0)),
        lambda: on_unit_earth(0.0, 91.0),
    ):
        with pytest.raises(PlaceRefused):
            refused()
