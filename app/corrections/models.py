"""Tickets: somebody found a field of the district's records wrong; and by when that is answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Integer, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, public
from app.worker import DueWork

NOW = text("now()")


class Correction(DueWork, Model):
    """A field said to be wrong, what it should say, and by when the owner must have answered.

    ``state``: asked, corrected (the record says so now), declined (the owner says it is right as
    it is). ``limit_basis``: the rule by which ``limit_at`` was reckoned. ``overdue_at``: when the
    limit ran out unanswered; that is told once.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "uq_correction_asked",
            "source",
            "stream",
            "sid",
            "field",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_correction_asked_by", "asked_by", "id"),
        Index("ix_correction_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    sid: Mapped[str] = internal(Text)
    field: Mapped[str] = internal(Text)
    wanted_sealed: Mapped[bytes] = personal()
    reason_sealed: Mapped[bytes] = personal()
    asked_by: Mapped[UUID] = internal()
    asked_at: Mapped[datetime] = internal(server_default=NOW)
    limit_at: Mapped[datetime] = internal()
    limit_basis: Mapped[str | None] = public(Text)
    state: Mapped[str] = internal(Text, server_default="asked")
    answered_at: Mapped[datetime | None] = internal()
    answer_sealed: Mapped[bytes | None] = personal()
    overdue_at: Mapped[datetime | None] = internal()


class CorrectionLimit(Model):
    """Within what time an owner answers, by which rule, and from when to when that holds.

    What the law says is there from the beginning; the district's own records stand beside it.
    """

    __tablename__ = "correction_limit"

    sid: Mapped[str] = internal(Text, primary_key=True)
    count: Mapped[int] = public(Integer)
    unit: Mapped[str] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()
