"""The people the platform knows, and what they may do.

The population register is the district's; an account is the platform's. Names, numbers and phones
are sealed; they are found by blind index ("phone", "id_number").
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Integer, PrimaryKeyConstraint, SmallInteger, Text, text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal, public, sensitive

NEW_ID = text("gen_random_uuid()")
NOW = text("now()")


class Department(Model):
    """A department of the zone (承办单位), by its own code and its credit code (GB 32100)."""

    __tablename__ = "department"

    code: Mapped[str] = public(Text, primary_key=True)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str | None] = public(Text)
    credit_code: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class Address(Model):
    """A dwelling's place in the zone; its words stay sealed in the mirror."""

    __tablename__ = "address"

    sid: Mapped[str] = internal(Text, primary_key=True)
    grid_code: Mapped[str] = internal(Text, index=True)


class Household(Model):
    """People who live together at an address (户)."""

    __tablename__ = "household"

    id: Mapped[UUID] = internal(server_default=NEW_ID, primary_key=True)
    sid: Mapped[str] = internal(Text, unique=True)
    address_sid: Mapped[str] = internal(Text, index=True)
    tenure: Mapped[str] = internal(Text)


class Resident(Model):
    """A person of the population register. ``sid`` is the register's key, never the number.

    ``age_class`` is NULL until a sweep has looked; ``turning_index`` finds who leaves it on a day.
    """

    __tablename__ = "resident"
    __table_args__ = (
        Index("ix_resident_ageless", "sid", postgresql_where=text("age_class IS NULL")),
        Index(
            "ix_resident_turning",
            "turning_index",
            postgresql_where=text("turning_index IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = internal(server_default=NEW_ID, primary_key=True)
    sid: Mapped[str] = internal(Text, unique=True)
    name_sealed: Mapped[bytes] = personal()
    id_number_sealed: Mapped[bytes] = sensitive()
    id_number_index: Mapped[bytes] = sensitive(index=True)
    household_sid: Mapped[str] = internal(Text, index=True)
    relation: Mapped[str] = internal(Text)
    age_class: Mapped[str | None] = internal(Text)
    turning_index: Mapped[bytes | None] = sensitive()


class Enterprise(Model):
    """An organisation of the register of enterprises, by its credit code (GB 32100).

    Who acts for it is found by the representative's number, and by the account of its contact.
    ``id`` is drawn at random, as a resident's is: both are walked together.
    """

    __tablename__ = "enterprise"

    sid: Mapped[str] = internal(Text, primary_key=True)
    id: Mapped[UUID] = internal(server_default=NEW_ID, unique=True)
    credit_code: Mapped[str] = public(Text)
    name: Mapped[str] = public(Text)
    area_code: Mapped[str] = internal(Text, index=True)
    representative_number_sealed: Mapped[bytes | None] = sensitive()
    representative_index: Mapped[bytes | None] = sensitive(index=True)
    contact_account_id: Mapped[UUID | None] = internal(index=True)
    status: Mapped[str] = public(Text)
    valid_from: Mapped[date] = internal()
    valid_to: Mapped[date | None] = internal()


class Account(Model):
    """Somebody who can sign in; ``level`` is the real-name level.

    1 phone, 2 matched to the population register, 3 network identity. ``suspended_at``: after a
    long absence the phone may be somebody else's, and nothing counts until they prove who they are.
    ``reading_mark`` grows with whatever the account reads, so that a poll can be answered by it.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = internal(server_default=NEW_ID, primary_key=True)
    phone_index: Mapped[bytes | None] = personal(unique=True)
    resident_id: Mapped[UUID | None] = internal(unique=True)
    level: Mapped[int] = internal(SmallInteger, server_default="1")
    status: Mapped[str] = internal(Text, server_default="active")
    made_at: Mapped[datetime] = internal(server_default=NOW)
    seen_at: Mapped[datetime] = internal(server_default=NOW)
    suspended_at: Mapped[datetime | None] = internal()
    reading_mark: Mapped[int] = internal(Integer, server_default="0")


class Consent(Model):
    """What somebody agreed to, and until when: kept as proof, one standing for each purpose.

    ``child_id``: the child under 14 for whom a guardian agreed. ``edition``: of the words.
    """

    __tablename__ = "consent"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "purpose", "given_at"),
        Index(
            "uq_consent_standing",
            "account_id",
            "purpose",
            "child_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "ix_consent_withdrawn_at",
            "withdrawn_at",
            postgresql_where=text("withdrawn_at IS NOT NULL"),
        ),
    )

    account_id: Mapped[UUID] = internal()
    purpose: Mapped[str] = internal(Text)
    given_at: Mapped[datetime] = internal()
    withdrawn_at: Mapped[datetime | None] = internal()
    child_id: Mapped[UUID | None] = internal()
    edition: Mapped[int] = internal(SmallInteger, server_default="1")


class StaffGrant(Model):
    """A role of a member of staff, and where it counts, from when to when."""

    __tablename__ = "staff_grant"
    __table_args__ = (PrimaryKeyConstraint("staff_sid", "role"),)

    staff_sid: Mapped[str] = internal(Text)
    role: Mapped[str] = internal(Text)
    account_id: Mapped[UUID] = internal(index=True)
    name_sealed: Mapped[bytes] = personal()
    area_code: Mapped[str | None] = internal(Text, index=True)
    department_code: Mapped[str | None] = internal(Text)
    valid_from: Mapped[date] = internal()
    valid_to: Mapped[date | None] = internal()


class AttemptCounter(Model):
    """How often something was tried in a window: counted before it is checked, kept as rows."""

    __tablename__ = "attempt_counter"
    __table_args__ = (PrimaryKeyConstraint("kind", "who", "window"),)

    kind: Mapped[str] = internal(Text)
    who: Mapped[bytes] = personal()
    window: Mapped[datetime] = internal(index=True)
    n: Mapped[int] = internal(Integer)
