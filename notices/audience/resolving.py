"""From what staff name to places: each is known, lies in their own area, and is written once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.database import read
from app.geo.outlines import Outline
from app.policy import Actor
from notices.audience import places
from notices.audience.outline import covered, outline_of
from notices.audience.people import People, bits
from notices.audience.reached import TOPS
from notices.model.policy import may_manage
from notices.model.refusals import AreaNotYours

PATHS = "SELECT code, path FROM area WHERE code = ANY(%(codes)s)"
HANGING = f"""
WITH RECURSIVE {TOPS} SELECT a.code, a.path FROM tops JOIN area a ON a.code = tops.code
"""  # noqa: S608  constants of ours
HOMES = """
SELECT h.id, a.code, a.path FROM household h LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area a ON a.code = ad.grid_code WHERE h.id = ANY(%(keys)s)
"""
PERSONS = """
SELECT r.id, a.code, a.path FROM resident r LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid LEFT JOIN area a ON a.code = ad.grid_code
WHERE r.id = ANY(%(keys)s)
"""


@dataclass(slots=True)
class Resolved:
    """Whom a notice is for, and the areas that it lies in, each with its path."""

    people: People
    matters: list[str]
    places: list[str] = field(default_factory=list)
    paths: dict[str, list[str] | None] = field(default_factory=dict)
    polygon: dict[str, Any] | None = None

    @property
    def area_codes(self) -> list[str]:
        """Return the areas, in order."""
        return sorted(self.paths)

    @property
    def touches(self) -> list[str]:
        """Return all areas that stand over one of them, and they themselves."""
        return sorted({code for path in self.paths.values() for code in path or ()})


def resolve(actor: Actor, audience: dict[str, Any]) -> Resolved:
    """Return the places and people that ``audience`` names, all within the actor's area.

    Raises:
        AreaNotYours: one is unknown, or not within the actor's area; the two look the same.
        OutlineRefused: the drawn outline cannot be used.
    """
    found = placed(audience)
    if not may_manage(actor, list(found.paths.values())):
        raise AreaNotYours
    return found


def placed(audience: dict[str, Any]) -> Resolved:
    """Return the places and people of an audience as the registers have them now.

    Raises:
        AreaNotYours, OutlineRefused: a household or a person is unknown, or the outline is unfit.
    """
    found = Resolved(bits(audience["people"], audience["matters"]), sorted(audience["matters"]))
    _areas(found, audience["areas"])
    for code in sorted(set(audience["divisions"])):
        _division(found, code)
    if audience["polygon"] is not None:
        _outline(found, outline_of(audience["polygon"]))
    _named(found, HOMES, audience["households"], places.household)
    _named(found, PERSONS, audience["residents"], places.person)
    if found.people & People.WORKERS:
        above = {code for path in found.paths.values() for code in (path or ())[:-1]}
        found.places += [places.post(code) for code in sorted(above)]
    found.places = list(dict.fromkeys(found.places))
    return found


def _areas(found: Resolved, wanted: Sequence[str]) -> None:
    codes = sorted(set(wanted))
    known = {row.code: row.path for row in read(PATHS, {"codes": codes})}
    for code in codes:
        found.paths[code] = known.get(code)
        found.places.append(code)


def _division(found: Resolved, code: str) -> None:
    place = places.division(code)
    hanging = read(HANGING, {"places": [place]})
    if not hanging:
        raise AreaNotYours  # nothing hangs on it: it is nobody's
    found.paths |= {row.code: row.path for row in hanging}
    found.places.append(place)


def _outline(found: Resolved, outline: Outline) -> None:
    cover = covered(outline)
    found.polygon = outline.geojson
    found.places += cover.places
    found.paths |= cover.paths


def _named(found: Resolved, sql: str, keys: Sequence[UUID | str], name: Any) -> None:
    wanted = sorted({UUID(str(key)) for key in keys})
    if not wanted:
        return
    rows = {row.id: row for row in read(sql, {"keys": wanted})}
    if rows.keys() != set(wanted) or any(row.code is None for row in rows.values()):
        raise AreaNotYours
    found.paths |= {row.code: row.path for row in rows.values()}
    found.places += [name(key) for key in wanted]
