"""Coordinate systems met in China, and the way between each of them and WGS-84.

A place is always ``(lng, lat)`` in degrees. Phones report WGS-84, Amap and Tencent maps GCJ-02,
Baidu maps BD-09, Tianditu and the district's survey CGCS2000. At Dandong an unlabelled GCJ-02
place is some 500 m off: more than a grid is wide.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Literal, TypeAlias

Shift: TypeAlias = Callable[[float, float], tuple[float, float]]
PlaceReason: TypeAlias = Literal["not_finite", "out_of_range"]

# The Krasovsky 1940 ellipsoid, on which the public GCJ-02 formula is built.
KRASOVSKY_RADIUS_M = 6378245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323

# The rectangle in which GCJ-02 and BD-09 shift. It is wider than the country: Sinuiju lies in it.
WEST, EAST = 72.004, 137.8347
SOUTH, NORTH = 0.8293, 55.8271

BD09_TURN = math.pi * 3000.0 / 180.0

CLOSE_ENOUGH_DEGREES = 1e-13  # about 0.00001 mm
MOST_STEPS = 30  # six to eight are needed


class Crs(StrEnum):
    """The coordinate system in which a place was measured."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class PlaceRefused(ValueError):
    """A pair of numbers is no place on earth.

    ``reason`` is ``not_finite`` (NaN or infinite) or ``out_of_range`` (longitude beyond ±180 or
    latitude beyond ±90 degrees). The message never holds the coordinates.
    """

    def __init__(self, reason: PlaceReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: PlaceReason = reason


def check_place(lng: float, lat: float) -> None:
    """Do nothing for a place on earth.

    Raises:
        PlaceRefused: a number is not finite, or out of range.
    """
    if not all(-math.inf < degrees < math.inf for degrees in (lng, lat)):
        raise PlaceRefused("not_finite")
    if not (-180 <= lng <= 180 and -90 <= lat <= 90):
        raise PlaceRefused("out_of_range")


def from_wgs84(lng: float, lat: float, crs: Crs) -> tuple[float, float]:
    """Return the WGS-84 place ``(lng, lat)`` as ``crs`` writes it, in degrees.

    GCJ-02 and BD-09 follow the public formulas; outside their rectangle nothing is shifted.
    CGCS2000 is taken as identical: the two frames agree within a metre.

    Raises:
        PlaceRefused: a number is not finite, or out of range.
    """
    check_place(lng, lat)
    return _SHIFTS[crs](lng, lat) if _is_shifted(lng, lat) else (lng, lat)


def to_wgs84(lng: float, lat: float, crs: Crs) -> tuple[float, float]:
    """Return in WGS-84 degrees the place that ``crs`` writes as ``(lng, lat)``.

    The inverse is iterated until it agrees with `from_wgs84` to less than a thousandth of a
    millimetre, where the one-step inverse in common use is up to 2 m off. Only along the outer
    rim of the rectangle, far abroad, is a place ambiguous by the shift itself.

    Raises:
        PlaceRefused: a number is not finite, or out of range.
    """
    check_place(lng, lat)
    return _undo(_SHIFTS[crs], lng, lat) if _is_shifted(lng, lat) else (lng, lat)


def _is_shifted(lng: float, lat: float) -> bool:
    return WEST <= lng <= EAST and SOUTH <= lat <= NORTH


def _undo(shift: Shift, lng: float, lat: float) -> tuple[float, float]:
    """Find the place that ``shift`` moves to ``(lng, lat)``, by fixed-point iteration."""
    guess_lng, guess_lat = lng, lat
    for _ in range(MOST_STEPS):
        seen_lng, seen_lat = shift(guess_lng, guess_lat)
        miss_lng, miss_lat = lng - seen_lng, lat - seen_lat
        guess_lng += miss_lng
        guess_lat += miss_lat
        if max(abs(miss_lng), abs(miss_lat)) < CLOSE_ENOUGH_DEGREES:
            break
    return guess_lng, guess_lat


def _stay(lng: float, lat: float) -> tuple[float, float]:
    return lng, lat


def _to_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """Apply the public GCJ-02 formula: metres east and north of WGS-84, turned into degrees."""
    east, north = _gcj02_metres(lng - 105.0, lat - 35.0)
    latitude = math.radians(lat)
    flatness = 1 - KRASOVSKY_ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian_m = (
        KRASOVSKY_RADIUS_M * (1 - KRASOVSKY_ECCENTRICITY_SQUARED) / (flatness * math.sqrt(flatness))
    )
    parallel_m = KRASOVSKY_RADIUS_M / math.sqrt(flatness) * math.cos(latitude)
    return lng + math.degrees(east / parallel_m), lat + math.degrees(north / meridian_m)


def _gcj02_metres(x: float, y: float) -> tuple[float, float]:
    """Return the GCJ-02 shift (east, north) in metres, ``x, y`` degrees from 105 E, 35 N."""

    def waves(at: float, far: float) -> float:
        return (
            20 * math.sin(6 * x * math.pi)
            + 20 * math.sin(2 * x * math.pi)
            + 20 * math.sin(at * math.pi)
            + 40 * math.sin(at * math.pi / 3)
            + far * math.sin(at * math.pi / 12)
            + 2 * far * math.sin(at * math.pi / 30)
        ) * (2 / 3)

    root = math.sqrt(abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x, 150)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(y, 160)
    return east, north


def _to_bd09(lng: float, lat: float) -> tuple[float, float]:
    """Apply the public BD-09 formula, a second shift on top of GCJ-02."""
    x, y = _to_gcj02(lng, lat)
    length = math.hypot(x, y) + 0.00002 * math.sin(y * BD09_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * BD09_TURN)
    return length * math.cos(angle) + 0.0065, length * math.sin(angle) + 0.006


_SHIFTS: dict[Crs, Shift] = {
    Crs.WGS84: _stay,
    Crs.CGCS2000: _stay,
    Crs.GCJ02: _to_gcj02,
    Crs.BD09: _to_bd09,
}
