"""What is kept of a mandate: its terms, how it was signed, and how it ended."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, secret

PROPOSED = text("state = 'proposed'")


class Mandate(Model):
    """A mandate (委托) of a principal, who may have no account, to an agent, who has one.

    ``text_sealed`` is the written form as it was signed. ``signed_how``: account, code or desk.
    ``code_*``: a code on its way to the principal's phone, as hash. ``desk_first_*``: the first
    of the two members of staff who sign for somebody at a desk.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_agent", "agent_account_id", "id"),
        Index("ix_mandate_principal", "principal_resident_id", "id"),
        Index(
            "uq_mandate_proposed",
            "agent_account_id",
            "principal_resident_id",
            unique=True,
            postgresql_where=PROPOSED,
        ),
        Index("ix_mandate_valid_to", "valid_to"),
        CheckConstraint("agent_resident_id <> principal_resident_id", name="two_people"),
        CheckConstraint("valid_from < valid_to", name="period"),
        CheckConstraint("desk_first_by <> signed_by OR signed_how <> 'desk'", name="two_staff"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    agent_account_id: Mapped[UUID] = internal()
    agent_resident_id: Mapped[UUID] = internal()
    principal_resident_id: Mapped[UUID] = internal()
    matters: Mapped[list[str] | None] = internal(ARRAY(Text))
    powers: Mapped[list[str]] = internal(ARRAY(Text))
    valid_from: Mapped[date] = internal()
    valid_to: Mapped[date] = internal()
    text_sealed: Mapped[bytes] = personal()
    state: Mapped[str] = internal(Text)
    version: Mapped[int] = internal(Integer, server_default="1")
    proposed_at: Mapped[datetime] = internal()
    lapses_at: Mapped[datetime] = internal()
    code_hash: Mapped[bytes | None] = secret()
    code_expires_at: Mapped[datetime | None] = internal()
    code_tries: Mapped[int] = internal(SmallInteger, server_default="0")
    desk_first_by: Mapped[UUID | None] = internal()
    desk_first_at: Mapped[datetime | None] = internal()
    signed_how: Mapped[str | None] = internal(Text)
    signed_by: Mapped[UUID | None] = internal()
    signed_at: Mapped[datetime | None] = internal()
    ended_by: Mapped[UUID | None] = internal()
    ended_at: Mapped[datetime | None] = internal()
