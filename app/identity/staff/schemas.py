"""The wire shapes of staff, their added rights, and accounts."""

import marshmallow as ma

from app.http.shapes import Code, Day, Pattern, Shape, Text
from app.identity.staff.lifecycle import PLACES, Kind, State
from app.sync.reconcile.schemas import AsOf

STAFF_KEY = r"[A-Za-z0-9][A-Za-z0-9:/._-]{0,127}"
REASONS = ("left", "lost-device", "misuse", "request", "other")


class NewGrant(Shape):
    """A role for a member of staff, by the register's key; ``valid_to`` does not count any more."""

    staff = Pattern(STAFF_KEY, required=True)
    role = ma.fields.String(
        required=True, validate=ma.validate.OneOf([str(role) for role in PLACES])
    )
    area_code = Code(load_default=None)
    department_code = Code(load_default=None)
    valid_from = Day(required=True)
    valid_to = Day(required=True)
    reason = Text(required=True, most=500)


class NewCover(Shape):
    """Who covers; ``away`` names another than the caller, and is the security administrator's."""

    staff = Pattern(STAFF_KEY, required=True)
    away = Pattern(STAFF_KEY, load_default=None)
    valid_from = Day(required=True)
    valid_to = Day(required=True)
    reason = Text(required=True, most=500)


class Disabling(Shape):
    """Why an account is disabled."""

    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(REASONS))


class GrantShape(Shape):
    """A right that the platform added: a role for a time, or a colleague's while they are away."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(list(Kind)))
    account_id = ma.fields.UUID(required=True)
    role = ma.fields.String(required=True, allow_none=True)
    area_code = ma.fields.String(required=True, allow_none=True)
    department_code = ma.fields.String(required=True, allow_none=True)
    covered_account_id = ma.fields.UUID(required=True, allow_none=True)
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(required=True)
    reason = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(State)))
    asked_by = ma.fields.UUID(required=True)
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    decided_by = ma.fields.UUID(required=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    ended_by = ma.fields.UUID(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    version = ma.fields.Integer(required=True)


class GrantPage(Shape):
    """Some rights, the newest first."""

    items = ma.fields.List(ma.fields.Nested(GrantShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class StaffShape(Shape):
    """A role of a member of staff as the district's register has it; the name is masked."""

    staff_sid = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    area_code = ma.fields.String(required=True, allow_none=True)
    department_code = ma.fields.String(required=True, allow_none=True)
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(required=True, allow_none=True)
    account_id = ma.fields.UUID(required=True)
    status = ma.fields.String(required=True)


class StaffPage(Shape):
    """Some of the staff, by key, and how fresh that is."""

    items = ma.fields.List(ma.fields.Nested(StaffShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    as_of = AsOf()
