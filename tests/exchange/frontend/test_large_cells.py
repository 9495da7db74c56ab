"""A page ends where its cells come to much, so that no table costs more memory than a page does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.sync.connectors.frontend import counting, dialect_of, reading
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.frontend.dialect import Connection, Row
from app.sync.connectors.frontend.session import PAGE_BYTES
from app.sync.connectors.frontend.settings import read_settings
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.relay import Meter, metered_line
from tests.exchange.frontend.residents import Residents, Taken, config_of, rows_in
from tests.exchange.frontend.servers import Server

MB = 1_000_000
MANY = 100
LONG_AGO = NOON - timedelta(days=30)
LARGE = {"postgresql": "ALTER COLUMN xm TYPE text", "mysql": "MODIFY xm longtext"}


@pytest.fixture
def large(residents: Residents) -> Residents:
    """Return a table of a hundred residents, each with a megabyte of text."""
    residents.server.do(f"ALTER TABLE t_rkxx {LARGE[residents.server.kind]}")
    residents.server.do(
        *(
            f"INSERT INTO t_rkxx VALUES ('R{n:03}', 1, REPEAT('x', {MB}), '2026-01-01', NULL)"
            for n in range(MANY)
        )
    )
    return residents


@pytest.fixture
def line(server: Server) -> Iterator[Meter]:
    with metered_line(server.port) as meter:
        yield meter


def along(line: Meter, residents: Residents, fetched: list[int]) -> FrontEnd:
    """Return a connector that reads along a line; how many rows each part has is noted."""
    config = config_of(residents.server, residents.server.url_of(port=line.port))
    database, streams = read_settings(config, dialect_of(config.kind))
    stream = database.dialect.stream

    def noted(connection: Connection, *about: Any) -> Iterator[Sequence[Row]]:
        for part in stream(connection, *about):
            fetched.append(len(part))
            yield part

    dialect = replace(database.dialect, stream=noted)
    return FrontEnd("district", replace(database, dialect=dialect), streams)


def test_a_page_of_large_cells_ends_early_and_all_rows_come(large: Residents, line: Meter) -> None:
    """A hundred megabytes in pages of a thousand rows: never more than a page's worth is sent."""
    fetched: list[int] = []
    found, sent, before = list[str](), list[int](), 0
    for page in along(line, large, fetched).pages("residents", {}, 1000):
        found += page.read().table.column("sid").to_pylist()
        sent.append(line.bytes - before)
        before = line.bytes
    assert found == [f"R{n:03}" for n in range(MANY)]
    assert len(sent) == 2
    assert max(sent) < 1.25 * PAGE_BYTES, "the rest of an answer is not sent either"
    assert max(fetched) < 20, "a few at a time, for what comes next may be as large"


def test_large_records_asked_for_by_key_come_in_pages(large: Residents, line: Meter) -> None:
    asked = [f"R{n:03}" for n in range(MANY)]
    pages = list(along(line, large, []).fetch("residents", asked))
    assert sorted(row["sid"] for row in rows_in(pages)) == asked
    assert len(pages) == 2
    assert all(page.read().table.nbytes < PAGE_BYTES for page in pages)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_of_next_to_nothing_bring_everybody_once(
    residents: Residents, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """With a time of their own, with one they share, without one: none is lost at a page's end."""
    monkeypatch.setattr(reading, "PAGE_BYTES", 1)
    for n in range(30):
        residents.put(f"R{n:02}", changed=LONG_AGO + timedelta(seconds=n // 11))
    residents.server.do("UPDATE t_rkxx SET gxsj = NULL WHERE ryid < 'R07'")
    source, taken = residents.reader(), Taken()
    assert sorted(taken.read(source, size)) == [f"R{n:02}" for n in range(30)]
    assert taken.pages >= 30 / size
    assert taken.pages >= 10
    assert "first" not in taken.cursor, "the last page says that it is the last"
    assert taken.read(source, size) == []


def test_keys_asked_for_with_next_to_no_room_bring_everybody(
    residents: Residents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "PAGE_BYTES", 1)
    for n in range(9):
        residents.put(f"R{n}", changed=LONG_AGO)
    asked = [f"R{n}" for n in range(12)]
    pages = list(residents.reader().fetch("residents", asked))
    assert sorted(row["sid"] for row in rows_in(pages)) == asked[:9]
