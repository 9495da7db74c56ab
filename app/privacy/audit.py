"""Who did what to whom, written in the transaction of the deed; never a personal value."""

from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app import clock
from app.database import Model, transaction
from app.privacy.columns import internal


class AuditEntry(Model):
    """One deed or one reveal. Insert-only; subjects are internal ids."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_at", "at", postgresql_using="brin"),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = internal()
    account_id: Mapped[UUID | None] = internal()
    deed: Mapped[str] = internal(Text)
    subject_kind: Mapped[str] = internal(Text)
    subject_id: Mapped[str] = internal(Text)
    request_id: Mapped[str | None] = internal(Text)
    facts: Mapped[dict[str, object]] = internal(JSONB)


audit_context: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request or run in whose course deeds are done."""


def audit(
    account_id: UUID | None, deed: str, subject_kind: str, subject_id: object, **facts: object
) -> None:
    """Write one entry; codes and numbers only in ``facts``."""
    with transaction() as session:
        session.add(
            AuditEntry(
                at=clock.now(),
                account_id=account_id,
                deed=deed,
                subject_kind=subject_kind,
                subject_id=str(subject_id),
                request_id=audit_context.get(),
                facts=facts,
            )
        )
