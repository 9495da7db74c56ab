"""The few people of people.json: whom to sign in as, and where the first request is filed."""

from typing import Any

from shapely.geometry import Point, shape

from sample.district_plan import Plan
from sample.homes import WALK_GRID, Home
from sample.lattice import centre
from sample.outlines import outline
from sample.staff_rows import StaffMember
from sample.streams import COLUMNS


def people(plan: Plan, members: list[StaffMember], homes: list[Home]) -> dict[str, Any]:
    """Return the people by the part they play; `homes` are the first two."""
    community = plan.named(WALK_GRID).parent_code
    workers = [one for one in members if one.role == "grid_worker" and one.area_code == community]
    officers = [one for one in members if one.role == "district_staff" and one.area_code == "DDHT"]
    return {
        "resident": _resident(plan, homes[0]),
        "worker": _member(workers[0]),
        "staff": _member(officers[0]),
        "neighbour": _resident(plan, homes[1]),
        "second_worker": _member(workers[1]),
        "second_staff": _member(officers[1]),
        "request_point": {"wgs84": list(_deepest(plan, WALK_GRID)), "grid_code": WALK_GRID},
    }


def _resident(plan: Plan, home: Home) -> dict[str, str]:
    head = dict(zip(COLUMNS["residents"], home.residents[0], strict=True))
    return {
        "sid": str(head["sid"]),
        "phone": str(head["phone"]),
        "name": str(head["name"]),
        "id_number": str(head["id_number"]),
        "household": str(head["household_sid"]),
        "address": str(home.address[2]),
        "grid": home.grid_code,
        "street": plan.street_of(home.grid_code).code,
    }


def _member(member: StaffMember) -> dict[str, str]:
    return {
        "sid": member.number,
        "phone": member.phone,
        "name": member.name,
        "role": member.role,
        "area": member.area_code,
    }


def _deepest(plan: Plan, code: str) -> tuple[float, float]:
    """Return the middle of the cell farthest from the area's edge; never nearer than 85 m."""
    edge = shape(outline(plan.ground[code])).boundary
    middles = sorted(centre(cell) for cell in plan.ground[code])
    return max(middles, key=lambda middle: float(edge.distance(Point(middle))))
