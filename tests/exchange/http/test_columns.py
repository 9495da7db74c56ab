"""JSON laid into columns: nothing is lost, and nothing is guessed."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.connectors.http.columns import EXACT, rows_of
from app.sync.connectors.protocol import SourceRefused

VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(-(2**63), 2**63),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.lists(st.integers(0, 9), max_size=3),
)
RECORDS = st.lists(st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=6), max_size=8)


def body(*records: object) -> bytes:
    return orjson.dumps({"records": records, "more": False})


@given(RECORDS)
def test_every_value_stands_in_its_column_as_it_was_sent(records: list[dict[str, object]]) -> None:
    """Texts as they are, other values as their JSON, absent ones as none."""
    found = rows_of(body(*records)).table.to_pylist()
    for record, row in zip(records, found, strict=bool(found)):
        for name, text in row.items():
            value = record.get(name)
            known = isinstance(value, str) or value is None
            assert text == value if known else json.loads(text) == value


def test_an_id_number_sent_as_a_number_keeps_its_last_digits() -> None:
    """18 digits are exact as a whole number; what is not exact is told apart and kept."""
    whole = '{"sid":"K1","id_number":210603197001010019}'
    inexact = '{"sid":"K2","id_number":2.1060319700101002e17}'
    long = '{"sid":"K3","id_number":123456789012345678901234567890}'
    text = f'{{"records":[{whole},{inexact},{long}]}}'
    rows = rows_of(text.encode())
    assert rows.table.to_pylist() == [{"sid": "K1", "id_number": "210603197001010019"}]
    assert [(each.code, each.sid) for each in rows.unreadable] == [
        ("NUMBER_NOT_EXACT", "K2"),
        ("NUMBER_NOT_EXACT", "K3"),
    ]
    assert float(json.loads(rows.unreadable[0].raw)["id_number"]) >= EXACT


def test_what_is_no_record_is_told_apart() -> None:
    """One that is a list or a text does not hold up the others."""
    rows = rows_of(body({"sid": "K1"}, ["sid", "K2"], "K3"))
    assert rows.table.to_pylist() == [{"sid": "K1"}]
    assert [(each.code, each.raw) for each in rows.unreadable] == [
        ("NOT_A_RECORD", '["sid","K2"]'),
        ("NOT_A_RECORD", '"K3"'),
    ]


def test_an_outline_stays_json() -> None:
    """What lies inside a record is handed over as JSON text."""
    outline = {"type": "Polygon", "coordinates": [[[124.25, 39.98]]]}
    (row,) = rows_of(body({"sid": "K1", "polygon": outline, "ver": 3})).table.to_pylist()
    assert (json.loads(row["polygon"]), row["ver"]) == (outline, "3")


def test_records_of_a_thousand_shapes_are_refused() -> None:
    """A page whose every record invents columns would be as wide as it is long."""
    with pytest.raises(SourceRefused) as refused:
        rows_of(body(*({f"c{n}": 1} for n in range(1000))))
    assert refused.value.code == "TOO_MANY_COLUMNS"
