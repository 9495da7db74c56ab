"""Writes the records of the sample district: `python -m sample.generate --out DIR`."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sample.area_rows import area_rows, division_rows, link_rows, polygon_rows
from sample.calendar_days import calendar_rows
from sample.district_plan import Plan, lay_out
from sample.enterprise_rows import LED_BY_NEIGHBOURS, enterprise_rows
from sample.homes import Home, Homes
from sample.progress import Progress
from sample.rule_rows import (
    capacity_rows,
    clause_rows,
    dispatch_rows,
    limit_rows,
    not_accepted_rows,
    rating_reason_rows,
    rung_rows,
)
from sample.service_rows import department_rows, matter_rows, point_matter_rows, point_rows
from sample.staff_rows import StaffMember, staff, staff_rows
from sample.walk import people
from sample.writing import RecordFile, Values, write_manifest, write_people, write_stream

DEFAULT_RESIDENTS = 3000
DEFAULT_SEED = 20261123
FEWEST_RESIDENTS = 10
"""The two homes of people.json hold at most five people each."""


def generate(out: Path, residents: int = DEFAULT_RESIDENTS, seed: int = DEFAULT_SEED) -> None:
    """Write every stream, people.json and manifest.json into `out`, which is made if need be.

    The same arguments write the same bytes. Memory does not grow with `residents`. The manifest
    comes last: a folder without one is not complete.
    Raises ValueError for fewer than FEWEST_RESIDENTS.
    """
    if residents < FEWEST_RESIDENTS:
        raise ValueError(f"at least {FEWEST_RESIDENTS} residents are needed")
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    plan, members = lay_out(seed), staff(seed)
    files = [
        write_stream(out, stream, rows) for stream, rows in _district(plan, members, seed).items()
    ]
    entries, first_homes = _write_homes(out, Homes(plan, seed), residents)
    firms = write_stream(out, "enterprises", enterprise_rows(plan, seed, first_homes))
    write_people(out, people(plan, members, first_homes))
    write_manifest(out, [*files, *entries, firms])


def _district(plan: Plan, members: list[StaffMember], seed: int) -> dict[str, Iterable[Values]]:
    """Return the rows of every stream that does not grow with the residents, in load order."""
    return {
        "calendar_days": calendar_rows(),
        "divisions": division_rows(),
        "areas": area_rows(plan),
        "polygons": polygon_rows(plan),
        "area_links": link_rows(plan),
        "departments": department_rows(),
        "matters": matter_rows(),
        "matter_limits": limit_rows(),
        "duty_clauses": clause_rows(),
        "dispatch_rules": dispatch_rows(),
        "not_accepted": not_accepted_rows(),
        "supervision_rungs": rung_rows(),
        "capacities": capacity_rows(),
        "rating_reasons": rating_reason_rows(),
        "points": point_rows(plan, seed),
        "point_matters": point_matter_rows(),
        "staff": staff_rows(members),
    }


def _write_homes(
    out: Path, homes: Homes, residents: int
) -> tuple[list[dict[str, Any]], list[Home]]:
    """Write the three streams of homes in one pass; return their entries and the first homes."""
    first: list[Home] = []
    progress = Progress(residents, "residents")
    with (
        RecordFile(out, "addresses") as addresses,
        RecordFile(out, "households") as households,
        RecordFile(out, "residents") as people_file,
    ):
        for home in homes.until(residents):
            addresses.add(home.address)
            households.add(home.household)
            for resident in home.residents:
                people_file.add(resident)
            if len(first) < LED_BY_NEIGHBOURS:
                first.append(home)
            progress.reached(people_file.rows)
    written = (addresses, households, people_file)
    return [file.manifest_entry() for file in written], first


def main() -> None:
    """Read the command line and write the records."""
    parser = argparse.ArgumentParser(prog="python -m sample.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the records")
    parser.add_argument("--residents", type=int, default=DEFAULT_RESIDENTS)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    asked = parser.parse_args()
    if asked.residents < FEWEST_RESIDENTS:
        parser.error(f"--residents must be at least {FEWEST_RESIDENTS}")
    generate(asked.out, asked.residents, asked.seed)


if __name__ == "__main__":
    main()
