"""The rules that the district keeps, each with its period."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Index, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, public


class MatterLimit(Model):
    """How long a stage of a matter may take; ``matter_code`` empty: of every matter without one.

    ``pausable``: the clock stands still while the filer is asked to add something. The extension
    is what may be granted once, by the unit itself or by district staff.
    """

    __tablename__ = "matter_limit"
    __table_args__ = (Index("ix_matter_limit_matter", "matter_code", "stage"),)

    sid: Mapped[str] = internal(Text, primary_key=True)
    matter_code: Mapped[str | None] = public(Text)
    stage: Mapped[str] = public(Text)
    count: Mapped[int] = public(Integer)
    unit: Mapped[str] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    pausable: Mapped[bool] = public(Boolean)
    extension_count: Mapped[int | None] = public(Integer)
    extension_unit: Mapped[str | None] = public(Text)
    extension_by: Mapped[str | None] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class DutyClause(Model):
    """A clause of the duty list (权责清单): what a department answers for."""

    __tablename__ = "duty_clause"

    code: Mapped[str] = public(Text, primary_key=True)
    department_code: Mapped[str] = public(Text, index=True)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str | None] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class DispatchRule(Model):
    """Which unit handles a matter in an area; the lowest ``priority`` that fits decides.

    ``version`` is that of the district's record, kept with each case that it dispatched.
    """

    __tablename__ = "dispatch_rule"

    sid: Mapped[str] = internal(Text, primary_key=True)
    version: Mapped[int] = internal(BigInteger)
    priority: Mapped[int] = public(Integer)
    area_code: Mapped[str | None] = public(Text)
    matter_code: Mapped[str | None] = public(Text)
    department_code: Mapped[str] = public(Text)
    handled_by: Mapped[str] = public(Text)
    clause_code: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class NotAccepted(Model):
    """What is not taken as a request, and where to turn instead (不予受理).

    ``category``: emergencies, litigation and the like. ``proof``: what a community must not
    certify (六部门 2020: 20 proofs); ``department_code`` is who does.
    """

    __tablename__ = "not_accepted"

    code: Mapped[str] = public(Text, primary_key=True)
    kind: Mapped[str] = public(Text)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str] = public(Text)
    told: Mapped[str] = public(Text)
    told_en: Mapped[str] = public(Text)
    phone: Mapped[str | None] = public(Text)
    department_code: Mapped[str | None] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class SupervisionRung(Model):
    """A rung of the ladder (提醒, 催办, 督办, 挂牌, 约谈): when it is climbed and whom it tells.

    It is due ``count`` ``unit`` after its ``base``: the deadline, the limit for claiming while
    nobody has, or that of a clock beside the case. A negative count lies before, in hours.
    """

    __tablename__ = "supervision_rung"

    sid: Mapped[str] = internal(Text, primary_key=True)
    rung: Mapped[int] = public(SmallInteger)
    base: Mapped[str] = public(Text)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str] = public(Text)
    count: Mapped[int] = public(Integer)
    unit: Mapped[str] = public(Text)
    tells: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class RatingReason(Model):
    """What may be ticked beside one level of a rating (好差评, GB/T 39735)."""

    __tablename__ = "rating_reason"

    code: Mapped[str] = public(Text, primary_key=True)
    stars: Mapped[int] = public(SmallInteger)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()


class Capacity(Model):
    """How many open requests one person may hold at a time, by role and where they work."""

    __tablename__ = "capacity"

    sid: Mapped[str] = internal(Text, primary_key=True)
    role: Mapped[str] = public(Text)
    area_code: Mapped[str | None] = public(Text)
    department_code: Mapped[str | None] = public(Text)
    most: Mapped[int] = public(Integer)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()
