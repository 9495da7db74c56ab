"""Closing an account: its data key is destroyed, and with it all that was sealed under it.

What is left says nothing of a person: an id, times, codes. What law makes us keep is a table
(``kept`` of each feature). The ledger of closed accounts is applied again after a restore.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read, transaction, write
from app.feature import Feature
from app.identity import service as identity
from app.identity.mandates import service as mandates
from app.policy import Actor
from app.privacy import audit, forget_subject_keys
from app.rights.refusals import HoldsOffice

HELD = """
SELECT a.id, a.phone_index, a.status, EXISTS (
  SELECT FROM staff_grant g WHERE g.account_id = a.id
    AND (g.valid_to IS NULL OR g.valid_to > %(today)s)) AS in_office
FROM account a WHERE a.id = %(account)s FOR UPDATE
"""
MANDATES = """
SELECT id, version, state FROM mandate
WHERE (agent_account_id = %(account)s OR principal_resident_id = %(resident)s)
  AND state IN ('proposed', 'standing') AND valid_to > %(today)s AND lapses_at > %(now)s
LIMIT 1000
"""

# In this order: what leads to the person last, so that each statement still finds its rows.
ERASE = (
    "UPDATE consent SET withdrawn_at = %(now)s"
    " WHERE account_id = %(account)s AND withdrawn_at IS NULL",
    "DELETE FROM spent_token t USING sign_in_session s"
    " WHERE t.session_id = s.id AND s.account_id = %(account)s",
    "DELETE FROM proof_code c USING sign_in_session s"
    " WHERE c.session_id = s.id AND s.account_id = %(account)s",
    "DELETE FROM sign_in_session WHERE account_id = %(account)s",
    "DELETE FROM sign_in_challenge WHERE account_id = %(account)s OR phone_index = ("
    "SELECT phone_index FROM account WHERE id = %(account)s)",
    "DELETE FROM account_password WHERE account_id = %(account)s",
    "DELETE FROM provider_link WHERE account_id = %(account)s",
    "DELETE FROM network_identity WHERE account_id = %(account)s",
    "DELETE FROM in_person_proof WHERE account_id = %(account)s",
    "DELETE FROM authenticator WHERE account_id = %(account)s",
    "DELETE FROM recovery_code WHERE account_id = %(account)s",
    "DELETE FROM household_share WHERE account_id = %(account)s",
    "DELETE FROM idempotency_key WHERE account_id = %(account)s",
    "DELETE FROM holdings_export WHERE account_id = %(account)s",
    "UPDATE account SET status = 'closed', phone_index = NULL, resident_id = NULL, level = 1"
    " WHERE id = %(account)s",
    "INSERT INTO subject_key (subject, destroyed_at) VALUES (%(account)s, %(now)s)"
    " ON CONFLICT (subject) DO UPDATE SET wrapped = NULL,"
    " destroyed_at = coalesce(subject_key.destroyed_at, excluded.destroyed_at)",
    "INSERT INTO erasure (subject, at) VALUES (%(account)s, %(now)s) ON CONFLICT DO NOTHING",
)

LEDGER = "SELECT subject, at FROM erasure WHERE subject > %(after)s ORDER BY subject LIMIT 1000"
BACK = """
SELECT a.id, a.level, a.resident_id FROM account a
LEFT JOIN subject_key k ON k.subject = a.id
WHERE a.id = ANY(%(subjects)s) AND (a.status <> 'closed' OR k.wrapped IS NOT NULL)
"""


def close(actor: Actor, features: Sequence[Feature]) -> None:
    """Close the caller's account for ever; open requests are withdrawn, mandates ended.

    Raises:
        HoldsOffice: the caller holds a role of staff.
    """
    about = {"account": actor.account_id, "today": clock.today()}
    with transaction():
        held = read(HELD, about)[0]
        if held.in_office:
            raise HoldsOffice
        _erase(actor, features)
        audit(actor.account_id, "account-closed", "account", actor.account_id)
    forget_subject_keys()


def reapply(subjects: Iterable[UUID], features: Sequence[Feature]) -> int:
    """Close again the accounts of a ledger that a restored backup brought back; return how many."""
    again = 0
    for row in read(BACK, {"subjects": list(subjects)}):
        with transaction():
            _erase(Actor(row.id, row.id, row.level, resident_id=row.resident_id), features)
            audit(None, "erasure-reapplied", "account", row.id)
        forget_subject_keys()
        again += 1
    return again


def ledger() -> Iterable[Any]:
    """Yield every closed account, and when it was closed."""
    after = UUID(int=0)
    while rows := read(LEDGER, {"after": after}):
        yield from rows
        after = rows[-1].subject


def _erase(actor: Actor, features: Sequence[Feature]) -> None:
    about = {"account": actor.account_id, "now": clock.now()}
    for feature in features:
        for closing in feature.closings:
            closing(actor)
    identity.stop_sharing_phone(actor)
    _end_mandates(actor)
    with beyond():  # what a desk or a provider wrote about the person goes as well
        for statement in ERASE:
            write(statement, about)


def _end_mandates(actor: Actor) -> None:
    about = {"account": actor.account_id, "resident": actor.resident_id}
    for row in read(MANDATES, about | {"today": clock.today(), "now": clock.now()}):
        end = mandates.refuse if row.state == "proposed" else mandates.revoke
        end(actor, row.id, row.version)
