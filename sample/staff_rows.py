"""The rows about staff: forty-two made-up people in every role."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sample.names import given_name, surname
from sample.streams import VALID_FROM
from sample.tables import ZONE, read_table

_FIRST_PHONE = 19904100000

_GRID_WORKERS_AT = (
    # the two of the first community stand in for each other
    *("DDHT-XQ-LT-C03", "DDHT-XQ-LT-C03", "DDHT-XQ-LT-C01", "DDHT-XQ-LT-C07-G1"),
    *("DDHT-XQ-JH-C01", "DDHT-XQ-JH-C02-G1", "DDHT-XQ-AM-C01", "DDHT-XQ-AM-C02-G2"),
    *("DDHT-QY-QY-C01", "DDHT-QY-QY-C03-G1", "DDHT-DG-XX-C02", "DDHT-DG-XX-C04-G1"),
    *("DDHT-DG-XC-C01", "DDHT-DG-XC-C02-G2"),
)
_STREETS = (
    *("DDHT-XQ-JH", "DDHT-XQ-LT", "DDHT-XQ-AM"),
    *("DDHT-QY-QY", "DDHT-DG-XX", "DDHT-DG-XC"),
)
_DISTRICT_STAFF_AT = ("DDHT", "DDHT", "DDHT-XQ", "DDHT-QY", "DDHT-DG")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff; their word counts in one area or for one department, never both."""

    number: str
    name: str
    phone: str
    role: str
    area_code: str
    department_code: str


def staff(seed: int) -> list[StaffMember]:
    """Return everyone, in the order of their numbers."""
    rng = Random(f"{seed}/staff")
    members = []
    for count, (role, area_code, department_code) in enumerate(_posts(), start=1):
        name = surname(rng) + given_name(rng, male=rng.random() < 0.5)
        phone = str(_FIRST_PHONE + count)
        member = StaffMember(f"DD{count:04}", name, phone, role, area_code, department_code)
        members.append(member)
    return members


def staff_rows(members: list[StaffMember]) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of `members`."""
    for one in members:
        post = (one.role, one.area_code, one.department_code)
        yield (one.number, 1, one.name, one.phone, *post, VALID_FROM, "")


def _posts() -> Iterator[tuple[str, str, str]]:
    """Yield every post as role, area code and department code."""
    yield from (("grid_worker", area, "") for area in _GRID_WORKERS_AT)
    yield from (("desk_clerk", street, "") for street in _STREETS)
    for department in read_table(ZONE / "departments.csv"):
        yield ("department_handler", "", department["code"])
    yield from (("district_staff", area, "") for area in _DISTRICT_STAFF_AT)
    yield from ((role, "DDHT", "") for role in ("sync_operator", "auditor", "administrator"))
    # two, so that what one asks for the other can approve
    yield from (("security_administrator", "DDHT", "") for _ in range(2))
