"""The catalogue of matters; its limits are data with a legal basis and a period."""

from datetime import date

from sqlalchemy import Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import public

KINDS = ("consult", "help", "complaint", "report", "suggest")
"""咨询, 求助, 投诉, 举报, 建议."""


class Matter(Model):
    """Something that people may ask of the district (事项).

    Open requests of the same matter within ``near_metres`` may be the same thing.
    """

    __tablename__ = "matter"

    code: Mapped[str] = public(Text, primary_key=True)
    name: Mapped[str] = public(Text)
    name_en: Mapped[str | None] = public(Text)
    kind: Mapped[str] = public(Text)
    department_code: Mapped[str] = public(Text)
    handled_by: Mapped[str] = public(Text)
    limit_count: Mapped[int] = public(Integer)
    limit_unit: Mapped[str] = public(Text)
    legal_basis: Mapped[str] = public(Text)
    level_required: Mapped[int] = public(SmallInteger)
    near_metres: Mapped[int | None] = public(Integer)
    valid_from: Mapped[date] = public()
    valid_to: Mapped[date | None] = public()
