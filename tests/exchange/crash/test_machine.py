"""Whatever the source, the platform and bad luck do, and in whatever order: it comes out right."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.sync import Stream
from tests.exchange.crash.conftest import ALL
from tests.exchange.crash.machine import Exchange

EXAMPLES, STEPS = (150, 30) if ALL else (20, 15)


@pytest.mark.usefixtures("patient")
def test_it_comes_out_right_whatever_happens(streams: Mapping[str, Stream]) -> None:
    Exchange.streams = streams
    run_state_machine_as_test(
        Exchange,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not ALL,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a smaller case is worth hours to nobody but its reader
            suppress_health_check=list(HealthCheck),
        ),
    )
