"""Proposing a mandate: it counts for nothing until the principal has signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.database import transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.limits import Limit
from app.identity.mandates.lifecycle import ADULT_FROM, PROPOSAL_LIVES, longest_on
from app.identity.mandates.refusals import MandateProposed, RedelegationRefused
from app.identity.mandates.service import SUBJECT, TEXT
from app.identity.mandates.wording import written_form
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.refusals import AdultsOnly
from app.identity.register import Registered, person_of, person_on, read_name, read_number
from app.identity.service import REALNAME_LEVEL, need_level
from app.policy import Actor
from app.privacy import audit, vault

BY_AGENT = (Limit("mandate-agent-day", 5, timedelta(days=1)),)
OF_NUMBER = (Limit("mandate-number-day", 3, timedelta(days=1)),)

PROPOSE = """
INSERT INTO mandate (id, agent_account_id, agent_resident_id, principal_resident_id, matters,
  powers, valid_from, valid_to, text_sealed, state, proposed_at, lapses_at)
VALUES (%(id)s, %(me)s, %(agent)s, %(principal)s, %(matters)s, %(powers)s, %(from)s, %(to)s,
  %(text)s, 'proposed', %(now)s, %(lapses)s)
"""

# A proposal that has lapsed makes room for the next one.
MAKE_ROOM = """
UPDATE mandate SET state = 'lapsed', ended_at = %(now)s, version = version + 1
WHERE agent_account_id = %(me)s AND principal_resident_id = %(principal)s AND state = 'proposed'
  AND (lapses_at <= %(now)s OR valid_to <= %(today)s)
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an agent asks to be entrusted with; ``matters`` None: all. ``valid_to`` is left out."""

    powers: Sequence[str]
    matters: Sequence[str] | None
    valid_from: date
    valid_to: date


def propose(
    actor: Actor, name: str, id_number: str, wanted: Wanted, handed_on: UUID | None = None
) -> UUID:
    """Propose to act for somebody of the register; it counts for nothing until they confirm.

    Tries are counted for the agent and for the number before anything is looked up.

    Raises:
        LevelNeeded: the agent is not matched to the register.
        RedelegationRefused: the caller names a mandate of their own to hand on.
        Invalid: the number, the name or the period cannot be one.
        IdentityNotMatched: whatever else is wrong with name and number.
        AdultsOnly, MandateProposed, TooMany
    """
    need_level(actor, REALNAME_LEVEL)
    if handed_on is not None:
        raise RedelegationRefused
    number, called = read_number(id_number), read_name(name)
    _check_period(wanted)
    limits.count(f"account {actor.account_id}", *BY_AGENT)
    limits.count(f"number {number}", *OF_NUMBER)
    with transaction():
        principal, agent = person_on(number, called), person_of(actor.resident_id)
        if principal is None or agent is None or principal.id == agent.id:
            raise IdentityNotMatched
        if min(principal.age, agent.age) < ADULT_FROM:
            raise AdultsOnly
        key = _write(actor, agent, principal, wanted)
        audit(actor.account_id, "mandate-proposed", SUBJECT, key, principal=principal.id)
    return key


def _write(actor: Actor, agent: Registered, principal: Registered, wanted: Wanted) -> UUID:
    key, now = uuids.uuid7(), clock.now()
    powers = sorted(set(wanted.powers))
    matters = None if wanted.matters is None else sorted(set(wanted.matters))
    words = written_form(
        agent.name, principal.name, matters, powers, wanted.valid_from, wanted.valid_to
    )
    about = {"me": actor.account_id, "principal": principal.id, "now": now}
    write(MAKE_ROOM, about | {"today": clock.today()})
    values = about | {
        "id": key,
        "agent": agent.id,
        "matters": matters,
        "powers": powers,
        "from": wanted.valid_from,
        "to": wanted.valid_to,
        "text": vault.seal(TEXT, key, words),
        "lapses": now + PROPOSAL_LIVES,
    }
    try:
        write(PROPOSE, values)
    except UniqueViolation as fault:
        raise MandateProposed from fault
    return key


def _check_period(wanted: Wanted) -> None:
    today = clock.today()
    longest = timedelta(days=longest_on(today))
    if not wanted.valid_from < wanted.valid_to:
        raise Invalid(
            [FieldFault("/valid_to", "before", Words("早于开始日期", "Ends before it begins"))]
        )
    if wanted.valid_from < today or wanted.valid_to - today > longest:
        words = Words("委托期限不在允许范围内", "The period is out of bounds")
        raise Invalid([FieldFault("/valid_to", "period", words)])
