"""Where each chain of the trail begins and ends, and how long its entries are kept."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Index, Interval, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class AuditChain(Model):
    """A chain: entries ``base_seq + 1`` to ``seq``, the first hanging on ``base_hash``.

    What was before the base was removed when its time (``keep``, by the law named in ``basis``)
    was over. ``mac`` is keyed outside the database, so that whoever writes here cannot make up an
    end that suits a changed trail.
    """

    __tablename__ = "audit_chain"

    chain: Mapped[str] = internal(Text, primary_key=True)
    keep: Mapped[timedelta] = internal(Interval)
    basis: Mapped[str] = internal(Text)
    base_seq: Mapped[int] = internal(BigInteger, server_default="0")
    base_hash: Mapped[bytes] = internal(LargeBinary)
    seq: Mapped[int] = internal(BigInteger, server_default="0")
    hash: Mapped[bytes] = internal(LargeBinary)
    mac: Mapped[bytes | None] = internal(LargeBinary)


class AuditHead(Model):
    """How a chain ended at a moment: kept, and copied away by the operator."""

    __tablename__ = "audit_head"
    __table_args__ = (
        PrimaryKeyConstraint("chain", "seq"),
        Index("ix_audit_head_at", "at"),
    )

    chain: Mapped[str] = internal(Text)
    seq: Mapped[int] = internal(BigInteger)
    hash: Mapped[bytes] = internal(LargeBinary)
    at: Mapped[datetime] = internal()
    mac: Mapped[bytes] = internal(LargeBinary)
