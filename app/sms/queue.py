"""Text messages: queued in the transaction of the deed, sent by the worker, never by a request."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from app import clock
from app.database import transaction
from app.privacy import vault
from app.sms.gateway import GatewayAway, SmsGateway
from app.sms.models import SmsMessage
from app.worker import Sweep, claim, deal_with_each, retry, wake

LEASE = timedelta(seconds=30)
BATCH = 20


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
