"""Things of people and staff at the place of the cast: mandates, guardians, proofs, rights."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.privacy import vault
from tests.access.cast import GRID, Cast
from tests.wall.rows import Somebody, plant

CHILD = "R00000003"
"""Of the household of the cast, not yet 14."""
RESIDENT = "SELECT resident_id AS id FROM account WHERE id = %(id)s"
SESSION = "SELECT id FROM sign_in_session WHERE account_id = %(id)s ORDER BY id LIMIT 1"


def _somebody(cast: Cast, who: str) -> Somebody:
    about = {"id": cast.accounts[who]}
    resident, session = read(RESIDENT, about)[0].id, read(SESSION, about)[0].id
    return Somebody(cast.accounts[who], resident, session, UUID(int=0))


def _planted(table: str, cast: Cast, who: str, **values: Any) -> str:
    """Write a row of somebody of the cast, with these values; return its id."""
    with transaction():
        if table != "sign_in_session":  # of most there is one at a time
            write(f"DELETE FROM {table}")
        key: UUID = plant(table, _somebody(cast, who))["id"]
        columns = ", ".join(f"{name} = %({name})s" for name in values)
        write(f"UPDATE {table} SET {columns} WHERE id = %(id)s", {**values, "id": key})
    return str(key)


def _sealed(table: str, field: str, column: str, key: str) -> str:
    """Have words stand in the row that can be opened."""
    sealed = vault.seal(field, key, "见证件")
    with transaction():
        write(f"UPDATE {table} SET {column} = %(to)s WHERE id = %(id)s", {"to": sealed, "id": key})
    return key


def mandate(cast: Cast) -> str:
    """The resident has proposed to act for somebody of the same household."""
    principal = read(RESIDENT, {"id": cast.accounts["resident@household"]})[0].id
    key = _planted(
        "mandate",
        cast,
        "resident@own",
        agent_resident_id=_somebody(cast, "resident@own").resident,
        principal_resident_id=principal,
        state="proposed",
        powers=["file"],
        lapses_at=clock.now() + timedelta(days=7),
    )
    return _sealed("mandate", "mandate.text", "text_sealed", key)


def standing_mandate(cast: Cast) -> str:
    """The principal has signed."""
    key = mandate(cast)
    with transaction():
        write("UPDATE mandate SET state = 'standing' WHERE id = %(id)s", {"id": key})
    return key


def guardianship(cast: Cast) -> str:
    """The resident has asked to act for the child of the household: a desk is to confirm it."""
    child = read("SELECT id FROM resident WHERE sid = %(sid)s", {"sid": CHILD})[0].id
    return _planted(
        "guardianship",
        cast,
        "resident@own",
        ward_resident_id=child,
        state="asked",
        basis="desk",
    )


def proof(cast: Cast) -> str:
    """A colleague at the desk of the grid has seen the document of somebody next door."""
    key = _planted(
        "in_person_proof",
        cast,
        "resident@next-door",
        area_code=GRID,
        document="passport",
        lapses_at=clock.now() + timedelta(days=1),
    )
    return _sealed("in_person_proof", "proof.reason", "reason_sealed", key)


def grant(cast: Cast) -> str:
    """The system administrator has asked for a right of the grid worker's."""
    key = _planted(
        "added_grant",
        cast,
        "grid_worker@in",
        role="grid_worker",
        area_code=GRID,
        state="asked",
        asked_by=cast.accounts["administrator"],
    )
    return _sealed("added_grant", "added_grant.reason", "reason_sealed", key)


def standing_grant(cast: Cast) -> str:
    """Another has approved it."""
    key = grant(cast)
    with transaction():
        write(
            "UPDATE added_grant SET state = 'standing', decided_by = gen_random_uuid()"
            " WHERE id = %(id)s",
            {"id": key},
        )
    return key


def ticket(cast: Cast) -> str:
    """The resident has asked for a correction of their record."""
    with transaction():
        write("DELETE FROM correction")
    body = {"field": "name", "wanted": "冯帆", "reason": "户口本上是这个字"}
    answer = cast.callers["resident@own"].post("/api/v1/me/corrections", body)
    assert answer.status_code == 201, answer.json
    return str((answer.json or {})["id"])


def copy(cast: Cast) -> str:
    """The resident has asked for a copy of what is held of them."""
    with transaction():
        write("DELETE FROM attempt_counter")
    answer = cast.callers["resident@own"].post("/api/v1/me/exports")
    assert answer.status_code == 202, answer.json
    return str((answer.json or {})["id"])


def session(cast: Cast) -> str:
    """The resident is signed in on another device."""
    return _planted("sign_in_session", cast, "resident@own", expires_at=clock.now() + timedelta(1))


def worker(cast: Cast) -> str:
    """The account of the grid worker."""
    return str(cast.accounts["grid_worker@in"])


KINDS: Mapping[str, Callable[[Cast], str]] = {
    "/api/v1/mandates/": mandate,
    "/api/v1/guardianships/": guardianship,
    "/api/v1/desk/proofs/": proof,
    "/api/v1/grants/": grant,
    "/api/v1/corrections/": ticket,
    "/api/v1/me/exports/": copy,
    "/api/v1/sessions/": session,
    "/api/v1/accounts/": worker,
}
BROUGHT: Mapping[str, Callable[[Cast], str]] = {
    "mandates.revoke_mandate": standing_mandate,
    "mandates.finish_mandate": standing_mandate,
    "staff.revoke_grant": standing_grant,
}
