"""Guardians, what they consented to, who shares within a household, and where people lived."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class Guardianship(Model):
    """A guardian and a ward, by the register or by two members of staff at a desk.

    It holds no day on which it ends: that would be the ward's birthday. Age is read when it counts.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        Index("ix_guardianship_guardian", "guardian_resident_id", "id"),
        Index("ix_guardianship_ward", "ward_resident_id", "id"),
        Index(
            "uq_guardianship_open",
            "guardian_resident_id",
            "ward_resident_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'standing')"),
        ),
        Index(
            "ix_guardianship_ended_at",
            "ended_at",
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        CheckConstraint("guardian_resident_id <> ward_resident_id", name="two_people"),
        CheckConstraint("desk_first_by <> desk_second_by", name="two_staff"),
        CheckConstraint(
            "basis = 'register' OR state <> 'standing' OR desk_second_by IS NOT NULL",
            name="signed_twice",
        ),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    guardian_resident_id: Mapped[UUID] = internal()
    ward_resident_id: Mapped[UUID] = internal()
    basis: Mapped[str] = internal(Text)
    state: Mapped[str] = internal(Text)
    version: Mapped[int] = internal(Integer, server_default="1")
    asked_at: Mapped[datetime] = internal()
    desk_first_by: Mapped[UUID | None] = internal()
    desk_second_by: Mapped[UUID | None] = internal()
    begun_at: Mapped[datetime | None] = internal()
    ended_at: Mapped[datetime | None] = internal()
    ended_by: Mapped[UUID | None] = internal()


class GuardianConsent(Model):
    """A guardian's consent that a child under 14 has an account of their own (PIPL 31)."""

    __tablename__ = "guardian_consent"
    __table_args__ = (
        PrimaryKeyConstraint("guardianship_id", "given_at"),
        Index(
            "uq_guardian_consent_standing",
            "guardianship_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "ix_guardian_consent_withdrawn_at",
            "withdrawn_at",
            postgresql_where=text("withdrawn_at IS NOT NULL"),
        ),
    )

    guardianship_id: Mapped[UUID] = internal()
    given_at: Mapped[datetime] = internal()
    withdrawn_at: Mapped[datetime | None] = internal()


class HouseholdShare(Model):
    """An adult lets the other adults of their household see; it holds for that household only."""

    __tablename__ = "household_share"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "given_at"),
        Index(
            "uq_household_share_standing",
            "account_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "ix_household_share_household",
            "household_id",
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    account_id: Mapped[UUID] = internal()
    household_id: Mapped[UUID] = internal()
    given_at: Mapped[datetime] = internal()
    withdrawn_at: Mapped[datetime | None] = internal()


class PastHome(Model):
    """What the register said until a moment: a resident's household, its address, its grid.

    Written by triggers when the register changes what it says. Now is in the tables themselves.
    """

    __tablename__ = "past_home"
    __table_args__ = (
        PrimaryKeyConstraint("kind", "sid", "until_at"),
        Index("ix_past_home_until_at", "until_at", postgresql_using="brin"),
    )

    kind: Mapped[str] = internal(Text)
    sid: Mapped[str] = internal(Text)
    until_at: Mapped[datetime] = internal()
    was: Mapped[str] = internal(Text)
