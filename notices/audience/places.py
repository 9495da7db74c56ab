"""How a target names its place: an area by its code, all else by a word before its key."""

from collections.abc import Iterable
from uuid import UUID
from zlib import crc32

from app.areas.service import divisions_over

DIVISION, ADDRESS, HOUSEHOLD, PERSON, POST = (
    "division:",
    "address:",
    "household:",
    "person:",
    "post:",
)

HANDFULS = 4096


def division(code: str) -> str:
    """Return the place of all areas that hang on a division today."""
    return DIVISION + code


def address(sid: str) -> str:
    """Return the place of a dwelling."""
    return ADDRESS + sid


def household(key: UUID) -> str:
    """Return the place of a household."""
    return f"{HOUSEHOLD}{key}"


def person(resident_id: UUID) -> str:
    """Return the place of one resident."""
    return f"{PERSON}{resident_id}"


def names_somebody(places: Iterable[str]) -> bool:
    """Tell whether one of the places is a dwelling, a household or a person."""
    return any(place.startswith((ADDRESS, HOUSEHOLD, PERSON)) for place in places)


def post(area_code: str) -> str:
    """Return the place of those who work in exactly this area."""
    return POST + area_code


def marks_of(places: Iterable[str], area_codes: Iterable[str]) -> list[str]:
    """Return under which marks a change of what is shown at ``places`` is found by a poll.

    A dwelling is marked by its grid, which is among ``area_codes``; a household and a person by a
    handful that they share with others: a poll that looks in vain costs little.
    """
    found: set[str] = set()
    for place in places:
        if place.startswith(ADDRESS):
            found.update(area_codes)
        elif place.startswith((HOUSEHOLD, PERSON)):
            found.add(handful(place))
        else:
            found.add(place)
    return sorted(found)


def handful(place: str) -> str:
    """Return the mark of a household or a person."""
    return f"few:{crc32(place.encode()) % HANDFULS}"


def places_on(path: Iterable[str]) -> list[str]:
    """Return the areas of a path, and every division that they hang on today."""
    linked, areas = divisions_over.get(), list(path)
    divisions = {code for area in areas for code in linked.get(area, ())}
    return [*areas, *(division(code) for code in sorted(divisions))]
