"""Who may prove what, and which clerks see a proof: the rule for many rows and for one."""

from typing import Any, Protocol
from uuid import UUID

from app.identity.real_name.refusals import DeskNotNamed
from app.policy import Actor, Role, Rows, Scope

CLERKS = {Role.DESK_CLERK: Scope.AREA}
SOMEBODY = {Role.RESIDENT: Scope.SELF, Role.UNPROVED: Scope.SELF}

POLICY: Rows = {
    ("real_name.verify_me", "POST"): SOMEBODY,
    ("real_name.prove_by_voucher", "POST"): SOMEBODY,
    ("real_name.start_afresh", "POST"): {Role.UNPROVED: Scope.SELF},
    ("real_name.propose_proof", "POST"): CLERKS,
    ("real_name.list_proofs", "GET"): CLERKS,
    ("real_name.show_proof", "GET"): CLERKS,
    ("real_name.confirm_proof", "POST"): CLERKS,
    ("real_name.decline_proof", "POST"): CLERKS,
}

SEEN_BY = """
EXISTS (SELECT FROM area a WHERE a.code = p.area_code AND a.path && %(desks)s::text[])
"""


class Seen(Protocol):
    """What of a proof decides who sees it."""

    @property
    def area_path(self) -> tuple[str, ...]:
        """The codes from the zone down to the desk's area."""
        ...


class Decided(Protocol):
    """What of a proof decides who may decide it."""

    @property
    def account_id(self) -> UUID:
        """Whose proof it is."""
        ...

    @property
    def proposed_by(self) -> UUID:
        """Who saw the document first."""
        ...


def desks_of(actor: Actor) -> tuple[str, ...]:
    """Return the areas of the clerk's desks.

    Raises:
        DeskNotNamed: the staff register names none.
    """
    desks = actor.areas_as(Role.DESK_CLERK)
    if not desks:
        raise DeskNotNamed
    return desks


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY``."""
    return {"desks": list(actor.areas_as(Role.DESK_CLERK))}


def may_see(actor: Actor, proof: Seen) -> bool:
    """Tell whether a clerk sees a proof: it was proposed at a desk of, or below, their area."""
    return not set(actor.areas_as(Role.DESK_CLERK)).isdisjoint(proof.area_path)


def may_decide(actor: Actor, proof: Decided) -> bool:
    """Tell whether a clerk who sees a proof may decide it: not who proposed it, nor its person."""
    return actor.account_id not in (proof.account_id, proof.proposed_by)
