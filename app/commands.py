"""What an operator types: prepare the database, load records, work, print the API."""

import time
from collections.abc import Sequence
from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext

from app.database import conninfo_of, db
from app.sync import Stream, run_source
from app.sync.connector import SourceRefused
from app.sync.filedrop import FileDrop
from app.worker import Sweep, run_worker

MIGRATIONS = Path(__file__).parent / "database" / "migrations"


def operator_commands(
    streams: Sequence[Stream], sweeps: Sequence[Sweep]
) -> tuple[click.Command, ...]:
    """Return the commands, bound to what the features brought."""

    @click.command("prepare")
    @click.option("--sample", type=click.Path(path_type=Path, exists=True))
    @with_appcontext
    def prepare(sample: Path | None) -> None:
        """Migrate, and read SAMPLE through the exchange."""
        flask_migrate.upgrade()
        if sample:  # what was read to its end is not read again, what was interrupted goes on
            _load(sample, streams)

    @click.command("load")
    @click.argument("folder", type=click.Path(path_type=Path, exists=True))
    @with_appcontext
    def load(folder: Path) -> None:
        """Read the records that were dropped in FOLDER."""
        _load(folder, streams)

    @click.command("work")
    @with_appcontext
    def work() -> None:
        """Sweep what is due until told to stop."""
        run_worker(sweeps, conninfo_of(db.engine.url.render_as_string(hide_password=False)))

    return prepare, load, work


def _load(folder: Path, streams: Sequence[Stream]) -> None:
    began = time.monotonic()
    starts: dict[str, float] = {}

    def progress(stream: str, done: int, expected: int | None) -> None:
        spent = time.monotonic() - starts.setdefault(stream, time.monotonic())
        left = f", {spent / done * (expected - done):.0f} s left" if expected and spent > 5 else ""
        click.echo(f"  {stream}: {done:,} of {expected or 0:,} rows{left}")

    try:
        outcomes = run_source(FileDrop(folder), streams, progress)
    except SourceRefused as fault:
        raise click.ClickException(str(fault)) from fault
    rows = sum(outcome.counts.get("in", 0) for outcome in outcomes)
    bad = sum(outcome.counts.get("bad", 0) for outcome in outcomes)
    click.echo(f"read {rows} rows, {bad} in quarantine, {time.monotonic() - began:.1f} s")
