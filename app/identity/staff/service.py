"""Looking at added rights, and deciding them: approved by a second person, revoked at once."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import Page, read, transaction, write
from app.errors import NotFound, Stale
from app.identity.staff import queries
from app.identity.staff.asking import REASON, SUBJECT, refuse_clash
from app.identity.staff.lifecycle import Kind, State, Step, may_decide, state_at, step
from app.identity.staff.refusals import SecondAdministratorNeeded
from app.policy import Actor, Role
from app.privacy import audit, vault

# Two who decide at once about one person take turns.
TURN = "SELECT 1 FROM account WHERE id = %(account)s FOR UPDATE"

DECIDE = """
UPDATE added_grant SET state = %(to)s, version = version + 1, decided_by = %(me)s,
  decided_at = %(now)s
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""
END = """
UPDATE added_grant SET state = %(to)s, version = version + 1, ended_by = %(me)s, ended_at = %(now)s
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""


def approve(actor: Actor, grant_id: UUID, seen: int) -> dict[str, Any]:
    """Let a right count from its first day on.

    Raises:
        NotFound, Stale, GrantStepRefused
        SecondAdministratorNeeded: the caller asked for it, receives it or lends it.
        RolesKeptApart: meanwhile the receiver has become one of the other administrators.
    """
    with transaction():
        row = _find(actor, grant_id)
        if not may_decide(row, actor.account_id):
            raise SecondAdministratorNeeded
        read(TURN, {"account": row.account_id})
        if row.kind == Kind.GRANT:
            refuse_clash(row.account_id, Role(row.role), row.valid_from, row.valid_to)
        _take(actor, row, Step.APPROVE, DECIDE, seen)
        return show(actor, grant_id)


def refuse(actor: Actor, grant_id: UUID, seen: int) -> dict[str, Any]:
    """Say no to what was asked for; whoever asked withdraws it.

    Raises:
        NotFound, Stale, GrantStepRefused
    """
    with transaction():
        row = _find(actor, grant_id)
        if row.asked_by == actor.account_id:
            _take(actor, row, Step.WITHDRAW, END, seen)
        else:
            _take(actor, row, Step.REFUSE, DECIDE, seen)
        return show(actor, grant_id)


def revoke(actor: Actor, grant_id: UUID, seen: int) -> dict[str, Any]:
    """End a right at once: one person is enough to take, as nobody gains by it.

    Raises:
        NotFound, Stale, GrantStepRefused
    """
    with transaction():
        row = _find(actor, grant_id)
        _take(actor, row, Step.REVOKE, END, seen)
        return show(actor, grant_id)


def show(actor: Actor, grant_id: UUID) -> dict[str, Any]:
    """Return an added right in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    return viewed(_find(actor, grant_id))


def listed(actor: Actor, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return the added rights in the actor's sight, the newest first."""
    page = queries.listed(actor, cursor, limit)
    return Page([viewed(row) for row in page.items], page.next)


def staff(cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return who the district's register has as staff, names masked."""
    page = queries.staff(cursor, limit)
    return Page([_member(row) for row in page.items], page.next)


def viewed(row: Any) -> dict[str, Any]:
    """Return a right with its reason and where it stands today."""
    reason = vault.open(REASON, row.id, row.reason_sealed)
    return {**row._asdict(), "reason": reason, "state": state_at(row, clock.today())}


def _find(actor: Actor, grant_id: UUID) -> Any:
    row = queries.one(actor, grant_id)
    if row is None:
        raise NotFound
    return row


def _take(actor: Actor, row: Any, wanted: Step, sql: str, seen: int) -> None:
    target: State = step(state_at(row, clock.today()), wanted)
    about = {"id": row.id, "to": target, "me": actor.account_id, "now": clock.now(), "seen": seen}
    if row.version != seen or not write(sql, about):
        raise Stale
    facts = {"receiver": row.account_id, "covered": row.covered_account_id, "role": row.role}
    audit(actor.account_id, f"grant-{wanted}", SUBJECT, row.id, **facts)


def _member(row: Any) -> dict[str, Any]:
    name = vault.open("staff.name", row.staff_sid, row.name_sealed)
    return {**row._asdict(), "name": name[0] + "*" * (len(name) - 1)}
