"""Which process is which, told by its command line rather than by a number that may be reused."""

import subprocess
from pathlib import Path

from app.database.embedded.home import Home

PROC = Path("/proc/self/cmdline")


def command_line(pid: int) -> str:
    """Return the words with which a living process was started, joined by spaces.

    Empty where there is no such process, or where it is dead and only waits to be reaped.
    """
    if PROC.exists():
        try:
            words = PROC.parents[1].joinpath(str(pid), "cmdline").read_bytes()
        except OSError:
            return ""
        return words.decode(errors="surrogateescape").replace("\0", " ").strip()
    listing = subprocess.run(  # noqa: S603  fixed words and a number
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listing.stdout.strip()


def postmaster(home: Home) -> int | None:
    """Return the process id of the server that works on ``home``, or None where none does.

    A lock file outlives a killed server, and its number may since be another process.
    """
    for lock in home.locks:
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            continue
        if str(home.data) in command_line(pid):
            return pid
    return None


def drop_stale_locks(home: Home) -> None:
    """Remove the lock files of a server that is gone.

    PostgreSQL refuses to start while the number in one is alive, even as a process not yet reaped
    or as a stranger. Should orphans of the old server still be at work, the new one sees their
    shared memory and refuses all the same.
    """
    if postmaster(home) is None:
        for lock in home.locks:
            lock.unlink(missing_ok=True)
