"""The wire shapes of one's own data."""

import marshmallow as ma

from app.http.shapes import Code, Query, Shape, Text
from app.rights.reveals import FIELDS, REASONS


class SectionShape(Shape):
    """A kind of records that is held."""

    name = ma.fields.String(required=True)
    title_zh = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)


class KeptShape(Shape):
    """What stays after closing the account, on what basis, and how long."""

    what_zh = ma.fields.String(required=True)
    what_en = ma.fields.String(required=True)
    basis = ma.fields.String(required=True)
    term_zh = ma.fields.String(required=True)
    term_en = ma.fields.String(required=True)


class DutyShape(Shape):
    """What is done by a duty of law: the person is told, and not asked (PIPL 35)."""

    words_zh = ma.fields.String(required=True, attribute="words.zh")
    words_en = ma.fields.String(required=True, attribute="words.en")
    basis = ma.fields.String(required=True)


class DataMap(Shape):
    """What kinds of data are held, what is done by duty, what stays by law, and where to go."""

    sections = ma.fields.List(ma.fields.Nested(SectionShape), required=True)
    done_by_duty = ma.fields.List(ma.fields.Nested(DutyShape), required=True)
    kept_by_law = ma.fields.List(ma.fields.Nested(KeptShape), required=True)
    ways = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class PurposeShape(Shape):
    """A purpose in words, with its legal basis."""

    code = ma.fields.String(required=True)
    words_zh = ma.fields.String(required=True, attribute="words.zh")
    words_en = ma.fields.String(required=True, attribute="words.en")
    basis = ma.fields.String(required=True)
    sensitive = ma.fields.Boolean(required=True)
    separate = ma.fields.Boolean(required=True)
    edition = ma.fields.Integer(required=True)


class AgreementShape(Shape):
    """What the caller says to a purpose; ``given_at`` is null where they do not agree."""

    purpose = ma.fields.Nested(PurposeShape, required=True)
    child = ma.fields.UUID(required=True, allow_none=True)
    given_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    edition = ma.fields.Integer(required=True, allow_none=True)


class Agreements(Shape):
    """Every purpose."""

    items = ma.fields.List(ma.fields.Nested(AgreementShape), required=True)


class NewConsent(Shape):
    """To which purpose one agrees; for phone-sharing with the phone, for a child with whose."""

    purpose = Code(required=True)
    phone = Text(load_default=None, most=30)
    child = ma.fields.UUID(load_default=None)


class WithdrawalQuery(Query):
    """For which child, if it is about one."""

    child = ma.fields.UUID(load_default=None)


class ExportShape(Shape):
    """How far a copy is: asked, ready, gone."""

    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(("asked", "ready", "gone")))
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")


class Closure(Shape):
    """That one means it: the word ``close``."""

    confirm = ma.fields.String(required=True, validate=ma.validate.OneOf(("close",)))


class NewReveal(Shape):
    """One field of the person whom one row is about, and why it must be seen."""

    kind = Code(required=True)
    id = ma.fields.UUID(required=True)
    field = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(FIELDS)))
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(REASONS)))
    words = Text(required=True, most=500, least=4)


class RevealedShape(Shape):
    """One value of one person."""

    id = ma.fields.UUID(required=True)
    field = ma.fields.String(required=True)
    value = ma.fields.String(required=True, allow_none=True)
