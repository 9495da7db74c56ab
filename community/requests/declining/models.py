"""What was said when a case was not taken, and what came of the objection to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class Decline(Model):
    """A case that staff did not take (不予受理): by which reason, and its one review (复核).

    ``reason_code`` is of ``not_accepted``. The limit of the review begins when the filer objects.
    """

    __tablename__ = "request_decline"
    __table_args__ = (
        Index(
            "ix_request_decline_open",
            "due_at",
            "request_id",
            postgresql_where="contested_at IS NOT NULL AND reviewed_at IS NULL",
        ),
        Index(
            "ix_request_decline_rung",
            text("coalesce(next_rung_at, due_at)"),
            postgresql_where="contested_at IS NOT NULL AND reviewed_at IS NULL",
        ),
    )

    request_id: Mapped[UUID] = internal(primary_key=True)
    reason_code: Mapped[str] = internal(Text)
    declined_by: Mapped[UUID] = internal()
    declined_at: Mapped[datetime] = internal()
    contested_at: Mapped[datetime | None] = internal()
    words_sealed: Mapped[bytes | None] = personal()
    limit_count: Mapped[int | None] = internal(Integer)
    limit_unit: Mapped[str | None] = internal(Text)
    due_at: Mapped[datetime | None] = internal()
    rung: Mapped[int] = internal(SmallInteger, server_default="0")
    next_rung_at: Mapped[datetime | None] = internal()
    provisional: Mapped[bool | None] = internal(Boolean)
    calendar_version: Mapped[str | None] = internal(Text)
    reviewed_by: Mapped[UUID | None] = internal()
    reviewed_at: Mapped[datetime | None] = internal()
    outcome: Mapped[str | None] = internal(Text)
