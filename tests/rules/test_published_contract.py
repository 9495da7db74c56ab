"""The published contract: a sender who keeps to it is taken, and one who is taken keeps to it."""

import json
import re

import frictionless
import pyarrow as pa
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from app.privacy import Pii
from app.sync import Stream
from app.sync.connectors.protocol import Rows
from app.sync.contract.columns import read_rows
from app.sync.contract.publish import FORMS, contract_text, table_schema
from app.sync.contract.stream import SID, VERSION
from tests.exchange.good_rows import STREAMS, good_row
from tests.rules.contract_oracles import CONTRACTS, json_faults, published, table_faults
from tests.rules.test_contract_readings import clean_texts, rows_of, texts_of
from tests.surroundings import RECORDS

pytestmark = pytest.mark.usefixtures("whole_app")  # it holds the keys of the fingerprints

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


def test_every_stream_has_its_two_files_and_no_file_is_of_none(app: Flask) -> None:
    streams = {stream.name for stream in app.extensions["linli.streams"]}
    files = {f"{name}.{form}.json" for name in streams for form in FORMS}
    assert files == {path.name for path in CONTRACTS.glob("*")}
    assert streams == BY_NAME.keys()


@each_stream
def test_a_schema_is_a_schema(stream: Stream) -> None:
    Draft202012Validator.check_schema(published(stream, "json-schema"))
    assert frictionless.Schema.from_descriptor(published(stream, "table-schema")).fields


@each_stream
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_we_take_keeps_to_the_contract(stream: Stream, data: st.DataObject) -> None:
    """A sender that checks with the schema is never told no for a record that we would take."""
    found = accepted(stream, data.draw(rows_of(stream)))
    if found is not None:
        assert json_faults(stream, found) == []
        if found["op"] == "U":
            assert table_faults(stream, found) == []


SPELT_OUT = ("document", "outline", "weekly_hours")
UNSAYABLE = {"NOT_AN_ID_NUMBER", "NOT_A_CREDIT_CODE", "NOT_A_NAME", "NOT_A_POLYGON", "NOT_JSON"} | {
    "NOT_OPENING_HOURS",
    "PRECISION_LOST",
    "CONTROL_CHARACTERS",
}
"""What no schema can say of a text: check digits, outlines that close, hours in their order, what a
spreadsheet has eaten."""

UNSAYABLE_IN_TEXT = {"OUT_OF_BOUNDS", "NOT_A_DATE"}
"""What a JSON Schema cannot say of a number or a day that stands in a text."""

LENIENT = {"integer": r"[+-]?[\d_]+", "number": ".*", "date": r"\d{1,4}-\d{1,2}-\d{1,2}"}
"""What frictionless takes as Python would, and nobody promises: +3, 1_000, 2024-1-5, NaN."""


@each_stream
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_one_slip_is_judged_by_others_as_we_judge_it(stream: Stream, data: st.DataObject) -> None:
    """Frictionless and jsonschema, with the files that are published, refuse what we refuse."""
    kinds = {"sid": SID, "ver": VERSION, **{f.name: f.kind for f in stream.fields}}
    name = data.draw(st.sampled_from(sorted(kinds)))
    kind = kinds[name]
    text = data.draw(clean_texts(kind) | texts_of(kind) | st.none())
    row = good_row(stream) | {name: text}
    table = pa.table({each: pa.array([value], pa.string()) for each, value in row.items()})
    reading = read_rows(stream, Rows(table, fixed=False))
    if not reading.rejects:
        if accepted(stream, row) == row | {"op": "U"}:  # as it stood, nothing had to be tidied
            assert (table_faults(stream, row), json_faults(stream, row)) == ([], [])
        return
    ((code, field),) = [(each.code, each.field) for each in reading.rejects]
    if code in UNSAYABLE or (text or "").strip() != (text or ""):
        return
    if not re.fullmatch(LENIENT.get(str(kind.described["type"]), ""), text or ""):
        assert table_faults(stream, row) == [field] == [name], code
    if code not in UNSAYABLE_IN_TEXT:
        assert json_faults(stream, row), code


@each_stream
def test_a_good_record_passes_both(stream: Stream) -> None:
    row = good_row(stream)
    assert accepted(stream, row) is not None
    assert json_faults(stream, row) == []
    assert table_faults(stream, row) == []


@each_stream
def test_a_record_of_json_need_not_be_spelt_in_texts(stream: Stream) -> None:
    """As the documentation shows it: versions and counts are numbers, outlines are objects."""
    row = good_row(stream)
    said: dict[str, object] = {**row, "ver": 3}
    for field in stream.fields:
        if field.kind.described["type"] in ("integer", "number") or field.kind.name in SPELT_OUT:
            said[field.name] = json.loads(str(row[field.name]))
    assert json_faults(stream, said) == []
    assert json_faults(stream, said | {"ver": 0}) == ["$.ver"]
    assert json_faults(stream, said | {"ver": None}) == ["$.ver"]


def test_the_files_of_the_sample_keep_to_the_contract() -> None:
    lines = (RECORDS / "polygons.jsonl").read_text("utf-8").splitlines()[1:]
    assert lines
    for line in lines:
        assert json_faults(BY_NAME["polygons"], json.loads(line)) == []


@each_stream
def test_a_record_without_what_is_required_is_refused_by_both(stream: Stream) -> None:
    needed = ["sid", "ver", *(f.name for f in stream.fields if f.required)]
    for name in needed:
        row = {key: value for key, value in good_row(stream).items() if key != name}
        row |= {} if name in ("sid", "ver") else {"op": "U"}
        assert accepted(stream, {**row, name: None}) is None
        assert json_faults(stream, row), name
        assert table_faults(stream, row) == [name]


@each_stream
def test_what_may_be_left_out_may_be_null_or_empty_or_not_there(stream: Stream) -> None:
    for field in stream.fields:
        if not field.required:
            row = good_row(stream)
            for without in (None, ""):
                assert accepted(stream, row | {field.name: without}) is not None
                assert json_faults(stream, row | {field.name: without}) == []
            del row[field.name]
            assert json_faults(stream, row) == []


@each_stream
def test_an_empty_text_is_no_value_of_a_required_field(stream: Stream) -> None:
    """Sources that cannot tell nothing from an empty text are told so by the schema, too."""
    for field in stream.fields:
        row = good_row(stream) | {field.name: ""}
        refused = accepted(stream, row) is None
        assert refused == field.required
        assert bool(json_faults(stream, row)) == refused, field.name


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
            assert json_faults(stream, row), field.name
            assert table_faults(stream, row) == [field.name]


@each_stream
def test_a_key_or_version_that_is_none_is_refused_by_both(stream: Stream) -> None:
    for name, spoilt in (("sid", "a key"), ("sid", ""), ("ver", "")):
        row = good_row(stream) | {name: spoilt}
        assert accepted(stream, row) is None
        assert json_faults(stream, row), (name, spoilt)


@each_stream
def test_a_deletion_needs_key_and_version_only(stream: Stream) -> None:
    gone: Record = {"sid": "TRY-1", "ver": "2", "op": "D"}
    assert accepted(stream, gone) == gone | {f.name: None for f in stream.fields}
    assert json_faults(stream, gone) == []
    assert json_faults(stream, gone | {"op": "X"})


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
