"""What measuring notices tells of workers that are killed, and when the run is a failure."""

import json
import sys
from pathlib import Path

import pytest

from bench.notices import __main__ as bench
from bench.notices import delivery
from bench.notices.delivery import Delivered

BOUND = 1500


def run(monkeypatch: pytest.MonkeyPatch, lost: int, twice: int) -> bench.Run:
    found = Delivered(9000.0, lost, twice, BOUND, 1.04)
    monkeypatch.setattr(delivery, "measure", lambda *_: found)
    made = bench.Run(bench.QUICK, Path(sys.executable))
    made.once.update(made._delivered("", {}))
    return made


def test_the_line_of_json_has_what_went_out_twice_beside_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = json.loads(json.dumps(bench._line(run(monkeypatch, 0, 700))))
    assert (found["kill_duplicates"], found["kill_duplicates_bound"]) == (700, BOUND)


@pytest.mark.parametrize(
    ("lost", "twice", "failed"),
    [(0, 0, False), (0, BOUND, False), (0, BOUND + 1, True), (1, 0, True)],
)
def test_a_run_fails_that_loses_somebody_or_repeats_too_many(
    monkeypatch: pytest.MonkeyPatch, lost: int, twice: int, failed: bool
) -> None:
    made = run(monkeypatch, lost, twice)
    assert made.failed is failed
    assert made.once["kill_lost"] == lost, "and tells its figures all the same"
