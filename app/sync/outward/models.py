"""What the district is to be told, kept until it is told and for as long as that must be known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.worker import DueWork


class OutboxEvent(DueWork, Model):
    """Something the district is to be told, written in the transaction of the deed.

    ``seq`` counts without gaps for each subject, so the district gets them in order. One that
    the district declined is parked, with its reason, and holds up its own subject only, until it is
    sent again or given up. ``skips``: how many just before it were given up, of which its
    envelope tells the receiver. ``withheld_late``: its content was withheld after a worker had
    taken it up, so that the receiver may hold what it said before.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "seq"),
        Index("ix_outbox_due", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index(
            "ix_outbox_waiting",
            "id",
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_outbox_parked", "id", postgresql_where=text("parked_at IS NOT NULL")),
        Index("ix_outbox_sent", "sent_at", "id", postgresql_where=text("sent_at IS NOT NULL")),
        Index(
            "ix_outbox_given_up",
            "given_up_at",
            "id",
            postgresql_where=text("given_up_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_whole",
            "sent_at",
            postgresql_where=text("sent_at IS NOT NULL AND payload_sealed IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    subject_kind: Mapped[str] = internal(Text)
    subject_id: Mapped[UUID] = internal()
    seq: Mapped[int] = internal(Integer)
    kind: Mapped[str] = internal(Text)
    payload_sealed: Mapped[bytes | None] = personal()
    told_at: Mapped[datetime] = internal()
    sent_at: Mapped[datetime | None] = internal()
    receipt: Mapped[str | None] = internal(Text)
    parked_at: Mapped[datetime | None] = internal()
    refusal: Mapped[str | None] = internal(Text)
    given_up_at: Mapped[datetime | None] = internal()
    given_up_because: Mapped[str | None] = internal(Text)
    skips: Mapped[int] = internal(Integer, server_default="0")
    withheld_late: Mapped[bool] = internal(Boolean, server_default="false")
