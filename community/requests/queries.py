"""Reads of requests, in the server's own words: each bounded, each one round trip."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import LAST_ID, Cursor, Page, beyond, read
from app.identity.family import sharing_with
from app.policy import Actor
from app.privacy import vault
from community.requests import lifecycle
from community.requests.policy import ACTED_BY, HELD_BY, SEEN_BY, SHARED_BY, WORKED_BY, seen_by
from community.requests.urgent import urgent_first

OPEN = f"({', '.join(repr(str(state)) for state in lifecycle.OPEN)})"

COLUMNS = """
r.id, r.number, r.matter_code, r.state, r.version, r.lng, r.lat, r.grid_code, r.near_edge,
r.handled_by, r.department_code, r.account_id, r.claimed_by, r.words_sealed, r.filed_at,
r.deadline_at, r.deadline_provisional, r.settled_at, r.result, r.planned_for, r.round, r.rung,
r.master_id
"""
DECIDING = """
r.resident_id, r.filed_by, r.confidential, r.helpers, r.help_open, r.unit_final, r.why,
r.first_department, r.against_account, r.against_department, r.paused_at, r.paused_seconds,
r.pausable, r.calendar_version, r.clock_from, r.limit_stage, r.limit_count, r.limit_unit,
r.extension, r.extra_count, r.extra_unit, r.claim_due_at, r.signed_at, r.contacted_at,
r.next_rung_at, r.members, r.reopen_until, r.declining, false AS shared
"""

WHATEVER = f"""
SELECT {COLUMNS}, {DECIDING}, {ACTED_BY} AS acting, a.path AS grid_path, t.stars,
  k.subject AS key_of, k.wrapped AS key_wrapped
FROM service_request r JOIN area a ON a.code = r.grid_code
LEFT JOIN rating t ON t.request_id = r.id AND t.round = r.round
LEFT JOIN subject_key k ON k.subject = r.account_id
WHERE r.id = %(id)s
"""  # noqa: S608  constants of ours
ONE = f"{WHATEVER} AND {SEEN_BY}"
OF_PRINCIPAL = f"""{WHATEVER} AND r.resident_id = (
  SELECT m.principal_resident_id FROM mandate m
  WHERE m.id = %(mandate)s AND m.agent_account_id = %(me)s
  UNION ALL SELECT p.ward_resident_id FROM guardianship p
  WHERE p.id = %(mandate)s AND p.guardian_resident_id = %(my_resident)s LIMIT 1)
"""  # noqa: S608  constants of ours

SHARED = f"{WHATEVER.replace('false AS shared', 'true AS shared')} AND {SHARED_BY}"

MASTER = """
SELECT r.id, r.number, r.state, r.deadline_at, r.settled_at, r.result,
  (SELECT coalesce(json_agg(json_build_object('at', e.at, 'step', e.step) ORDER BY e.id), '[]')
   FROM request_event e WHERE e.request_id = r.id AND e.step <> 'rate') AS steps
FROM service_request r WHERE r.id = %(id)s
"""

TIMELINE = """
SELECT id, at, step, account_id, note_sealed, facts FROM request_event
WHERE request_id = %(id)s ORDER BY id LIMIT 500
"""

MINE = f"""
SELECT {COLUMNS} FROM service_request r
WHERE {{whose}} AND r.id < %(after)s::uuid ORDER BY r.id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours

WORK = f"""
SELECT {COLUMNS} FROM service_request r
WHERE r.state IN {OPEN} AND (r.claimed_by IS NULL OR {HELD_BY}) AND {WORKED_BY}
  AND (r.deadline_at, r.id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY r.deadline_at, r.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours

HANGING = f"""
SELECT * FROM (
  SELECT a.code, a.valid_to AS ended_on,
    (SELECT count(*)::int FROM staff_grant g WHERE g.area_code = a.code
      AND (g.valid_to IS NULL OR g.valid_to > %(today)s)) AS grants,
    (SELECT count(*)::int FROM address d WHERE d.grid_code = a.code) AS addresses,
    (SELECT count(*)::int FROM service_request r
      WHERE r.grid_code = a.code AND r.state IN {OPEN}) AS requests
  FROM area a WHERE a.valid_to <= %(today)s) ended
WHERE grants + addresses + requests > 0 ORDER BY code
"""  # noqa: S608  a constant of ours


def hanging_on_ended() -> list[Any]:
    """Return what still hangs on areas that have ended: counts by area.

    Grants never go to an heir by themselves: a merge must not widen anybody's rights, the register
    gives new ones. Addresses and open requests stay where no heir is known at their place.
    """
    return read(HANGING, {"today": clock.today()})


def one(actor: Actor, request_id: UUID) -> Any | None:
    """Return a request in the actor's sight, of their own right or as one of a household."""
    about = {"id": request_id, **seen_by(actor)}
    found = read(ONE, about)
    family = () if found else sharing_with(actor)
    if family:
        with beyond():  # another of the household filed it, and shares it
            found = read(SHARED, about | {"my_family": list(family)})
    return _with_key(next(iter(found), None))


def whatever(actor: Actor, request_id: UUID) -> Any:
    """Return a request whoever may see it: for who has just filed it."""
    return _with_key(read(WHATEVER, {"id": request_id, **seen_by(actor)})[0])


def of_principal(actor: Actor, request_id: UUID, mandate: UUID) -> Any | None:
    """Return a request of the person for whom the actor holds a mandate, whether it counts or not.

    ``mandate`` may be a guardianship as well.
    """
    about = {"id": request_id, "mandate": mandate, **seen_by(actor)}
    return _with_key(next(iter(read(OF_PRINCIPAL, about)), None))


def _with_key(found: Any | None) -> Any | None:
    if found and found.key_of:
        vault.subjects.read_with(found.key_of, found.key_wrapped)
    return found


def master_of(row: Any) -> Any | None:
    """Return what those merged into another see of it: how it stands, and nobody's words."""
    if row.master_id is None:
        return None
    with beyond():  # somebody else filed it; of what happened to it the steps alone are told
        return next(iter(read(MASTER, {"id": row.master_id})), None)


def timeline(row: Any) -> list[Any]:
    """Return what happened to a request that the actor has seen, the first first.

    Whoever reaches a case in their own sight reaches what happened to it.
    """
    about = {"id": row.id}
    if not row.shared:
        return read(TIMELINE, about)
    with beyond():  # another of the household filed it, and shares it
        return read(TIMELINE, about)


def mine(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the requests that the actor filed, the newest first."""
    about = {"me": actor.account_id}
    return _filed("mine", "r.account_id = %(me)s", about, cursor, limit)


def of_household(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return what other adults of the household filed and share with it, the newest first."""
    about = {"my_family": list(sharing_with(actor)), **seen_by(actor)}
    with beyond():  # others of the household filed them, and share them
        return _filed("household", SHARED_BY, about, cursor, limit)


def _filed(
    name: str, whose: str, about: dict[str, Any], cursor: str | None, limit: int
) -> Page[Any]:
    after = Cursor.read(name, cursor, [str]) or [LAST_ID]
    rows = read(MINE.format(whose=whose), about | {"after": after[0], "limit": limit + 1})
    return Cursor.page(name, rows, limit, lambda row: [str(row.id)])


def work(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return what the actor may claim or holds, the next deadline first."""
    return urgent_first("work", WORK, seen_by(actor), cursor, limit, by=("deadline_at", "id"))
