"""The Python that all contestants run under: ``.venv-bench``, made on first use."""

import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / ".venv-bench"
LISTS = (CHECKOUT / "requirements.txt", CHECKOUT / "bench" / "requirements.txt")


def interpreter() -> Path:
    """Return the interpreter that has the product's libraries and the peers', as pinned.

    Raises:
        CalledProcessError: pip could not install them; it has said why.
    """
    python = FOLDER / "bin" / "python"
    installed = FOLDER / ".installed"
    pinned = "".join(each.read_text() for each in LISTS)
    if installed.exists() and installed.read_text() == pinned:
        return python
    print(f"Installing the peers into {FOLDER.name} (once) …", file=sys.stderr, flush=True)
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
    wanted = [word for each in LISTS for word in ("-r", str(each))]
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *wanted], check=True)
    installed.write_text(pinned)
    return python
