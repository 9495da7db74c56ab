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
from app.turning import service as turning

BATCH = 500


@click.group("privacy")
def privacy_group() -> None:
    """Turn keys, and keep closed accounts closed."""


@privacy_group.command("rotate-keys")
@with_appcontext
def rotate_keys() -> None:
    """Wrap, seal and index anew by the keys in use; may be killed and run again at any time."""
    streams = current_app.extensions["linli.streams"]
    turning.turn(streams, click.echo)
    left = turning.left_under_old_keys(streams)
    for name, many in left.items():
        click.echo(f"{name}: {many} are under an old key still")
    if left:
        raise click.ClickException("an old process still writes with an old key: restart it first")
    click.echo("nothing is left under an old key")


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
