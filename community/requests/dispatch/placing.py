"""From a point or an address to the grid that it lies in."""

from dataclasses import dataclass
from typing import Any

from app.areas.service import grid_index, grid_paths
from app.database import read
from app.geo.crs import Crs, to_wgs84
from app.privacy import vault
from community.requests.refusals import AddressUnknown, OutsideZone

ADDRESS = "SELECT sid, grid_code, lng_sealed, lat_sealed FROM src_addresses WHERE sid = %(sid)s"
OWN = """
SELECT h.address_sid AS sid FROM resident r JOIN household h ON h.sid = r.household_sid
WHERE r.id = %(resident)s
"""
DECIMALS = 4  # of a home's place: some 10 m, enough to find the door


@dataclass(frozen=True, slots=True)
class Where:
    """A point as it was given, and the grid that it lies in."""

    raw: tuple[float, float, str]
    lng: float
    lat: float
    grid_code: str
    near_edge: bool
    metres_to_edge: int


def locate(place: dict[str, Any]) -> Where:
    """Return the grid of a point.

    Raises:
        OutsideZone: it lies in none; the nearest is named.
    """
    return _found((place["lng"], place["lat"], place["crs"]))


def home_of(resident_id: object) -> Where:
    """Return the grid of a resident's home, as the register has it.

    Raises:
        AddressUnknown: the register has no address of theirs, or they are not matched to it.
    """
    found = read(OWN, {"resident": resident_id})
    if not found:
        raise AddressUnknown
    return address(found[0].sid)


def address(sid: str) -> Where:
    """Return the grid of an address of the register.

    Raises:
        AddressUnknown: the register has none with this key.
    """
    found = read(ADDRESS, {"sid": sid})
    if not found:
        raise AddressUnknown
    row = found[0]
    lng, lat = (
        round(float(vault.open(f"address.{name}", row.sid, sealed)), DECIMALS)
        for name, sealed in (("lng", row.lng_sealed), ("lat", row.lat_sealed))
    )
    return _found((lng, lat, str(Crs.WGS84)))


def _found(raw: tuple[float, float, str]) -> Where:
    lng, lat = to_wgs84(raw[0], raw[1], Crs(raw[2]))
    grids = grid_index.get()
    found = grids.locate(lng, lat)
    if found is None:
        area, metres = grids.nearest(lng, lat)
        raise OutsideZone(nearest_area=area, metres=round(metres))
    return Where(raw, lng, lat, found.code, found.near_edge, round(found.metres_to_edge))


def path_of(grid_code: str) -> list[str]:
    """Return the codes from the zone down to a grid."""
    grid = grid_paths.get().get(grid_code)
    return list(grid.path) if grid else [grid_code]
