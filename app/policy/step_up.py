"""Sensitive deeds want a fresh proof by a second factor: how fresh, and which factor is enough."""

from datetime import datetime, timedelta

from app.policy.actor import Actor

FRESH = timedelta(minutes=5)
"""ASVS 7.5.1 asks for a proof anew; five minutes are the design's."""

TOTP, PHONE = "totp", "phone"


def lacking(actor: Actor, now: datetime, phone_enough: bool) -> str | None:
    """Return by what the actor has to prove who they are, or None where that is done.

    ``totp``: by the authenticator, or a recovery code. ``phone``: by a code to the phone.
    ``enrol``: neither is there; an authenticator must be enrolled first. Whoever has enrolled one
    is not let through by a phone any more.
    """
    enough = {TOTP} if actor.has_totp or not phone_enough else {TOTP, PHONE}
    at = actor.proved_at
    if at is not None and timedelta() <= now - at < FRESH and actor.proved_how in enough:
        return None
    if actor.has_totp:
        return TOTP
    return PHONE if phone_enough else "enrol"
