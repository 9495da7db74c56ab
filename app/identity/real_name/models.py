"""Proofs of who somebody is that no match with the register gave."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, sensitive


class InPersonProof(Model):
    """Somebody who showed a document at a desk: one clerk proposes, another confirms."""

    __tablename__ = "in_person_proof"
    __table_args__ = (
        Index(
            "uq_in_person_proof_open",
            "account_id",
            unique=True,
            postgresql_where="state = 'proposed'",
        ),
        Index("ix_in_person_proof_area", "area_code", "id"),
        Index("ix_in_person_proof_lapses", "lapses_at", postgresql_where="state = 'proposed'"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal()
    resident_id: Mapped[UUID | None] = internal()
    area_code: Mapped[str] = internal(Text)
    document: Mapped[str] = internal(Text)
    number_index: Mapped[bytes] = sensitive()
    reason_sealed: Mapped[bytes] = personal()
    state: Mapped[str] = internal(Text, server_default="proposed")
    version: Mapped[int] = internal(Integer, server_default="1")
    proposed_by: Mapped[UUID] = internal()
    proposed_at: Mapped[datetime] = internal()
    lapses_at: Mapped[datetime] = internal()
    decided_by: Mapped[UUID | None] = internal()
    decided_at: Mapped[datetime | None] = internal()


class NetworkIdentity(Model):
    """The network identity (网号) that proved an account: the index of a pseudonym."""

    __tablename__ = "network_identity"

    account_id: Mapped[UUID] = internal(primary_key=True)
    subject_index: Mapped[bytes] = sensitive(unique=True)
    proved_at: Mapped[datetime] = internal()
