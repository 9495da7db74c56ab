"""A reader that is told to stop ends cleanly; one that is killed leaves nothing half done."""

import os
import signal
from typing import Any

import pytest

from app.sync.watching import look_once
from tests.exchange.drops import District, keys_of, one
from tests.exchange.operating.desk import Desk
from tests.exchange.operating.reader_process import SOON, Reader
from tests.exchange.operating.readers import change, runs, source

WATCH = ("-m", "flask", "--app", "wsgi", "sync", "watch")
TURNED = "SELECT coalesce(sum(n_in), 0)::int FROM sync_batch WHERE source = 'try-out'"

alone_or_helped = pytest.mark.parametrize("helpers", [0, 2])


def test_a_reader_with_nothing_to_do_stops_at_once(desk: Desk, start: Any) -> None:
    reader = start(WATCH)
    reader.says("reader watches: try-out")
    reader.process.send_signal(signal.SIGTERM)
    reader.says("reader stopped")
    assert reader.process.wait(SOON) == 0


@alone_or_helped
def test_a_signal_ends_the_reading_behind_the_page_in_hand(
    desk: Desk, settled: District, second_page: Reader
) -> None:
    """Also one that comes to the helpers as well: from a terminal, or from who stops a service."""
    before = one(TURNED)
    os.killpg(second_page.process.pid, signal.SIGTERM)
    second_page.go_on()
    second_page.says("reader stopped")
    assert second_page.process.wait(SOON) == 0
    assert keys_of("household") == [f"TRY-H{n}" for n in range(1, 5)]
    assert (runs("stopped"), runs("running"), runs("failed")) == (1, 0, 0)
    assert (source().due, source().reader_until) == (True, None)
    assert look_once(desk.described(), settled.streams) == ["try-out"]
    assert len(keys_of("household")) == 6
    assert one(TURNED) - before == 4, "no page is read twice"


@alone_or_helped
def test_a_killed_reader_loses_its_source_and_another_goes_on(
    desk: Desk, settled: District, second_page: Reader
) -> None:
    before = one(TURNED)
    second_page.kill()
    assert second_page.falls_silent(), "its helpers outlive it"
    assert keys_of("household") == ["TRY-H1", "TRY-H2"], "nothing of the page in hand is written"
    assert source().taken
    assert look_once(desk.described(), settled.streams) == []
    change("reader_until = now() - interval '1 second'")  # as it is five minutes later
    assert look_once(desk.described(), settled.streams) == ["try-out"]
    assert len(keys_of("household")) == 6
    assert (runs("overtaken"), runs("running")) == (1, 0)
    assert one(TURNED) - before == 4, "the page that was committed is not read again"
