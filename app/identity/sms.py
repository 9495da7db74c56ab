"""Text messages: queued in the transaction of the deed, sent by the worker, never by a request."""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from app import clock
from app.database import transaction
from app.identity.models import SmsMessage
from app.identity.phones import masked_phone
from app.privacy import vault
from app.worker import Sweep, claim, deal_with_each, retry, wake

LEASE = timedelta(seconds=30)
BATCH = 20


class GatewayAway(Exception):
    """The gateway did not take the message; it is tried again until it expires."""


class SmsGateway(Protocol):
    """Whoever carries text messages."""

    def send(self, reference: UUID, phone: str, text: str) -> None:
        """Hand over one message; ``reference`` is the same for a repeat.

        Raises:
            GatewayAway: try again later.
        """
        ...


class PrintGateway:
    """For development: prints the message, and appends it to a file that only its owner reads."""

    def __init__(self, copy: Path | None) -> None:
        self._copy = copy

    def send(self, reference: UUID, phone: str, text: str) -> None:
        """Print the message; the phone is masked."""
        sys.stdout.write(f"[SMS to {masked_phone(phone)}] {text}\n")
        sys.stdout.flush()
        if self._copy:
            line = json.dumps({"reference": str(reference), "text": text}, ensure_ascii=False)
            handle = os.open(self._copy, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as out:
                out.write(line + "\n")


def queue_message(reference: UUID, phone: str, text: str, lives: timedelta) -> None:
    """Have the worker send ``text``, unless it cannot within ``lives``."""
    now = clock.now()
    with transaction() as session:
        session.add(
            SmsMessage(
                reference=reference,
                phone_sealed=vault.seal("sms.phone", reference, phone),
                text_sealed=vault.seal("sms.text", reference, text),
                expires_at=now + lives,
                due_at=now,
            )
        )
        wake(session, "sms")


def sms_sweep(gateway: Callable[[], SmsGateway]) -> Sweep:
    """Return the sweep that hands queued messages to the gateway."""

    def run() -> int:
        taken = claim(SmsMessage, limit=BATCH, lease=LEASE)
        return deal_with_each(taken, lambda message: _send(gateway(), message))

    return Sweep("sms", run)


def _send(gateway: SmsGateway, message: SmsMessage) -> None:
    if message.expires_at > clock.now():
        try:
            gateway.send(
                message.reference,
                vault.open("sms.phone", message.reference, message.phone_sealed),
                vault.open("sms.text", message.reference, message.text_sealed),
            )
        except GatewayAway:
            retry(message)
            return
    with transaction() as session:
        session.query(SmsMessage).filter_by(id=message.id, fence=message.fence).delete()
