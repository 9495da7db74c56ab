"""Objections and extensions: what was asked of district staff, and what they decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, PrimaryKeyConstraint, SmallInteger, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class Objection(Model):
    """A unit says that a case is not its duty (退单): once a case, with clause and proposal."""

    __tablename__ = "request_objection"
    __table_args__ = (
        Index("ix_request_objection_open", "due_at", postgresql_where="decided_at IS NULL"),
        Index(
            "ix_request_objection_rung",
            text("coalesce(next_rung_at, due_at)"),
            postgresql_where="decided_at IS NULL",
        ),
    )

    request_id: Mapped[UUID] = internal(primary_key=True)
    department_code: Mapped[str] = internal(Text)
    clause_code: Mapped[str] = internal(Text)
    proposed_code: Mapped[str] = internal(Text)
    reason_sealed: Mapped[bytes] = personal()
    asked_by: Mapped[UUID] = internal()
    asked_at: Mapped[datetime] = internal()
    limit_count: Mapped[int | None] = internal(Integer)
    limit_unit: Mapped[str | None] = internal(Text)
    due_at: Mapped[datetime] = internal()
    rung: Mapped[int] = internal(SmallInteger, server_default="0")
    next_rung_at: Mapped[datetime | None] = internal()
    provisional: Mapped[bool] = internal(Boolean, server_default="false")
    calendar_version: Mapped[str | None] = internal(Text)
    decision: Mapped[str | None] = internal(Text)
    decided_by: Mapped[UUID | None] = internal()
    decided_at: Mapped[datetime | None] = internal()


class Extension(Model):
    """More time, asked for before the deadline: once a round."""

    __tablename__ = "request_extension"
    __table_args__ = (PrimaryKeyConstraint("request_id", "round"),)

    request_id: Mapped[UUID] = internal()
    round: Mapped[int] = internal(SmallInteger)
    count: Mapped[int] = internal(Integer)
    unit: Mapped[str] = internal(Text)
    because: Mapped[str] = internal(Text)
    granted_by: Mapped[str] = internal(Text)
    asked_by: Mapped[UUID] = internal()
    asked_at: Mapped[datetime] = internal()
    decision: Mapped[str | None] = internal(Text)
    decided_by: Mapped[UUID | None] = internal()
    decided_at: Mapped[datetime | None] = internal()
