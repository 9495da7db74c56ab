"""Return visits: somebody other than the handler asks whether it is really settled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Identity, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class Visit(Model):
    """One return visit (回访) of one round, with its own limit."""

    __tablename__ = "request_visit"
    __table_args__ = (
        Index("ix_request_visit_request", "request_id", "id"),
        Index("ix_request_visit_open", "due_at", "id", postgresql_where="visited_at IS NULL"),
        Index(
            "ix_request_visit_rung",
            text("coalesce(next_rung_at, due_at)"),
            postgresql_where="visited_at IS NULL",
        ),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = internal()
    round: Mapped[int] = internal(SmallInteger)
    because: Mapped[str] = internal(Text)
    opened_by: Mapped[UUID | None] = internal()
    opened_at: Mapped[datetime] = internal()
    limit_count: Mapped[int | None] = internal(Integer)
    limit_unit: Mapped[str | None] = internal(Text)
    due_at: Mapped[datetime] = internal()
    rung: Mapped[int] = internal(SmallInteger, server_default="0")
    next_rung_at: Mapped[datetime | None] = internal()
    provisional: Mapped[bool] = internal(Boolean, server_default="false")
    calendar_version: Mapped[str | None] = internal(Text)
    words_sealed: Mapped[bytes | None] = personal()
    file_id: Mapped[UUID | None] = internal()
    visited_by: Mapped[UUID | None] = internal()
    visited_at: Mapped[datetime | None] = internal()
    outcome: Mapped[str | None] = internal(Text)
