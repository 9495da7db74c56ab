"""Tickets: issued to a signed-in caller by the web, spent by the process that holds the pages."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import apart, transaction, write
from app.policy import Actor
from notices.live.refusals import TooManyStreams

GOOD_FOR = timedelta(seconds=30)
MOST = 10
"""Tickets of one account that wait to be used."""

TIDY = "DELETE FROM live_ticket WHERE account_id = %(me)s AND expires_at <= %(now)s"
ADD = """
INSERT INTO live_ticket (id, account_id, session_id, secret_hash, expires_at)
SELECT %(id)s, %(me)s, %(session)s, %(hash)s, %(until)s
WHERE (SELECT count(*) FROM live_ticket WHERE account_id = %(me)s) < %(most)s RETURNING 1
"""
SPEND = """
DELETE FROM live_ticket t
USING unnest(%(ids)s::uuid[], %(hashes)s::bytea[]) AS given(id, hash)
WHERE t.id = given.id AND t.secret_hash = given.hash AND t.expires_at > %(now)s
RETURNING t.id, t.session_id
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a page is given: the id is in its stream's address, the secret in its cookie."""

    id: UUID
    secret: str


def issue(actor: Actor) -> Ticket:
    """Give a caller a ticket for one stream.

    Raises:
        TooManyStreams: ten wait to be used.
    """
    ticket, now = Ticket(uuids.uuid7(), secrets.token_urlsafe(32)), clock.now()
    values = {"id": ticket.id, "me": actor.account_id, "session": actor.session_id, "now": now}
    values |= {"hash": hash_of(ticket.secret), "until": now + GOOD_FOR, "most": MOST}
    with transaction():
        write(TIDY, values)
        if not write(ADD, values):
            raise TooManyStreams(retry_after=int(GOOD_FOR.total_seconds()), most=MOST)
    return ticket


def spend(tickets: Sequence[Ticket]) -> dict[UUID, UUID]:
    """Take tickets, each once for ever; return the sessions of those that were good, by ticket."""
    if not tickets:
        return {}
    hashes = [hash_of(ticket.secret) for ticket in tickets]
    about = {"ids": [ticket.id for ticket in tickets], "hashes": hashes, "now": clock.now()}
    return {row.id: row.session_id for row in apart(SPEND, about)}


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret: it is random and long, so a plain hash hides it."""
    return hashlib.sha256(secret.encode()).digest()
