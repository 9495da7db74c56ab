"""Writes the pages of docs/ that the code itself is the source of: no database is asked."""

import json
import tempfile
from pathlib import Path

import wsgi
from app.factory import assemble
from app.http.problem_pages import problem_pages
from app.settings import from_environment
from tests.surroundings import ROOT, environment


def pages() -> dict[Path, str]:
    """Return the generated pages and what each should hold."""
    with tempfile.TemporaryDirectory() as folder:
        settings = from_environment(environment("postgresql:///none", Path(folder)))
        app = assemble(settings, wsgi.FEATURES)
    description = app.extensions["linli.description"]()
    return {
        ROOT / "docs" / "openapi.json": json.dumps(description, ensure_ascii=False, indent=1)
        + "\n",
        ROOT / "docs" / "problems.md": problem_pages(),
    }


if __name__ == "__main__":
    for path, content in pages().items():
        path.write_text(content, "utf-8")
        print(f"wrote docs/{path.name}")
