"""A notice, revision by revision, and every step that was taken with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

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
