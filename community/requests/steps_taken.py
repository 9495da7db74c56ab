"""Taking a step: one conditional update, from the version that somebody saw."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, write
from app.errors import NotFound, Stale
from app.policy import Actor
from community.requests import queries
from community.requests.lifecycle import Flag, Standing, State, Step, step
from community.requests.policy import holds
from community.requests.refusals import NotYours

CURRENT = "SELECT version FROM service_request WHERE id = %(id)s"
LEFT = "UPDATE service_request SET members = members - 1, version = version + 1 WHERE id = %(id)s"


def seen(actor: Actor, request_id: UUID) -> Any:
    """Return a request in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound
    return row


def filed(actor: Actor, request_id: UUID) -> Any:
    """Return a request that was filed for the actor.

    Raises:
        NotFound, NotYours: it is out of sight, or somebody else's.
    """
    row = seen(actor, request_id)
    if row.account_id != actor.account_id:
        raise NotYours
    return row


def claimed(actor: Actor, request_id: UUID, wanted: Step) -> Any:
    """Return a request that the actor has, or whom they cover, and that may take a step.

    Raises:
        NotFound, StepRefused, NotYours: it is out of sight, stands elsewhere, is another's.
    """
    row = seen(actor, request_id)
    step(standing_of(row), wanted)
    if not holds(actor, row):
        raise NotYours
    return row


def standing_of(row: Any) -> Standing:
    """Return where a request stands, with all that decides which steps are legal."""
    flags = {
        Flag.FINAL_UNIT: row.unit_final,
        Flag.EXTENSION_ASKED: row.extension == "asked",
        Flag.EXTENSION_USED: row.extension in ("granted", "refused"),
        Flag.HELP_OUTSTANDING: row.help_open > 0,
        Flag.HAS_MEMBERS: row.members > 0,
        Flag.RATED: row.stars is not None,
        Flag.REOPENING_OVER: row.reopen_until is not None and row.reopen_until < clock.now(),
        Flag.REVIEWED: row.declining == "reviewed",
        Flag.WORKED: row.round > 1,
        Flag.NO_UNIT: row.department_code is None,
    }
    return Standing(State(row.state), frozenset(flag for flag, up in flags.items() if up))


def take(row: Any, wanted: Step, version: int, **changes: Any) -> State:
    """Take a step, and change columns with it; of two at once only one succeeds.

    Raises:
        Stale: the request is not at ``version`` any more, or not yet.
        StepRefused: the step leads nowhere from here.
    """
    if row.version != version:
        raise Stale(seen=version, current=row.version)
    target = step(standing_of(row), wanted)
    put(row, version, state=target, **changes)
    return target


def leave_master(row: Any) -> dict[str, Any]:
    """Let a member's master have one less; return what the member's own row sets."""
    if row.master_id is None:
        return {}
    with beyond():  # somebody else filed it
        write(LEFT, {"id": row.master_id})
    return {"master_id": None}


def put(row: Any, version: int, **changes: Any) -> None:
    """Change columns of a request that is still at ``version``, and count the version up.

    Raises:
        Stale: it is not.
    """
    columns = ", ".join(f"{name} = %({name})s" for name in changes)
    sql = (
        f"UPDATE service_request SET {columns}, version = version + 1"  # noqa: S608  names of ours
        " WHERE id = %(id)s AND version = %(seen)s RETURNING version"
    )
    if not write(sql, {**changes, "id": row.id, "seen": version}):
        now = write(CURRENT, {"id": row.id})
        raise Stale(seen=version, current=now[0].version if now else None)
