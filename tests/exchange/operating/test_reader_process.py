"""A reader that is told to stop ends cleanly; one that is killed leaves nothing half done."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from app.settings import Settings
from app.sync.watching import look_once
from tests.exchange.drops import District, keys_of, one
from tests.exchange.operating.desk import Desk
from tests.exchange.operating.readers import change, runs, source
from tests.exchange.operating.slow_reader import IN_HAND
from tests.exchange.records import household
from tests.surroundings import ROOT, environment

SOON = 60.0
SLOW = ("-m", "tests.exchange.operating.slow_reader")
WATCH = ("-m", "flask", "--app", "wsgi", "sync", "watch")
TURNED = "SELECT coalesce(sum(n_in), 0)::int FROM sync_batch WHERE source = 'try-out'"


class Reader:
    """A reader's process, and what it says."""

    def __init__(self, environ: dict[str, str], command: Sequence[str]) -> None:
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._said.put(line)

    def says(self, words: str) -> None:
        """Wait for a line with these words."""
        heard: list[str] = []
        while not heard or words not in heard[-1]:
            try:
                heard.append(self._said.get(timeout=SOON))
            except queue.Empty:
                pytest.fail(f"waited for {words!r}, heard {heard}")

    def go_on(self) -> None:
        """Let it write the page in hand."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._ear.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def start(desk: Desk, settings: Settings) -> Iterator[Callable[[Sequence[str]], Reader]]:
    """Return the way to start a reader of the described sources."""
    readers: list[Reader] = []

    def started(command: Sequence[str]) -> Reader:
        environ = dict(environment(settings.database_url, settings.exchange_out.parent))
        readers.append(Reader(environ | {"LINLI_SOURCES": str(desk.folder)}, command))
        return readers[-1]

    yield started
    for reader in readers:
        reader.end()


@pytest.fixture
def second_page(desk: Desk, settled: District, start: Any) -> Reader:
    """Return a reader that has the second of three pages in hand."""
    more = 'every = "1h"\nreconcile = "never"'
    desk.describe("try-out", more=more, folder=str(settled.folder))
    settled.drop("", True, households=[household(n) for n in range(1, 7)])
    reader: Reader = start(SLOW)
    reader.says(IN_HAND)
    reader.go_on()
    reader.says(IN_HAND)
    return reader


def test_a_reader_with_nothing_to_do_stops_at_once(desk: Desk, start: Any) -> None:
    reader = start(WATCH)
    reader.says("reader watches: try-out")
    reader.process.send_signal(signal.SIGTERM)
    reader.says("reader stopped")
    assert reader.process.wait(SOON) == 0


def test_a_signal_ends_the_reading_behind_the_page_in_hand(
    desk: Desk, settled: District, second_page: Reader
) -> None:
    before = one(TURNED)
    second_page.process.send_signal(signal.SIGTERM)
    second_page.go_on()
    second_page.says("reader stopped")
    assert second_page.process.wait(SOON) == 0
    assert keys_of("household") == [f"TRY-H{n}" for n in range(1, 5)]
    assert (runs("stopped"), runs("running"), runs("failed")) == (1, 0, 0)
    assert (source().due, source().reader_until) == (True, None)
    assert look_once(desk.described(), settled.streams) == ["try-out"]
    assert len(keys_of("household")) == 6
    assert one(TURNED) - before == 4, "no page is read twice"


def test_a_killed_reader_loses_its_source_and_another_goes_on(
    desk: Desk, settled: District, second_page: Reader
) -> None:
    before = one(TURNED)
    second_page.process.kill()
    second_page.process.wait()
    assert keys_of("household") == ["TRY-H1", "TRY-H2"], "nothing of the page in hand is written"
    assert source().taken
    assert look_once(desk.described(), settled.streams) == []
    change("reader_until = now() - interval '1 second'")  # as it is five minutes later
    assert look_once(desk.described(), settled.streams) == ["try-out"]
    assert len(keys_of("household")) == 6
    assert (runs("overtaken"), runs("running")) == (1, 0)
    assert one(TURNED) - before == 4, "the page that was committed is not read again"
