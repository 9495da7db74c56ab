"""What a helping department is asked for, with a clock of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, SmallInteger, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class Task(Model):
    """A part of a case that another department does (协办); a mandatory one holds settling up."""

    __tablename__ = "request_task"
    __table_args__ = (
        Index("ix_request_task_request", "request_id", "id"),
        Index(
            "ix_request_task_open",
            "department_code",
            "due_at",
            "id",
            postgresql_where="answered_at IS NULL AND cancelled_at IS NULL",
        ),
        Index(
            "ix_request_task_rung",
            text("coalesce(next_rung_at, due_at)"),
            postgresql_where="answered_at IS NULL AND cancelled_at IS NULL",
        ),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    request_id: Mapped[UUID] = internal()
    department_code: Mapped[str] = internal(Text)
    mandatory: Mapped[bool] = internal(Boolean)
    asked_sealed: Mapped[bytes] = personal()
    asked_by: Mapped[UUID] = internal()
    asked_at: Mapped[datetime] = internal()
    limit_count: Mapped[int | None] = internal(Integer)
    limit_unit: Mapped[str | None] = internal(Text)
    due_at: Mapped[datetime] = internal()
    rung: Mapped[int] = internal(SmallInteger, server_default="0")
    next_rung_at: Mapped[datetime | None] = internal()
    provisional: Mapped[bool] = internal(Boolean)
    calendar_version: Mapped[str | None] = internal(Text)
    answer_sealed: Mapped[bytes | None] = personal()
    answered_by: Mapped[UUID | None] = internal()
    answered_at: Mapped[datetime | None] = internal()
    cancelled_at: Mapped[datetime | None] = internal()
