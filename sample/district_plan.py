"""Lays out the zone: its tree of areas and the ground each community and grid stands on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from sample.lattice import Cell, Inside, cell_at, grow, scatter
from sample.tables import FACTS, ZONE, Row, county_outlines, read_table

STREET_REACH = 20.0
"""How far a street goes from its seed, in lattice steps north: about 4.4 km."""

_COMMITTEES = (
    *("社区居民委员会", "社区居委会", "居民委员会", "居委会"),
    *("村民委员会", "村委会"),
)


@dataclass(frozen=True)
class Area:
    """One node of the zone's own tree; a zone has no parent_code and a grid no division_code."""

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str
    division_code: str
    relation: str


@dataclass
class Plan:
    """The tree from the zone downwards, parents first, and the cells of communities and grids."""

    areas: list[Area] = field(default_factory=list)
    ground: dict[str, list[Cell]] = field(default_factory=dict)

    def of_level(self, level: str) -> list[Area]:
        """Return the areas of a level, in the order of the tree."""
        return [area for area in self.areas if area.level == level]

    def named(self, code: str) -> Area:
        """Return the area with a code; KeyError where there is none."""
        return {area.code: area for area in self.areas}[code]

    def street_of(self, code: str) -> Area:
        """Return the street that a street, community or grid belongs to."""
        area = self.named(code)
        while area.level != "street":
            area = self.named(area.parent_code)
        return area


def lay_out(seed: int) -> Plan:
    """Return the zone as `seed` lays it out: the same seed, the same zone."""
    rng = Random(f"{seed}/areas")
    written = read_table(ZONE / "areas.csv")
    plan = Plan([_area(row) for row in written])
    streets = _share_streets([row for row in written if row["level"] == "street"])
    for street in plan.of_level("street"):
        _divide_street(plan, street, streets[street.code], rng)
    return plan


def place_name(committee: str) -> str:
    """Return the name of a place for that of its committee: 浪头村委会 -> 浪头村."""
    for ending in _COMMITTEES:
        if committee.endswith(ending):
            return committee.removesuffix(ending) + ("村" if ending[0] == "村" else "社区")
    return committee


def _area(row: Row) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        level=row["level"],
        parent_code=row["parent_code"],
        division_code=row["division_code"],
        relation=row["relation"],
    )


def _share_streets(rows: Iterable[Row]) -> dict[str, list[Cell]]:
    """Return the cells of each street, which never leave the county of its division."""
    parents = {row["code"]: row["parent_code"] for row in read_table(FACTS / "divisions.csv")}
    seeds: dict[str, dict[str, Cell]] = {}
    for row in rows:
        county = seeds.setdefault(parents[row["division_code"]], {})
        county[row["code"]] = cell_at(float(row["lng"]), float(row["lat"]))
    outlines = county_outlines()
    shared: dict[str, list[Cell]] = {}
    for county_code, streets in seeds.items():
        shared |= grow(streets, Inside(outlines[county_code]), STREET_REACH)
    return shared


def _divide_street(plan: Plan, street: Area, ground: list[Cell], rng: Random) -> None:
    """Add the real communities of a street, in a made-up order and place, and their grids."""
    divisions = [
        row
        for row in read_table(FACTS / "divisions.csv")
        if row["parent_code"] == street.division_code
    ]
    rng.shuffle(divisions)
    codes = [f"{street.code}-C{number:02}" for number in range(1, len(divisions) + 1)]
    seeds = sorted(scatter(len(codes), ground, rng), key=_reading_order)
    plan.ground |= grow(dict(zip(codes, seeds, strict=True)), set(ground))
    for code, division in zip(codes, divisions, strict=True):
        community = Area(
            code=code,
            name=place_name(division["name"]),
            name_en="",
            level="community",
            parent_code=street.code,
            division_code=division["code"],
            relation=street.relation,
        )
        plan.areas.append(community)
        _divide_community(plan, community, rng)


def _divide_community(plan: Plan, community: Area, rng: Random) -> None:
    """Add the two to four grids of a community."""
    ground = plan.ground[community.code]
    count = rng.randint(2, 4)
    codes = [f"{community.code}-G{number}" for number in range(1, count + 1)]
    seeds = sorted(scatter(count, ground, rng), key=_reading_order)
    plan.ground |= grow(dict(zip(codes, seeds, strict=True)), set(ground))
    for number, code in enumerate(codes, start=1):
        name = f"{community.name}第{'一二三四'[number - 1]}网格"
        plan.areas.append(Area(code, name, "", "grid", community.code, "", ""))


def _reading_order(cell: Cell) -> tuple[int, int]:
    """Sort key: from north to south, then from west to east."""
    return -cell[1], cell[0]
