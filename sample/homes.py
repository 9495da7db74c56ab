"""Makes up homes one at a time: an address, the household at it and its residents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from sample.codes import BirthRegister
from sample.district_plan import Plan
from sample.families import Person, family
from sample.lattice import Cell, spot
from sample.names import address_text

WALK_GRID = "DDHT-XQ-LT-C03-G2"
"""The grid of the first home, where the resident of people.json lives."""

NEIGHBOUR_GRID = "DDHT-DG-XX-C02-G1"
"""The grid of the second home, in another sub-zone."""

WALK_FAMILY = ("spouse", "child", "parent")
"""Who lives with the head of the first home."""

_FIRST_PHONE = 19904150000
_PHONE_FROM_AGE = 12
_PHONE_SURE_UNTIL = 80  # for all but the head, who always has one


@dataclass(frozen=True, slots=True)
class Home:
    """The rows of one home, each in the order of its stream's columns."""

    address: tuple[str | int | float, ...]
    household: tuple[str | int, ...]
    residents: list[tuple[str | int, ...]]
    grid_code: str


@dataclass(frozen=True, slots=True)
class _Grid:
    code: str
    street_name: str
    cells: list[Cell]


class Homes:
    """An endless street of made-up homes, which a seed fixes from the first to the last."""

    def __init__(self, plan: Plan, seed: int) -> None:
        """Prepare homes in the grids of `plan`."""
        self._rng = Random(f"{seed}/homes")
        self._births = BirthRegister()
        self._grids = _grids(plan)
        self._homes = 0
        self._residents = 0

    def until(self, residents: int) -> Iterator[Home]:
        """Yield homes until they hold exactly `residents` people; nothing is kept in memory."""
        drawn = list(self._grids.values())
        while self._residents < residents:
            self._homes += 1
            fixed = {1: WALK_GRID, 2: NEIGHBOUR_GRID}.get(self._homes)
            grid = self._grids[fixed] if fixed else self._rng.choice(drawn)
            yield self._home(grid, residents - self._residents)

    def _home(self, grid: _Grid, largest: int) -> Home:
        rng = self._rng
        address_sid, household_sid = f"A{self._homes:07}", f"H{self._homes:07}"
        text = address_text(grid.street_name, self._homes)
        lng, lat = spot(rng.choice(grid.cells), rng)
        people = family(rng, largest, WALK_FAMILY if self._homes == 1 else None)
        tenure = "owner" if rng.random() < 0.72 else "tenant"
        return Home(
            address=(address_sid, 1, text, grid.code, f"{lng:.6f}", f"{lat:.6f}", "wgs84"),
            household=(household_sid, 1, address_sid, tenure),
            residents=[self._resident(person, household_sid) for person in people],
            grid_code=grid.code,
        )

    def _resident(self, person: Person, household_sid: str) -> tuple[str | int, ...]:
        self._residents += 1
        return (
            f"R{self._residents:08}",
            1,
            person.name,
            self._births.issue(person.born, male=person.male),
            self._phone(person),
            household_sid,
            person.relation,
        )

    def _phone(self, person: Person) -> str:
        """Return a number nobody else has; small children and some of the old have none."""
        if person.age < _PHONE_FROM_AGE:
            return ""
        old = person.age > _PHONE_SURE_UNTIL and person.relation != "head"
        if old and self._rng.random() < 0.3:
            return ""
        return str(_FIRST_PHONE + self._residents)


def _grids(plan: Plan) -> Mapping[str, _Grid]:
    return {
        grid.code: _Grid(grid.code, plan.street_of(grid.code).name, plan.ground[grid.code])
        for grid in plan.of_level("grid")
    }
