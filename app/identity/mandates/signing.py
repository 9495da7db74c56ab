"""How a principal signs: in their own account, by a code to their phone, or at a desk."""

import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import apart, transaction, write
from app.errors import NotFound, Stale
from app.identity import limits
from app.identity.limits import Limit
from app.identity.mandates import queries
from app.identity.mandates.lifecycle import MandateNotYours, Party, Step, state_at, step
from app.identity.mandates.policy import may_sign
from app.identity.mandates.refusals import MandateCodeRefused, PhoneNotOnRecord, SecondClerkNeeded
from app.identity.mandates.service import SUBJECT, MandateView, find, show, side_of, take
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.register import person_on, read_number
from app.policy import Actor
from app.privacy import audit, vault
from app.sms.queue import queue_message

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODES = (Limit("mandate-code-day", 3, timedelta(days=1)),)
CODES_TO_PERSON = (Limit("mandate-code-person-day", 5, timedelta(days=1)),)
CARDS = (Limit("mandate-card-day", 5, timedelta(days=1)),)

GIVE_CODE = """
UPDATE mandate SET code_hash = %(hash)s, code_expires_at = %(until)s, code_tries = 0
WHERE id = %(id)s AND state = 'proposed'
"""

# By itself, in its own commit: the try counts whatever becomes of it.
TRY_CODE = """
UPDATE mandate SET code_tries = code_tries + 1
WHERE id = %(id)s AND state = 'proposed' AND code_tries < %(tries)s AND code_expires_at > %(now)s
RETURNING code_hash
"""

FIRST_CLERK = """
UPDATE mandate SET desk_first_by = %(by)s, desk_first_at = %(now)s, version = version + 1
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""


def confirm(actor: Actor, mandate_id: UUID, seen: int) -> MandateView:
    """Confirm a mandate in the principal's own account.

    Raises:
        NotFound, Stale, MandateStepRefused
        MandateNotYours: the caller is not the principal. Nor does a desk confirm like this: there
            two members of staff sign, with the card in their hands.
    """
    with transaction():
        row = find(actor, mandate_id)
        side = side_of(actor, row)
        if side != Party.PRINCIPAL:
            raise MandateNotYours
        take(actor, row, Step.CONFIRM, side, seen, "account")
        return show(actor, mandate_id)


def send_code(actor: Actor, mandate_id: UUID) -> int:
    """Send a code to the phone that the register has of the principal; return its seconds to live.

    The message says who asks and what for; the agent never learns the number.

    Raises:
        NotFound: it is not a proposal of the caller's.
        PhoneNotOnRecord, MandateStepRefused, TooMany
    """
    row = _own_proposal(actor, mandate_id)
    limits.count(f"mandate {mandate_id}", *CODES)
    limits.count(f"principal {row.principal_resident_id}", *CODES_TO_PERSON)
    found = queries.phone_of(row.principal_sid)
    if found is None:
        raise PhoneNotOnRecord
    code, reference = f"{secrets.randbelow(10**6):06d}", uuids.uuid7()
    agent = vault.open("resident.name", row.agent_sid, row.agent_name)
    words = (
        f"{agent}申请代您办理社区事项,验证码 {code},10 分钟内有效。同意才可告知对方,"
        "不认识请勿理会。"
    )
    with transaction():
        until = clock.now() + CODE_LIVES
        write(GIVE_CODE, {"id": mandate_id, "hash": _hash(mandate_id, code), "until": until})
        phone = vault.open("resident.phone", found.sid, found.phone_sealed)
        queue_message(reference, phone, words, CODE_LIVES)
        audit(actor.account_id, "mandate-code-sent", SUBJECT, mandate_id)
    return int(CODE_LIVES.total_seconds())


def confirm_by_code(actor: Actor, mandate_id: UUID, code: str) -> MandateView:
    """Confirm with the code that the principal has told the agent: it is the principal's word.

    Raises:
        NotFound, MandateStepRefused
        MandateCodeRefused: it is wrong, old, used, or was tried five times.
    """
    row = _own_proposal(actor, mandate_id)
    about = {"id": mandate_id, "tries": CODE_TRIES, "now": clock.now()}
    expected = next((found.code_hash for found in apart(TRY_CODE, about)), None)
    if expected is None or not hmac.compare_digest(expected, _hash(mandate_id, code)):
        raise MandateCodeRefused
    with transaction():
        take(actor, row, Step.CONFIRM, Party.PRINCIPAL, row.version, "code")
        return show(actor, mandate_id)


def sign_at_desk(actor: Actor, mandate_id: UUID, id_number: str, seen: int) -> MandateView:
    """Sign for a principal who is at the desk with their card; two members of staff must.

    Each reads the number off the card, so both have had it in their hands.

    Raises:
        NotFound, Stale, MandateStepRefused
        IdentityNotMatched: it is not the principal's card.
        SecondClerkNeeded: the caller has signed already, or is a party.
        TooMany: five cards were tried today.
    """
    row = find(actor, mandate_id)
    if not may_sign(actor, row):
        raise NotFound
    if side_of(actor, row) != Party.DESK or row.desk_first_by == actor.account_id:
        raise SecondClerkNeeded
    step(state_at(row, clock.now(), clock.today()), Step.CONFIRM, Party.DESK)
    number = read_number(id_number)
    limits.count(f"mandate {mandate_id}", *CARDS)
    with transaction():
        person = person_on(number)
        if person is None or person.id != row.principal_resident_id:
            raise IdentityNotMatched
        if row.desk_first_by is None:
            _sign_first(actor, row, seen)
        else:
            take(actor, row, Step.CONFIRM, Party.DESK, seen, "desk")
        return show(actor, mandate_id)


def _sign_first(actor: Actor, row: Any, seen: int) -> None:
    about = {"id": row.id, "by": actor.account_id, "now": clock.now(), "seen": seen}
    if row.version != seen or not write(FIRST_CLERK, about):
        raise Stale
    audit(actor.account_id, "mandate-signed-first", SUBJECT, row.id)


def _own_proposal(actor: Actor, mandate_id: UUID) -> Any:
    row = find(actor, mandate_id)
    if side_of(actor, row) != Party.AGENT:
        raise NotFound
    step(state_at(row, clock.now(), clock.today()), Step.CONFIRM, Party.PRINCIPAL)
    return row


def _hash(mandate_id: UUID, code: str) -> bytes:
    return vault.index("mandate-code", f"{mandate_id}:{code}")
