"""A run that dies leaves whole pages; the next goes on behind them; of two runs one gives way."""

import threading

import pytest
from flask import Flask

from app.database import db, read
from app.sync import Projection, Stream, run_source
from app.sync.engine import Overtaken
from app.sync.filedrop import FileDrop
from tests.exchange.drops import District, Told, one, quiet, tally
from tests.exchange.records import household

ROWS = [household(n) for n in range(1, 7)]


class Killed(BaseException):
    """The process is gone."""


def known() -> list[str]:
    found = read("SELECT sid FROM household WHERE sid LIKE 'TRY%%' ORDER BY sid", {})
    mirrored = read("SELECT sid FROM src_households WHERE source = 'try-out' ORDER BY sid")
    assert found == mirrored, "mirror and projection differ"
    return [row.sid for row in found]


def keys(first: int, last: int) -> list[str]:
    return [f"TRY-H{n}" for n in range(first, last + 1)]


def test_a_run_killed_in_its_second_page_leaves_the_first_and_goes_on_from_there(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.drop(households=ROWS)
    whole, pages = Projection.__call__, []

    def dying(self: Projection, stream: Stream) -> None:
        pages.append(stream)
        whole(self, stream)
        if len(pages) == 2:
            raise Killed

    monkeypatch.setattr(Projection, "__call__", dying)
    with pytest.raises(Killed):
        district.load(page_rows=2)
    assert known() == keys(1, 2)
    assert one("SELECT count(*) FROM sync_batch WHERE source = 'try-out'") == 1
    assert one("SELECT (cursor->>'row')::int FROM sync_checkpoint WHERE source = 'try-out'") == 2
    monkeypatch.setattr(Projection, "__call__", whole)
    assert tally(district.load(page_rows=2)["households"]) == {"in": 4, "inserted": 4}
    assert known() == keys(1, 6)


def test_a_bad_row_of_a_page_that_died_is_counted_once(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quarantine belongs to the page: a page that was not written put nothing aside."""
    district.drop(households=[household(1), household(2, tenure="squatter")])

    def dying(self: Projection, stream: Stream) -> None:
        raise Killed

    with monkeypatch.context() as dead:
        dead.setattr(Projection, "__call__", dying)
        with pytest.raises(Killed):
            district.load()
    assert one("SELECT count(*) FROM sync_quarantine WHERE source = 'try-out'") == 0
    assert tally(district.load()["households"]) == {"in": 2, "inserted": 1, "bad": 1}
    assert one("SELECT times FROM sync_quarantine WHERE source = 'try-out'") == 1


def test_a_file_replaced_in_the_middle_is_read_from_its_start(district: District) -> None:
    """Half of the old file was read; of the new one no row is passed over."""
    pages = Told("households", [ROWS[:2]])
    run_source(pages, district.streams, quiet)
    district.drop(note="the next generation", households=[household(n, ver=2) for n in range(1, 7)])
    assert tally(district.load()["households"]) == {"in": 6, "updated": 2, "inserted": 4}


def test_a_run_that_was_overtaken_stops_before_it_writes(app: Flask, district: District) -> None:
    district.drop(households=ROWS)
    outcomes = []

    def overtake(_stream: str, done: int, _expected: int | None) -> None:
        if done == 2:  # the first page is committed: another run starts and reads all
            outcomes.append(tally(district.load(page_rows=2)["households"]))

    with pytest.raises(Overtaken):
        run_source(FileDrop(district.folder), district.streams, overtake, 2)
    assert outcomes == [{"in": 4, "inserted": 4}]
    assert known() == keys(1, 6)
    assert one("SELECT sum(n_in) FROM sync_batch WHERE source = 'try-out'") == 6


def test_of_many_runs_at_the_same_instant_the_last_to_start_ends_the_rest(
    app: Flask, district: District
) -> None:
    district.drop(households=[household(n) for n in range(1, 41)])
    together, ends = threading.Barrier(4), []

    def run() -> None:
        with app.app_context():
            together.wait()
            try:
                ends.append(tally(district.load(page_rows=5)["households"]))
            except Overtaken:
                ends.append({})
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 4
    assert len(known()) == 40
    books = read("SELECT * FROM sync_batch WHERE source = 'try-out'")
    assert sum(row.n_inserted for row in books) == 40
    checkpoint = read("SELECT * FROM sync_checkpoint WHERE source = 'try-out'")[0]
    assert (checkpoint.cursor["row"], checkpoint.fence) == (40, 4)
    assert checkpoint.fresh_at is not None
