"""Divisions, areas, their dated links, changes and polygons, and the days on which work is done.

The zone has no division code of its own, so an owner is never derived from a code's prefix: which
area belongs to which division is a dated row (隶属, 代管, 协管).
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, public


class AreaLevel(StrEnum):
    """The levels of the zone's tree, from the top."""

    ZONE = "zone"
    SUBZONE = "subzone"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class Division(Model):
    """A statutory division (GB/T 2260 and the 12-digit statistical codes)."""

    __tablename__ = "division"

    code: Mapped[str] = public(Text, primary_key=True)
    name: Mapped[str] = public(Text)
    level: Mapped[str] = public(Text)
    parent_code: Mapped[str | None] = public(Text, index=True)
    valid_from: Mapped[date] = public()


class Area(Model):
    """A node of the zone's tree; ``path`` are the codes from the zone down to the node itself."""

    __tablename__ = "area"
    __table_args__ = (Index("ix_area_path", "path", postgresql_using="gin"),)

    code: Mapped[str] = public(Text, primary_key=True)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str | None] = public(Text)
    level: Mapped[str] = public(Text)
    parent_code: Mapped[str | None] = public(Text, index=True)
    path: Mapped[list[str]] = public(ARRAY(Text), server_default="{}")
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class AreaDivision(Model):
    """How an area hangs on a division, from when to when."""

    __tablename__ = "area_division"
    __table_args__ = (PrimaryKeyConstraint("area_code", "division_code", "valid_from"),)

    area_code: Mapped[str] = public(Text)
    division_code: Mapped[str] = public(Text)
    relation: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class AreaSuccession(Model):
    """One area follows another from a day on (撤并, 拆分); see ``app.areas.succession``.

    ``held`` says why it does not count: CIRCLE, ENDED_BEFORE, INCOMPLETE.
    """

    __tablename__ = "area_succession"
    __table_args__ = (PrimaryKeyConstraint("old_code", "new_code", "on_day"),)

    old_code: Mapped[str] = public(Text)
    new_code: Mapped[str] = public(Text)
    kind: Mapped[str] = public(Text)
    on_day: Mapped[date] = public()
    held: Mapped[str | None] = internal(Text)


class AreaPolygon(Model):
    """The outline of a community or grid (WGS-84 GeoJSON); ``batch`` tells of a change."""

    __tablename__ = "area_polygon"

    code: Mapped[str] = public(Text, primary_key=True)
    polygon: Mapped[dict[str, object]] = public(JSONB)
    valid_from: Mapped[date] = public()
    batch: Mapped[int] = internal(BigInteger)


class CalendarDay(Model):
    """A day that differs from Monday to Friday: a rest day, or a make-up working day."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = public(primary_key=True)
    kind: Mapped[str] = public(Text)
    name: Mapped[str] = public(Text)
    batch: Mapped[int] = internal(BigInteger)
