"""Rungs that are to be climbed, and the doors that are left at the top."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class NoticeRung(Model):
    """A rung of a notice's ladder: done grid by grid, up to ``upto``."""

    __tablename__ = "notice_rung"
    __table_args__ = (
        PrimaryKeyConstraint("notice_id", "rung"),
        Index("ix_notice_rung_due", "due_at", postgresql_where=text("done_at IS NULL")),
    )

    notice_id: Mapped[UUID] = internal()
    rung: Mapped[str] = internal(Text)
    due_at: Mapped[datetime] = internal()
    upto: Mapped[str] = internal(Text, server_default="")
    done_at: Mapped[datetime | None] = internal(index=True)


class NoticeVisit(Model):
    """Somebody whom a grid worker is to tell at the door what they have not acknowledged."""

    __tablename__ = "notice_visit"
    __table_args__ = (
        Index("uq_notice_visit", "notice_id", "resident_id", unique=True),
        Index("ix_notice_visit_open", "grid_code", "id", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    notice_id: Mapped[UUID] = internal()
    resident_id: Mapped[UUID] = internal()
    grid_code: Mapped[str] = internal(Text)
    made_at: Mapped[datetime] = internal()
    absences: Mapped[int] = internal(Integer, server_default="0")
    outcome: Mapped[str | None] = internal(Text)
    done_at: Mapped[datetime | None] = internal(index=True)
    done_by: Mapped[UUID | None] = internal()
