"""What measuring the exchange tells: every figure by its name, and every aim that is missed."""

import json
from typing import Any

import pytest

from bench.sync import laps, report
from bench.sync.laps import Lap, Outcome

KEYS = {
    *("full_vs_copy", "pii_rows_per_s", "noop_vs_dlt", "noop_wal_mb", "same_file_s"),
    *("one_percent_extra_s", "rss_mb"),
}
ROWS = 1_000_000
GOOD = {
    laps.COPY: 4.0,
    laps.FULL: 8.0,
    laps.FULL_TWO: 6.0,
    laps.SEALED: 15.0,
    laps.SEALED_TWO: 9.0,
    laps.SHUFFLED: 20.0,
    laps.DLT: 8.0,
    laps.AGAIN: 5.0,
    laps.DLT_AGAIN: 12.0,
    laps.SAME_FILE: 0.02,
    laps.CHANGED: 5.5,
    laps.GONE: 15.0,
}


def outcome(wal_mb: float = 0.4, **changes: float) -> Outcome:
    """Return three rounds of a calm machine; ``changes`` are seconds by the name of a constant."""
    seconds = GOOD | {getattr(laps, name): value for name, value in changes.items()}
    return Outcome({what: [Lap(spent, wal_mb, 250.0)] * 3 for what, spent in seconds.items()})


def missed(found: dict[str, Any]) -> set[str]:
    lines = report.verdicts(found).splitlines()
    assert len(lines) == len(KEYS)
    return {line.split()[0] for line in lines if "MISSED" in line}


def test_the_line_of_json_has_every_figure() -> None:
    found = json.loads(report.line(report.figures(outcome(), ROWS, 390)))
    assert found.keys() >= KEYS
    assert found["pii_rows_per_s"] == {"1": 66_667, "2": 111_111}
    assert (found["full_vs_copy"], found["noop_vs_dlt"]) == (2.0, 2.4)
    assert (found["one_percent_extra_s"], found["same_file_s"]) == (0.5, 0.02)


def test_when_all_is_reached_nothing_is_missed() -> None:
    assert missed(report.figures(outcome(), ROWS, 390)) == set()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"FULL": 9.0}, "full_vs_copy"),
        ({"SEALED": 15.5}, "pii_rows_per_s"),
        ({"SEALED_TWO": 9.2}, "pii_rows_per_s"),
        ({"DLT_AGAIN": 9.9}, "noop_vs_dlt"),
        ({"wal_mb": 5.0}, "noop_wal_mb"),
        ({"SAME_FILE": 1.0}, "same_file_s"),
        ({"CHANGED": 6.1}, "one_percent_extra_s"),
    ],
)
def test_each_aim_that_is_missed_is_told_by_its_name(changes: dict[str, float], name: str) -> None:
    assert missed(report.figures(outcome(**changes), ROWS, 390)) == {name}


def test_too_much_memory_is_told() -> None:
    assert missed(report.figures(outcome(), ROWS, 401)) == {"rss_mb"}


def test_the_table_has_each_race() -> None:
    told = report.table(outcome(), ROWS)
    assert all(what in told for what in GOOD)
