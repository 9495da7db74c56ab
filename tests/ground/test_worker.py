"""The worker process: woken at once, stopped at once, and not put out by one fault."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.settings import Settings
from app.sms.queue import queue_message
from tests.surroundings import ROOT, environment

SOON = 15.0  # seconds; the clerk's sweeps are 600 apart

EARS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN %%' AND pid <> pg_backend_pid()
"""


class Clerk:
    """A worker process and what it says."""

    def __init__(self, settings: Settings, takes: float) -> None:
        url = settings.database_url
        environ = {**os.environ, **environment(url, settings.exchange_out.parent)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ground.clerk"],
            cwd=ROOT,
            env={**environ, "CLERK_TAKES": str(takes)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.heard: list[str] = []
        self._said: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._said.put(line.strip())

    def says(self, words: str, within: float = SOON) -> list[str]:
        """Return all it said up to the line that begins with ``words``."""
        heard: list[str] = []
        until = time.monotonic() + within
        while not heard or not heard[-1].startswith(words):
            try:
                heard.append(self._said.get(timeout=max(0.01, until - time.monotonic())))
            except queue.Empty:
                pytest.fail(f"waited for {words!r}, heard {heard}")
        return heard

    def told_to_stop(self) -> float:
        """Send SIGTERM; return the seconds until it has stopped working."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.heard = self.says("stopped")
        took = time.monotonic() - began
        assert self.process.wait(10) == 0
        return took

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def clerk(app: Flask, settings: Settings) -> Iterator[Callable[[float], Clerk]]:
    """Return the way to start a worker that takes so many seconds for a message."""
    started: list[Clerk] = []

    def start(takes: float) -> Clerk:
        started.append(Clerk(settings, takes))
        started[-1].says("looked", within=40)
        return started[-1]

    yield start
    for each in started:
        each.end()


def message() -> None:
    queue_message(uuid4(), "19999990009", "试行", timedelta(minutes=5))


def test_an_idle_worker_stops_within_two_seconds(clerk: Callable[[float], Clerk]) -> None:
    worker = clerk(0)
    assert worker.told_to_stop() < 2


def test_a_busy_worker_finishes_what_it_has_in_hand_and_begins_nothing_more(
    clerk: Callable[[float], Clerk],
) -> None:
    worker = clerk(1)
    message()
    message()
    worker.says("begun")
    assert worker.told_to_stop() < 3
    assert sum(line.startswith("done") for line in worker.heard) == 1
    assert not any(line.startswith("begun") for line in worker.heard)
    assert read("SELECT count(*) AS n FROM sms_message")[0].n == 1


def test_a_worker_is_woken_long_before_its_time_and_a_failing_sweep_stops_no_other(
    clerk: Callable[[float], Clerk],
) -> None:
    worker = clerk(0)
    for _ in range(2):
        message()
        heard = worker.says("done")
        assert "failing" in heard, "the sweep that failed is tried again"
        worker.says("looked")  # it sleeps
    assert worker.process.poll() is None


def ears() -> list[int]:
    return [row.pid for row in read(EARS, {})]


def test_a_worker_whose_connection_is_cut_listens_again(clerk: Callable[[float], Clerk]) -> None:
    worker = clerk(0)
    (before,) = ears()
    with transaction():
        write("SELECT pg_terminate_backend(%(pid)s)", {"pid": before})
    until = time.monotonic() + SOON
    while not set(ears()) - {before}:
        assert time.monotonic() < until, "it never came back"
        time.sleep(0.05)
    message()
    worker.says("done")
    assert worker.told_to_stop() < 2
