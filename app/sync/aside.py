"""What was put aside, held back, kept out or given once, until somebody decides or for good."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.sync.models import NOW


class Quarantined(Model):
    """A row that is not a record, kept sealed for a year after it was last seen.

    ``status``: open; superseded (a record or a deletion of the same key, no older, came since);
    replayed (it was read again and is a record now); dismissed (somebody decided that it does not
    matter). ``ver``: its version, if that could be read.
    """

    __tablename__ = "sync_quarantine"
    __table_args__ = (
        PrimaryKeyConstraint("source", "stream", "digest"),
        Index(
            "ix_sync_quarantine_open",
            "source",
            "stream",
            "sid",
            postgresql_where=text("status = 'open'"),
        ),
    )

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    digest: Mapped[str] = internal(Text)
    sid: Mapped[str] = internal(Text)
    ver: Mapped[int | None] = internal(BigInteger)
    code: Mapped[str] = internal(Text)
    field: Mapped[str] = internal(Text)
    raw_sealed: Mapped[bytes] = personal()
    first_seen: Mapped[datetime] = internal()
    last_seen: Mapped[datetime] = internal()
    times: Mapped[int] = internal(Integer)
    status: Mapped[str] = internal(Text, server_default="open")
    closed_at: Mapped[datetime | None] = internal()


class SyncHold(Model):
    """Deletions that wait for somebody's word, because they are many.

    ``status``: held, approved, done (carried out), refused, lapsed (the source has them again, or
    a newer list is held in its place). ``n_missing`` are those that it was made for.
    """

    __tablename__ = "sync_hold"
    __table_args__ = (
        Index("ix_sync_hold_open", "source", "stream", postgresql_where=text("status = 'held'")),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    run_id: Mapped[int] = internal(BigInteger)
    made_at: Mapped[datetime] = internal(server_default=NOW)
    n_missing: Mapped[int] = internal(Integer)
    n_live: Mapped[int] = internal(Integer)
    status: Mapped[str] = internal(Text, server_default="held")
    decided_by: Mapped[UUID | None] = internal()
    decided_at: Mapped[datetime | None] = internal()


class SyncHeldKey(Model):
    """A record whose deletion is held, in the version that was missing."""

    __tablename__ = "sync_held_key"
    __table_args__ = (PrimaryKeyConstraint("hold_id", "sid"),)

    hold_id: Mapped[UUID] = internal()
    sid: Mapped[str] = internal(Text)
    ver: Mapped[int] = internal(BigInteger)


class SyncSuppressed(Model):
    """Somebody erased: no file brings them back. Known by a keyed index of the source's key."""

    __tablename__ = "sync_suppressed"
    __table_args__ = (PrimaryKeyConstraint("source", "stream", "sid_index"),)

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    sid_index: Mapped[bytes] = personal()
    at: Mapped[datetime] = internal(server_default=NOW)


class SyncCode(Model):
    """A code and the record that had it first: no other ever gets it, whatever became of that."""

    __tablename__ = "sync_code"
    __table_args__ = (PrimaryKeyConstraint("stream", "code"),)

    stream: Mapped[str] = internal(Text)
    code: Mapped[str] = internal(Text)
    source: Mapped[str] = internal(Text)
    sid: Mapped[str] = internal(Text)
