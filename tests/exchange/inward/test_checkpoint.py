"""A run that dies leaves whole pages; the next goes on behind them; of two runs one gives way."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn

import pytest
from flask import Flask

from app.database import db, read
from app.sync.connectors.files import FileDrop
from app.sync.connectors.protocol import Cursor, Page, SourceRefused
from app.sync.inward import points
from app.sync.inward.engine import run_source
from app.sync.inward.projection import Projection
from tests.exchange.drops import District, Told, keys_of, mirrored, one, quiet, tally
from tests.exchange.records import household

ROWS = [household(n) for n in range(1, 7)]
BATCHES = "SELECT count(*) FROM sync_batch WHERE source = 'try-out' AND stream = 'households'"


class Killed(BaseException):
    """The process is gone."""


def known() -> list[str]:
    found = keys_of("household")
    assert found == [row.sid for row in mirrored("households", "sid")]
    return found


def keys(first: int, last: int) -> list[str]:
    return [f"TRY-H{n}" for n in range(first, last + 1)]


def how_far() -> object:
    return one(
        "SELECT (cursor->'at'->>'row')::int FROM sync_checkpoint"
        " WHERE source = 'try-out' AND stream = 'households'"
    )


def statuses() -> list[str]:
    sql = "SELECT status FROM sync_run WHERE source = 'try-out' AND stream = 'households'"
    return [row.status for row in read(f"{sql} ORDER BY id")]


def test_a_run_killed_in_its_second_page_leaves_the_first_and_goes_on_from_there(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    addressed.drop(households=ROWS)
    whole, pages = Projection.arrived, []

    def dying(self: Projection) -> None:
        pages.append(self)
        whole(self)
        if len(pages) == 2:
            raise Killed

    with monkeypatch.context() as dead:
        dead.setattr(Projection, "arrived", dying)
        with pytest.raises(Killed):
            addressed.load(page_rows=2)
    assert known() == keys(1, 2)
    assert (one(BATCHES), how_far(), statuses()) == (1, 2, ["failed"])
    assert tally(addressed.load(page_rows=2)["households"]) == {"in": 4, "inserted": 4}
    assert known() == keys(1, 6)
    assert statuses() == ["failed", "done"]


def test_a_bad_row_of_a_page_that_died_is_counted_once(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quarantine belongs to the page: a page that was not written put nothing aside."""
    addressed.drop(households=[household(1), household(2, tenure="squatter")])

    def dying(self: Projection) -> None:
        raise Killed

    with monkeypatch.context() as dead:
        dead.setattr(Projection, "arrived", dying)
        with pytest.raises(Killed):
            addressed.load()
    assert one("SELECT count(*) FROM sync_quarantine WHERE source = 'try-out'") == 0
    assert tally(addressed.load()["households"]) == {"in": 2, "inserted": 1, "bad": 1}
    assert one("SELECT times FROM sync_quarantine WHERE source = 'try-out'") == 1


def test_a_file_replaced_in_the_middle_is_read_from_its_start(addressed: District) -> None:
    """Half of the old file was read; of the new one no row is passed over."""
    addressed.hear(Told({"households": [ROWS[:2]]}, ends=True))
    assert known() == keys(1, 2)
    addressed.drop(households=[household(n, ver=2) for n in range(1, 7)])
    counts = addressed.load()["households"]
    assert tally(counts) == {"in": 6, "updated": 2, "inserted": 4}


def test_a_source_that_goes_dead_is_read_on_from_its_last_page(addressed: District) -> None:
    """A page that was committed is not asked for again, nor is one left out."""
    pages = [ROWS[:2], ROWS[2:]]
    dead = Told({"households": pages[:1]}, ends=True, digest="the same all along")
    outcome = addressed.hear(dead)["households"]
    assert (outcome.status, outcome.message) == ("refused", "LINE_CUT: the line went dead")
    assert known() == keys(1, 2)
    alive = Told({"households": pages}, digest="the same all along")
    assert tally(addressed.hear(alive)["households"].counts) == {"in": 4, "inserted": 4}
    assert known() == keys(1, 6)


@pytest.mark.parametrize("processes", [0, 2])
def test_all_that_a_source_told_before_its_fault_is_here(
    addressed: District, processes: int
) -> None:
    """Not only what was told two pages before: the fault may last, and the good pages with it."""
    told = Told({"households": [[row] for row in ROWS]}, ends=True)
    for _ in range(2):
        (outcome,) = run_source(told, addressed.streams, quiet, processes=processes)
        assert (outcome.status, outcome.message) == ("refused", "LINE_CUT: the line went dead")
        assert known() == keys(1, 6)
    assert told.acknowledged[-1] == ("households", {"page": 5})


def test_nothing_is_passed_over_behind_a_page_that_cannot_be_read(addressed: District) -> None:
    """The pages that were begun behind it are not committed: they would leave it behind."""

    @dataclass
    class Torn(Told):
        def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
            for place, page in enumerate(super().pages(stream, cursor, size)):
                yield replace(page, read=torn) if place == 1 else page

    pages = [ROWS[:2], ROWS[2:4], ROWS[4:]]
    (outcome,) = addressed.hear(Torn({"households": pages}, digest="of all")).values()
    assert (outcome.status, outcome.message) == ("refused", "FILE_CHANGED: it is another one")
    assert known() == keys(1, 2)
    addressed.hear(Told({"households": pages}, digest="of all"))
    assert known() == keys(1, 6)


def torn() -> NoReturn:
    raise SourceRefused("FILE_CHANGED", "it is another one")


def test_a_page_is_acknowledged_once_it_is_committed_and_not_before(addressed: District) -> None:
    """A source that forgets what was acknowledged must never forget what is not here."""
    told = Told({"households": [ROWS[:2], ROWS[2:]]})
    here = []

    def acknowledge(stream: str, cursor: Cursor) -> None:
        here.append((cursor["page"], len(known())))

    told.acknowledge = acknowledge  # type: ignore[method-assign]
    addressed.hear(told)
    assert here == [(0, 2), (1, 6)]


def test_a_run_that_was_overtaken_stops_before_it_writes(addressed: District) -> None:
    addressed.drop(households=ROWS)
    outcomes = []

    def overtake(_stream: str, done: int, _expected: int | None) -> None:
        if done == 2:  # the first page is committed: another run starts and reads all
            outcomes.append(tally(addressed.load(page_rows=2)["households"]))

    (first,) = run_source(FileDrop(addressed.folder), addressed.streams, overtake, 2)
    assert first.status == "overtaken"
    assert outcomes == [{"in": 4, "inserted": 4}]
    assert known() == keys(1, 6)
    assert (one(BATCHES), statuses()) == (3, ["overtaken", "done"])


def test_of_many_runs_at_the_same_instant_the_last_to_start_ends_the_rest(
    app: Flask, addressed: District
) -> None:
    addressed.drop(households=[household(n) for n in range(1, 41)])
    together, ends = threading.Barrier(4), []

    def run() -> None:
        with app.app_context():
            together.wait()
            try:
                ends.append(addressed.outcomes(page_rows=5)["households"].status)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 4
    assert set(ends) <= {"done", "overtaken"}
    assert len(known()) == 40
    books = read("SELECT * FROM sync_batch WHERE source = 'try-out' AND stream = 'households'")
    assert sum(row.n_inserted for row in books) == 40
    (checkpoint,) = read(
        "SELECT * FROM sync_checkpoint WHERE source = 'try-out' AND stream = 'households'"
    )
    assert (how_far(), checkpoint.fence) == (40, 4)
    assert checkpoint.fresh_at is not None
    assert "running" not in statuses()


def test_the_disk_is_awaited_where_a_source_is_told_of_a_page(addressed: District) -> None:
    """What a falling server takes back with its checkpoint must still be had from the source."""
    waits: list[str] = []

    def look(point: str) -> None:
        if point == "moved":
            waits.append(read("SHOW synchronous_commit")[0].synchronous_commit)

    points.watch(look)
    try:
        addressed.hear(Told({"households": [ROWS[:1], ROWS[:2]]}))
        addressed.send(households=ROWS)
    finally:
        points.watch(lambda _name: None)
    assert waits == ["on", "on", "off"]
