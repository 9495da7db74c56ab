"""What measuring requests tells: every figure by its name, and every aim that is missed."""

import json
from typing import Any

import pytest

from bench.requests.__main__ import SCALES
from bench.requests.load import Seen
from bench.requests.measuring import BURST, CLAIMED, Measured
from bench.requests.people import CROWD
from bench.requests.report import CLAIMS, Size, page

BY_SIZE = {"lifecycles_per_s", "lifecycle_p95_ms", "nearby_p95_ms", "cluster_p95_ms"}
ONCE = {"burst_errors", "burst_p95_ms", "single_winners", "bytes_per_case", "cpu_ms_per_call"}
GOOD: dict[str, Any] = {"rate": 70, "life": 0.2, "nearby": 0.02, "clusters": 0.04}


def lap(rate: float, wait: float) -> Measured:
    return Measured([Seen(10.0, 40, [wait] * int(rate * 10), [wait] * 40)], 2.5, 1.25)


def size(rate: float, life: float, nearby: float, clusters: float) -> Size:
    kinds = {"lifecycle": lap(rate, life), "nearby": lap(50, nearby), "clusters": lap(50, clusters)}
    return Size(kinds, 1575)


def told(
    small: dict[str, Any] = GOOD,
    large: dict[str, Any] = GOOD,
    burst: Seen | None = None,
    single: int = CLAIMS,
) -> list[str]:
    sizes = {10_000: size(**small), 100_000: size(**GOOD), 1_000_000: size(**large)}
    return page(sizes, burst or Seen(21.0, 356, [0.3], [0.1]), single, 600.0).splitlines()


def test_the_last_line_is_json_with_every_figure_by_its_size() -> None:
    found = json.loads(told()[-1])
    assert set(found) == BY_SIZE | ONCE
    for name in (*BY_SIZE, "cpu_ms_per_call"):
        assert set(found[name]) == {"10k", "100k", "1m"}, name
    assert found["lifecycles_per_s"]["1m"] == 70
    assert (found["nearby_p95_ms"]["10k"], found["cluster_p95_ms"]["100k"]) == (20, 40)
    assert (found["single_winners"], found["bytes_per_case"]) == (200, 1575)
    assert (found["burst_errors"], found["burst_p95_ms"]) == (0, 300)
    assert found["cpu_ms_per_call"]["1m"] == 2.5


def test_when_all_is_met_nothing_is_missed() -> None:
    lines = told()
    assert sum(each.startswith("met ") for each in lines) == 10
    assert not [each for each in lines if each.startswith("MISSED")]


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"large": GOOD | {"rate": 59}}, {"at least 60 lifecycles a second"}),
        ({"large": GOOD | {"life": 0.26}}, {"lifecycle p95 under 250 ms"}),
        ({"small": GOOD | {"rate": 100}}, {"lifecycles within 25 % of the smallest"}),
        ({"small": GOOD | {"nearby": 0.015}}, {"nearby p95 within 25 % of the smallest"}),
        ({"small": GOOD | {"clusters": 0.03}}, {"clusters p95 within 25 % of the smallest"}),
        ({"burst": Seen(21.0, 356, [1.1], [0.1])}, {"burst p95 under 1 s"}),
        ({"burst": Seen(21.0, 356, [0.1], [0.1], ["503"])}, {"burst without an error"}),
        ({"single": 199}, {"one winner of 200 times fifty"}),
        (
            {"large": GOOD | {"nearby": 0.031}},
            {"nearby p95 under 30 ms", "nearby p95 within 25 % of the smallest"},
        ),
        (
            {"large": GOOD | {"clusters": 0.051}},
            {"clusters p95 under 50 ms", "clusters p95 within 25 % of the smallest"},
        ),
    ],
)
def test_an_aim_that_is_missed_is_told_by_name(changed: dict[str, Any], missed: set[str]) -> None:
    lines = [each for each in told(**changed) if each.startswith("MISSED")]
    assert {each.removeprefix("MISSED  ").split(":")[0] for each in lines} == missed


def test_it_measures_in_the_shape_that_was_asked_for() -> None:
    assert SCALES["1m"] == (10_000, 100_000, 1_000_000)
    assert SCALES["10m"] == (*SCALES["1m"], 10_000_000)
    assert (BURST, CROWD, CLAIMED) == ((1, 15, 1, 25, 2, 35, 10), 50, 200)
