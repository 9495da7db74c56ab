"""What an operator types about closed accounts: ``flask privacy …``."""

import json
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from app.rights import closing

BATCH = 500


@click.group("privacy")
def privacy_group() -> None:
    """Turn keys, and keep closed accounts closed."""


@privacy_group.command("erasures")
@with_appcontext
def erasures() -> None:
    """Print the ledger of closed accounts, one JSON line each: keep it apart from the backups."""
    for row in closing.ledger():
        click.echo(json.dumps({"subject": str(row.subject), "at": row.at.isoformat()}))


@privacy_group.command("reapply-erasures")
@click.argument("file", type=click.Path(path_type=Path, exists=True), required=False)
@with_appcontext
def reapply_erasures(file: Path | None) -> None:
    """After a restore, close again whom the ledger names: FILE, or what the database has of it."""
    lines = file.read_text("utf-8").splitlines() if file else []
    named = (UUID(json.loads(line)["subject"]) for line in lines if line.strip())
    subjects: Any = named if file else (row.subject for row in closing.ledger())
    again = 0
    while batch := list(islice(subjects, BATCH)):
        again += closing.reapply(batch, current_app.extensions["linli.features"])
    click.echo(f"closed again: {again}")
