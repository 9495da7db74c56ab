"""The published contract: a sender who keeps to it is taken, and one who is taken keeps to it."""

import json
import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from app.privacy import Pii
from app.sync import Stream
from app.sync.connectors.protocol import Rows
from app.sync.contract.columns import read_rows
from app.sync.contract.publish import FORMS, contract_text, json_schema, table_schema
from tests.exchange.good_rows import STREAMS, good_row
from tests.rules.test_contract_readings import rows_of

BY_NAME = {stream.name: stream for stream in STREAMS}
each_stream = pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
Record = dict[str, str | None]


def accepted(stream: Stream, row: Record) -> Record | None:
    """Return the record that we make of a row, in canonical texts, or None if it is none."""
    table = pa.table({name: pa.array([text], pa.string()) for name, text in row.items()})
    records = read_rows(stream, Rows(table, fixed=False)).records
    if not len(records):
        return None
    values = [column[0].as_py() for column in records.values]
    fields = {f.name: value for f, value in zip(stream.fields, values, strict=True)}
    return {
        "sid": records.sid[0].as_py(),
        "ver": str(records.ver[0].as_py()),
        "op": "D" if records.gone[0] else "U",
        **fields,
    }


def faults(schema: dict[str, Any], row: Record) -> list[str]:
    """Return what the JSON Schema has against a row, without its values."""
    return [each.json_path for each in Draft202012Validator(schema).iter_errors(row)]


def table_faults(schema: dict[str, Any], row: Record) -> list[str]:
    """Return the fields that the constraints of the Table Schema refuse (datapackage.org)."""
    return [f["name"] for f in schema["fields"] if _refused(f, row.get(f["name"]))]


def _refused(field: dict[str, Any], text: str | None) -> bool:
    bounds = field["constraints"]
    if not text:
        return bool(bounds["required"])
    kind = field["type"]
    if kind in ("integer", "number"):
        return not bounds["minimum"] <= float(text) <= bounds["maximum"]
    if "enum" in bounds and text not in bounds["enum"]:
        return True
    if "pattern" in bounds and not re.fullmatch(bounds["pattern"], text):
        return True
    return not bounds.get("minLength", 0) <= len(text) <= bounds.get("maxLength", len(text))


@each_stream
def test_a_schema_is_a_schema(stream: Stream) -> None:
    Draft202012Validator.check_schema(json_schema(stream))


@each_stream
@settings(max_examples=60)
@given(data=st.data())
def test_what_we_take_keeps_to_the_contract(stream: Stream, data: st.DataObject) -> None:
    """A sender that checks with the schema is never told no for a record that we would take."""
    found = accepted(stream, data.draw(rows_of(stream)))
    if found is not None:
        assert faults(json_schema(stream), found) == []
        if found["op"] == "U":
            assert table_faults(table_schema(stream), found) == []


@each_stream
def test_a_good_record_passes_both(stream: Stream) -> None:
    row = good_row(stream)
    assert accepted(stream, row) is not None
    assert faults(json_schema(stream), row) == []
    assert table_faults(table_schema(stream), row) == []


@each_stream
def test_a_record_without_what_is_required_is_refused_by_both(stream: Stream) -> None:
    needed = ["sid", "ver", *(f.name for f in stream.fields if f.required)]
    for name in needed:
        row = {key: value for key, value in good_row(stream).items() if key != name}
        row |= {} if name in ("sid", "ver") else {"op": "U"}
        assert accepted(stream, {**row, name: None}) is None
        assert faults(json_schema(stream), row), name
        assert table_faults(table_schema(stream), row) == [name]


@each_stream
def test_what_may_be_left_out_may_be_null_or_empty_or_not_there(stream: Stream) -> None:
    for field in stream.fields:
        if not field.required:
            row = good_row(stream)
            for without in (None, ""):
                assert accepted(stream, row | {field.name: without}) is not None
                assert faults(json_schema(stream), row | {field.name: without}) == []
            del row[field.name]
            assert faults(json_schema(stream), row) == []


@each_stream
def test_an_empty_text_is_no_value_of_a_required_field(stream: Stream) -> None:
    """Sources that cannot tell nothing from an empty text are told so by the schema, too."""
    for field in stream.fields:
        row = good_row(stream) | {field.name: ""}
        refused = accepted(stream, row) is None
        assert refused == field.required
        assert bool(faults(json_schema(stream), row)) == refused, field.name


SPOILT = {
    "code": "a code",
    "key": "a key",
    "choice": "of its own",
    "phone": "0415-1234567",
    "id_number": "110105",
    "text": "长" * 4001,
    "name": "长" * 101,
}


@each_stream
def test_what_the_schema_can_say_it_refuses_as_we_do(stream: Stream) -> None:
    for field in stream.fields:
        if spoilt := SPOILT.get(field.kind.name):
            row = good_row(stream) | {field.name: spoilt}
            assert accepted(stream, row) is None, field.name
            assert faults(json_schema(stream), row), field.name
            assert table_faults(table_schema(stream), row) == [field.name]


@each_stream
def test_a_key_or_version_that_is_none_is_refused_by_both(stream: Stream) -> None:
    for name, spoilt in (("sid", "a key"), ("sid", ""), ("ver", "")):
        row = good_row(stream) | {name: spoilt}
        assert accepted(stream, row) is None
        assert faults(json_schema(stream), row), (name, spoilt)


@each_stream
def test_a_deletion_needs_key_and_version_only(stream: Stream) -> None:
    gone: Record = {"sid": "TRY-1", "ver": "2", "op": "D"}
    assert accepted(stream, gone) == gone | {f.name: None for f in stream.fields}
    assert faults(json_schema(stream), gone) == []
    assert faults(json_schema(stream), gone | {"op": "X"})


@each_stream
def test_the_table_names_each_field_its_reason_and_its_relations(stream: Stream) -> None:
    schema = table_schema(stream)
    names = [field["name"] for field in schema["fields"]]
    assert names == ["sid", "ver", "op", *(f.name for f in stream.fields)]
    tags = {field["name"]: field["x-pii"] for field in schema["fields"] if "x-pii" in field}
    assert {f.name: tags[f.name] for f in stream.fields} == {f.name: f.pii for f in stream.fields}
    assert set(tags.values()) <= {str(tag) for tag in Pii}
    for relation in schema.get("foreignKeys", ()):
        assert set(relation["fields"]) <= set(names)
        other = BY_NAME[relation["reference"]["resource"]]
        assert set(relation["reference"]["fields"]) <= {"sid", *(f.name for f in other.fields)}
    for (unique,) in schema.get("uniqueKeys", ()):
        assert unique == stream.unique


@each_stream
@pytest.mark.parametrize("form", FORMS)
def test_a_contract_is_printed_the_same_every_time(stream: Stream, form: str) -> None:
    first = contract_text(stream, form)
    assert first == contract_text(stream, form)
    assert json.loads(first) == FORMS[form](stream)
