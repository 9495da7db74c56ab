"""Who did what to whom, written in the transaction of the deed; never a personal value.

Rows are only ever added. app/audits seals them into chains, shows them to auditors, and removes
whole stretches when their time is over.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model, apart, write
from app.privacy.columns import internal

DEEDS, SHARING = "deeds", "sharing"
"""The two chains: what was done, and what of a person was shown or given to somebody else."""

SHARED = frozenset(
    {
        "consent-given",
        "consent-withdrawn",
        "correction-asked",
        "reveal",
        "holdings-downloaded",
        "account-closed",
        "sync.quarantine.revealed",
    }
)
"""Deeds whose records are kept three years (网络数据安全管理条例 art. 12)."""


class AuditEntry(Model):
    """One deed. Insert-only (a trigger refuses all else); subjects are internal ids.

    ``seq`` and ``hash`` are its place in its chain, empty until it is sealed. ``xid`` is the
    transaction that wrote it: numbers are drawn before their transaction commits, so only below
    the oldest running transaction is the order final.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_account", "account_id", "id"),
        Index("ix_audit_entry_at", "at", postgresql_using="brin"),
        Index("uq_audit_entry_chain", "chain", "seq", unique=True),
        Index("ix_audit_entry_unsealed", "chain", "id", postgresql_where=text("seq IS NULL")),
    )

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = internal()
    account_id: Mapped[UUID | None] = internal()
    deed: Mapped[str] = internal(Text)
    subject_kind: Mapped[str] = internal(Text)
    subject_id: Mapped[str] = internal(Text)
    request_id: Mapped[str | None] = internal(Text)
    facts: Mapped[dict[str, object]] = internal(JSONB)
    chain: Mapped[str] = internal(Text, server_default=DEEDS)
    xid: Mapped[int] = internal(BigInteger, server_default="0")
    seq: Mapped[int | None] = internal(BigInteger)
    hash: Mapped[bytes | None] = internal(LargeBinary)


WRITE = """
INSERT INTO audit_entry
  (at, account_id, deed, subject_kind, subject_id, request_id, facts, chain, xid)
VALUES (now(), %(account)s, %(deed)s, %(kind)s, %(subject)s, %(request)s, %(facts)s, %(chain)s,
  pg_current_xact_id()::text::bigint)
"""

audit_context: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request or run in whose course deeds are done."""

audit_covering: ContextVar[tuple[UUID, ...]] = ContextVar("covering", default=())
"""Whom whoever is asking stands in for: the audit of a deed names both."""

audit_acting: ContextVar[Mapping[str, UUID]] = ContextVar("acting", default=MappingProxyType({}))
"""For whom, and by what, whoever is asking acts in this request: the audit of a deed says so."""


def audit(
    account_id: UUID | None, deed: str, subject_kind: str, subject_id: object, **facts: object
) -> None:
    """Write one entry in the transaction of the deed; codes and numbers only in ``facts``.

    A colleague whom the caller covers is named in it besides, and somebody for whom they act.
    """
    write(WRITE, _entry(account_id, deed, subject_kind, subject_id, facts))


def audit_apart(
    account_id: UUID | None, deed: str, subject_kind: str, subject_id: object, **facts: object
) -> None:
    """Write one entry by itself, so that it outlives the refusal that tells what it is about."""
    apart(WRITE, _entry(account_id, deed, subject_kind, subject_id, facts))


def _entry(
    account_id: UUID | None,
    deed: str,
    subject_kind: str,
    subject_id: object,
    facts: dict[str, object],
) -> dict[str, object]:
    facts = {**audit_acting.get(), **facts}
    covering = audit_covering.get()
    if covering and account_id is not None:
        facts["covering"] = list(covering)
    return {
        "account": account_id,
        "deed": deed,
        "kind": subject_kind,
        "subject": str(subject_id),
        "request": audit_context.get(),
        "facts": orjson.dumps(facts).decode(),
        "chain": SHARING if deed in SHARED else DEEDS,
    }
