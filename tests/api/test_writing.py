"""Rows are written by a plan, byte for byte as the library would write them."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import marshmallow as ma
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.shapes import Code, Day, Instant, Shape, Text, Whole


class Colour(StrEnum):
    """A value that is text and something more."""

    RED = "red"


class Loud(ma.fields.String):
    """A field with ways of its own."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return f"{value}!"


class Inner(Shape):
    """What stands within a row."""

    code = Code()
    many = Whole(low=0, high=9, data_key="howMany")


class Outer(Shape):
    """Every kind of field that answers have."""

    id = ma.fields.UUID()
    title = Text(most=9)
    loud = Loud()
    at = Instant()
    plain_at = ma.fields.DateTime()
    odd_at = ma.fields.DateTime(format="rfc822")
    day = Day()
    n = ma.fields.Integer()
    spelt = ma.fields.Integer(as_string=True)
    share = ma.fields.Float()
    yes = ma.fields.Boolean()
    inner = ma.fields.Nested(Inner)
    inners = ma.fields.List(ma.fields.Nested(Inner))
    part = ma.fields.Nested(Inner(), only=("code",))
    words = ma.fields.List(ma.fields.String())
    facts = ma.fields.Dict()
    either = ma.fields.Function(lambda row: repr(row)[:1])
    deep = ma.fields.String(attribute="inner.code")


class Library(ma.Schema):
    """The same, by the library alone."""

    _serialize = ma.Schema._serialize


def by_the_library(shape: type[Shape], row: Any) -> Any:
    """Write a row without any plan."""
    inner = type("Inner", (Library,), dict(Inner._declared_fields))
    fields = dict(shape._declared_fields)
    if shape is Outer:
        fields |= {
            "inner": ma.fields.Nested(inner),
            "inners": ma.fields.List(ma.fields.Nested(inner)),
            "part": ma.fields.Nested(inner(), only=("code",)),
        }
    return type("Alone", (Library,), fields)().dump(row)


InnerRow = namedtuple("InnerRow", ["code", "many"])
NAMES = [name for name in Outer._declared_fields if name not in ("either", "deep")]
OuterRow = namedtuple("OuterRow", NAMES)  # type: ignore[misc]


@dataclass
class Thing:
    """An object with some of the attributes, ``extra`` being none of the shape's."""

    title: str | None
    n: int
    extra: int = 0


inners = st.builds(InnerRow, st.none() | st.text(max_size=3), st.integers(0, 9))
moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001  the strategy puts the zone in
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": st.uuids() | st.uuids().map(str),
    "title": st.text(max_size=5) | st.just(Colour.RED) | st.uuids(),
    "loud": st.text(max_size=3),
    "at": moments,
    "plain_at": moments | moments.map(lambda moment: moment.replace(tzinfo=None)),
    "odd_at": moments,
    "day": st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    "n": st.integers(-9, 2**40) | st.booleans() | st.just("7"),
    "spelt": st.integers(0, 9),
    "share": st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 9),
    "yes": st.booleans() | st.sampled_from([0, 1]),
    "inner": inners,
    "inners": st.lists(inners, max_size=3),
    "part": inners,
    "words": st.lists(st.text(max_size=3) | st.just(Colour.RED), max_size=3),
    "facts": st.dictionaries(st.text(max_size=2), st.integers(0, 9), max_size=2),
}
rows = st.fixed_dictionaries({name: st.none() | value for name, value in VALUES.items()})


@given(rows)
def test_a_row_is_written_as_the_library_writes_it(values: dict[str, Any]) -> None:
    for row in (OuterRow(**values), values):
        assert _json(Outer().dump(row)) == _json(by_the_library(Outer, row))


@given(rows, st.sets(st.sampled_from(NAMES)))
def test_what_a_row_lacks_is_left_out(values: dict[str, Any], lacking: set[str]) -> None:
    row = {name: value for name, value in values.items() if name not in lacking}
    written = Outer().dump(row)
    assert not written.keys() & lacking
    assert _json(written) == _json(by_the_library(Outer, row))


@pytest.mark.parametrize("row", [Thing("x", 1), Thing(None, 2), {"title": "x", "n": 3}])
def test_objects_and_dictionaries_are_rows(row: Any) -> None:
    assert _json(Outer().dump(row)) == _json(by_the_library(Outer, row))


def test_many_rows_are_written_by_one_plan() -> None:
    shape = Inner(many=True)
    assert shape.dump([InnerRow("A", 1), InnerRow("B", 2)]) == [
        {"code": "A", "howMany": 1},
        {"code": "B", "howMany": 2},
    ]
    assert Inner(only=("code",)).dump(InnerRow("A", 1)) == {"code": "A"}


def _json(written: Any) -> Any:
    """Return what goes over the wire, whatever the order of its keys."""
    return orjson.dumps(written, option=orjson.OPT_SORT_KEYS)
