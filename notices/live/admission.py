"""Who is let in, many at a time: a ticket or an access token leads to a session that stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.errors import Forbidden, Refusal
from app.http.refusals import SessionEnded
from app.identity.actors import standing
from app.policy import Role
from notices.audience.reading import Keys, keys_of
from notices.live.refusals import TicketRefused
from notices.live.tickets import Ticket, spend
from notices.model.policy import READER


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody at the door shows: a ticket, or whose session their access token names."""

    ticket: Ticket | None = None
    account: UUID | None = None
    session: UUID | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who may be told, and where they are met."""

    session: UUID
    account: UUID
    keys: Keys


def admitted(claims: Sequence[Claim]) -> list[Guest | Refusal]:
    """Return for each claim who it is, or why they are not let in; tickets are used up."""
    spent = spend([claim.ticket for claim in claims if claim.ticket is not None])
    wanted = [spent.get(c.ticket.id) if c.ticket else c.session for c in claims]
    guests = still_here([session for session in wanted if session is not None])

    def judged(claim: Claim, session: UUID | None) -> Guest | Refusal:
        if session is None:
            return TicketRefused()
        guest = guests.get(session, SessionEnded())
        if isinstance(guest, Guest) and claim.account not in (None, guest.account):
            return SessionEnded()
        return guest

    return [judged(claim, session) for claim, session in zip(claims, wanted, strict=True)]


def still_here(sessions: Sequence[UUID]) -> dict[UUID, Guest | Refusal]:
    """Return whose sessions still stand, with where each is met as the registers are now."""
    actors = standing(sessions)
    keys = keys_of(actors)
    return {
        actor.session_id: Guest(actor.session_id, actor.account_id, keys[actor.account_id])
        if any(Role(role) in actor.roles for role in READER)
        else Forbidden()
        for actor in actors
    }
