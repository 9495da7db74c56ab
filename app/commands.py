"""What an operator types: prepare the database, load records, work. ``flask sync`` has the rest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app.database import RoleWanted, as_owner, conninfo_of, db, let_in
from app.settings import Settings
from app.sync import Stream
from app.sync.commands import later, sync_group
from app.worker import Sweep, run_worker

USUAL = "usual"
"""How the lane without a name is called on the command line."""

MIGRATIONS = Path(__file__).parent / "database" / "migrations"


def operator_commands(
    streams: Sequence[Stream], sweeps: Sequence[Sweep]
) -> tuple[click.Command, ...]:
    """Return the commands, bound to what the features brought."""

    @click.command("prepare")
    @click.option("--sample", type=click.Path(path_type=Path, exists=True))
    @with_appcontext
    def prepare(sample: Path | None) -> None:
        """Migrate, let the product's role in, and read SAMPLE through the exchange."""
        settings: Settings = current_app.extensions["linli.settings"]
        try:
            with as_owner():
                flask_migrate.upgrade()
                let_in(settings.owner_url, settings.database_url)
        except RoleWanted as fault:
            raise click.ClickException(str(fault)) from fault
        if sample:  # what was read to its end is not read again, what was interrupted goes on
            later("running:load_folder")(sample, streams)

    @click.command("load")
    @click.argument("folder", type=click.Path(path_type=Path, exists=True))
    @click.option("--processes", type=click.IntRange(0, 64), default=0)
    @with_appcontext
    def load(folder: Path, processes: int) -> None:
        """Read the records that were dropped in FOLDER."""
        later("running:load_folder")(folder, streams, processes)

    @click.command("work")
    @click.option("--lane", "lanes", multiple=True, type=click.Choice(_lanes_of(sweeps)))
    @with_appcontext
    def work(lanes: tuple[str, ...]) -> None:
        """Sweep what is due until told to stop; with --lane only what belongs to that lane."""
        app = cast(Any, current_app)._get_current_object()
        chosen = [sweep for sweep in sweeps if not lanes or (sweep.lane or USUAL) in lanes]
        url = db.engine.url.render_as_string(hide_password=False)
        run_worker(chosen, conninfo_of(url), app.app_context)

    return prepare, load, work, sync_group(streams)


def _lanes_of(sweeps: Sequence[Sweep]) -> list[str]:
    return sorted({sweep.lane or USUAL for sweep in sweeps})
