"""Changes of areas as the register tells them: which of them count, and what follows in the tree.

The register's records are carried over as they are; which of them do not count is said beside
them (``AreaSuccession.held``), so that a record that was put right counts from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app import clock
from app.areas.succession import Change, ChangeKind, all_heirs, in_force, verdicts
from app.database import read, write
from app.geo.polygons import AreaIndex, Found
from app.privacy import audit
from app.sync import Accompanied

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('area changes', 0))"
KNOWN = "SELECT old_code, new_code, kind, on_day, held FROM area_succession"
COUNTING = f"{KNOWN} WHERE held IS NULL AND on_day <= %(today)s"
WAITING = """
SELECT old_code, on_day::date FROM src_area_changes
WHERE waits_for IS NOT NULL AND deleted_at IS NULL
"""
JUDGE = """
UPDATE area_succession c SET held = v.held
FROM unnest(%(old)s::text[], %(new)s::text[], %(day)s::date[], %(held)s::text[])
  AS v(old_code, new_code, on_day, held)
WHERE (c.old_code, c.new_code, c.on_day) = (v.old_code, v.new_code, v.on_day)
"""

ENDED_ON = """
(SELECT min(c.on_day) FROM area_succession c
 WHERE c.old_code = s.code AND c.held IS NULL AND c.kind <> 'boundary')
"""
VALID_TO = f"least(s.valid_to::date, {ENDED_ON})"
"""SQL over ``s``, a record of an area: the first day on which it is no longer valid.

The register may forget to end an area that it merged; its own word counts where it is earlier.
"""

END_AREAS = f"""
UPDATE area a SET valid_to = w.valid_to
FROM (SELECT s.code, {VALID_TO} AS valid_to FROM src_areas s
      WHERE s.deleted_at IS NULL AND s.waits_for IS NULL) w
WHERE a.code = w.code AND a.valid_to IS DISTINCT FROM w.valid_to
"""  # noqa: S608  constants of ours

FORGET = """
DELETE FROM area_succession c USING stage_gone s
WHERE (c.old_code, c.new_code, c.on_day) = (s.old_code, s.new_code, s.on_day::date)
  AND (c.on_day > (now() AT TIME ZONE 'Asia/Shanghai')::date OR EXISTS (
    SELECT FROM src_area_changes m
    WHERE m.source = s.source AND m.sid = s.sid AND m.deleted_at IS NULL))
  AND NOT EXISTS (
    SELECT FROM src_area_changes o
    WHERE (o.old_code, o.new_code, o.on_day) = (s.old_code, s.new_code, s.on_day)
      AND o.deleted_at IS NULL AND o.waits_for IS NULL)
"""
"""A change whose day has come is history: it may be put right, but leaving it out undoes nothing.

A register that sends this year's changes only does not bring last year's areas to life again.
"""

STANDING = """
SELECT code, valid_from <= %(today)s AS begun FROM area
WHERE code = ANY(%(codes)s) AND (valid_to IS NULL OR valid_to > %(today)s)
"""
OUTLINES = "SELECT code, polygon FROM area_polygon WHERE code = ANY(%(codes)s)"


def judge_changes() -> None:
    """Say of each change whether it counts, and end the areas that end, in the deed under way.

    Changes that do not count any more are audited with the reason.
    """
    write(LOCK)  # two sources at once would each miss the other's half of a circle
    known = {_change(row): row.held for row in read(KNOWN)}
    incomplete = {(row.old_code, row.on_day) for row in read(WAITING)}
    found = verdicts(known, incomplete)
    moved = [each for each, held in known.items() if held != found.get(each)]
    if moved:
        about = {
            "old": [each.old_code for each in moved],
            "new": [each.new_code for each in moved],
            "day": [each.on_day for each in moved],
            "held": [found.get(each) for each in moved],
        }
        write(JUDGE, about)
    for each in moved:
        if each in found:
            facts = {"heir": each.new_code, "on_day": each.on_day, "reason": found[each]}
            audit(None, "area-change-held", "area", each.old_code, **facts)
    write(END_AREAS)


def _change(row: Any) -> Change:
    return Change(row.old_code, row.new_code, ChangeKind(row.kind), row.on_day)


@dataclass(frozen=True, slots=True)
class Changes(Accompanied):
    """Carries changes over, and has all of them judged anew."""

    def arrived(self) -> None:
        """Project the changes in ``stage_rows``."""
        self.rows.arrived()
        judge_changes()

    def gone(self) -> None:
        """Forget the changes in ``stage_gone`` whose day has not come, or that were put right."""
        write(FORGET)
        judge_changes()


@dataclass(frozen=True, slots=True)
class Takeover:
    """An area in whose place, or in a part of it, others stand from a day that has come.

    ``heirs`` have not ended; one may begin only later, and nothing goes to it until then. ``since``
    is the day of the last change to the area itself.
    """

    code: str
    heirs: frozenset[str]
    ended: bool
    since: date


@dataclass(slots=True)
class Takeovers:
    """Who takes over today from which area, and at which place."""

    by_code: Mapping[str, Takeover]
    valid: frozenset[str]
    _outlines: dict[frozenset[str], AreaIndex] = field(default_factory=dict)

    def ended(self) -> list[str]:
        """Return the areas that have ended."""
        return [each.code for each in self.by_code.values() if each.ended]

    def sole_heir(self, code: str) -> str | None:
        """Return the heir of an area that has ended, if it has exactly one, and that is valid."""
        one = self.by_code[code]
        return (
            next(iter(one.heirs & self.valid), None) if one.ended and len(one.heirs) == 1 else None
        )

    def heir_at(self, code: str, lng: float, lat: float) -> Found | None:
        """Return the heir in whose outline a WGS-84 place lies, or None: nobody's, or not known."""
        among = self.by_code[code].heirs
        if among not in self._outlines:
            rows = read(OUTLINES, {"codes": sorted(among)})
            self._outlines[among] = AreaIndex((row.code, row.polygon) for row in rows)
        found = self._outlines[among].locate(lng, lat)
        return found if found and found.code in self.valid else None


def takeovers_of_today() -> Takeovers:
    """Return the changes that count as they stand today, those of the past too."""
    today = clock.today()
    changes = [_change(row) for row in read(COUNTING, {"today": today})]
    every, steps = all_heirs(changes, today), in_force(changes, today)
    codes = sorted({code for some in every.values() for code in some})
    standing = {row.code: row.begun for row in read(STANDING, {"codes": codes, "today": today})}
    valid = frozenset(code for code, begun in standing.items() if begun)
    found = {
        code: Takeover(
            code,
            frozenset(some & standing.keys()),
            ended=code not in some,
            since=max(step.on_day for step in steps[code]),
        )
        for code, some in every.items()
        if some & valid - {code}
    }
    return Takeovers(found, valid)
