"""People grow older: who has no class of age yet gets one, and whose birthday it is moves on."""

from datetime import timedelta
from typing import Any

from app import clock
from app.database import transaction, write
from app.identity.ages import AgeClass, class_of, next_turn
from app.identity.numbers import age_on, parse_number
from app.identity.unbinding import unbind_children
from app.privacy import SealBroken, vault

BATCH = 2000
LOOKED_BACK = 400  # days: as long as the worker may have stood still

WITHOUT = """
SELECT sid, id_number_sealed FROM resident WHERE age_class IS NULL
LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
TURNED = """
SELECT sid, id_number_sealed FROM resident WHERE turning_index = ANY(%(days)s)
LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""
MOVE_ON = """
UPDATE resident r SET age_class = v.class, turning_index = v.turning
FROM unnest(%(sids)s::text[], %(classes)s::text[], %(turnings)s::bytea[])
  AS v(sid, class, turning) WHERE r.sid = v.sid
"""
FORGET = """
UPDATE resident r SET age_class = NULL, turning_index = NULL FROM stage_rows s
WHERE r.sid = s.sid AND r.id_number_index <> s.id_number_index AND r.age_class IS NOT NULL
"""
"""In the deed that brings records: another number is another birthday."""


def age_some() -> int:
    """Give a batch of residents the class they have today; return how many it was.

    Who turns out to be a child has an account by name only with a guardian's consent.
    """
    today = clock.today()
    past = [today - timedelta(days=back) for back in range(LOOKED_BACK)]
    days = [vault.index("turning", day.isoformat()) for day in past]
    with transaction():
        rows = write(WITHOUT, {"batch": BATCH})
        if len(rows) < BATCH:
            rows += write(TURNED, {"days": days, "batch": BATCH - len(rows)})
        found = {row.sid: _standing(row, today) for row in rows}
        if found:
            classes, turnings = zip(*found.values(), strict=True)
            about = {"sids": list(found), "classes": list(classes), "turnings": list(turnings)}
            write(MOVE_ON, about)
            unbind_children([sid for sid, (each, _) in found.items() if each == AgeClass.CHILD])
    return len(rows)


def _standing(row: Any, today: Any) -> tuple[str, bytes | None]:
    try:
        number = vault.open("resident.id_number", row.sid, bytes(row.id_number_sealed))
    except SealBroken:  # whose key is not here is of no class, and is not looked at again
        return AgeClass.UNKNOWN, None
    born = parse_number(number, today).born
    turn = next_turn(born, today)
    return class_of(age_on(born, today)), vault.index("turning", str(turn)) if turn else None
