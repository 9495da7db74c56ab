"""Who reads a large source at a terminal sees how far it is, how fast, and what remains."""

import pytest

from app.sync.running import Terminal
from tests.exchange.drops import District
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household


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
        "  matters: 1,000 rows, 100 a second",
    ]


def test_a_reading_that_is_typed_shows_each_page(desk: Desk, settled: District) -> None:
    settled.drop(households=[household(n) for n in range(2, 5)])
    said = desk.type("run", "try-out")
    assert said.code == 0
    assert "  households: 3 of 3 rows" in said.lines
    assert said.lines[-1].startswith("read 3 rows, 0 in quarantine, ")
