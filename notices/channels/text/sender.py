"""The channel: one text message to each number, by a ledger that is committed before it is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app.database import transaction, write
from app.privacy import vault
from app.sms.gateway import GatewayAway, MessageRefused, SmsGateway
from app.sms.gateway import Outcome as Known
from notices.channels.choice import SMS
from notices.channels.protocol import DELIVERED, Batch, Message, Outcome, Recipient, Span, Verdict
from notices.channels.text.numbers import numbers_of, page_of_numbers, those_numbers
from notices.channels.text.wording import wording
from notices.channels.verdicts import send_each

ENTER = """
INSERT INTO text_ledger (reference, notice_id, phone_index, rung, state, made_at)
SELECT DISTINCT ON (v.phone) v.reference, %(notice)s, v.phone, %(rung)s, 'sending', now()
FROM unnest(%(references)s::uuid[], %(phones)s::bytea[]) AS v(reference, phone) ORDER BY v.phone
ON CONFLICT (notice_id, phone_index, rung) DO NOTHING RETURNING reference
"""
ENTERED = """
SELECT reference, phone_index, state FROM text_ledger
WHERE notice_id = %(notice)s AND rung = %(rung)s AND phone_index = ANY(%(phones)s::bytea[])
"""
SETTLE = """
UPDATE text_ledger l SET state = v.state
FROM unnest(%(references)s::uuid[], %(states)s::text[]) AS v(reference, state)
WHERE l.reference = v.reference AND l.state = 'sending'
"""
TAKEN, REFUSED = "taken", "refused"
STATES = {Verdict.DELIVERED: TAKEN, Verdict.REFUSED: REFUSED}
NO_PHONE = Outcome(Verdict.GONE, "no-phone")


@dataclass(frozen=True, slots=True)
class TextMessages:
    """Sends by a gateway; ``public_url`` is where a notice can be read."""

    gateway: Callable[[], SmsGateway]
    public_url: str
    name: str = SMS
    page: int = 50

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return those of a page whom the notice is for; without a number, too."""
        return page_of_numbers(message, span)

    def again(self, message: Message, addresses: Sequence[UUID]) -> Sequence[Recipient]:
        """Return those residents and enterprises whom the notice is still for."""
        return those_numbers(message, addresses)

    def send(self, message: Message, batch: Sequence[Recipient]) -> Sequence[Outcome]:
        """Hand over one message a number; what is already in the ledger is asked for, not sent."""
        gateway = self.gateway()
        words = wording(message, f"{self.public_url}/n/{message.root_id}")
        numbers = numbers_of(batch)
        able = {number for number in numbers if number is not None}
        entries, fresh = _entered(message, {number: _mark(number) for number in able})

        def one(number: str) -> Outcome:
            entry = entries[number]
            if entry.state == REFUSED:
                return Outcome(Verdict.REFUSED, "refused")
            if entry.state == TAKEN:
                return DELIVERED
            return _hand_over(gateway, entry.reference, number, words, entry.reference in fresh)

        sent = dict(zip(able, send_each(list(able), str, one), strict=True))  # some share a number
        _settle({entries[number].reference: outcome for number, outcome in sent.items()})
        return [sent[number] if number else NO_PHONE for number in numbers]


def _hand_over(
    gateway: SmsGateway, reference: UUID, phone: str, words: str, fresh: bool
) -> Outcome:
    try:
        if not fresh:
            match gateway.ask(reference):
                case Known.TAKEN | Known.DELIVERED:
                    return DELIVERED
                case Known.REFUSED:
                    return Outcome(Verdict.REFUSED, "refused")
        gateway.send(reference, phone, words)
    except GatewayAway as fault:
        return Outcome(Verdict.AWAY, "gateway-away", after=fault.after)
    except MessageRefused as fault:
        return Outcome(Verdict.REFUSED, fault.reason)
    return DELIVERED


def _mark(number: str) -> bytes:
    return vault.index("text.phone", number)


def _entered(message: Message, marks: dict[str, bytes]) -> tuple[dict[str, Any], set[UUID]]:
    """Write numbers into the ledger; return the entry of each, and which are new."""
    references = [uuids.uuid7() for _ in marks]
    values: dict[str, Any] = {"phones": list(marks.values()), "references": references}
    values |= {"notice": message.notice_id, "rung": message.rung or ""}
    with transaction():
        fresh = {row.reference for row in write(ENTER, values)}
        rows = write(ENTERED, values)
    entries = {bytes(row.phone_index): row for row in rows}
    return {number: entries[mark] for number, mark in marks.items()}, fresh


def _settle(outcomes: dict[UUID, Outcome]) -> None:
    known = {
        reference: STATES[outcome.verdict]
        for reference, outcome in outcomes.items()
        if outcome.verdict in STATES
    }
    if known:
        with transaction():
            write(SETTLE, {"references": list(known), "states": list(known.values())})
