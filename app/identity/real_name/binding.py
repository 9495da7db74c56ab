"""What a proof does to accounts. Two people are never merged: links move, rows stay."""

from uuid import UUID

from app import clock
from app.database import write
from app.identity.real_name.refusals import AlreadyVerified
from app.policy import Actor
from app.privacy import audit

LEVEL_OF_REGISTER = 2

BIND = """
UPDATE account SET resident_id = %(resident)s, level = greatest(level, %(level)s),
  suspended_at = NULL, seen_at = %(now)s
WHERE id = %(account)s AND (resident_id IS NULL OR resident_id = %(resident)s) RETURNING id
"""
LIFT = """
UPDATE account SET suspended_at = NULL, seen_at = %(now)s
WHERE id = %(account)s AND resident_id IS NOT DISTINCT FROM %(resident)s
  AND suspended_at IS NOT NULL RETURNING id
"""
PHONE = "SELECT phone_index FROM account WHERE id = %(account)s FOR UPDATE"
WITHOUT_PHONE = "UPDATE account SET phone_index = NULL WHERE id = %(account)s"
NEWCOMER = """
INSERT INTO account (phone_index, resident_id, level)
VALUES (%(phone)s, %(resident)s, %(level)s) RETURNING id
"""
SIGN_OUT = """
UPDATE sign_in_session SET revoked_at = %(now)s
WHERE account_id = %(account)s AND revoked_at IS NULL
"""
UNBIND = """
UPDATE account SET resident_id = NULL, level = 1
WHERE resident_id = %(resident)s AND id <> %(account)s RETURNING id
"""


def bind(account_id: UUID, resident_id: UUID | None, level: int = LEVEL_OF_REGISTER) -> None:
    """Make an account a person's, in the deed that proved it; what suspended it is over.

    Raises:
        AlreadyVerified: it is somebody else's: another device was first.
    """
    about = {"account": account_id, "resident": resident_id, "level": level, "now": clock.now()}
    if not write(BIND, about):
        raise AlreadyVerified


def lift(account_id: UUID, resident_id: UUID) -> bool:
    """End the suspension if the account is this person's; tell whether it was."""
    about = {"account": account_id, "resident": resident_id, "now": clock.now()}
    if not write(LIFT, about):
        return False
    audit(account_id, "binding-lifted", "account", account_id)
    return True


def hand_over_phone(actor: Actor, resident_id: UUID | None = None) -> UUID:
    """Give the phone of a suspended account to a new one, for it has another holder by now.

    The old account keeps what is its person's and loses the phone and all sessions; whoever holds
    the phone signs in again, as the new one.
    """
    about = {
        "account": actor.account_id,
        "resident": resident_id,
        "level": LEVEL_OF_REGISTER if resident_id else 1,
        "now": clock.now(),
    }
    about["phone"] = write(PHONE, about)[0].phone_index
    write(WITHOUT_PHONE, about)
    newcomer: UUID = write(NEWCOMER, about)[0].id
    write(SIGN_OUT, about)
    audit(actor.account_id, "phone-handed-over", "account", newcomer)
    return newcomer


def take_from_others(account_id: UUID, resident_id: UUID, by: UUID) -> None:
    """Unbind a person from every account but one: they were seen in person, and hold that one."""
    about = {"account": account_id, "resident": resident_id, "now": clock.now()}
    for row in write(UNBIND, about):
        write(SIGN_OUT, about | {"account": row.id})
        audit(by, "binding-moved", "account", row.id, to=account_id)
