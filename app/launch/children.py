"""One child process: what it is, how it is started, how it is ended."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Child:
    """A command to keep running.

    ``restarts`` is how often in a minute it may die and be started again; ``patience`` is how many
    seconds it has to end by itself once it was asked to.
    """

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] | None = None
    folder: Path | None = None
    restarts: int = 0
    patience: float = 10.0


@dataclass(slots=True)
class Running:
    """A child that was started, in a process group of its own that Ctrl-C does not reach."""

    child: Child
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Start it; what it writes goes to our terminal, and it has nothing to read."""
        self.process = subprocess.Popen(
            self.child.command,
            env=self.child.environ,
            cwd=self.child.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ended(self) -> bool:
        """Tell whether it is over."""
        return self.process.poll() is not None

    def ask_to_end(self) -> None:
        """Ask it alone; it knows how to end the processes it made."""
        self.process.terminate()

    def end(self) -> None:
        """End it and all that it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def how(self) -> str:
        """Say how it ended."""
        code = self.process.returncode
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
