"""What must be true of the books, the mirrors and the product at any time, or once all is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.database import read
from app.sync import Stream
from tests.exchange.crash.model import Ledger
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.standing import booked, mirror_rows, product_rows, recounted

COUNTS = """
SELECT coalesce(sum(n_in), 0)::int AS n_in, coalesce(sum(n_deleted), 0)::int AS n_deleted
FROM sync_batch WHERE source = %(source)s AND stream = %(stream)s
"""
KEYS = {
    "residents": ("resident", "sid"),
    "households": ("household", "sid"),
    "addresses": ("address", "sid"),
    "staff": ("staff_grant", "staff_sid"),
}
OWN = {"age_class", "turning_index"}
"""What the platform knows of somebody by itself."""


def books_agree(streams: Mapping[str, Stream]) -> None:
    """Check that the buckets are what a count of the mirror gives."""
    for name, stream in streams.items():
        assert booked(stream) == recounted(stream), name


def mirror_is(ledgers: Mapping[str, Ledger]) -> None:
    """Check that each mirror holds the newest of each key, and no more."""
    for name, ledger in ledgers.items():
        rows = mirror_rows(ledger.stream)
        found = [(row[0], row[1], row[4], row[3] == "absence") for row in rows]
        wrong = sorted(set(found) ^ set(ledger.rows()))
        assert not wrong, f"{name}: {wrong[:6]}"
        for row in rows:
            known = ledger.known[row[0]]
            assert not row[4] or row[6] == known.values, f"{name} holds other values"
            assert known.gone or row[2] == known.hash, f"{name} holds another hash"


def mirror_was_told(ledgers: Mapping[str, Ledger]) -> None:
    """Check that whatever a mirror holds was once said by the source."""
    for name, ledger in ledgers.items():
        for row in mirror_rows(ledger.stream):
            said = {(each.ver, each.gone) for each in ledger.history.get(row[0], ())}
            assert (row[1], row[3] == "source") in said, f"{name} holds what nobody said"


def product_shows(streams: Mapping[str, Stream]) -> None:
    """Check that the product has what does not wait, as the mirror has it, and nothing dead."""
    for name in KEYS.keys() & streams.keys():
        table, column = KEYS[name]
        shown = {row.pop(column): row for row in product_rows(table)}
        for row in mirror_rows(streams[name]):
            sid, live, waits = row[0], row[4], row[5]
            if live and not waits:
                found, told = shown.pop(sid, {}), {**row[6], **row[7]}
                assert found, f"{name}: not shown"
                wrong = [key for key in found.keys() - OWN if words(found[key]) != told[key]]
                assert not wrong, f"{name}: {wrong} shown otherwise"
            elif live:
                shown.pop(sid, None)  # what counted before it had to wait goes on counting
        assert not shown, f"{name}: shown and gone"


def words(value: Any) -> Any:
    """Return a value as a mirror has it, which keeps days as they are written."""
    return value.isoformat() if isinstance(value, date) else value


def nobody_waits_in_vain(streams: Mapping[str, Stream]) -> None:
    """Check that who waits, waits for something that is not there."""
    for name, stream in streams.items():
        if stream.needs:
            waiting = [row for row in mirror_rows(stream) if row[5]]
            assert all(_unmet(streams, stream, row[6]) for row in waiting), name


def _unmet(streams: Mapping[str, Stream], stream: Stream, values: Mapping[str, Any]) -> bool:
    for need in stream.needs:
        wanted = values[need.field]
        rows = mirror_rows(streams[need.stream])
        table, column = KEYS.get(need.stream, ("", ""))
        shown = {row[column] for row in product_rows(table)} if table else set()
        counting = [row for row in rows if row[4] and (not row[5] or row[0] in shown)]
        there = {row[0] if need.to == "sid" else row[6][need.to] for row in counting}
        if wanted and wanted not in there:
            return True
    return False


def every_row_is_booked(told: Mapping[str, int], ledgers: Mapping[str, Ledger]) -> None:
    """Check that each row that came in was booked once, and each that was missed, too."""
    for name, rows in told.items():
        (counts,) = read(COUNTS, {"source": SOURCE, "stream": name})
        missed = sum(each.absent for each in ledgers[name].known.values())
        assert counts.n_in == rows + missed, name
