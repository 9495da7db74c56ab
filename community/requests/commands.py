"""``flask ended-areas``: what to ask the district about after a merge; ``flask requests …``."""

import click
from flask.cli import AppGroup, with_appcontext

from app.areas.queries import held_changes
from app.areas.succession import HELD, Held
from app.files.older import seal_older
from community.requests.lifecycle.diagram import page
from community.requests.photos.owners import whose
from community.requests.queries import hanging_on_ended

requests_commands = AppGroup("requests", help="Service requests.")


@click.command("ended-areas")
@with_appcontext
def ended_areas() -> None:
    """Show what still hangs on areas that have ended, and changes of areas that do not count."""
    for row in hanging_on_ended():
        counts = f"{row.grants} grants, {row.addresses} addresses, {row.requests} open requests"
        click.echo(f"{row.code} ended {row.ended_on}: {counts}")
    for row in held_changes():
        words = HELD[Held(row.held)].en
        click.echo(f"{row.old_code} -> {row.new_code} {row.on_day}: {row.held}: {words}")


@requests_commands.command("seal-photos")
@with_appcontext
def seal_photos() -> None:
    """Seal files that were stored before they were sealed; it may be stopped and begun again."""
    done, lost = seal_older(whose)
    click.echo(f"{done} sealed, {lost} whose bytes are lost")


@requests_commands.command("lifecycle")
def lifecycle() -> None:
    """Print the life of a request as a diagram and as tables: docs/requests/lifecycle.md."""
    click.echo(page(), nl=False)
