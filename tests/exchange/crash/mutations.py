"""``python -m tests.exchange.crash.mutations``: breaks the exchange, and sees whether tests notice.

Each mutation is made in a copy of the tree, and the tests that should mind it are run there. A
mutation that nobody minds is a hole in the tests, and ends this with 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.exchange.crash.mutants import MUTATIONS
from tests.exchange.crash.pieces import Mutation
from tests.surroundings import ROOT

PARTS = ("app", "community", "notices", "sample", "tests", "wsgi.py", "pyproject.toml")
FOLDER = Path("tests/exchange/crash")
MINDED = re.compile(r"^FAILED \S+::(\w+)", re.MULTILINE)


def main() -> int:
    """Try all mutations, and first that without any the tests are green."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        _copy(copy)
        everything = sorted({test for mutation in MUTATIONS for test in mutation.tests()})
        status, minded = _tried(copy, everything)
        if status:
            print(f"red without any mutation: {minded}")
            return 1
        unminded = sum(not _is_minded(copy, mutation) for mutation in MUTATIONS)
    print(f"{len(MUTATIONS)} mutations, {unminded} of them green")
    return int(unminded > 0)


def _copy(copy: Path) -> None:
    copy.mkdir()
    unused = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=unused)
        else:
            shutil.copy(ROOT / part, copy / part)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    surroundings = copy / "tests" / "surroundings.py"  # nothing here needs the sample's people
    words = surroundings.read_text("utf-8")
    lighter = words.replace('[*command, "--sample", str(RECORDS)]', "command")
    surroundings.write_text(lighter, "utf-8")


def _is_minded(copy: Path, mutation: Mutation) -> bool:
    before = {file: (copy / file).read_text("utf-8") for file in mutation.files()}
    for file, old, new in mutation.changes:
        words = (copy / file).read_text("utf-8")
        assert words.count(old) == 1, f"{mutation.name}: {file} has changed"
        (copy / file).write_text(words.replace(old, new), "utf-8")
    reds = [_is_red(copy, mutation.name, test) for test in mutation.tests()]
    for file, words in before.items():
        (copy / file).write_text(words, "utf-8")
    return all(reds)


def _is_red(copy: Path, name: str, test: str) -> bool:
    status, minded = _tried(copy, [test])
    red = status == 1 and minded != ""  # a test that could not even begin has minded nothing
    print(f"{'RED  ' if red else 'GREEN'} {name:<58} {minded or test}", flush=True)
    return red


def _tried(copy: Path, tests: list[str]) -> tuple[int, str]:
    """Run tests in the copy; return pytest's exit code and which of them failed."""
    loads = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=copy, env=_environ(copy), check=False
    )
    if loads.returncode:
        return 2, "it does not even load"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *(str(FOLDER / test) for test in tests)],
        cwd=copy,
        env=_environ(copy),
        capture_output=True,
        text=True,
        check=False,
    )
    minded = MINDED.findall(done.stdout)
    return done.returncode, minded[0] if minded else ""


def _environ(copy: Path) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if name != "CRASHES"}
    return environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}


if __name__ == "__main__":
    sys.exit(main())
