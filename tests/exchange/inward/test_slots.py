"""Pages that other processes make ready: whole, whatever their size, and never mixed up."""

import pyarrow as pa
import pytest

from app.sync.connectors.protocol import Page, Rows, SourceRefused
from app.sync.contract.records import ColumnsMissing
from app.sync.inward import slots
from app.sync.inward.crew import crew_of
from app.sync.inward.slots import Slot, packed, unpacked
from tests.exchange.drops import SOURCE, District, sample_rows


def test_what_is_left_in_a_slot_is_found_there() -> None:
    slot, what = Slot(), {"names": pa.array(["王", None, "李"]), "text": pa.py_buffer(b"abc")}
    left = packed(what, slot)
    assert left.places
    found = unpacked(left, slot)
    assert found["names"].equals(what["names"])
    assert found["text"].equals(what["text"])


def test_what_is_too_large_for_a_slot_comes_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "SLOT_BYTES", 4096)
    slot, what = Slot(), pa.array(["x" * 100] * 1000)
    left = packed(what, slot)
    assert left.places is None
    assert unpacked(left, slot).equals(what)


def rows_of(district: District, first: int) -> list[dict[str, str]]:
    return [
        {name: str(row.get(name) or "") for name in ("sid", "ver", "tenure", "address_sid")}
        for row in list(sample_rows("households"))[first : first + 50]
    ]


class _Laid:
    """Rows that are at hand, or a source that refuses them."""

    def __init__(self, rows: list[dict[str, str]] | None) -> None:
        self.rows = rows

    def __call__(self) -> Rows:
        if self.rows is None:
            raise SourceRefused("FILE_CHANGED", "gone")
        return Rows(pa.Table.from_pylist(self.rows))


def test_pages_come_back_in_order_though_one_between_them_was_refused(district: District) -> None:
    """A stream that is given up leaves a page behind; the next stream's pages are its own."""
    stream = district.named("households")
    with crew_of(2, [stream]) as crew:
        given_up = [
            crew.make_ready(stream, SOURCE, 1, Page(_Laid(None), {}), ahead=False),
            crew.make_ready(stream, SOURCE, 2, Page(_Laid(rows_of(district, 0)), {}), ahead=False),
        ]
        with pytest.raises(SourceRefused):
            given_up[0].result()
        for first in range(0, 500, 50):
            rows = rows_of(district, first)
            ready = crew.make_ready(stream, SOURCE, first, Page(_Laid(rows), {}), ahead=False)
            assert ready.result().records.sid.to_pylist() == [row["sid"] for row in rows]


def test_columns_that_are_missing_are_named_as_by_this_process(district: District) -> None:
    stream = district.named("households")
    with crew_of(1, [stream]) as crew:
        page = Page(_Laid([{"sid": "TRY-H1", "ver": "1"}]), {})
        with pytest.raises(ColumnsMissing) as missing:
            crew.make_ready(stream, SOURCE, 1, page, ahead=False).result()
    assert missing.value.names == ["address_sid", "tenure"]
