"""The books of the exchange: checkpoints, batches that add up, quarantine, and the outbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal
from app.worker import DueWork


class SyncCheckpoint(Model):
    """How far a stream of a source has been read; moved in the transaction of the batch."""

    __tablename__ = "sync_checkpoint"
    __table_args__ = (PrimaryKeyConstraint("source", "stream"),)

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    cursor: Mapped[dict[str, object]] = internal(JSONB)
    fence: Mapped[int] = internal(BigInteger)
    fresh_at: Mapped[datetime | None] = internal()


class SyncBatch(Model):
    """One committed page, with every row of it accounted for."""

    __tablename__ = "sync_batch"
    __table_args__ = (
        CheckConstraint(
            "n_in = n_inserted + n_updated + n_same + n_stale + n_duplicate + n_bad",
            name="adds_up",
        ),
        Index("ix_sync_batch_stream", "source", "stream", "id"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    at: Mapped[datetime] = internal()
    n_in: Mapped[int] = internal(Integer)
    n_inserted: Mapped[int] = internal(Integer)
    n_updated: Mapped[int] = internal(Integer)
    n_same: Mapped[int] = internal(Integer)
    n_stale: Mapped[int] = internal(Integer)
    n_duplicate: Mapped[int] = internal(Integer)
    n_bad: Mapped[int] = internal(Integer)


class Quarantined(Model):
    """A row that is not a record, kept sealed for a year after it was last seen."""

    __tablename__ = "sync_quarantine"
    __table_args__ = (PrimaryKeyConstraint("source", "stream", "digest"),)

    source: Mapped[str] = internal(Text)
    stream: Mapped[str] = internal(Text)
    digest: Mapped[str] = internal(Text)
    code: Mapped[str] = internal(Text)
    field: Mapped[str] = internal(Text)
    raw_sealed: Mapped[bytes] = personal()
    first_seen: Mapped[datetime] = internal()
    last_seen: Mapped[datetime] = internal()
    times: Mapped[int] = internal(Integer)


class OutboxEvent(DueWork, Model):
    """Something the district is to be told, written in the transaction of the deed.

    ``seq`` counts without gaps for each subject, so the district gets them in order.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "seq"),
        Index("ix_outbox_due", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    subject_kind: Mapped[str] = internal(Text)
    subject_id: Mapped[UUID] = internal()
    seq: Mapped[int] = internal(Integer)
    kind: Mapped[str] = internal(Text)
    payload_sealed: Mapped[bytes] = personal()
    told_at: Mapped[datetime] = internal()
    sent_at: Mapped[datetime | None] = internal()
    receipt: Mapped[str | None] = internal(Text)
