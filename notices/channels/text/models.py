"""The ledger of text messages: written before a message is handed over, so that none goes twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class TextLedger(Model):
    """One number for one notice; ``reference`` is what the gateway knows it by.

    ``rung`` is that of the ladder that asks again: each is a message of its own. Empty: the notice.

    ``state``: ``sending`` (nobody knows: the gateway is asked before a repeat), ``taken``,
    ``refused``.
    """

    __tablename__ = "text_ledger"
    __table_args__ = (
        Index("uq_text_ledger_phone", "notice_id", "phone_index", "rung", unique=True),
        Index("ix_text_ledger_made_at", "made_at", postgresql_using="brin"),
    )

    reference: Mapped[UUID] = internal(primary_key=True)
    notice_id: Mapped[UUID] = internal()
    phone_index: Mapped[bytes] = personal()
    rung: Mapped[str] = internal(Text, server_default="")
    state: Mapped[str] = internal(Text)
    made_at: Mapped[datetime] = internal()
