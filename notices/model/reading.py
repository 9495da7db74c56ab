"""What somebody has read, acknowledged, and put aside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class Receipt(Model):
    """That an account has read a notice, and acknowledged it, and when."""

    __tablename__ = "notice_receipt"
    __table_args__ = (PrimaryKeyConstraint("account_id", "seq"),)

    account_id: Mapped[UUID] = internal()
    seq: Mapped[int] = internal(BigInteger)
    read_at: Mapped[datetime] = internal()
    acked_at: Mapped[datetime | None] = internal()


class InboxState(Model):
    """Up to which number somebody has put everything aside as read, and who they were then.

    ``people`` are the reader's bits at each of ``places``, ``matters`` those of cases of theirs;
    None where it was put aside before this was kept.
    """

    __tablename__ = "inbox_state"

    account_id: Mapped[UUID] = internal(primary_key=True)
    read_upto: Mapped[int] = internal(BigInteger)
    places: Mapped[list[str] | None] = internal(ARRAY(Text))
    people: Mapped[list[int] | None] = internal(ARRAY(Integer))
    matters: Mapped[list[str] | None] = internal(ARRAY(Text))
