"""Whose numbers a notice is sent to: those of residents, and the phones that enterprises gave.

The district's mirrors have both, sealed. The ids of the two registers are drawn from the same
space, so that one walk is in the order of both, and a checkpoint stands for both.
"""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any
from uuid import UUID

from app.privacy import SealBroken, vault
from notices.audience.people import OFFICES, People
from notices.channels import registers
from notices.channels.choice import SMS
from notices.channels.people import WALK_FIRMS, WALK_RESIDENTS, Reachable, page_of, those_of
from notices.channels.protocol import Batch, Message, Recipient, Span

KEY = attrgetter("key")
THEMSELVES = "SELECT unnest(%(ids)s::uuid[])"

# The few sources there are make each a look-up.
SEALED = """
SELECT who.*, '{place}' AS place, m.{column} AS phone_sealed FROM ({{who}}) who
LEFT JOIN LATERAL (
  SELECT m.{column} FROM src_{stream} m WHERE m.sid = who.sid
    AND m.source IN (SELECT source FROM sync_checkpoint WHERE stream = '{stream}')
    AND m.{column} IS NOT NULL LIMIT 1) m ON true
ORDER BY who.key
"""
OF_RESIDENTS = Reachable(
    walk=WALK_RESIDENTS,
    shown=SEALED.format(place="resident.phone", stream="residents", column="phone_sealed"),
    channel=SMS,
    of=registers.RESIDENTS,
)
OF_ENTERPRISES = Reachable(
    walk=WALK_FIRMS,
    shown=SEALED.format(
        place="enterprise.contact_phone", stream="enterprises", column="contact_phone_sealed"
    ),
    channel=SMS,
    of=registers.FIRMS,
)


def page_of_numbers(message: Message, span: Span) -> Batch:
    """Return those of a page whom the notice is for, by key; without a number, too.

    The second register is asked up to where the page of the first ends, and may end it sooner.
    """
    found: list[Recipient] = []
    upto: UUID | None = None
    for reachable in _asked(message):
        rows, edge = page_of(reachable, message, replace(span, high=upto or span.high))
        found += map(_recipient, rows)
        upto = edge or upto
    kept = found if upto is None else [who for who in found if who.key <= upto]
    return Batch(sorted(kept, key=KEY), upto)


def those_numbers(message: Message, ids: Sequence[UUID]) -> list[Recipient]:
    """Return those of the residents and enterprises whom the notice is still for."""
    return [
        _recipient(row)
        for reachable in _asked(message)
        for row in those_of(reachable, message, THEMSELVES, ids)
    ]


def numbers_of(batch: Sequence[Recipient]) -> list[str | None]:
    """Return each recipient's number; None where there is none that we can read."""
    found: list[str | None] = []
    for who in batch:
        try:
            found.append(vault.open(*who.to) if who.to else None)
        except SealBroken:
            found.append(None)
    return found


def _asked(message: Message) -> list[Reachable]:
    """Return the registers in which somebody is meant: the other is not looked at."""
    living = [OF_RESIDENTS] if message.people & ~OFFICES else []
    return [*living, OF_ENTERPRISES] if message.people & People.ENTERPRISES else living


def _recipient(row: Any) -> Recipient:
    to = (row.place, row.sid, bytes(row.phone_sealed)) if row.phone_sealed is not None else None
    return Recipient(row.key, row.key, row.area, to, row.wait_until, row.held)
