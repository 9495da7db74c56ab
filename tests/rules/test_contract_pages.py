"""A page read by contract: what it is hashed as, what is missing, and what is put aside."""

import json
from collections.abc import Sequence

import pyarrow as pa
import pytest

from app.database import Model
from app.sync import Field, Stream, text
from app.sync.connectors.protocol import Rows, Unreadable
from app.sync.contract.columns import read_rows
from app.sync.contract.records import GONE, ColumnsMissing, Reading

TRIAL = Stream(
    "trial_of_readings",
    "trial",
    (
        Field("a", text, required=False),
        Field("b", text),
    ),
)
Model.metadata.remove(TRIAL.mirror)  # no migration makes it

pytestmark = pytest.mark.usefixtures("app")  # whose keys the hashes are made with


def page(**columns: Sequence[str | None]) -> Reading:
    table = pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
    return read_rows(TRIAL, Rows(table))


def hash_of(**columns: str | None) -> bytes:
    return page(sid=["K"], ver=["1"], **{n: [v] for n, v in columns.items()}).records.hash_of(0)


def test_a_hash_tells_a_value_from_its_neighbours() -> None:
    """Two words moved from one field to the next are another record."""
    seen = {hash_of(a="x", b="yz"), hash_of(a="xy", b="z"), hash_of(a=None, b="xyz")}
    assert len(seen) == 3


def test_a_hash_is_of_the_record_and_not_of_its_version() -> None:
    first = page(sid=["K"], ver=["1"], a=["x"], b=["y"]).records.hash_of(0)
    later = page(sid=["K"], ver=["2"], a=[" x"], b=["y "], op=["u"]).records.hash_of(0)
    other = page(sid=["L"], ver=["1"], a=["x"], b=["y"]).records.hash_of(0)
    assert first == later != other


def test_nothing_and_an_empty_text_are_the_same() -> None:
    """Sources of the Oracle family cannot tell them apart."""
    assert hash_of(a=None, b="y") == hash_of(a="", b="y") == hash_of(b="y")


def test_no_record_has_the_hash_of_a_deletion() -> None:
    gone = page(sid=["K"], ver=["1"], op=["D"], b=["y"])
    assert gone.records.hash_of(0) == GONE
    assert hash_of(b="y")[:1] < GONE[:1]


def test_columns_that_are_required_must_be_there_and_no_other() -> None:
    with pytest.raises(ColumnsMissing) as refusal:
        page(sid=["K"], a=["x"])
    assert refusal.value.names == ["ver", "b"]
    assert len(page(sid=["K"], ver=["1"], b=["y"]).records) == 1


def test_a_strange_column_is_named_and_not_read() -> None:
    reading = page(sid=["K"], ver=["1"], b=["y"], updated_at=["?"], c=["z"])
    assert (list(reading.strange), len(reading.records)) == (["c"], 1)


def test_what_could_not_be_laid_into_columns_is_counted_with_the_rest() -> None:
    table = pa.table({"sid": ["K"], "ver": ["1"], "b": ["y"]})
    spoilt = Unreadable("STRAY_QUOTE", "x" * 30_000, "L")
    reading = read_rows(TRIAL, Rows(table, (spoilt,)))
    (reject,) = reading.rejects
    assert (reading.rows, reject.sid, reject.code, len(reject.raw)) == (
        2,
        "L",
        "STRAY_QUOTE",
        20_000,
    )


def test_a_reject_is_kept_as_it_came() -> None:
    reading = page(sid=["K"], ver=["nought"], a=[" x"], b=["y"])
    (reject,) = reading.rejects
    assert json.loads(reject.raw) == {"sid": "K", "ver": "nought", "a": " x", "b": "y"}
    assert (reject.sid, reject.field, reject.code) == ("K", "ver", "NOT_A_NUMBER")
