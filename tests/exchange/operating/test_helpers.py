"""Helpers end with their reader and keep nothing of it; one that dies costs one stream its turn."""

import os
import signal
import time
from typing import Any

import pytest

from app.database import apart, read
from app.sync.inward.page import LOCK
from app.sync.watching import look_once
from tests.exchange.drops import District, keys_of
from tests.exchange.operating.desk import Desk
from tests.exchange.operating.reader_process import SLOW, SOON, Reader
from tests.exchange.operating.readers import change, source
from tests.exchange.records import household, matter

PAGES = 20
TRY = LOCK.replace("pg_advisory", "pg_try_advisory")
ENDS = """
SELECT DISTINCT ON (stream) stream, status, message FROM sync_run
WHERE source = 'try-out' AND kind = 'reading' ORDER BY stream, id DESC
"""


@pytest.fixture
def helpers() -> int:
    return 2


@pytest.fixture
def first_page(desk: Desk, settled: District, start: Any, helpers: int) -> Reader:
    """Return a reader of two streams, about to begin the first of twenty pages of households."""
    more = 'every = "1h"\nreconcile = "never"'
    desk.describe("try-out", more=more, folder=str(settled.folder))
    homes = [household(n) for n in range(1, 2 * PAGES + 1)]
    settled.drop("", False, households=homes, matters=[matter("TRY-M1")])
    reader: Reader = start((*SLOW, str(helpers)))
    return reader


def the_lock_is_free() -> bool:
    """Wait until a page may be written; a server waits five minutes for who is silent in one."""
    deadline = time.monotonic() + SOON
    while not (free := apart(TRY)[0][0]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(free)


@pytest.mark.parametrize("helpers", [1])
def test_a_helper_has_no_connection_of_its_reader(first_page: Reader) -> None:
    """One that is stopped cannot end; the server sees all the same that the reader is gone."""
    (helper,) = first_page.begins_a_page()
    os.kill(helper, signal.SIGSTOP)
    assert not apart(TRY)[0][0], "the reader has no page in hand"
    first_page.kill()
    assert the_lock_is_free()
    os.kill(helper, signal.SIGCONT)
    assert first_page.falls_silent(), "the helper outlives its reader"


@pytest.mark.parametrize("killed", [0, 1])
def test_a_stream_whose_helper_died_says_so_and_the_next_reading_goes_on(
    desk: Desk, settled: District, first_page: Reader, killed: int
) -> None:
    """The streams behind it are read, by new helpers; one of the two dies with the queue's lock."""
    os.kill(first_page.begins_a_page()[killed], signal.SIGKILL)
    first_page.go_on(PAGES)
    first_page.says("not everything could be read")
    first_page.process.send_signal(signal.SIGTERM)
    first_page.says("reader stopped")
    ends = {row.stream: (row.status, row.message) for row in read(ENDS)}
    assert ends["matters"] == ("done", None)
    assert ends["households"][0] == "failed"
    assert ends["households"][1].startswith("HELPER_DIED: ")
    assert source().reader_until is None
    assert len(keys_of("household")) < 2 * PAGES
    change("next_run_at = now()")
    assert look_once(desk.described(), settled.streams) == ["try-out"]
    assert len(keys_of("household")) == 2 * PAGES
