"""The reader reads each source when it is due, one reader at a time, and no fault stops it."""

import threading
import time
from collections.abc import Callable, Mapping

import pytest

from app.database import db, read
from app.sync import beat, watching
from app.sync.connectors.config import SourceConfig
from app.sync.running import Terminal
from app.sync.watching import know, look_once
from tests.exchange.drops import District, drifts, keys_of, one
from tests.exchange.operating.desk import Desk
from tests.exchange.operating.readers import change, runs, source
from tests.exchange.records import household, resident
from tests.people import Caller, bearer, proved, staff_with

SOON = 15.0
HOURLY = 'every = "1h"\nreconcile = "never"'
REPORTS = "SELECT count(*) FROM sync_report WHERE source = 'try-out'"


def watched(desk: Desk, district: District, more: str = HOURLY) -> Mapping[str, SourceConfig]:
    """Describe the made-up source anew, and have the reader know it."""
    desk.describe("try-out", more=more, folder=str(district.folder))
    for config in desk.described().values():
        know(config)
    return desk.described()


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_a_source_is_read_when_it_is_due_and_not_before(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled)
    assert look_once(sources, settled.streams) == ["try-out"]
    assert keys_of("resident") == ["TRY-R1"]
    settled.drop("", True, residents=[resident(1), resident(2)])
    assert look_once(sources, settled.streams) == []
    change("next_run_at = now()")
    assert look_once(sources, settled.streams) == ["try-out"]
    assert keys_of("resident") == ["TRY-R1", "TRY-R2"]
    assert (source().due, source().reader_until) == (False, None)


def test_a_source_without_a_clock_is_read_only_when_told(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled, 'reconcile = "never"')
    assert look_once(sources, settled.streams) == []
    assert keys_of("resident") == []


def test_a_source_that_is_described_anew_is_known_anew(desk: Desk, settled: District) -> None:
    watched(desk, settled)
    watched(desk, settled, 'every = "2h"\nfresh_within = "3h"\nreconcile = "never"')
    assert (source().every_s, source().fresh_within_s) == (7200, 10800)


def test_while_a_reader_has_a_source_no_other_takes_it(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled, 'every = "1h"')
    change("reader_until = now() + interval '1 minute'")
    assert look_once(sources, settled.streams) == []
    assert one(REPORTS) == 0
    assert source().taken, "who only looked takes nobody's lease away"


def test_of_two_readers_at_once_one_reads(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(n) for n in range(1, 20)])
    sources, start = watched(desk, settled), threading.Barrier(4)
    done: list[str] = []

    def work() -> None:
        with desk.app.app_context():
            start.wait()
            done.extend(look_once(sources, settled.streams))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["try-out"]
    assert (runs("overtaken"), len(keys_of("resident"))) == (0, 19)


def test_who_reads_for_long_keeps_the_source(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, ends = watched(desk, settled), []
    monkeypatch.setattr(beat, "EVERY", 0.02)

    def long(*_args: object) -> None:
        for _ in range(2):
            ends.append(source().reader_until)
            until(lambda: source().reader_until > ends[-1])

    monkeypatch.setattr(watching, "run_configured", long)
    assert look_once(sources, settled.streams) == ["try-out"]
    assert ends[0] < ends[1]
    assert source().reader_until is None


def test_who_was_too_slow_takes_nothing_from_who_came_after(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that slept through its lease neither renews nor ends that of the next."""
    sources = watched(desk, settled)
    monkeypatch.setattr(beat, "EVERY", 0.02)

    def asleep(*_: object) -> None:
        change("reader_until = '2100-01-01'")
        until(lambda: not any(each.name == "sync lease" for each in threading.enumerate()))

    monkeypatch.setattr(watching, "run_configured", asleep)
    look_once(sources, settled.streams)
    assert source().reader_until.year == 2100


def test_a_source_is_reconciled_once_a_night(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled, 'every = "1h"\nreconcile = "00:00"')
    for _ in range(3):
        look_once(sources, settled.streams)
    assert one(REPORTS) == 1
    change("reconciled_at = now() - interval '1 day'")
    for _ in range(3):
        look_once(sources, settled.streams)
    assert one(REPORTS) == 2
    assert keys_of("resident") == ["TRY-R1"]


def test_what_was_late_is_read_before_both_sides_are_compared(
    desk: Desk, settled: District
) -> None:
    """Else each morning's report would tell of differences that are none."""
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled, 'reconcile = "00:00"')
    look_once(sources, settled.streams)
    (report,) = read("SELECT equal FROM sync_report WHERE source = 'try-out'")
    assert report.equal


def test_a_night_that_is_never_is_never(desk: Desk, settled: District) -> None:
    settled.drop("", True, residents=[resident(1)])
    look_once(watched(desk, settled), settled.streams)
    assert one(REPORTS) == 0


def test_an_approved_deletion_is_carried_out(desk: Desk, settled: District) -> None:
    for rows in ([household(n) for n in range(1, 61)], []):
        settled.drop("", True, households=rows)
        desk.type("run", "try-out")
    sources = watched(desk, settled)
    look_once(sources, settled.streams)
    assert len(keys_of("household")) == 60
    key = one("SELECT id FROM sync_hold WHERE status = 'held'")
    operator = proved(Caller(desk.app, bearer(staff_with("sync_operator"))))
    operator.post(f"/api/v1/sync/holds/{key}/decision", {"approve": True})
    look_once(sources, settled.streams)
    assert keys_of("household") == []


def test_a_source_that_fails_stops_no_other(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.drop("", True, residents=[resident(1)])
    desk.describe("try-out-absent", more=HOURLY, folder="not-there")
    desk.describe("try-out-broken", more=HOURLY, folder=str(settled.folder))
    whole = watching.run_configured  # type: ignore[attr-defined]

    def broken(name: str, *rest: object) -> None:
        if name == "try-out-broken":
            raise OSError("a fault that nobody foresaw")
        whole(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "run_configured", broken)
    sources = watched(desk, settled)
    read_now = look_once(sources, settled.streams)
    assert read_now == ["try-out-absent", "try-out-broken", "try-out"]
    assert keys_of("resident") == ["TRY-R1"]
    assert not any(source(name).taken for name in read_now)


def test_whose_reader_died_is_read_as_soon_as_the_lease_is_over(
    desk: Desk, settled: District
) -> None:
    """Nobody waits for the next day because a machine was switched off in the night."""
    settled.drop("", True, residents=[resident(1)])
    sources = watched(desk, settled)
    change("next_run_at = now() + interval '1 day', reader_until = now() + interval '1 second'")
    assert look_once(sources, settled.streams) == []
    change("reader_until = now() - interval '1 second'")
    assert look_once(sources, settled.streams) == ["try-out"]
    assert keys_of("resident") == ["TRY-R1"]


def test_who_is_told_to_stop_stops_behind_the_page_in_hand(
    desk: Desk, settled: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.drop("", True, households=[household(1), household(2)], residents=[resident(1)])
    sources, stop = watched(desk, settled), threading.Event()
    with monkeypatch.context() as told:
        told.setattr(Terminal, "__call__", lambda *_: stop.set())
        assert look_once(sources, settled.streams, stop=stop) == ["try-out"]
    assert (keys_of("household"), keys_of("resident")) == (["TRY-H1", "TRY-H2"], [])
    assert (runs("stopped"), runs("failed")) == (1, 0)
    assert (source().due, source().reader_until) == (True, None)
    assert look_once(sources, settled.streams, stop=stop) == []
    assert look_once(sources, settled.streams) == ["try-out"]
    assert keys_of("resident") == ["TRY-R1"]
    assert drifts() == {}
