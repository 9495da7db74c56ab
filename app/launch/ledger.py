"""Which processes are ours, on paper, for the case that we are killed before we could end them."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.database.embedded import command_line
from app.launch.children import Running
from app.launch.surroundings import StartRefused

PATIENCE = 10.0
PAUSE = 0.05


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Hold the state folder; the lock falls with this process, however it ends.

    Raises:
        StartRefused: another start holds it, or it cannot be written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        paper = (state / "lock").open("a+")
    except OSError as fault:
        raise StartRefused(f"{fault}. Set LINLI_STATE to a folder of your own") from fault
    with paper as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            lock.seek(0)
            who = lock.read().strip() or "?"
            raise StartRefused(f"Linli already runs from {state} (process {who})") from fault
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Ledger:
    """The children of the latest start, written down as they come and go."""

    def __init__(self, file: Path) -> None:
        """Keep the list in ``file``."""
        self._file = file

    def write(self, running: Iterable[Running]) -> None:
        """Write down who runs now."""
        rows = [[one.process.pid, one.child.name, list(one.child.command)] for one in running]
        half = self._file.with_suffix(".unfinished")
        half.write_text(json.dumps(rows))
        half.replace(self._file)

    def end_leftovers(self) -> list[str]:
        """End what an earlier start left behind and return the names.

        A number is trusted only where the process still has the command line written beside it.
        """
        left = {pid: name for pid, name, command in self._rows() if _is(pid, command)}
        for order in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + PATIENCE
            for pid in filter(command_line, left):
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, order)
            while any(map(command_line, left)) and time.monotonic() < deadline:
                time.sleep(PAUSE)
        return list(left.values())

    def _rows(self) -> list[tuple[int, str, list[str]]]:
        try:
            return [
                (pid, name, command) for pid, name, command in json.loads(self._file.read_text())
            ]
        except (FileNotFoundError, ValueError, TypeError):
            return []


def _is(pid: int, command: list[str]) -> bool:
    return command_line(pid).endswith(" ".join(command[1:] or command))
