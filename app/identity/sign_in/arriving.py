"""Coming in by a provider: who is known there and here, and who is known there alone."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import apart, beyond, read, transaction, write
from app.errors import NotFound
from app.identity import limits
from app.identity.codes import Purpose, spend
from app.identity.limits import Limit
from app.identity.sessions.beginning import NotLetIn, Started, begin
from app.identity.sign_in.linking import link
from app.identity.sign_in.providers.protocol import NotVouched, NoWord, Provider, Shown, Visit
from app.identity.sign_in.refusals import PhoneNeeded, ProviderAway, ProviderRefused
from app.identity.sign_in.seats import SLOW
from app.policy import Actor
from app.privacy import audit, vault

VISIT_LIVES = timedelta(minutes=10)
ARRIVAL_LIVES = timedelta(minutes=15)
PER_NETWORK = Limit("provider-network", 100, timedelta(minutes=5))
EVERYBODY = Limit("provider-everybody", 10_000, timedelta(minutes=5), rows=16)

BEGIN_VISIT = """
INSERT INTO provider_visit
  (id, provider, state_hash, nonce_hash, verifier_sealed, expires_at)
VALUES (%(id)s, %(provider)s, %(state)s, %(nonce)s, %(verifier)s, %(expires)s)
"""
END_VISIT = """
UPDATE provider_visit SET used_at = %(now)s
WHERE id = %(id)s AND provider = %(provider)s AND state_hash = %(state)s AND used_at IS NULL
  AND expires_at > %(now)s
RETURNING nonce_hash, verifier_sealed
"""
KNOWN = """
SELECT account_id FROM provider_link WHERE provider = %(provider)s AND subject_index = %(subject)s
"""
ARRIVE = """
INSERT INTO provider_arrival (id, provider, subject_index, expires_at)
VALUES (%(id)s, %(provider)s, %(subject)s, %(expires)s)
"""

_providers: dict[str, Provider] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """Where to send somebody; the app keeps ``visit_id`` and brings it back with the state."""

    visit_id: UUID
    go_to: str
    expires_at: datetime


def come_by(providers: dict[str, Provider]) -> None:
    """Say which providers there are; done once when the application is assembled."""
    _providers.clear()
    _providers.update(providers)


def send(provider: str, address: str) -> Sent:
    """Send somebody to a provider.

    Raises:
        NotFound: there is no such provider, or nobody is sent there.
        ProviderAway, SeatsTaken, TooMany
    """
    there = _provider(provider)
    if not there.visited:
        raise NotFound
    _count(address)
    visit = Visit(secrets.token_urlsafe(32), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    try:
        with SLOW.taken():
            go_to = there.going_to(visit)
    except NoWord as fault:
        raise ProviderAway from fault
    key, expires = uuids.uuid7(), clock.now() + VISIT_LIVES
    about = {
        "id": key,
        "provider": provider,
        "state": _hash(visit.state),
        "nonce": _hash(visit.nonce),
        "verifier": vault.seal("visit.verifier", key, visit.verifier),
        "expires": expires,
    }
    with transaction(), beyond():
        write(BEGIN_VISIT, about)
    return Sent(key, go_to, expires)


@beyond()
def sign_in(
    provider: str, code: str, device: str, address: str, back: tuple[UUID, str] | None
) -> Started:
    """Begin a session of whoever a provider vouches for.

    ``back``: the visit and the state that came back with it, where somebody was sent.

    Raises:
        PhoneNeeded: no account is theirs; ``arrival`` waits for a code of their phone.
        ProviderRefused: the provider vouches for nobody.
        NotFound, ProviderAway, SeatsTaken, TooMany
    """
    _count(address)
    about = {"provider": provider, "subject": _subject(provider, code, back)}
    known = read(KNOWN, about)
    if not known:
        raise PhoneNeeded(arrival=str(_arrival(about)))
    try:
        return begin(known[0].account_id, device, provider)
    except NotLetIn as fault:
        raise ProviderRefused from fault


def link_to_holder(
    actor: Actor,
    provider: str,
    code: str,
    back: tuple[UUID, str] | None,
    own: tuple[UUID, str],
    address: str,
) -> None:
    """Link the caller to whoever they are at a provider; ``own`` is a code of purpose ``link``.

    Raises:
        ProviderLinked: they are linked to others; nothing is merged.
        CodeRefused, ProviderRefused, NotFound, ProviderAway, SeatsTaken, TooMany
    """
    _provider(provider)
    _count(address)
    spend(Purpose.LINK, *own, actor.account_id)
    subject = _subject(provider, code, back)
    with transaction():
        link(actor.account_id, provider, subject)
        audit(actor.account_id, "provider-linked", "account", actor.account_id, provider=provider)


def _subject(provider: str, code: str, back: tuple[UUID, str] | None) -> bytes:
    there = _provider(provider)
    shown = _shown(there, provider, code, back)
    try:
        with SLOW.taken():
            who = there.who(shown)
    except NotVouched as fault:
        raise ProviderRefused from fault
    except NoWord as fault:
        raise ProviderAway from fault
    return vault.index("provider", f"{provider}:{who}")


def _shown(there: Provider, provider: str, code: str, back: tuple[UUID, str] | None) -> Shown:
    if not there.visited:
        return Shown(code)
    visit, state = back or (uuids.uuid7(), "")
    about = {"id": visit, "provider": provider, "state": _hash(state), "now": clock.now()}
    with beyond():
        found: list[Any] = apart(END_VISIT, about)  # a visit ends once, whatever becomes
    if not found:
        raise ProviderRefused
    verifier = vault.open("visit.verifier", visit, bytes(found[0].verifier_sealed))
    return Shown(code, bytes(found[0].nonce_hash), verifier)


def _arrival(about: dict[str, Any]) -> UUID:
    key = uuids.uuid7()
    with transaction():
        write(ARRIVE, about | {"id": key, "expires": clock.now() + ARRIVAL_LIVES})
    return key


def _provider(name: str) -> Provider:
    if name not in _providers:
        raise NotFound
    return _providers[name]


def _count(address: str) -> None:
    limits.count_each((limits.network_of(address), PER_NETWORK), ("", EVERYBODY))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
