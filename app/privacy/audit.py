"""Who did what to whom, written in the transaction of the deed; never a personal value."""

from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model, write
from app.privacy.columns import internal


class AuditEntry(Model):
    """One deed. Insert-only; subjects are internal ids."""

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


WRITE = """
INSERT INTO audit_entry (at, account_id, deed, subject_kind, subject_id, request_id, facts)
VALUES (now(), %(account)s, %(deed)s, %(kind)s, %(subject)s, %(request)s, %(facts)s)
"""

audit_context: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request or run in whose course deeds are done."""


def audit(
    account_id: UUID | None, deed: str, subject_kind: str, subject_id: object, **facts: object
) -> None:
    """Write one entry in the transaction of the deed; codes and numbers only in ``facts``."""
    write(
        WRITE,
        {
            "account": account_id,
            "deed": deed,
            "kind": subject_kind,
            "subject": str(subject_id),
            "request": audit_context.get(),
            "facts": orjson.dumps(facts).decode(),
        },
    )
