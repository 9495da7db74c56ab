"""Which rungs of the ladder were climbed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class ClimbedRung(Model):
    """A rung that a case climbed in a round: each only once, however many workers there are."""

    __tablename__ = "request_rung"
    __table_args__ = (PrimaryKeyConstraint("request_id", "round", "rung"),)

    request_id: Mapped[UUID] = internal()
    round: Mapped[int] = internal(SmallInteger)
    rung: Mapped[int] = internal(SmallInteger)
    base: Mapped[str] = internal(Text)
    tells: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal()
