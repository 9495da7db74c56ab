"""Proving in person: two members of staff each hold the document in their hands.

One proposes, another confirms with the number as it stands on the document. Both are audited.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.database import beyond, read, transaction, write
from app.errors import Stale
from app.identity import limits
from app.identity.documents import Document, DocumentNumber
from app.identity.limits import Limit
from app.identity.real_name import binding
from app.identity.real_name.matching import match, need_guardians_word
from app.identity.real_name.policy import desks_of, may_decide
from app.identity.real_name.proofs import Proof, one, show
from app.identity.real_name.refusals import (
    AlreadyVerified,
    AnotherClerkNeeded,
    IdentityNotMatched,
    ProofDecided,
    ProofOpen,
)
from app.identity.real_name.shown import index_of, read_document
from app.identity.register import read_name
from app.identity.service import REALNAME_LEVEL
from app.policy import Actor
from app.privacy import audit, vault

STANDS = timedelta(days=1)
PER_CLERK = (Limit("desk-proof-day", 60, timedelta(days=1)),)
CARDS = (Limit("desk-proof-card-day", 5, timedelta(days=1)),)
SUBJECT = "in-person-proof"

ACCOUNT = """
SELECT id, level, suspended_at FROM account
WHERE phone_index = ANY(%(phones)s) AND status = 'active'
"""
LAPSE = """
UPDATE in_person_proof SET state = 'lapsed', version = version + 1
WHERE account_id = %(account)s AND state = 'proposed' AND lapses_at <= %(now)s
"""
PROPOSE = """
INSERT INTO in_person_proof
  (id, account_id, resident_id, area_code, document, number_index, reason_sealed, proposed_by,
   proposed_at, lapses_at)
VALUES (%(id)s, %(account)s, %(resident)s, %(area)s, %(document)s, %(number)s, %(reason)s, %(by)s,
   %(now)s, %(lapses)s)
"""
DECIDE = """
UPDATE in_person_proof SET state = %(state)s, decided_by = %(by)s, decided_at = %(now)s,
  version = version + 1
WHERE id = %(id)s AND version = %(seen)s AND state = 'proposed' RETURNING version
"""


def propose(
    actor: Actor,
    *,
    phone: str,
    document: Document,
    number: str,
    born: date | None,
    name: str,
    reason: str,
) -> Proof:
    """Record that somebody showed a document at the clerk's desk.

    Raises:
        Invalid: the number, the birthday or the name cannot be one of such a document.
        IdentityNotMatched: no account has this phone, or the register nobody of name and number.
        AnotherClerkNeeded: it is the clerk's own account.
        DeskNotNamed: the staff register names no desk of the clerk's.
        GuardianNeeded: it is a child under 14 for whom no guardian has consented.
        AlreadyVerified, ProofOpen, TooMany
    """
    desks_of(actor)
    (shown, birthday), wanted = read_document(document, number, born), read_name(name)
    limits.count(f"account {actor.account_id}", *PER_CLERK)
    about = {"phones": vault.indexes("phone", phone), "now": clock.now()}
    try:
        with transaction():
            account = _account(actor, about)
            with beyond():  # it may have been proposed at another desk
                write(LAPSE, about | {"account": account})
            if not shown.registered:
                need_guardians_word(None, birthday)
            resident = match(shown.number, wanted).resident_id if shown.registered else None
            return _proposed(actor, account, resident, shown, reason)
    except UniqueViolation as fault:
        raise ProofOpen from fault


def confirm(actor: Actor, proof_id: UUID, *, number: str, born: date | None, seen: int) -> Proof:
    """Confirm as the second clerk, as the document has it: the account is known by name.

    Raises:
        DeskNotNamed, NotFound, Stale, ProofDecided
        AnotherClerkNeeded: the caller proposed it, or it is the caller's own.
        IdentityNotMatched: it is not the number, or the birthday, that the first clerk read.
        GuardianNeeded: it is a child under 14 for whom no guardian consents any more.
        TooMany: five numbers were tried for it today.
    """
    row = _decidable(actor, proof_id)
    shown, birthday = read_document(Document(row.document), number, born)
    limits.count(f"proof {proof_id}", *CARDS)
    if bytes(row.number_index) != index_of(shown):
        raise IdentityNotMatched
    with beyond(), transaction():  # another account's sessions may end
        need_guardians_word(row.resident_id, birthday)
        proof = _decide(actor, row, "confirmed", seen)
        if row.resident_id:
            binding.take_from_others(row.account_id, row.resident_id, actor.account_id)
        binding.bind(row.account_id, row.resident_id)
        return proof


def decline(actor: Actor, proof_id: UUID, seen: int) -> Proof:
    """Decline as the second clerk: nothing changes for the account.

    Raises:
        DeskNotNamed, NotFound, Stale, ProofDecided, AnotherClerkNeeded
    """
    row = _decidable(actor, proof_id)
    with transaction():
        return _decide(actor, row, "declined", seen)


def _account(actor: Actor, about: dict[str, Any]) -> UUID:
    found = read(ACCOUNT, about)
    if not found:
        raise IdentityNotMatched
    row = found[0]
    if row.id == actor.account_id:
        raise AnotherClerkNeeded
    if row.level >= REALNAME_LEVEL and row.suspended_at is None:
        raise AlreadyVerified
    account: UUID = row.id
    return account


def _proposed(
    actor: Actor, account: UUID, resident: UUID | None, shown: DocumentNumber, reason: str
) -> Proof:
    key, now = uuids.uuid7(), clock.now()
    write(
        PROPOSE,
        {
            "id": key,
            "account": account,
            "resident": resident,
            "area": desks_of(actor)[0],
            "document": shown.kind,
            "number": index_of(shown),
            "reason": vault.seal("proof.reason", key, reason),
            "by": actor.account_id,
            "now": now,
            "lapses": now + STANDS,
        },
    )
    audit(actor.account_id, "proof-proposed", SUBJECT, key, document=shown.kind, of=account)
    return show(actor, key)


def _decidable(actor: Actor, proof_id: UUID) -> Any:
    row = one(actor, proof_id)
    if not may_decide(actor, row):
        raise AnotherClerkNeeded
    if row.state != "proposed" or row.lapses_at <= clock.now():
        raise ProofDecided
    return row


def _decide(actor: Actor, row: Any, state: str, seen: int) -> Proof:
    about = {"id": row.id, "state": state, "by": actor.account_id, "now": clock.now(), "seen": seen}
    if not write(DECIDE, about):
        raise Stale
    audit(
        actor.account_id,
        f"proof-{state}",
        SUBJECT,
        row.id,
        document=row.document,
        of=row.account_id,
        proposed_by=row.proposed_by,
    )
    return show(actor, row.id)
