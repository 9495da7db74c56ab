"""What an operator types about the trail: ``flask audit head``, ``flask audit verify``."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.audits import sealing, verifying
from app.audits.verifying import Head


@click.group("audit")
def audit_group() -> None:
    """Seal and verify the audit trail, and export where it ends."""


@audit_group.command("head")
@with_appcontext
def head() -> None:
    """Print where each chain ends, one JSON line each: keep them away from this machine."""
    sealing.seal_all()
    for each in verifying.heads():
        click.echo(json.dumps(asdict(each)))


@audit_group.command("verify")
@click.option("--heads", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def verify(file: Path | None) -> None:
    """Walk the chains; HEADS is a file of lines that ``head`` printed before."""
    lines = file.read_text("utf-8").splitlines() if file else []
    found = verifying.verify([Head(**json.loads(line)) for line in lines if line.strip()])
    for each in found:
        click.echo(f"{each.chain} {each.seq}: {each.what}")
    if found:
        raise click.ClickException(f"the trail is broken in {len(found)} places")
    click.echo("the trail is whole")
