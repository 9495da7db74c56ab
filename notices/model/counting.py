"""How many a notice was for, and how many it reached: by grid, never by person."""

from uuid import UUID

from sqlalchemy import Integer, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class NoticeAudience(Model):
    """How many residents of a grid and an age class a notice was for, frozen after publishing."""

    __tablename__ = "notice_audience"
    __table_args__ = (PrimaryKeyConstraint("notice_id", "grid_code", "age_class"),)

    notice_id: Mapped[UUID] = internal()
    grid_code: Mapped[str] = internal(Text)
    age_class: Mapped[str] = internal(Text)
    residents: Mapped[int] = internal(Integer)


class NoticeReach(Model):
    """How many residents of a grid a notice reached by a channel; ``read`` and ``ack`` are two."""

    __tablename__ = "notice_reach"
    __table_args__ = (PrimaryKeyConstraint("notice_id", "grid_code", "channel"),)

    notice_id: Mapped[UUID] = internal()
    grid_code: Mapped[str] = internal(Text)
    channel: Mapped[str] = internal(Text)
    residents: Mapped[int] = internal(Integer)
