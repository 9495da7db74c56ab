"""What somebody has said of being told."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class NoticePreference(Model):
    """An account's: refused slots (``push/activity``), and quiet hours in Asia/Shanghai.

    Whoever has no row has said nothing: see usual.py. The first row is version 2.
    """

    __tablename__ = "notice_preference"

    account_id: Mapped[UUID] = internal(primary_key=True)
    version: Mapped[int] = internal(Integer)
    refused: Mapped[list[str]] = internal(ARRAY(Text))
    quiet_from: Mapped[time | None] = internal()
    quiet_until: Mapped[time | None] = internal()
    changed_at: Mapped[datetime] = internal()
