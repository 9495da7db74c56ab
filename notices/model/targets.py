"""Where a notice is shown: fan-out on read, a target row for each place.

Publishing to ten million people is one row, not ten million (34 s and 1.7 GB of WAL, measured);
who moves in sees it, who moves out does not.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, PrimaryKeyConstraint, SmallInteger, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr

from app.database import Model
from app.privacy import internal


class Target:
    """The columns of a target: what is published to a place, by sequence."""

    @declared_attr
    def place(self) -> Mapped[str]:
        """An area's code, or another place as notices/audience/places.py writes it."""
        return internal(Text)

    @declared_attr
    def seq(self) -> Mapped[int]:
        """The number given at publishing."""
        return internal(BigInteger)

    @declared_attr
    def notice_id(self) -> Mapped[UUID]:
        """The revision."""
        return internal(index=True)

    @declared_attr
    def people(self) -> Mapped[int]:
        """Which of the people at the place, as bits."""
        return internal(Integer)

    @declared_attr
    def priority(self) -> Mapped[int]:
        """As the notice has it."""
        return internal(SmallInteger)

    @declared_attr
    def pinned(self) -> Mapped[bool]:
        """As the notice has it."""
        return internal(Boolean)

    @declared_attr
    def expires_at(self) -> Mapped[datetime]:
        """When it leaves the inboxes; infinity: never."""
        return internal()

    @declared_attr
    def matters(self) -> Mapped[list[str] | None]:
        """Whose holders are meant, if those of some matters are."""
        return internal(ARRAY(Text))


class NoticeTarget(Target, Model):
    """The only table that an inbox reads first: what is published to a place and stands."""

    __tablename__ = "notice_target"
    __table_args__ = (
        PrimaryKeyConstraint("place", "seq"),
        Index("ix_notice_target_expires_at", "expires_at"),
        Index("ix_notice_target_pinned", "place", "seq", postgresql_where=sql("pinned")),
        Index("ix_notice_target_emergency", "place", "seq", postgresql_where=sql("priority = 2")),
    )


class PastTarget(Target, Model):
    """What was published to a place and has expired: found again, and never in the way."""

    __tablename__ = "notice_target_past"
    __table_args__ = (PrimaryKeyConstraint("place", "seq"),)


class NoticeMark(Model):
    """The number of the last change of what a place is shown: what a poll is answered by."""

    __tablename__ = "notice_mark"

    place: Mapped[str] = internal(Text, primary_key=True)
    seq: Mapped[int] = internal(BigInteger, index=True)


class NoticeChange(Model):
    """Every change that readers notice, in commit order: published, withdrawn, expired …

    ``seq`` of a publication is the notice's ``publish_seq``.
    """

    __tablename__ = "notice_change"

    seq: Mapped[int] = internal(BigInteger, primary_key=True)
    notice_id: Mapped[UUID] = internal(index=True)
    step: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal()
