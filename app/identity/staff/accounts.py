"""Accounts that end: disabled by the system administrator, at once, and let in again."""

from uuid import UUID

from app.database import beyond, transaction, write
from app.errors import Conflict, NotFound, Words
from app.identity.staff.refusals import NotOneself
from app.identity.step_up import enrolling
from app.policy import Actor
from app.privacy import audit

STATUS = "SELECT status FROM account WHERE id = %(id)s FOR UPDATE"
SET = "UPDATE account SET status = %(to)s WHERE id = %(id)s"
END_SESSIONS = """
UPDATE sign_in_session SET revoked_at = now() WHERE account_id = %(id)s AND revoked_at IS NULL
"""

ACTIVE, DISABLED = "active", "disabled"


class AccountNotSo(Conflict):
    """The account is not in the standing that the deed starts from; ``status`` is what it is."""

    slug = "account-not-so"
    title = Words("账户当前状态不能进行此操作", "The account's standing does not allow this")


def disable(actor: Actor, account_id: UUID, reason: str) -> None:
    """Keep an account out from the next request on; ``reason`` is a code.

    Raises:
        NotFound: there is no such account.
        NotOneself, AccountNotSo
    """
    if account_id == actor.account_id:
        raise NotOneself
    with transaction():
        _change(account_id, ACTIVE, DISABLED)
        with beyond():
            write(END_SESSIONS, {"id": account_id})
        audit(actor.account_id, "account-disabled", "account", account_id, reason=reason)


def enable(actor: Actor, account_id: UUID) -> None:
    """Let a disabled account in again; it signs in anew.

    Raises:
        NotFound: there is no such account.
        NotOneself, AccountNotSo
    """
    if account_id == actor.account_id:
        raise NotOneself
    with transaction():
        _change(account_id, DISABLED, ACTIVE)
        audit(actor.account_id, "account-enabled", "account", account_id)


def remove_authenticator(actor: Actor, account_id: UUID) -> None:
    """Take away the authenticator of somebody who has lost it with every recovery code.

    Raises:
        NotOneself: one's own is parted with by a proof of it.
        NoAuthenticator: there is none.
    """
    if account_id == actor.account_id:
        raise NotOneself
    enrolling.remove(actor.account_id, account_id)


def _change(account_id: UUID, before: str, after: str) -> None:
    found = write(STATUS, {"id": account_id})
    if not found:
        raise NotFound
    if found[0].status != before:
        raise AccountNotSo(status=found[0].status)
    write(SET, {"id": account_id, "to": after})
