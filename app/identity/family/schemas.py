"""The wire shapes of household and family."""

from typing import Any

import marshmallow as ma

from app.areas.schemas import AreaShape
from app.http.shapes import Day, PageQuery, Query, Shape, Text
from app.identity.guardianship import Basis, State
from app.sync.reconcile.schemas import AsOf


class HomeQuery(Query):
    """On which day; left out: today."""

    on = Day(load_default=None)


class HomeShape(Shape):
    """The areas that one lived in at the end of a day, as the register had it then."""

    on = ma.fields.Date(required=True)
    areas = ma.fields.List(ma.fields.Nested(AreaShape), required=True)
    as_of = AsOf()


class MemberShape(Shape):
    """Another adult of the household, who agreed to share."""

    account_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    relation = ma.fields.String(required=True)


class HouseholdShape(Shape):
    """Those of the household who agreed to share with it; the others are not shown."""

    members = ma.fields.List(ma.fields.Nested(MemberShape), required=True)
    as_of = AsOf()


class NewGuardianship(Shape):
    """The minor whose guardian one is."""

    name = Text(required=True, most=100)
    id_number = Text(required=True, most=30)


class CardShown(Shape):
    """The child's number, as each of the two members of staff reads it."""

    id_number = Text(required=True, most=30)


class GuardianshipQuery(PageQuery):
    """As whom: ``guardian`` or ``ward``."""

    side = ma.fields.String(
        load_default="guardian", validate=ma.validate.OneOf(("guardian", "ward"))
    )


class GuardianshipShape(Shape):
    """A guardianship, names masked; its id is given as ``mandate`` where one acts for the ward."""

    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(State)))
    said_zh = ma.fields.String(required=True, attribute="said.zh")
    said_en = ma.fields.String(required=True, attribute="said.en")
    basis = ma.fields.String(required=True, validate=ma.validate.OneOf(list(Basis)))
    guardian_name = ma.fields.String(required=True, allow_none=True)
    ward_name = ma.fields.String(required=True, allow_none=True)
    consented = ma.fields.Boolean(
        required=True, metadata={"description": "to an account of the child's own"}
    )
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    begun_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    desk_signed_once = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what the view knows of its row from the row."""
        if attr == "desk_signed_once":
            return obj.row.desk_first_by is not None
        of_view = ("state", "said.zh", "said.en", "guardian_name", "ward_name")
        return super().get_attribute(obj if attr in of_view else obj.row, attr, default)


class GuardianshipPage(Shape):
    """Some guardianships, the newest first."""

    items = ma.fields.List(ma.fields.Nested(GuardianshipShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
