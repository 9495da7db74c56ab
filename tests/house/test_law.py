"""The import law holds, and the tail of long files and functions stays short."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.surroundings import ROOT

ROOMS = ("app", "community", "notices")
FILE_LINES, FUNCTION_LINES = 200, 40
WORST_FILE, WORST_FUNCTION = 260, 60


def sources() -> list[Path]:
    found = [ROOT / "wsgi.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", _length(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_the_import_law_holds() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_long_files_and_functions_are_reported_and_the_worst_refused(
    record_property: object,
) -> None:
    files = [(str(p.relative_to(ROOT)), len(p.read_text("utf-8").splitlines())) for p in sources()]
    long_files = [each for each in files if each[1] > FILE_LINES]
    long_functions = [
        each for path in sources() for each in functions(path) if each[1] > FUNCTION_LINES
    ]
    for name, lines in sorted([*long_files, *long_functions], key=lambda each: -each[1]):
        print(f"long: {name}: {lines} lines")
    assert all(lines <= WORST_FILE for _, lines in long_files), long_files
    assert all(lines <= WORST_FUNCTION for _, lines in long_functions), long_functions
