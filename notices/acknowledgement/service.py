"""What a grid worker sees of those who have not answered: masked, theirs only, and audited."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import FIRST_ID, Cursor, Page, beyond, read, transaction, write
from app.errors import Conflict, NotFound, Words
from app.policy import Actor, Role
from app.privacy import SealBroken, audit, vault
from notices.acknowledgement.outstanding import OUTSTANDING, OUTSTANDING_SINGLY
from notices.acknowledgement.rungs import OWED, TOLD
from notices.audience.reached import TOPS, parameters
from notices.model.reaching import count

MOST_GRIDS = 60

MY_GRIDS = f"""
WITH RECURSIVE {TOPS}
SELECT a.code, a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops) AS whole
FROM area a WHERE a.path && %(mine)s::text[] AND (
  a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops)
  OR a.code = ANY(%(areas)s::text[]))
ORDER BY a.code LIMIT %(most)s
"""  # noqa: S608  constants of ours
DUTY = f"""
SELECT id, title, publish_seq AS seq, ack_by, places, people, matters, area_codes FROM notice
WHERE id = %(id)s AND state IN {OWED} AND needs_ack
"""  # noqa: S608  constants of ours
OWING = f"""
SELECT o.resident_id AS id, o.grid_code, r.sid, r.name_sealed
FROM (SELECT * FROM ({OUTSTANDING}) w UNION ALL
      SELECT * FROM ({OUTSTANDING_SINGLY}) s WHERE s.grid_code = ANY(%(mine)s::text[])) o
JOIN resident r ON r.id = o.resident_id
WHERE o.resident_id > %(after)s::uuid ORDER BY o.resident_id LIMIT %(limit)s
"""  # noqa: S608  constants of ours
DOORS = f"""
SELECT v.id, v.notice_id, v.grid_code, v.made_at, v.absences, n.title, r.sid, r.name_sealed
FROM notice_visit v JOIN area a ON a.code = v.grid_code JOIN notice n ON n.id = v.notice_id
JOIN resident r ON r.id = v.resident_id
WHERE v.done_at IS NULL AND v.id > %(after)s::uuid AND a.path && %(mine)s::text[]
  AND n.state IN {OWED} AND NOT EXISTS (
    SELECT FROM account ac JOIN notice_receipt rc ON rc.account_id = ac.id
    WHERE ac.resident_id = v.resident_id AND rc.seq = n.publish_seq AND rc.acked_at IS NOT NULL)
ORDER BY v.id LIMIT %(limit)s
"""  # noqa: S608
DOOR = """
SELECT v.id, v.notice_id, v.grid_code, v.done_at FROM notice_visit v
JOIN area a ON a.code = v.grid_code
WHERE v.id = %(id)s AND a.path && %(mine)s::text[] FOR UPDATE OF v
"""
KNOCKED = """
UPDATE notice_visit SET absences = absences + (%(outcome)s = 'absent')::int,
  outcome = %(outcome)s,
  done_at = CASE WHEN %(outcome)s <> 'absent' THEN %(now)s::timestamptz END,
  done_by = %(me)s
WHERE id = %(id)s
"""


class VisitDone(Conflict):
    """The visit has been made and its outcome written down already."""

    slug = "visit-done"
    title = Words("该走访已完成", "This visit has been made")


def outstanding(actor: Actor, notice_id: UUID, cursor: str | None, limit: int) -> Page[Any]:
    """Return who of the worker's grids has not acknowledged a notice, names masked.

    Raises:
        NotFound: it asks for no acknowledgement, or reaches no grid of the worker's.
    """
    after = Cursor.read("notice-outstanding", cursor, [str]) or [FIRST_ID]
    duty = next(iter(read(DUTY, {"id": notice_id})), None)
    if duty is None:
        raise NotFound
    mine = list(actor.areas_as(Role.GRID_WORKER))
    audience = parameters(duty.places, duty.people, duty.matters)
    about = {"mine": mine, "areas": list(duty.area_codes), "most": MOST_GRIDS}
    here = read(MY_GRIDS, audience | about)
    if not here:
        raise NotFound
    asked = {
        "grids": [row.code for row in here if row.whole],
        "mine": [row.code for row in here],
        "seq": duty.seq,
        "after": after[0],
        "limit": limit + 1,
    }
    with beyond():  # who has answered is others' to know; the worker's area is asked above
        rows = read(OWING, audience | asked)
    _seen(actor, "outstanding-listed", notice_id, len(rows[:limit]))
    people = [_masked(row) for row in rows]
    return Cursor.page("notice-outstanding", people, limit, lambda row: [str(row["id"])])


def visits(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the doors that are left in the worker's area, names masked."""
    after = Cursor.read("notice-visits", cursor, [str]) or [FIRST_ID]
    about = {"mine": list(actor.areas_as(Role.GRID_WORKER)), "after": after[0]}
    with beyond():
        rows = read(DOORS, about | {"limit": limit + 1})
    _seen(actor, "visits-listed", actor.account_id, len(rows[:limit]))
    doors = [_masked(row) for row in rows]
    return Cursor.page("notice-visits", doors, limit, lambda row: [str(row["id"])])


def knock(actor: Actor, visit_id: UUID, outcome: str) -> None:
    """Write down what came of a visit; who was absent is visited again.

    Raises:
        NotFound: there is no such visit in the worker's area.
        VisitDone: it has been made.
    """
    with transaction():
        about = {"id": visit_id, "mine": list(actor.areas_as(Role.GRID_WORKER))}
        rows = write(DOOR, about)
        if not rows:
            raise NotFound
        if rows[0].done_at is not None:
            raise VisitDone
        write(KNOCKED, about | {"outcome": outcome, "now": clock.now(), "me": actor.account_id})
        if outcome == TOLD:
            count(rows[0].notice_id, "visit", {rows[0].grid_code: 1})
        audit(actor.account_id, "notice-visit", "notice_visit", visit_id, outcome=outcome)


def _masked(row: Any) -> dict[str, Any]:
    try:
        name = vault.open("resident.name", row.sid, bytes(row.name_sealed))
        name = name[:1] + "*" * (len(name) - 1)
    except SealBroken:
        name = "*"
    found = {key: value for key, value in row._asdict().items() if key not in HIDDEN}
    return found | {"name": name}


HIDDEN = ("sid", "name_sealed")


def _seen(actor: Actor, deed: str, about: object, people: int) -> None:
    with transaction():
        audit(actor.account_id, deed, "notice", about, people=people)
