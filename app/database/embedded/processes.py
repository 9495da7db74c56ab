"""Which process is which, told by its command line rather than by a number that may be reused."""

import subprocess
from pathlib import Path

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


def postmaster(data: Path) -> int | None:
    """Return the process id of the server that works on ``data``, or None where none does.

    A ``postmaster.pid`` outlives a killed server, and its number may since be another process.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return pid if str(data) in command_line(pid) else None


def drop_stale_lock(data: Path) -> None:
    """Remove the lock file of a server that is gone.

    PostgreSQL refuses to start while the number in it is alive, even as a process not yet reaped
    or as a stranger. Should orphans of the old server still be at work, the new one sees their
    shared memory and refuses all the same.
    """
    if postmaster(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
