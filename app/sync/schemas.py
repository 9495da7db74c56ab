"""The wire shapes of the exchange's books."""

from typing import Any

import marshmallow as ma

from app.http.language import language
from app.http.shapes import Code, PageQuery, Shape
from app.sync.reasons import reason


class BatchQuery(PageQuery):
    """Which batches."""

    stream = Code(load_default=None)


class QuarantineQuery(PageQuery):
    """Which quarantined rows; without ``status`` all of them."""

    status = ma.fields.String(
        load_default=None,
        validate=ma.validate.OneOf(("open", "superseded", "replayed", "dismissed")),
    )


class RunShape(Shape):
    """One reading of a stream: running, done, held, refused, away, overtaken, stopped, failed."""

    id = ma.fields.Integer(required=True)
    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    started_at = ma.fields.AwareDateTime(required=True, format="iso")
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    status = ma.fields.String(required=True)
    message = ma.fields.String(required=True, allow_none=True)
    rows_in = ma.fields.Integer(required=True)
    rows_expected = ma.fields.Integer(required=True, allow_none=True)
    seen_at = ma.fields.AwareDateTime(
        required=True,
        format="iso",
        metadata={"description": "when it last committed a page, or read one again for its keys"},
    )
    rows_per_second = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "until its last page; null: no page yet"},
    )
    seconds_left = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "at that pace; null: not running, or nobody said how many"},
    )
    complete = ma.fields.Boolean(required=True)


class RunPage(Shape):
    """Some readings, the newest first."""

    items = ma.fields.List(ma.fields.Nested(RunShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class BatchShape(Shape):
    """One committed page of a stream; the counts add up to ``n_in``."""

    id = ma.fields.Integer(required=True)
    run_id = ma.fields.Integer(required=True)
    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    n_in = ma.fields.Integer(required=True)
    n_inserted = ma.fields.Integer(required=True)
    n_updated = ma.fields.Integer(required=True)
    n_deleted = ma.fields.Integer(required=True)
    n_same = ma.fields.Integer(required=True)
    n_stale = ma.fields.Integer(required=True)
    n_duplicate = ma.fields.Integer(required=True)
    n_suppressed = ma.fields.Integer(required=True)
    n_bad = ma.fields.Integer(required=True)
    n_waiting = ma.fields.Integer(required=True)
    n_home = ma.fields.Integer(required=True)


class BatchPage(Shape):
    """Some batches, the newest first."""

    items = ma.fields.List(ma.fields.Nested(BatchShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ReasonWords(ma.fields.String):
    """The words for the row's code, in the caller's language."""

    def get_value(self, obj: Any, attr: str, accessor: Any = None, default: Any = None) -> Any:  # noqa: ARG002  marshmallow calls it so
        """Return the words for the code that stands beside."""
        return reason(super().get_value(obj, "code", accessor), language() == "zh")


class QuarantinedShape(Shape):
    """A row in quarantine: why, not what."""

    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    reason = ReasonWords(required=True, metadata={"description": "the code in words"})
    field = ma.fields.String(required=True)
    first_seen = ma.fields.AwareDateTime(required=True, format="iso")
    last_seen = ma.fields.AwareDateTime(required=True, format="iso")
    times = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)


class QuarantinePage(Shape):
    """Some quarantined rows."""

    items = ma.fields.List(ma.fields.Nested(QuarantinedShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class YesOrNo(ma.fields.Boolean):
    """True or false, and nothing that resembles them: 1 deletes nobody."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002  marshmallow calls it so
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class DecisionBody(Shape):
    """What is decided: ``approve`` true deletes the records, false keeps them."""

    approve = YesOrNo(required=True)


class HoldShape(Shape):
    """Deletions that wait for somebody's word: held, approved, done, refused or lapsed."""

    id = ma.fields.UUID(required=True)
    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True, format="iso")
    n_missing = ma.fields.Integer(required=True)
    n_live = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    decided_by = ma.fields.UUID(required=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class HoldPage(Shape):
    """Some held deletions, the newest first."""

    items = ma.fields.List(ma.fields.Nested(HoldShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DriftShape(Shape):
    """Something odd about a source, counted; ``detail`` has names and numbers only."""

    id = ma.fields.Integer(required=True)
    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    detail = ma.fields.Dict(keys=ma.fields.String(), required=True)
    first_seen = ma.fields.AwareDateTime(required=True, format="iso")
    last_seen = ma.fields.AwareDateTime(required=True, format="iso")
    times = ma.fields.Integer(required=True)


class DriftPage(Shape):
    """Some drift, the newest first."""

    items = ma.fields.List(ma.fields.Nested(DriftShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
