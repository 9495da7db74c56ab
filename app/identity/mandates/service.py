"""Looking at mandates, and ending them. How they begin stands in proposing.py and signing.py."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import Page, transaction, write
from app.errors import NotFound, Stale
from app.identity.mandates import queries
from app.identity.mandates.lifecycle import Party, State, Step, state_at, step
from app.identity.mandates.policy import may_sign
from app.policy import Actor
from app.privacy import audit, vault

SUBJECT = "mandate"
TEXT = "mandate.text"

MOVE = """
UPDATE mandate SET state = %(to)s, version = version + 1, code_hash = NULL,
  signed_how = coalesce(%(how)s::text, signed_how),
  signed_by = CASE WHEN %(how)s::text IS NULL THEN signed_by ELSE %(by)s::uuid END,
  signed_at = CASE WHEN %(how)s::text IS NULL THEN signed_at ELSE %(now)s END,
  ended_by = CASE WHEN %(to)s = 'standing' THEN NULL ELSE %(by)s::uuid END,
  ended_at = CASE WHEN %(to)s = 'standing' THEN NULL ELSE %(now)s::timestamptz END
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate as one of its parties or a desk sees it; the written form is the parties' own."""

    row: Any
    side: Party
    state: State
    agent_name: str | None
    principal_name: str | None
    text: str | None


def refuse(actor: Actor, mandate_id: UUID, seen: int) -> MandateView:
    """Say no to a proposal, as the principal or for them at a desk; the agent withdraws it.

    Raises:
        NotFound, Stale, MandateStepRefused, MandateNotYours
    """
    return _end(actor, mandate_id, seen, {Party.AGENT: Step.WITHDRAW}, Step.REFUSE)


def revoke(actor: Actor, mandate_id: UUID, seen: int) -> MandateView:
    """End a mandate at once, as the principal or for them at a desk; the agent resigns it.

    One member of staff is enough: nobody gains a right by it.

    Raises:
        NotFound, Stale, MandateStepRefused, MandateNotYours
    """
    return _end(actor, mandate_id, seen, {Party.AGENT: Step.RESIGN}, Step.REVOKE)


def finish(actor: Actor, mandate_id: UUID, seen: int) -> MandateView:
    """Say that what was entrusted is done.

    Raises:
        NotFound, Stale, MandateStepRefused, MandateNotYours
    """
    return _end(actor, mandate_id, seen, {}, Step.FINISH)


def show(actor: Actor, mandate_id: UUID) -> MandateView:
    """Return a mandate in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    return viewed(actor, find(actor, mandate_id))


def listed(actor: Actor, side: str, cursor: str | None, limit: int) -> Page[MandateView]:
    """Return the actor's mandates as ``agent`` or ``principal``, the newest first."""
    page = queries.listed(actor, side, cursor, limit)
    return Page([viewed(actor, row) for row in page.items], page.next)


def find(actor: Actor, mandate_id: UUID) -> Any:
    """Return the row of a mandate in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    row = queries.one(actor, mandate_id)
    if row is None:
        raise NotFound
    return row


def side_of(actor: Actor, row: Any) -> Party:
    """Return as whom the actor speaks of a mandate in their sight."""
    if row.principal_resident_id == actor.resident_id:
        return Party.PRINCIPAL
    return Party.AGENT if row.agent_account_id == actor.account_id else Party.DESK


def take(
    actor: Actor, row: Any, wanted: Step, party: Party, seen: int, how: str | None = None
) -> None:
    """Take one step of a mandate, if nobody was first; ``how``: in what way it is signed.

    Raises:
        Stale, MandateStepRefused, MandateNotYours
    """
    now = clock.now()
    target = step(state_at(row, now, clock.today()), wanted, party)
    about = {"id": row.id, "to": target, "seen": seen, "how": how, "by": actor.account_id}
    if row.version != seen or not write(MOVE, about | {"now": now}):
        raise Stale
    audit(actor.account_id, f"mandate-{wanted}", SUBJECT, row.id, party=party, how=how)


def viewed(actor: Actor, row: Any) -> MandateView:
    """Return what the actor sees of a mandate in their sight."""
    side = side_of(actor, row)
    return MandateView(
        row=row,
        side=side,
        state=state_at(row, clock.now(), clock.today()),
        agent_name=_masked(row.agent_sid, row.agent_name),
        principal_name=_masked(row.principal_sid, row.principal_name),
        text=None if side == Party.DESK else vault.open(TEXT, row.id, row.text_sealed),
    )


def _end(
    actor: Actor, mandate_id: UUID, seen: int, special: dict[Party, Step], otherwise: Step
) -> MandateView:
    with transaction():
        row = find(actor, mandate_id)
        side = side_of(actor, row)
        if side == Party.DESK and not may_sign(actor, row):
            raise NotFound
        take(actor, row, special.get(side, otherwise), side, seen)
        return show(actor, mandate_id)


def _masked(sid: str | None, sealed: bytes | None) -> str | None:
    if sid is None or sealed is None:
        return None
    name = vault.open("resident.name", sid, sealed)
    return name[0] + "*" * (len(name) - 1)
