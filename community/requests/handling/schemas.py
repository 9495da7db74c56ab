"""The wire shapes of handling."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Code, Pattern, Shape, Text, Whole

RESULTS = ("solved", "partly_solved", "planned", "explained", "not_our_duty", "duplicate")
"""已解决, 部分解决, 列入计划, 依法解释, 不属职责, 重复并案: closed is not the same as solved."""

BECAUSE = ("complex", "other_unit", "weather", "materials", "survey", "law")
"""Categories of reasons for more time."""


class Reason(Shape):
    """Why."""

    reason = Text(required=True, most=500)


class Release(Reason):
    """Why a claimed request is given back."""


class Note(Shape):
    """What was said or seen."""

    note = Text(required=True, most=2000)


class Wanted(Shape):
    """What the filer is asked to add: all of it at once (一次性告知)."""

    wanted = Text(required=True, most=2000)


class Supplement(Shape):
    """What the filer adds."""

    words = Text(required=True, most=2000)


class HandOver(Reason):
    """To whom, by their key in the staff register, and why."""

    to = Pattern(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", required=True)


class Settlement(Shape):
    """What came of a request: 已解决, 部分解决, 列入计划, 依法解释, 不属职责, 重复并案.

    ``planned`` names the day for which it is planned, ``not_our_duty`` the clause that says whose
    duty it is.
    """

    result = ma.fields.String(required=True, validate=ma.validate.OneOf(RESULTS))
    note = Text(required=True, most=2000)
    planned_for = ma.fields.Date(load_default=None)
    clause = Code(load_default=None)

    @ma.validates_schema
    def complete(self, data: dict[str, Any], **_options: Any) -> None:
        """Want the day of a plan and the clause of another's duty, and no day without a plan."""
        result = data.get("result")
        if (result == "planned") != (data.get("planned_for") is not None):
            raise ma.ValidationError(
                "required" if result == "planned" else "invalid", "planned_for"
            )
        if result == "not_our_duty" and data.get("clause") is None:
            raise ma.ValidationError("required", "clause")


class NewObjection(Reason):
    """Whose duty it is instead, and by which clause of the duty list."""

    clause = Code(required=True)
    propose = Code(required=True)


class Adjudication(Shape):
    """``uphold`` sends it to the unit proposed, or to another; ``reject`` leaves it where it is."""

    decision = ma.fields.String(required=True, validate=ma.validate.OneOf(["uphold", "reject"]))
    department = Code(load_default=None)
    note = Text(required=True, most=2000)


class Elsewhere(Reason):
    """To which department, and why: an override needs a reason."""

    department = Code(required=True)


class NewExtension(Shape):
    """How much more time, in the unit of the matter's rules, and why."""

    count = Whole(low=1, high=10_000, required=True)
    because = ma.fields.String(required=True, validate=ma.validate.OneOf(BECAUSE))
    note = Text(required=True, most=2000)


class Decision(Shape):
    """Granted or refused, with the reason that the filer reads."""

    decision = ma.fields.String(required=True, validate=ma.validate.OneOf(["grant", "refuse"]))
    note = Text(required=True, most=2000)


class ObjectionShape(Shape):
    """An objection to decide."""

    request_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    department_code = ma.fields.String(required=True)
    clause_code = ma.fields.String(required=True)
    proposed_code = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_at = ma.fields.AwareDateTime(required=True, format="iso")
    version = ma.fields.Integer(required=True)


class ObjectionPage(Shape):
    """Some objections, the most urgent first."""

    items = ma.fields.List(ma.fields.Nested(ObjectionShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
