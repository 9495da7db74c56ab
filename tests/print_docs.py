"""Writes the pages of docs/ that the code itself is the source of: no database is asked."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

import wsgi
from app.factory import assemble
from app.http.problem_pages import problem_pages
from app.policy import PolicyTable
from app.settings import from_environment
from app.sync import Stream
from app.sync.contract.publish import FORMS, contract_text
from community.requests.lifecycle import diagram
from tests.surroundings import ROOT, RUN, environment


def pages(app: Flask) -> dict[Path, str]:
    """Return the generated pages and what each should hold."""
    description = app.extensions["linli.description"]()
    return {
        ROOT / "docs" / "openapi.json": json.dumps(description, ensure_ascii=False, indent=1)
        + "\n",
        ROOT / "docs" / "problems.md": problem_pages(),
        ROOT / "docs" / "policy.csv": _policy(app.extensions["linli.policy"]),
        ROOT / "docs" / "requests" / "lifecycle.md": diagram.page(),
        **_contracts(app.extensions["linli.streams"]),
    }


def _contracts(streams: Sequence[Stream]) -> dict[Path, str]:
    """Return the contract of each stream, in each form, as its senders read it."""
    folder = ROOT / "docs" / "contracts"
    return {
        folder / f"{stream.name}.{form}.json": contract_text(stream, form)
        for stream in streams
        for form in FORMS
    }


def _policy(table: PolicyTable) -> str:
    """Return the policy table as lines, so that a review sees each right that is given or taken."""
    lines = [
        f"{operation},{method},{role},{scope}"
        for (operation, method), row in table.rows.items()
        for role, scope in row.items()
    ]
    return "\n".join(["operation,method,role,scope", *sorted(lines)]) + "\n"


def without_a_database() -> Flask:
    """Return the product without a database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[RUN] = folder
        (Path(folder) / "server-url").write_text("postgresql:///none")
        settings = from_environment(environment("postgresql:///none", Path(folder)))
        return assemble(settings, wsgi.FEATURES)


if __name__ == "__main__":
    for path, content in pages(without_a_database()).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
