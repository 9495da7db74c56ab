"""Text messages are queued in the transaction of the deed; the worker sends, never a request."""

from datetime import timedelta
from uuid import UUID

from app import clock
from app.database import beyond, transaction
from app.privacy import vault
from app.sms.models import SmsMessage
from app.worker import wake


def queue_message(reference: UUID, phone: str, text: str, lives: timedelta) -> None:
    """Have the worker send ``text``, unless it cannot within ``lives``."""
    now = clock.now()
    with transaction() as session, beyond():  # what waits to be sent is nobody's to read
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
