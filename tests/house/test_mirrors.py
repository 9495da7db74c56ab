"""The district's records stay the truth: nothing but the exchange's merge writes its mirrors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

import app as product

ROOT = Path(product.__file__).parent.parent
ROOMS = ("app", "community", "notices")
KEEPER = ROOT / "app" / "sync" / "inward"
MAKERS = ROOT / "app" / "database" / "migrations"
"""They lay the mirrors out, and fill a new column of one from the old."""
WRITES = re.compile(
    r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY|MERGE\s+INTO)\s+(\S+)", re.I
)


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a source; what is put into one stands in it as ``{name}``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part)}}}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def written(path: Path) -> set[str]:
    """Return what a source writes that may be a mirror: by its name, or by one put in."""
    found = (match[2] for text in texts(path) for match in WRITES.finditer(text))
    return {name for name in found if name.startswith("src_") or "mirror" in name.lower()}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from (each for each in (ROOT / room).rglob("*.py") if MAKERS not in each.parents)


def test_nobody_else_writes_a_mirror() -> None:
    writers = {path.parent for path in sources() if written(path)}
    assert writers == {KEEPER}


def test_nobody_else_has_the_mirrors_as_tables(app: Flask) -> None:
    """Who has no ``Table`` of a mirror cannot write it by SQLAlchemy's hand, either."""
    holders = [
        path
        for path in sources()
        if re.search(r"\.mirror\b(?!\.name)", path.read_text("utf-8"))
        and KEEPER not in path.parents
    ]
    assert {path.relative_to(ROOT).parts[:3] for path in holders} <= {
        ("app", "sync", "contract"),
    }
    assert all(f"src_{each.name}" == each.mirror.name for each in app.extensions["linli.streams"])
