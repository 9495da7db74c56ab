"""The books of what comes in: how far, what came of it, what was put aside."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal

NOW = text("now()")
OUTCOMES = ("inserted", "updated", "deleted", "same", "stale", "duplicate", "suppressed", "bad")
"""What can become of a row that came in: exactly one of these."""


class SyncCheckpoint(Model):
    """How far a stream of a source has been read; moved in the transaction of the batch.

    ``read_digest``: the content that was last read to its end, as the source names it, and
    whether it was said to be all there is.
    ``fresh_at``: all that the source has is here, as of then. ``equal_at``: when both sides were
    last counted and found equal.
    """

    __tablename__ = "sync_checkpoint"
    __table_args__ = (PrimaryKeyConstraint("source", "stream"),)

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    cursor: Mapped[dict[str, object]] = internal(JSONB)
    fence: Mapped[int] = internal(BigInteger)
    read_digest: Mapped[str | None] = internal(Text)
    fresh_at: Mapped[datetime | None] = internal()
    equal_at: Mapped[datetime | None] = internal()


class SyncSource(Model):
    """A configured source, as far as others than its reader need to know it.

    Written by whoever reads the source. ``next_run_at``: when the worker is to read it again, if
    it is read by the clock; ``reader_until``: until when one does, unless it died.
    """

    __tablename__ = "sync_source"

    source: Mapped[str] = internal(Text, primary_key=True)
    kind: Mapped[str] = internal(Text)
    fresh_within_s: Mapped[int] = internal(Integer)
    every_s: Mapped[int | None] = internal(Integer)
    next_run_at: Mapped[datetime | None] = internal()
    reader_until: Mapped[datetime | None] = internal()
    reconciled_at: Mapped[datetime | None] = internal()


class SyncRun(Model):
    """One reading of a stream, from its start to its end or its fault.

    ``status``: running, done, held (deletions wait for an approver), refused (the source is not
    what it says), away (it could not be reached), overtaken, stopped (by a signal), failed.
    ``message`` says why, in words without values. ``kind``: reading, or repair, replay, deletion,
    erasure, which take a stream over in the same way.
    """

    __tablename__ = "sync_run"
    __table_args__ = (Index("ix_sync_run_stream", "source", "stream", "id"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    kind: Mapped[str] = internal(Text, server_default="reading")
    started_at: Mapped[datetime] = internal(server_default=NOW)
    ended_at: Mapped[datetime | None] = internal()
    seen_at: Mapped[datetime] = internal(server_default=NOW)
    status: Mapped[str] = internal(Text, server_default="running")
    message: Mapped[str | None] = internal(Text)
    fence: Mapped[int] = internal(BigInteger)
    rows_in: Mapped[int] = internal(BigInteger, server_default="0")
    rows_expected: Mapped[int | None] = internal(BigInteger)
    complete: Mapped[bool] = internal(server_default="false")


class SyncBatch(Model):
    """One committed page, with every row of it accounted for.

    ``n_waiting`` of the records that came wait for another; ``n_home`` had waited and need not
    any more. Both are no outcomes: such records are inserted or updated as well.
    """

    __tablename__ = "sync_batch"
    __table_args__ = (
        CheckConstraint("n_in = " + " + ".join(f"n_{each}" for each in OUTCOMES), name="adds_up"),
        Index("ix_sync_batch_stream", "source", "stream", "id"),
        Index("ix_sync_batch_run", "run_id"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    run_id: Mapped[int] = internal(BigInteger)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal()
    n_in: Mapped[int] = internal(Integer)
    n_inserted: Mapped[int] = internal(Integer)
    n_updated: Mapped[int] = internal(Integer)
    n_deleted: Mapped[int] = internal(Integer)
    n_same: Mapped[int] = internal(Integer)
    n_stale: Mapped[int] = internal(Integer)
    n_duplicate: Mapped[int] = internal(Integer)
    n_suppressed: Mapped[int] = internal(Integer)
    n_bad: Mapped[int] = internal(Integer)
    n_waiting: Mapped[int] = internal(Integer)
    n_home: Mapped[int] = internal(Integer)


class SyncBucket(Model):
    """What lives in the mirror, counted: 4,096 buckets a stream, kept by the merge.

    The bucket is the number of the first 3 hex digits of MD5(sid). ``versions`` sums the number
    of the first 15 hex digits of MD5(sid ":" ver), which any database can reckon in plain SQL;
    ``content`` sums the keyed hashes. Sums do not depend on order, so merges add to them.
    """

    __tablename__ = "sync_bucket"
    __table_args__ = (
        PrimaryKeyConstraint("source", "stream", "bucket"),
        {"postgresql_with": {"fillfactor": 50}},  # every page adds to each: leave room beside it
    )

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    bucket: Mapped[int] = internal(SmallInteger)
    n: Mapped[int] = internal(BigInteger)
    versions: Mapped[int] = internal(Numeric)
    content: Mapped[int] = internal(Numeric)


class SyncTally(Model):
    """What large pages have added to a stream's buckets, until it is added to ``sync_bucket``.

    A value for each bucket, in their order; of ``versions`` two limbs of 30 bits, of ``content``
    five, the lowest first. ``batch``: the page that was added last.
    """

    __tablename__ = "sync_tally"
    __table_args__ = (PrimaryKeyConstraint("source", "stream"),)

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    batch: Mapped[int] = internal(BigInteger)
    n: Mapped[list[int]] = internal(ARRAY(BigInteger))
    versions: Mapped[list[list[int]]] = internal(ARRAY(BigInteger, dimensions=2))
    content: Mapped[list[list[int]]] = internal(ARRAY(BigInteger, dimensions=2))


class SyncSeen(Model):
    """What a complete reading held, for as long as it is compared. Unlogged: a crash forgets it.

    ``told``: the key as a source that counts writes it, where we read it otherwise.
    """

    __tablename__ = "sync_seen"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "ord"),
        {"prefixes": ["UNLOGGED"]},
    )

    run_id: Mapped[int] = internal(BigInteger)
    ord: Mapped[int] = internal(BigInteger)
    sid: Mapped[str] = internal(Text)
    ver: Mapped[int] = internal(BigInteger)
    hash: Mapped[bytes | None] = internal()
    told: Mapped[str | None] = internal(Text)


class SyncLook(Model):
    """Keys in ``sync_seen`` that somebody needs, and when they last said so: the rest may go."""

    __tablename__ = "sync_look"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    number: Mapped[int] = internal(BigInteger, primary_key=True, autoincrement=False)
    alive_at: Mapped[datetime] = internal(server_default=NOW)


class SyncDrift(Model):
    """Something about a source that is not wrong enough to refuse and not right enough to hide.

    ``kind``: VERSION_REUSED, COLUMN_NEW, VOLUME, COMPLETENESS, BOOKS. ``detail`` holds names and
    numbers, never values of records.
    """

    __tablename__ = "sync_drift"
    __table_args__ = (
        UniqueConstraint("source", "stream", "kind", "subject"),
        Index("ix_sync_drift_seen", "last_seen"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    kind: Mapped[str] = internal(Text)
    subject: Mapped[str] = internal(Text)
    detail: Mapped[dict[str, object]] = internal(JSONB)
    first_seen: Mapped[datetime] = internal(server_default=NOW)
    last_seen: Mapped[datetime] = internal(server_default=NOW)
    times: Mapped[int] = internal(Integer, server_default="1")
