"""Text messages that wait to be sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.worker import DueWork


class SmsMessage(DueWork, Model):
    """A text message to be sent; deleted once the gateway has it."""

    __tablename__ = "sms_message"
    __table_args__ = (Index("ix_sms_message_due", "due_at", postgresql_where="due_at IS NOT NULL"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    reference: Mapped[UUID] = internal(unique=True)
    phone_sealed: Mapped[bytes] = personal()
    text_sealed: Mapped[bytes] = personal()
    expires_at: Mapped[datetime] = internal()
