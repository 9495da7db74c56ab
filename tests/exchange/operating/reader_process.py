"""A reader as a process of its own, to which signals come, with the helpers that it forks."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.exchange.operating.slow_reader import IN_HAND
from tests.surroundings import ROOT

SOON = 60.0
SLOW = ("-m", "tests.exchange.operating.slow_reader")


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
            start_new_session=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._said.put(line)

    def says(self, words: str) -> str:
        """Wait for a line with these words, and return it."""
        heard: list[str] = []
        while not heard or words not in heard[-1]:
            try:
                heard.append(self._said.get(timeout=SOON))
            except queue.Empty:
                pytest.fail(f"waited for {words!r}, heard {heard}")
        return heard[-1]

    def begins_a_page(self) -> list[int]:
        """Wait until it has the next page in hand, and return the numbers of its helpers."""
        return [int(each) for each in self.says(IN_HAND).partition(IN_HAND)[2].split()]

    def go_on(self, pages: int = 1) -> None:
        """Let it write the page in hand, or so many."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n" * pages)
        self.process.stdin.flush()

    def kill(self) -> None:
        """Kill it alone, not those that it forked."""
        self.process.kill()
        self.process.wait()

    def falls_silent(self) -> bool:
        """Wait for the end of all who speak for it: its helpers have its voice, until they end."""
        self._ear.join(SOON)
        return not self._ear.is_alive()

    def end(self) -> None:
        """End it and all that it forked."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._ear.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
