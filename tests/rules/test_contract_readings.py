"""The contract is said twice, for one text and for a column of them: both say the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.identity.numbers import check_digit
from app.sync import FieldRefused, Kind, Stream
from app.sync.connectors.protocol import Rows
from app.sync.contract.columns import read_rows
from app.sync.contract.records import Reading
from app.sync.contract.stream import SID, VERSION
from app.sync.contract.sweep import Sweep
from tests.exchange.good_rows import STREAMS

pytestmark = pytest.mark.usefixtures("app")  # it holds the keys of the fingerprints


def distinct_kinds() -> dict[str, Kind]:
    """Return every kind of the product, each once, by where it is first met."""
    found = {"sid": SID, "ver": VERSION}
    for stream in STREAMS:
        for field in stream.fields:
            if field.kind not in found.values():
                found[f"{stream.name}.{field.name}"] = field.kind
    return found


KINDS = distinct_kinds()
SPOILERS = "\n\r\t \0\x1f\x7f\ufeff\u3000\u00a0\u200b\u0301\u00b7.-+eEXx0１é臺\U0002a6d6"


def clean_texts(kind: Kind) -> st.SearchStrategy[str]:
    """Return texts as the plain pattern has them, some of them completed by their check digit.

    None of these ends as a rounded one does: those are judged by their company, not alone.
    """
    if kind.plain is None:
        return st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(json.dumps)
    found = st.from_regex(f"(?:{kind.plain})", fullmatch=True)
    if not kind.check_digit:
        return found
    completed = found.flatmap(
        lambda each: st.sampled_from((each, each[:-1] + check_digit(each[:-1])))
    )
    return completed.filter(lambda each: not each.endswith("000"))


def mutated(text: str, place: int, spoiler: str, how: str) -> str:
    place %= len(text) + 1
    rest = text[place:] if how == "in" else text[place + 1 :]
    return text[:place] + ("" if how == "out" else spoiler) + rest


def texts_of(kind: Kind) -> st.SearchStrategy[str]:
    """Return clean texts, clean texts with a slip of the pen, and anything else."""
    clean = clean_texts(kind)
    slips = st.builds(
        mutated,
        clean,
        st.integers(0, 300),
        st.sampled_from(SPOILERS) | st.characters(exclude_categories=["Cs"]),
        st.sampled_from(("in", "over", "out")),
    )
    padded = st.builds("{1}{0}{2}".format, clean, *[st.sampled_from(["", *SPOILERS])] * 2)
    found = clean | slips | padded | st.text(st.characters(exclude_categories=["Cs"]))
    return (
        found.filter(lambda each: not each.strip().endswith("000")) if kind.check_digit else found
    )


@dataclass(frozen=True)
class One:
    """What one text is by its kind: a canonical text, nothing, or a fault."""

    text: str | None = None
    code: str | None = None


def by_kind(kind: Kind, text: str | None, required: bool) -> One:
    """Read one text as the kind alone would."""
    if text is None or not text.strip():
        return One(code="MISSING") if required else One()
    try:
        return One(kind(text))
    except FieldRefused as fault:
        return One(code=fault.code)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_what_a_column_passes_one_by_one_passes_unchanged(kind: Kind, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.none() | texts_of(kind), max_size=12))
    for required in (True, False):
        sweep = Sweep(pa.table({"it": pa.array(texts, pa.string())}))
        found = sweep.read("it", kind, required).to_pylist()
        for place, text in enumerate(texts):
            alone = by_kind(kind, text, required)
            fault = sweep.faults.get(place)
            assert (fault and fault[1]) == alone.code
            assert found[place] == alone.text


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_what_was_read_once_is_read_again_unchanged(kind: Kind, data: st.DataObject) -> None:
    """Canonical means that there is nothing left to do: a replayed record is the same record."""
    alone = by_kind(kind, data.draw(texts_of(kind)), required=False)
    if alone.text is not None:
        assert kind(alone.text) == alone.text


def rows_of(stream: Stream) -> st.SearchStrategy[dict[str, str | None]]:
    kinds = {"sid": SID, "ver": VERSION, **{f.name: f.kind for f in stream.fields}}
    clean = {name: clean_texts(kind) for name, kind in kinds.items()}
    odd = {name: clean[name] | texts_of(kind) | st.none() for name, kind in kinds.items()}
    word = st.sampled_from(("U", "D", " d ", "u", "", None, "X"))
    return st.fixed_dictionaries({**clean, "op": word}) | st.fixed_dictionaries({**odd, "op": word})


def row_by_row(stream: Stream, row: dict[str, str | None]) -> tuple[str, str] | list[str | None]:
    """Return the first fault of a row (field and code), or its values: the plainest reading."""
    values: list[str | None] = []
    faults: list[tuple[str, str]] = []

    def read(name: str, kind: Kind, required: bool) -> str | None:
        found = by_kind(kind, row.get(name), required)
        if found.code:
            faults.append((name, found.code))
        return found.text

    values += [read("sid", SID, True), read("ver", VERSION, True)]
    op = (row.get("op") or "").strip().upper() or "U"
    if op not in ("U", "D"):
        faults.append(("op", "NOT_A_CHOICE"))
    for field in stream.fields:
        values.append(None if op == "D" else read(field.name, field.kind, field.required))
    return faults[0] if faults else [*values, op]


def as_table(stream: Stream, rows: Sequence[dict[str, str | None]], cut: int) -> pa.Table:
    names = ["sid", "ver", "op", *(f.name for f in stream.fields)]
    table = pa.table({name: pa.array([r[name] for r in rows], pa.string()) for name in names})
    return pa.concat_tables([table.slice(0, cut), table.slice(cut)])


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
@settings(max_examples=40)
@given(data=st.data())
def test_a_page_is_read_as_its_rows_would_be(stream: Stream, data: st.DataObject) -> None:
    """Records and rejects, the first fault of each, and the order of both."""
    rows = data.draw(st.lists(rows_of(stream), max_size=8))
    cut = data.draw(st.integers(0, len(rows)))
    reading = read_rows(stream, Rows(as_table(stream, rows, cut)))
    alone = [row_by_row(stream, row) for row in rows]
    assert [(each.field, each.code) for each in reading.rejects] == [
        each for each in alone if isinstance(each, tuple)
    ]
    assert records_in(reading) == [each for each in alone if isinstance(each, list)]
    assert reading.rows == len(rows)
    assert len(reading.records.hashes) == 16 * len(reading.records)


def records_in(reading: Reading) -> list[list[str | None]]:
    """Return the records; of one that is gone only key and version, for nothing else is asked."""
    records = reading.records
    columns = [records.sid, records.ver.cast(pa.string()), *records.values]
    found = [list(row) for row in zip(*(column.to_pylist() for column in columns), strict=True)]
    return [
        [*row[:2], *[None] * len(row[2:]), "D"] if gone else [*row, "U"]
        for row, gone in zip(found, records.gone, strict=True)
    ]


def test_a_refusal_never_repeats_the_value() -> None:
    """What a person is called must not come to stand in a log."""
    secret = "张三的秘密\0"
    for kind in KINDS.values():
        with pytest.raises(FieldRefused) as refusal:
            kind(secret)
        assert "张三" not in str(refusal.value)


def test_a_text_of_ten_thousand_zeros_is_no_number() -> None:
    for name in ("ver", "matters.limit_count", "addresses.lng"):
        assert by_kind(KINDS[name], "0" * 10_000, required=True).code == "NOT_A_NUMBER"
