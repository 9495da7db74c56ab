"""What adults of one household see of each other: nothing, unless one of them agrees to share."""

from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.database import beyond, transaction, write
from app.identity.ages import OF_AGE_FROM
from app.identity.family import queries
from app.identity.family.refusals import NoHousehold
from app.identity.refusals import AdultsOnly
from app.identity.register import person_of
from app.policy import Actor
from app.privacy import audit, vault

SHARE = """
INSERT INTO household_share (account_id, household_id, given_at)
VALUES (%(account)s, %(household)s, %(now)s) ON CONFLICT DO NOTHING RETURNING given_at
"""
STOP = """
UPDATE household_share SET withdrawn_at = %(now)s
WHERE account_id = %(account)s AND withdrawn_at IS NULL
  AND (%(household)s::uuid IS NULL OR household_id <> %(household)s) RETURNING given_at
"""


@dataclass(frozen=True, slots=True)
class Member:
    """Another adult of the household, who agreed to share; the name is masked."""

    account_id: UUID
    name: str
    relation: str


def share(actor: Actor) -> None:
    """Let the other adults of the household see what one files, until one says otherwise.

    It ends by itself when the register has one in another household. Again changes nothing.

    Raises:
        NoHousehold, AdultsOnly
    """
    person = person_of(actor.resident_id)
    if person is None or actor.household_id is None:
        raise NoHousehold
    if person.age < OF_AGE_FROM:
        raise AdultsOnly
    about = {"account": actor.account_id, "household": actor.household_id, "now": clock.now()}
    with transaction():
        write(STOP, about)  # what was agreed to in an earlier household
        if write(SHARE, about):
            facts = {"to": "household-sharing"}
            audit(actor.account_id, "consent-given", "account", actor.account_id, **facts)


def stop_sharing(actor: Actor) -> None:
    """Withdraw it; without it there is nothing to do."""
    with transaction():
        about = {"account": actor.account_id, "household": None, "now": clock.now()}
        if write(STOP, about):
            facts = {"of": "household-sharing"}
            audit(actor.account_id, "consent-withdrawn", "account", actor.account_id, **facts)


@beyond()
def members(actor: Actor) -> list[Member]:
    """Return the other adults of the household who agreed to share with it."""
    found = [] if actor.household_id is None else queries.sharing(actor)
    return [
        Member(row.account_id, _masked(row.sid, row.name_sealed), row.relation) for row in found
    ]


@beyond()
def sharing_with(actor: Actor) -> tuple[UUID, ...]:
    """Return the accounts whose things the actor may see as another adult of their household."""
    found = [] if actor.household_id is None else queries.sharing(actor)
    me = person_of(actor.resident_id) if found else None
    if me is None or me.age < OF_AGE_FROM:
        return ()
    return tuple(row.account_id for row in found)


def _masked(sid: str, sealed: bytes) -> str:
    name = vault.open("resident.name", sid, sealed)
    return name[0] + "*" * (len(name) - 1)
