"""The wire shapes of helping departments."""

import marshmallow as ma

from app.http.shapes import Code, Shape, Text


class NewTask(Shape):
    """Which department is asked for what; a mandatory part holds settling up."""

    department = Code(required=True)
    asked = Text(required=True, most=2000)
    mandatory = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=True)


class TaskAnswer(Shape):
    """What the department did or found."""

    words = Text(required=True, most=2000)


class TaskCancelled(Shape):
    """Why the department is asked no more."""

    reason = Text(required=True, most=500)


class TaskShape(Shape):
    """A part of a case, of whom it was asked, and by when."""

    id = ma.fields.UUID(required=True)
    request_id = ma.fields.UUID(required=True)
    department_code = ma.fields.String(required=True)
    mandatory = ma.fields.Boolean(required=True)
    asked = ma.fields.String(required=True, allow_none=True)
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_at = ma.fields.AwareDateTime(required=True, format="iso")
    provisional = ma.fields.Boolean(required=True)
    answer = ma.fields.String(required=True, allow_none=True)
    answered_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    cancelled_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class TaskList(Shape):
    """The parts of one case."""

    items = ma.fields.List(ma.fields.Nested(TaskShape), required=True)


class TaskPage(TaskList):
    """Some parts, the most urgent first."""

    next = ma.fields.String(required=True, allow_none=True)
