"""Service requests, their timelines and their ratings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.database.earth import Cube, on_earth, place_of, rounded
from app.privacy import internal, personal, public
from community.requests.lifecycle import OPEN

OPEN_STATES = f"state IN ({', '.join(repr(str(state)) for state in OPEN)})"

TOLD = ["id", "number", "matter_code", "state", "lng", "lat", "filed_at"]

NUMBERS = Sequence("service_request_number", metadata=Model.metadata)


class ServiceRequest(Model):
    """Something asked of the district at a place, and where it stands.

    ``lng`` and ``lat`` (WGS-84) say where the matter is, not where a person is; the words are
    sealed. ``place`` is rounded to some 100 m: the public list is ordered and measured by it, so
    that no number of questions finds the exact spot. ``deadline_at`` is absolute and made with
    ``calendar_version``; it is provisional when it was reckoned into a year whose calendar is not
    published.
    """

    __tablename__ = "service_request"
    __table_args__ = (
        Index(
            "ix_service_request_shown_place",  # all that the public view tells
            "place",
            postgresql_using="gist",
            postgresql_include=TOLD,
            postgresql_where=f"{OPEN_STATES} AND NOT confidential",
        ),
        Index(
            "ix_service_request_open_matter_place",
            "matter_code",
            "place",
            postgresql_using="gist",
            postgresql_where=OPEN_STATES,
        ),
        Index(
            "ix_service_request_open_spot",
            text(f"({on_earth('lng', 'lat')})"),
            postgresql_using="gist",
            postgresql_where=OPEN_STATES,
        ),
        Index("ix_service_request_mine", "account_id", "id"),
        Index("ix_service_request_grid", "grid_code", "deadline_at", postgresql_where=OPEN_STATES),
        Index(
            "ix_service_request_department",
            "department_code",
            "deadline_at",
            postgresql_where=OPEN_STATES,
        ),
        Index(
            "ix_service_request_held",
            "claimed_by",
            postgresql_where="state IN ('claimed', 'waiting')",
        ),
        Index("ix_service_request_open", "id", postgresql_where=OPEN_STATES),
        Index(
            "ix_service_request_next_rung",
            "next_rung_at",
            "id",
            postgresql_where="next_rung_at IS NOT NULL",
        ),
        Index(
            "ix_service_request_supervised",
            "deadline_at",
            "id",
            postgresql_where=f"rung > 0 AND {OPEN_STATES}",
        ),
        Index("ix_service_request_master", "master_id", postgresql_where="master_id IS NOT NULL"),
        Index(
            "ux_service_request_hotline_number",
            "hotline_number",
            unique=True,
            postgresql_where="hotline_number IS NOT NULL",
        ),
    )

    id: Mapped[UUID] = public(primary_key=True)
    number: Mapped[str] = public(Text, unique=True)
    matter_code: Mapped[str] = public(Text)
    account_id: Mapped[UUID | None] = internal()
    resident_id: Mapped[UUID | None] = internal()
    filed_by: Mapped[UUID | None] = internal()
    mandate_id: Mapped[UUID | None] = internal()
    channel: Mapped[str] = internal(Text)
    hotline_number: Mapped[str | None] = internal(Text)
    confidential: Mapped[bool] = internal(Boolean, server_default="false")
    words_sealed: Mapped[bytes] = personal()
    contact_sealed: Mapped[bytes | None] = personal()
    content: Mapped[bytes | None] = personal()
    against_account: Mapped[UUID | None] = internal()
    against_department: Mapped[str | None] = internal(Text)
    state: Mapped[str] = public(Text)
    version: Mapped[int] = internal(Integer)
    lng: Mapped[float] = internal(Double)
    lat: Mapped[float] = internal(Double)
    raw_lng: Mapped[float] = internal(Double)
    raw_lat: Mapped[float] = internal(Double)
    raw_crs: Mapped[str] = internal(Text)
    place: Mapped[str] = public(Cube, place_of(rounded("lng"), rounded("lat")))
    grid_code: Mapped[str] = public(Text)
    near_edge: Mapped[bool] = internal(Boolean)
    handled_by: Mapped[str] = internal(Text)
    department_code: Mapped[str | None] = internal(Text)
    first_department: Mapped[str | None] = internal(Text)
    helpers: Mapped[list[str]] = internal(ARRAY(Text), server_default="{}")
    help_open: Mapped[int] = internal(SmallInteger, server_default="0")
    unit_final: Mapped[bool] = internal(Boolean, server_default="false")
    why: Mapped[dict[str, object] | None] = internal(JSONB)
    claimed_by: Mapped[UUID | None] = internal()
    filed_at: Mapped[datetime] = public()
    deadline_at: Mapped[datetime] = public()
    deadline_provisional: Mapped[bool] = internal(Boolean)
    calendar_version: Mapped[str] = internal(Text)
    paused_seconds: Mapped[int] = internal(Integer, server_default="0")
    paused_at: Mapped[datetime | None] = public()
    pausable: Mapped[bool] = internal(Boolean, server_default="false")
    clock_from: Mapped[datetime | None] = internal()
    limit_stage: Mapped[str | None] = internal(Text)
    limit_count: Mapped[int | None] = internal(Integer)
    limit_unit: Mapped[str | None] = internal(Text)
    extension: Mapped[str | None] = internal(Text)
    extra_count: Mapped[int | None] = internal(Integer)
    extra_unit: Mapped[str | None] = internal(Text)
    claim_from: Mapped[datetime | None] = internal()
    claim_count: Mapped[int | None] = internal(Integer)
    claim_unit: Mapped[str | None] = internal(Text)
    claim_due_at: Mapped[datetime | None] = internal()
    signed_at: Mapped[datetime | None] = internal()
    contacted_at: Mapped[datetime | None] = internal()
    rung: Mapped[int] = internal(SmallInteger, server_default="0")
    next_rung_at: Mapped[datetime | None] = internal()
    round: Mapped[int] = internal(SmallInteger, server_default="1")
    settled_at: Mapped[datetime | None] = internal()
    result: Mapped[str | None] = internal(Text)
    planned_for: Mapped[date | None] = internal()
    reopen_until: Mapped[datetime | None] = internal()
    declining: Mapped[str | None] = internal(Text)
    master_id: Mapped[UUID | None] = internal()
    members: Mapped[int] = internal(SmallInteger, server_default="0")


class RequestEvent(Model):
    """One entry of a request's timeline; what somebody wrote to it is sealed."""

    __tablename__ = "request_event"
    __table_args__ = (Index("ix_request_event_request", "request_id", "id"),)

    id: Mapped[int] = internal(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = internal()
    at: Mapped[datetime] = internal()
    step: Mapped[str] = internal(Text)
    account_id: Mapped[UUID | None] = internal()
    note_sealed: Mapped[bytes | None] = personal()
    facts: Mapped[dict[str, object]] = internal(JSONB)


class Rating(Model):
    """One rating of one service event (好差评, GB/T 39734): given, never by default.

    A rework is a service event of its own: it makes a new ``round``, which may be rated again.
    """

    __tablename__ = "rating"
    __table_args__ = (
        PrimaryKeyConstraint("request_id", "round"),
        Index("ix_rating_rated_at", "rated_at"),
    )

    request_id: Mapped[UUID] = internal()
    round: Mapped[int] = internal(SmallInteger, server_default="1")
    account_id: Mapped[UUID] = internal()
    stars: Mapped[int] = internal(SmallInteger)
    reasons: Mapped[list[str]] = internal(ARRAY(Text), server_default="{}")
    words_sealed: Mapped[bytes | None] = personal()
    rated_at: Mapped[datetime] = internal()
