"""Rights that the platform adds to those of the district's staff register."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal

OF_THE_THREE = text(
    "state IN ('asked', 'standing')"
    " AND role IN ('administrator', 'security_administrator', 'auditor')"
)


class AddedGrant(Model):
    """A role for a time (``grant``), or the roles of a colleague who is away (``cover``).

    ``valid_to`` is the first day on which it does not count. The reason may name people, so it is
    sealed. No two of the three administrators' roles overlap in one account.
    """

    __tablename__ = "added_grant"

    id: Mapped[UUID] = internal(primary_key=True)
    kind: Mapped[str] = internal(Text)
    account_id: Mapped[UUID] = internal()
    role: Mapped[str | None] = internal(Text)
    area_code: Mapped[str | None] = internal(Text)
    department_code: Mapped[str | None] = internal(Text)
    covered_account_id: Mapped[UUID | None] = internal()
    valid_from: Mapped[date] = internal()
    valid_to: Mapped[date] = internal()
    reason_sealed: Mapped[bytes] = personal()
    state: Mapped[str] = internal(Text)
    version: Mapped[int] = internal(Integer, server_default="1")
    asked_by: Mapped[UUID] = internal()
    asked_at: Mapped[datetime] = internal()
    decided_by: Mapped[UUID | None] = internal()
    decided_at: Mapped[datetime | None] = internal()
    ended_by: Mapped[UUID | None] = internal()
    ended_at: Mapped[datetime | None] = internal()

    __table_args__ = (
        Index("ix_added_grant_account", "account_id", "id"),
        Index("ix_added_grant_covered", "covered_account_id", "id"),
        Index("ix_added_grant_asked_by", "asked_by", "id"),
        Index("ix_added_grant_valid_to", "valid_to"),
        Index(
            "ix_added_grant_standing",
            "account_id",
            postgresql_where=text("state = 'standing'"),
        ),
        CheckConstraint("valid_from < valid_to", name="period"),
        CheckConstraint(
            "(kind = 'grant') = (role IS NOT NULL) AND (kind = 'cover') ="
            " (covered_account_id IS NOT NULL)",
            name="kind",
        ),
        CheckConstraint("covered_account_id <> account_id", name="two_colleagues"),
        CheckConstraint(
            "state <> 'standing' OR decided_by IS NOT NULL AND decided_by <> asked_by"
            " AND decided_by <> account_id"
            " AND decided_by IS DISTINCT FROM covered_account_id",
            name="second_person",
        ),
        ExcludeConstraint(
            (text("account_id"), "="),
            (text("role"), "<>"),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="ex_added_grant_three_administrators",
            using="gist",
            where=OF_THE_THREE,
        ),
    )
