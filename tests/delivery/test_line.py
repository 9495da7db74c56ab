"""A stranger's server has so long for its whole answer, however it spreads its bytes."""

import time

import pytest

from notices.channels.line import Line, LineFault
from tests.delivery.provider import DRIP, DRIP_HEAD, SILENCE, provider


def line(whole: float) -> Line:
    return Line(lambda _: True, plain=True, read_seconds=5.0, whole_seconds=whole)


@pytest.mark.parametrize("manner", [DRIP, DRIP_HEAD, SILENCE])
def test_an_answer_that_drips_is_left_in_time_and_so_is_its_connection(manner: str) -> None:
    with provider() as slow:
        slow.answers["/hook"] = [manner]
        began = time.monotonic()
        with pytest.raises(LineFault, match="timeout"):
            line(0.6).post(f"{slow.url}/hook", b"{}", {})
        assert 0.5 < time.monotonic() - began < 3.0
        if manner != SILENCE:
            assert slow.left.wait(5.0), "the connection was closed"


def test_each_answer_has_its_own_time_on_a_connection_that_is_kept() -> None:
    with provider() as quick:
        quick.default = (200, {}, b"well")
        asking = line(0.6)
        for _ in range(3):
            assert asking.post(f"{quick.url}/hook", b"{}", {}).body == b"well"
            time.sleep(0.3)
