"""An operator's desk: sources in a folder of TOML files, and the commands as they are typed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.database import transaction, write
from app.settings import Settings
from tests.exchange.district_process import answering
from tests.exchange.drops import District, one
from tests.exchange.inward.homes import give_addresses, give_home
from tests.exchange.operating.deciding import CROWD
from tests.exchange.operating.desk import Desk
from tests.exchange.operating.reader_process import SLOW, Reader
from tests.exchange.records import household
from tests.people import Caller, bearer, proved, staff_with
from tests.surroundings import environment

__all__ = ["answering"]


@pytest.fixture
def desk(
    app: Flask, district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Return the desk of somebody who looks after a made-up source of files."""
    sources = tmp_path / "sources"
    sources.mkdir()
    settings: Settings = app.extensions["linli.settings"]
    monkeypatch.setitem(app.extensions, "linli.settings", replace(settings, sources=sources))
    desk = Desk(app, sources)
    desk.describe("try-out", folder=str(district.folder))
    yield desk
    with transaction():
        for table in ("sync_report", "sync_source"):
            write(f"DELETE FROM {table} WHERE source LIKE 'try-out%%'", {})


@pytest.fixture
def settled(district: District) -> District:
    """Return a sender whose first household lives at the first of two addresses."""
    give_addresses(district)
    give_home(district)
    return district


@pytest.fixture
def start(desk: Desk, settings: Settings) -> Iterator[Callable[[Sequence[str]], Reader]]:
    """Return the way to start a reader of the described sources."""
    readers: list[Reader] = []

    def started(command: Sequence[str]) -> Reader:
        environ = dict(environment(settings.database_url, settings.exchange_out.parent))
        readers.append(Reader(environ | {"LINLI_SOURCES": str(desk.folder)}, command))
        return readers[-1]

    yield started
    for reader in readers:
        reader.end()


@pytest.fixture
def helpers() -> int:
    """Return how many helpers a slow reader has; a test may say otherwise."""
    return 0


@pytest.fixture
def second_page(
    desk: Desk, settled: District, start: Callable[[Sequence[str]], Reader], helpers: int
) -> Reader:
    """Return a reader that has the second of three pages in hand."""
    more = 'every = "1h"\nreconcile = "never"'
    desk.describe("try-out", more=more, folder=str(settled.folder))
    settled.drop("", True, households=[household(n) for n in range(1, 7)])
    reader = start((*SLOW, str(helpers)))
    reader.begins_a_page()
    reader.go_on()
    reader.begins_a_page()
    return reader


@pytest.fixture
def held(desk: Desk, settled: District) -> str:
    """Hold sixty deletions back, and return their name."""
    for rows in (CROWD, []):
        settled.drop("", True, households=rows)
        assert desk.type("run", "try-out").code == 0
    key = one("SELECT id FROM sync_hold WHERE source = 'try-out' AND status = 'held'")
    return str(key)


@pytest.fixture
def operator(desk: Desk) -> Caller:
    """Return the one who looks after the exchange in the sample."""
    return proved(Caller(desk.app, bearer(staff_with("sync_operator"))))
