"""What a change of a request leaves behind for those who look at many of them.

A trigger on ``service_request`` writes both logs (migration 0015), so that no statement that
changes a request needs to think of them, and none can forget.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
)
from sqlalchemy.orm import Mapped

from app.database import Model
from app.database.xids import Xid8
from app.privacy import internal


class RequestChange(Model):
    """A request that is or was open changed, as the unit that had or has it must know.

    ``unit`` is ``g:`` and a grid's code or ``d:`` and a department's; a request that goes from
    one to another leaves a row for each. Kept for a week.
    """

    __tablename__ = "request_change"
    __table_args__ = (
        PrimaryKeyConstraint("unit", "xid", "request_id"),
        Index("ix_request_change_at", "at", postgresql_using="brin"),
    )

    unit: Mapped[str] = internal(Text)
    xid: Mapped[str] = internal(Xid8)
    request_id: Mapped[UUID] = internal()
    at: Mapped[datetime] = internal()


class RequestCell(Model):
    """How many open requests of a matter the public view shows in a cell of some 100 m.

    ``x`` and ``y`` are thousandths of a degree. What is younger than a quarter of an hour stands
    in ``request_cell_change`` beside it.
    """

    __tablename__ = "request_cell"
    __table_args__ = (PrimaryKeyConstraint("x", "y", "matter_code"),)

    x: Mapped[int] = internal(Integer)
    y: Mapped[int] = internal(Integer)
    matter_code: Mapped[str] = internal(Text)
    n: Mapped[int] = internal(Integer)


class RequestCellChange(Model):
    """One request more or less in a cell."""

    __tablename__ = "request_cell_change"
    __table_args__ = (Index("ix_request_cell_change_xid", "xid"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[str] = internal(Xid8)
    at: Mapped[datetime] = internal()
    x: Mapped[int] = internal(Integer)
    y: Mapped[int] = internal(Integer)
    matter_code: Mapped[str] = internal(Text)
    delta: Mapped[int] = internal(SmallInteger)
