"""Reading, putting aside, and acknowledging; each first time counts in the reach of its grid."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.errors import NotFound
from app.policy import Actor
from app.privacy import audit
from notices.audience.reading import reader
from notices.inbox import queries
from notices.inbox.aside import PUT_ASIDE
from notices.model.reaching import count
from notices.model.refusals import AcknowledgementNotAsked

READ = """
INSERT INTO notice_receipt (account_id, seq, read_at) VALUES (%(me)s, %(seq)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING 1
"""

ACKNOWLEDGE = """
INSERT INTO notice_receipt AS r (account_id, seq, read_at, acked_at)
VALUES (%(me)s, %(seq)s, %(now)s, %(now)s)
ON CONFLICT (account_id, seq) DO UPDATE SET acked_at = excluded.acked_at WHERE r.acked_at IS NULL
RETURNING (xmax = 0) AS fresh
"""

MARK = "UPDATE account SET reading_mark = reading_mark + 1 WHERE id = %(me)s"


def readable(actor: Actor, notice_id: UUID) -> Any:
    """Return a notice that is meant for the actor, also after it expired.

    Raises:
        NotFound: there is none.
    """
    row = queries.one_readable(actor, notice_id)
    if row is None:
        raise NotFound
    return row


def mark_read(actor: Actor, notice_id: UUID) -> None:
    """Record that the actor has read a notice; a repeat changes nothing.

    Raises:
        NotFound: there is none for the actor.
    """
    row = readable(actor, notice_id)
    with transaction():
        values = {"me": actor.account_id, "seq": row.seq, "now": clock.now()}
        if write(READ, values):
            write(MARK, values)
            _count(actor, notice_id, "read")


def put_aside(actor: Actor, upto: int) -> None:
    """Take everything up to a number that was shown as read, emergencies apart.

    The number is taken down to the newest that stands in the actor's own inbox. It is no receipt:
    what was only put aside is neither read nor acknowledged in any report.
    """
    with transaction():
        values = reader(actor) | {"upto": upto}
        if write(PUT_ASIDE, values):
            write(MARK, values)


def acknowledge(actor: Actor, notice_id: UUID) -> None:
    """Record that the actor acknowledges a notice that asks for it; a repeat changes nothing.

    Raises:
        NotFound: there is none for the actor.
        AcknowledgementNotAsked: it asks for none.
    """
    row = readable(actor, notice_id)
    if not row.needs_ack:
        raise AcknowledgementNotAsked
    with transaction():
        values = {"me": actor.account_id, "seq": row.seq, "now": clock.now()}
        first = write(ACKNOWLEDGE, values)
        if first:
            write(MARK, values)
            _count(actor, notice_id, "ack")
            if first[0].fresh:
                _count(actor, notice_id, "read")
            audit(actor.account_id, "notice-acknowledge", "notice", notice_id)


def _count(actor: Actor, notice_id: UUID, channel: str) -> None:
    """Count a resident who is meant as one where they live.

    Whoever is meant for their office alone, wherever they live, is not of the audience's count.
    """
    if actor.area_path and queries.is_meant_at_home(actor, notice_id):
        count(notice_id, channel, {actor.area_path[-1]: 1})
