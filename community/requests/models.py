"""Service requests, their timelines and their ratings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    Identity,
    Index,
    Integer,
    Sequence,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.database.earth import Cube, place_of, rounded
from app.privacy import internal, personal

OPEN_STATES = "state IN ('filed', 'dispatched', 'claimed')"

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
            "ix_service_request_open_place",
            "place",
            postgresql_using="gist",
            postgresql_where=OPEN_STATES,
        ),
        Index(
            "ix_service_request_open_matter_place",
            "matter_code",
            "place",
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
    )

    id: Mapped[UUID] = internal(primary_key=True)
    number: Mapped[str] = internal(Text, unique=True)
    matter_code: Mapped[str] = internal(Text)
    account_id: Mapped[UUID] = internal()
    resident_id: Mapped[UUID | None] = internal()
    channel: Mapped[str] = internal(Text)
    words_sealed: Mapped[bytes] = personal()
    state: Mapped[str] = internal(Text)
    version: Mapped[int] = internal(Integer)
    lng: Mapped[float] = internal(Double)
    lat: Mapped[float] = internal(Double)
    raw_lng: Mapped[float] = internal(Double)
    raw_lat: Mapped[float] = internal(Double)
    raw_crs: Mapped[str] = internal(Text)
    place: Mapped[str] = internal(Cube, place_of(rounded("lng"), rounded("lat")))
    grid_code: Mapped[str] = internal(Text)
    near_edge: Mapped[bool] = internal(Boolean)
    handled_by: Mapped[str] = internal(Text)
    department_code: Mapped[str] = internal(Text)
    claimed_by: Mapped[UUID | None] = internal(index=True)
    filed_at: Mapped[datetime] = internal()
    deadline_at: Mapped[datetime] = internal()
    deadline_provisional: Mapped[bool] = internal(Boolean)
    calendar_version: Mapped[str] = internal(Text)
    paused_seconds: Mapped[int] = internal(Integer, server_default="0")
    settled_at: Mapped[datetime | None] = internal()
    result: Mapped[str | None] = internal(Text)


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
    """One rating of one service event (好差评, GB/T 39734): given, never by default."""

    __tablename__ = "rating"

    request_id: Mapped[UUID] = internal(primary_key=True)
    account_id: Mapped[UUID] = internal()
    stars: Mapped[int] = internal(SmallInteger)
    words_sealed: Mapped[bytes | None] = personal()
    rated_at: Mapped[datetime] = internal()
