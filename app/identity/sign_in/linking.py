"""Which account somebody at a provider is. One of each, and two people are never merged."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.errors import NotFound
from app.identity.codes import Purpose, spend
from app.identity.sign_in.refusals import ArrivalOver, ProveFirst, ProviderLinked
from app.policy import Actor
from app.privacy import audit

LINK = """
INSERT INTO provider_link (provider, subject_index, account_id, linked_at)
VALUES (%(provider)s, %(subject)s, %(account)s, %(now)s) ON CONFLICT DO NOTHING RETURNING 1
"""
SAME = """
SELECT 1 FROM provider_link
WHERE provider = %(provider)s AND subject_index = %(subject)s AND account_id = %(account)s
"""
END_ARRIVAL = """
UPDATE provider_arrival SET used_at = %(now)s
WHERE id = %(id)s AND used_at IS NULL AND expires_at > %(now)s RETURNING provider, subject_index
"""
SUSPENDED = "SELECT 1 FROM account WHERE id = %(account)s AND suspended_at IS NOT NULL"
MINE = """
SELECT provider, linked_at FROM provider_link WHERE account_id = %(account)s ORDER BY provider
"""
UNLINK = """
DELETE FROM provider_link WHERE account_id = %(account)s AND provider = %(provider)s RETURNING 1
"""


def link(account_id: UUID, provider: str, subject: bytes) -> None:
    """Link somebody at a provider to an account, in the deed that proved both.

    Raises:
        ProviderLinked: one of the two is linked to another.
    """
    about = {
        "account": account_id,
        "provider": provider,
        "subject": subject,
        "now": clock.now(),
    }
    if not write(LINK, about) and not write(SAME, about):
        raise ProviderLinked


def link_arrival(account_id: UUID, arrival: UUID) -> None:
    """Link whoever arrived to the account whose phone they have just proved, in that deed.

    Raises:
        ArrivalOver: it is too long ago, or was used.
        ProveFirst: the phone lay idle so long that the account may be another person's.
        ProviderLinked: one of the two is linked to another.
    """
    about = {"id": arrival, "account": account_id, "now": clock.now()}
    if write(SUSPENDED, about):
        raise ProveFirst
    found = write(END_ARRIVAL, about)
    if not found:
        raise ArrivalOver
    link(account_id, found[0].provider, bytes(found[0].subject_index))
    audit(account_id, "provider-linked", "account", account_id, provider=found[0].provider)


def links(actor: Actor) -> list[Any]:
    """Return the providers that the caller is linked to; there are a few at most."""
    return read(MINE, {"account": actor.account_id})


def unlink(actor: Actor, provider: str, own: tuple[UUID, str]) -> None:
    """Unlink the caller from a provider; ``own`` is a code of purpose ``link``.

    Raises:
        NotFound: they are not linked.
        CodeRefused: the code is not right.
    """
    spend(Purpose.LINK, *own, actor.account_id)
    with transaction():
        if not write(UNLINK, {"account": actor.account_id, "provider": provider}):
            raise NotFound
        audit(actor.account_id, "provider-unlinked", "account", actor.account_id, provider=provider)
