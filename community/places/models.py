"""Service points and what each of them handles."""

from datetime import date

from sqlalchemy import Double, Index, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.database.earth import Cube, place_of
from app.privacy import public


class ServicePoint(Model):
    """A counter, station or hall; ``opens`` are weekly hours by day ("mon" to "sun")."""

    __tablename__ = "service_point"
    __table_args__ = (Index("ix_service_point_place", "place", postgresql_using="gist"),)

    code: Mapped[str] = public(Text, primary_key=True)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str | None] = public(Text)
    area_code: Mapped[str] = public(Text)
    address: Mapped[str] = public(Text)
    phone: Mapped[str] = public(Text)
    opens: Mapped[dict[str, object]] = public(JSONB)
    lng: Mapped[float] = public(Double)
    lat: Mapped[float] = public(Double)
    place: Mapped[str] = public(Cube, place_of("lng", "lat"))
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class PointMatter(Model):
    """How far a point takes a matter: advice, receiving, accepting, completing, collecting."""

    __tablename__ = "point_matter"
    __table_args__ = (
        PrimaryKeyConstraint("point_code", "matter_code"),
        Index("ix_point_matter_matter", "matter_code"),
    )

    point_code: Mapped[str] = public(Text)
    matter_code: Mapped[str] = public(Text)
    depth: Mapped[str] = public(Text)
