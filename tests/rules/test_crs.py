"""Places keep their spot on the ground when they change coordinate system."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geo.crs import Crs, PlaceRefused, from_wgs84, to_wgs84
from app.geo.nearness import metres_between

AROUND_DANDONG = st.tuples(st.floats(123.3, 125.8), st.floats(39.5, 41.2))
IN_CHINA = st.tuples(st.floats(74.0, 134.0), st.floats(4.0, 53.0))

GCJ02_VECTORS = [
    ((124.395, 40.000), (124.400823, 40.001589), 526.5),
    ((124.330, 40.035), (124.335722, 40.036503), 515.0),
    ((124.220, 39.950), (124.225625, 39.951415), 504.7),
    ((124.150, 39.870), (124.155785, 39.871527), 522.1),
]


@pytest.mark.parametrize(("place", "shifted", "metres"), GCJ02_VECTORS)
def test_gcj02_is_the_public_formula(
    place: tuple[float, float], shifted: tuple[float, float], metres: float
) -> None:
    """Four places of Dandong land where the public formula puts them, some 500 m to the ENE."""
    found = from_wgs84(*place, Crs.GCJ02)
    assert found == pytest.approx(shifted, abs=6e-7)
    assert metres_between(place, found) == pytest.approx(metres, rel=0.004)


@pytest.mark.parametrize(("place", "shifted", "_"), GCJ02_VECTORS)
def test_gcj02_is_undone(
    place: tuple[float, float], shifted: tuple[float, float], _: float
) -> None:
    """The same four come back, as closely as their six decimals allow."""
    assert to_wgs84(*shifted, Crs.GCJ02) == pytest.approx(place, abs=6e-7)


def test_bd09_is_the_public_formula() -> None:
    """The much quoted pair of Baidu and Amap for the centre of Beijing agrees to a metre."""
    gcj02 = from_wgs84(*to_wgs84(116.404, 39.915, Crs.BD09), Crs.GCJ02)
    assert metres_between(gcj02, (116.39762729119315, 39.90865673957631)) < 1.0


@given(AROUND_DANDONG, st.sampled_from(Crs))
def test_there_and_back_around_dandong(place: tuple[float, float], crs: Crs) -> None:
    """No coordinate system moves a place by a thousandth of a millimetre, there and back."""
    assert metres_between(place, to_wgs84(*from_wgs84(*place, crs), crs)) < 1e-6


@given(IN_CHINA, st.sampled_from(Crs))
def test_back_and_there_in_all_of_china(place: tuple[float, float], crs: Crs) -> None:
    """A place written in any system is written the same again after a stay in WGS-84."""
    assert metres_between(place, from_wgs84(*to_wgs84(*place, crs), crs)) < 1e-6


@given(AROUND_DANDONG)
def test_cgcs2000_is_wgs84(place: tuple[float, float]) -> None:
    """The national frame is taken as WGS-84, digit for digit."""
    assert to_wgs84(*place, Crs.CGCS2000) == place == from_wgs84(*place, Crs.CGCS2000)


@given(AROUND_DANDONG)
def test_bd09_moves_on_from_gcj02(place: tuple[float, float]) -> None:
    """BD-09 lies between 900 and 1,500 m from WGS-84 here: mistaking it is never harmless."""
    assert 900 < metres_between(place, from_wgs84(*place, Crs.BD09)) < 1500


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize("place", [(2.35, 48.85), (-179.9999, 0.0), (180.0, 90.0)])
def test_abroad_nothing_is_shifted(place: tuple[float, float], crs: Crs) -> None:
    """Outside the rectangle of the Chinese systems a place stays what it is."""
    assert to_wgs84(*place, crs) == place == from_wgs84(*place, crs)


def test_sinuiju_is_shifted_too() -> None:
    """The rectangle is not the country: across the river the shift applies as well."""
    assert metres_between((124.40, 40.10), from_wgs84(124.40, 40.10, Crs.GCJ02)) > 400


@pytest.mark.parametrize("crs", Crs)
@pytest.mark.parametrize(
    ("lng", "lat", "reason"),
    [
        (math.nan, 40.0, "not_finite"),
        (124.0, math.nan, "not_finite"),
        (math.inf, 40.0, "not_finite"),
        (124.0, -math.inf, "not_finite"),
        (180.0000001, 40.0, "out_of_range"),
        (40.0, 124.0, "out_of_range"),
        (10**400, 40.0, "out_of_range"),
    ],
)
def test_no_place_on_earth_is_refused(lng: float, lat: float, reason: str, crs: Crs) -> None:
    """NaN, infinities and swapped axes are refused both ways, and never repeated in a message."""
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(PlaceRefused) as refused:
            convert(lng, lat, crs)
        assert refused.value.reason == reason == str(refused.value)


@given(st.floats(), st.floats(), st.sampled_from(Crs))
def test_any_two_numbers_are_answered_or_refused(lng: float, lat: float, crs: Crs) -> None:
    """Whatever a client sends, the answer is finite or the place is refused."""
    try:
        found = to_wgs84(lng, lat, crs)
    except PlaceRefused:
        return
    assert all(map(math.isfinite, found))
