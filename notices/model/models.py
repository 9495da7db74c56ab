"""Notices, whom they are for, and who has read them: fan-out on read, a target row for each place.

Publishing to ten million people is one row, not ten million (34 s and 1.7 GB of WAL, measured);
who moves in sees it, who moves out does not.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, declared_attr

from app.database import Model
from app.privacy import internal, public

OPEN = text("state IN ('draft', 'pending', 'returned', 'approved', 'scheduled')")
NONE = text("'{}'")


class Notice(Model):
    """One revision of a notice, from draft to its end; ``root_id`` is the same for all of them.

    ``publish_seq`` is given at publishing, in commit order. ``places`` are whom it is for, as
    ``notice_target`` has them; ``touches`` are all areas over or at one of them: who manages it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_touches", "touches", postgresql_using="gin"),
        Index("ix_notice_grams", "grams", postgresql_using="gin"),
        Index("uq_notice_revision", "root_id", "revision", unique=True),
        Index("uq_notice_open", "root_id", unique=True, postgresql_where=OPEN),
        Index("ix_notice_scheduled", "publish_at", postgresql_where=text("state = 'scheduled'")),
        Index(
            "ix_notice_duty",
            "ack_by",
            postgresql_where=text("needs_ack AND state = 'published'"),
        ),
        Index("ix_notice_expiring", "expires_at", postgresql_where=text("state = 'published'")),
        Index(
            "ix_notice_uncounted",
            "publish_seq",
            postgresql_where=text("publish_seq IS NOT NULL AND counted_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    root_id: Mapped[UUID] = internal()
    revision: Mapped[int] = internal(Integer)
    state: Mapped[str] = internal(Text)
    version: Mapped[int] = internal(Integer)
    kind: Mapped[str] = public(Text)
    priority: Mapped[int] = public(SmallInteger)
    drill: Mapped[bool] = public(Boolean)
    pinned: Mapped[bool] = public(Boolean)
    needs_ack: Mapped[bool] = public(Boolean)
    ack_by: Mapped[datetime | None] = public()
    title: Mapped[str] = public(Text)
    body_md: Mapped[str] = public(Text)
    body_html: Mapped[str] = public(Text)
    title_en: Mapped[str | None] = public(Text)
    body_en_md: Mapped[str | None] = public(Text)
    body_en_html: Mapped[str | None] = public(Text)
    large_text: Mapped[str] = public(Text)
    read_aloud: Mapped[str] = public(Text)
    own_words: Mapped[bool] = internal(Boolean, server_default="false")
    change_note: Mapped[str | None] = public(Text)
    grams: Mapped[list[str]] = public(ARRAY(Text))
    audience: Mapped[dict[str, Any]] = internal(JSONB)
    places: Mapped[list[str]] = internal(ARRAY(Text))
    people: Mapped[int] = internal(Integer)
    matters: Mapped[list[str]] = internal(ARRAY(Text), server_default=NONE)
    area_codes: Mapped[list[str]] = public(ARRAY(Text))
    touches: Mapped[list[str]] = internal(ARRAY(Text))
    polygon: Mapped[dict[str, Any] | None] = public(JSONB)
    attachments: Mapped[list[dict[str, Any]]] = public(JSONB, server_default=text("'[]'"))
    publish_at: Mapped[datetime | None] = internal()
    expires_at: Mapped[datetime | None] = internal()
    drafted_by: Mapped[UUID] = internal()
    drafted_at: Mapped[datetime] = internal()
    submitted_by: Mapped[UUID | None] = internal()
    approved_by: Mapped[UUID | None] = internal()
    published_by: Mapped[UUID | None] = internal()
    published_at: Mapped[datetime | None] = internal()
    publish_seq: Mapped[int | None] = internal(BigInteger, unique=True)
    ended_at: Mapped[datetime | None] = internal()
    counted_at: Mapped[datetime | None] = internal()
    counted_upto: Mapped[str | None] = internal(Text)


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
        Index("ix_notice_target_pinned", "place", "seq", postgresql_where=text("pinned")),
        Index("ix_notice_target_emergency", "place", "seq", postgresql_where=text("priority = 2")),
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


class NoticeVersion(Model):
    """One step of a notice: who took it, why, and what changed; ``content`` when it did."""

    __tablename__ = "notice_version"
    __table_args__ = (Index("ix_notice_version_notice", "notice_id", "id"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[UUID] = internal()
    version: Mapped[int] = internal(Integer)
    step: Mapped[str] = internal(Text)
    state: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal()
    account_id: Mapped[UUID | None] = internal()
    reason: Mapped[str | None] = internal(Text)
    changed: Mapped[list[str]] = internal(ARRAY(Text))
    content: Mapped[dict[str, Any] | None] = internal(JSONB)


class Receipt(Model):
    """That an account has read a notice, and acknowledged it, and when."""

    __tablename__ = "notice_receipt"
    __table_args__ = (PrimaryKeyConstraint("account_id", "seq"),)

    account_id: Mapped[UUID] = internal()
    seq: Mapped[int] = internal(BigInteger)
    read_at: Mapped[datetime] = internal()
    acked_at: Mapped[datetime | None] = internal()


class InboxState(Model):
    """Up to which number somebody has put everything aside as read."""

    __tablename__ = "inbox_state"

    account_id: Mapped[UUID] = internal(primary_key=True)
    read_upto: Mapped[int] = internal(BigInteger)


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
