"""Great-circle distance, in metres and as chords of the unit earth.

The database keeps a place as a point on a sphere of radius one (``cube``), where its index orders
by the straight chord. A longer arc always has a longer chord, so the order is that of true
great-circle distance; these functions carry metres over to chords and back.
"""

import math
from typing import Literal, TypeAlias

from app.geo.crs import check_place

Place: TypeAlias = tuple[float, float]
"""``(lng, lat)`` in WGS-84 degrees."""

DistanceReason: TypeAlias = Literal["not_finite", "negative"]

EARTH_RADIUS_M = 6371008.8  # the mean radius of the WGS-84 ellipsoid (IUGG)
DIAMETER = 2.0  # of the unit earth: no chord is longer


class DistanceRefused(ValueError):
    """A number is no distance: ``reason`` is ``not_finite`` or ``negative``."""

    def __init__(self, reason: DistanceReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: DistanceReason = reason


def on_unit_earth(lng: float, lat: float) -> tuple[float, float, float]:
    """Return a place as ``(x, y, z)`` on the unit earth, the form the database's index keeps.

    Raises:
        PlaceRefused: a number is not finite, or out of range.
    """
    check_place(lng, lat)
    east, north = math.radians(lng), math.radians(lat)
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def metres_between(a: Place, b: Place) -> float:
    """Return the great-circle distance of two places in metres.

    The earth is taken as a sphere, which is within 0.5 % of the ellipsoid anywhere.

    Raises:
        PlaceRefused: a number is not finite, or out of range.
    """
    check_place(*a)
    check_place(*b)
    (lng_a, lat_a), (lng_b, lat_b) = a, b
    north = math.sin(math.radians(lat_b - lat_a) / 2)
    east = math.sin(math.radians(lng_b - lng_a) / 2)
    parallels = math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b))
    half_chord = math.sqrt(north * north + parallels * east * east)
    return metres_of(DIAMETER * half_chord)


def chord_of(metres: float) -> float:
    """Return the unit-earth chord, 0 to 2, below an arc of ``metres``.

    An arc longer than half way round gives 2: the whole earth is within it.

    Raises:
        DistanceRefused: ``metres`` is negative, or not finite.
    """
    _check_distance(metres)
    half_angle = min(metres / (2 * EARTH_RADIUS_M), math.pi / 2)
    return DIAMETER * math.sin(half_angle)


def metres_of(chord: float) -> float:
    """Return the metres along the ground above a unit-earth chord.

    A chord past 2, as rounding makes one for opposite places, counts as 2.

    Raises:
        DistanceRefused: ``chord`` is negative, or not finite.
    """
    _check_distance(chord)
    return 2 * EARTH_RADIUS_M * math.asin(min(chord / DIAMETER, 1.0))


def _check_distance(number: float) -> None:
    if not -math.inf < number < math.inf:
        raise DistanceRefused("not_finite")
    if number < 0:
        raise DistanceRefused("negative")
