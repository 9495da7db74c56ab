"""The alerts that were published: their identity is frozen with the deed, their text soon after."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, public
from app.worker import DueWork


class CapAlert(DueWork, Model):
    """One CAP message.

    ``identifier``, ``sent`` and ``refers_to`` never change; neither does ``xml`` once it is
    written: a message that is read twice is the same to the byte.
    """

    __tablename__ = "cap_alert"
    __table_args__ = (
        Index("ix_cap_alert_due", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_cap_alert_root", "root_id", "id"),
        Index("uq_cap_alert_step", "notice_id", "kind", unique=True),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    identifier: Mapped[str] = public(Text, unique=True)
    notice_id: Mapped[UUID] = internal()
    root_id: Mapped[UUID] = internal()
    kind: Mapped[str] = public(Text)
    sender: Mapped[str] = public(Text)
    sent: Mapped[datetime] = public()
    refers_to: Mapped[str | None] = public(Text)
    expires_at: Mapped[datetime] = public()
    xml: Mapped[bytes | None] = public(LargeBinary)
    refusal: Mapped[str | None] = internal(Text)
    parked_at: Mapped[datetime | None] = internal()
