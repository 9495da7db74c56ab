"""Who reads a large source at a terminal sees how far it is, how fast, and what remains."""

import pytest

from app.database import read
from app.sync.inward.engine import Stopped, run_source
from app.sync.running import Terminal
from tests.exchange.drops import District, Told
from tests.exchange.inward.homes import give_addresses
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household

RUNNING = """
SELECT rows_in, rows_expected, status, seen_at > now() - interval '1 minute' FROM sync_run
WHERE source = 'try-out' AND stream = %(stream)s ORDER BY id DESC LIMIT 1
"""


def test_rows_rate_and_what_remains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rate is shown once it means something; of a feed nobody knows what remains."""
    now = 100.0
    monkeypatch.setattr("app.sync.running.time.monotonic", lambda: now)
    tell = Terminal()
    tell("residents", 0, 2_000_000)
    now += 4
    tell("residents", 200_000, 2_000_000)
    now += 6
    tell("residents", 500_000, 2_000_000)
    tell("matters", 12, None)
    now += 10
    tell("matters", 1000, None)
    assert capsys.readouterr().out.splitlines() == [
        "  residents: 0 of 2,000,000 rows",
        "  residents: 200,000 of 2,000,000 rows",
        "  residents: 500,000 of 2,000,000 rows, 50,000 a second, 30 s left",
        "  matters: 12 rows",
        "  matters: 1,000 rows, 99 a second",
    ]


def test_a_reading_that_goes_on_tells_the_whole_at_its_own_pace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a dead one read took this one no time; and who begins anew has a new pace."""
    now = 100.0
    monkeypatch.setattr("app.sync.running.time.monotonic", lambda: now)
    tell = Terminal()
    tell("residents", 1_500_000, 2_000_000)
    now += 10
    tell("residents", 1_600_000, 2_000_000)
    now += 3600
    tell("residents", 24_000, 2_000_000)
    now += 10
    tell("residents", 224_000, 2_000_000)
    assert capsys.readouterr().out.splitlines() == [
        "  residents: 1,500,000 of 2,000,000 rows",
        "  residents: 1,600,000 of 2,000,000 rows, 10,000 a second, 40 s left",
        "  residents: 24,000 of 2,000,000 rows",
        "  residents: 224,000 of 2,000,000 rows, 20,000 a second, 89 s left",
    ]


def test_a_reading_that_is_typed_shows_each_page(desk: Desk, settled: District) -> None:
    settled.drop(households=[household(n) for n in range(2, 5)])
    said = desk.type("run", "try-out")
    assert said.code == 0
    assert "  households: 3 of 3 rows" in said.lines
    assert said.lines[-1].startswith("read 3 rows, 0 in quarantine, ")


def test_the_row_of_a_run_says_how_far_it_is_while_it_lasts(district: District) -> None:
    """Who did not start the reading sees it, too: rows so far, of how many, and when that was."""
    give_addresses(district)
    pages = [[household(n)] for n in range(1, 4)]
    seen: list[tuple[int, int | None, str, bool]] = []

    def look(stream: str, _done: int, _expected: int | None) -> None:
        (run,) = read(RUNNING, {"stream": stream})
        seen.append(tuple(run))

    run_source(Told({"households": pages}, rows=3), district.streams, look)
    assert seen == [(rows, 3, "running", True) for rows in (1, 2, 3)]


def test_a_reading_that_was_broken_off_goes_on_telling_the_whole(district: District) -> None:
    """The terminal says what the books say, though this run has read only the rest."""
    give_addresses(district)
    told = Told({"households": [[household(n)] for n in range(1, 5)]}, rows=4)
    heard: list[tuple[int, int | None]] = []

    def stop_at_two(_stream: str, done: int, _expected: int | None) -> None:
        if done == 2:
            raise Stopped

    def listen(stream: str, done: int, expected: int | None) -> None:
        heard.append((done, expected))
        (run,) = read(RUNNING, {"stream": stream})
        assert (run.rows_in, run.rows_expected) == (done, expected)

    with pytest.raises(Stopped):
        run_source(told, district.streams, stop_at_two)
    (outcome,) = run_source(told, district.streams, listen)
    assert heard == [(3, 4), (4, 4)]
    assert outcome.counts["in"] == 2
