"""Copies that people asked for, who was shown what of whom, and who has left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.worker import DueWork


class HoldingsExport(DueWork, Model):
    """A copy of all that is held of somebody: made by the worker, taken once, gone in a day."""

    __tablename__ = "holdings_export"
    __table_args__ = (
        Index("ix_holdings_export_account", "account_id", "id"),
        Index("ix_holdings_export_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_holdings_export_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal()
    resident_id: Mapped[UUID | None] = internal()
    asked_at: Mapped[datetime] = internal()
    made_at: Mapped[datetime | None] = internal()
    content_sealed: Mapped[bytes | None] = personal()
    taken_at: Mapped[datetime | None] = internal()
    expires_at: Mapped[datetime] = internal()


class Reveal(Model):
    """That a member of staff was shown one field of one person, by which row, and why."""

    __tablename__ = "reveal"
    __table_args__ = (
        Index("ix_reveal_resident", "resident_id", "id"),
        Index("ix_reveal_by", "by_account", "id"),
        Index("ix_reveal_at", "at"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    at: Mapped[datetime] = internal()
    by_account: Mapped[UUID] = internal()
    role: Mapped[str] = internal(Text)
    resident_id: Mapped[UUID] = internal()
    kind: Mapped[str] = internal(Text)
    row_id: Mapped[UUID] = internal()
    field: Mapped[str] = internal(Text)
    reason: Mapped[str] = internal(Text)
    words_sealed: Mapped[bytes] = personal()


class Erasure(Model):
    """That an account was closed: kept for ever, so that a restored backup brings nobody back."""

    __tablename__ = "erasure"

    subject: Mapped[UUID] = internal(primary_key=True)
    at: Mapped[datetime] = internal()
