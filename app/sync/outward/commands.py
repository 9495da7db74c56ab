"""What an operator types about the outbox: see what is stuck, send it again or give it up."""

from uuid import UUID

import click
from flask.cli import AppGroup, with_appcontext

from app.errors import NotFound
from app.sync.outward import register
from app.sync.outward.refusals import OutcomeNotParked

SHOWN = 20
MOST_SHOWN = 1000


@click.command("list")
@click.option("--state", type=click.Choice(register.STATES), default="parked", show_default=True)
@click.option("--limit", type=click.IntRange(1, MOST_SHOWN), default=SHOWN, show_default=True)
@with_appcontext
def outbox_list(state: str, limit: int) -> None:
    """Say how the outbox stands, and list what is in a state."""
    stands = register.standing()
    since = f", the oldest since {stands.oldest:%Y-%m-%d %H:%M:%S %Z}" if stands.oldest else ""
    over = f"{stands.parked:,} parked, {stands.given_up:,} given up"
    click.echo(f"{stands.waiting:,} waiting{since}; {over}")
    page = register.list_events(state, None, limit)
    for row in page.items:
        what = (
            row.given_up_because
            or row.refusal
            or row.receipt
            or (f"due {row.due_at:%H:%M:%S}" if row.due_at else "-")
        )
        click.echo(f"{row.id}  {row.told_at:%Y-%m-%d %H:%M}  {row.tries:>3}  {row.key}  {what}")
    if page.next:
        click.echo(f"… and more: these are the first {limit}")


@click.command("retry")
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--refusal", help="All that were parked for this reason, such as 'patience'.")
@with_appcontext
def outbox_retry(ids: tuple[UUID, ...], refusal: str | None) -> None:
    """Have parked events sent again: those with these IDS, or those parked for one reason."""
    if bool(ids) == bool(refusal):
        raise click.UsageError("name events by their ids, or one --refusal")
    if refusal:
        click.echo(f"{register.retry_parked_for(None, refusal)} will be sent again")
    for each in ids:
        try:
            row = register.retry_event(None, each)
        except NotFound as fault:
            raise click.ClickException(f"there is no event {each}") from fault
        click.echo(f"{row.key} is {row.state}")


@click.command("give-up")
@click.argument("id", type=click.UUID)
@click.option("--because", type=click.Choice(register.REASONS), required=True)
@with_appcontext
def outbox_give_up(id: UUID, because: str) -> None:  # noqa: A002  as it is called on the line
    """Give a parked event up for good: the later ones of its subject leave without it."""
    try:
        row = register.give_up_event(None, id, because)
    except NotFound as fault:
        raise click.ClickException(f"there is no event {id}") from fault
    except OutcomeNotParked as fault:
        raise click.ClickException("only what is parked can be given up") from fault
    click.echo(f"{row.key} is given up")


OUTBOX = AppGroup("outbox", help="Outcomes for the district.")
for command in (outbox_list, outbox_retry, outbox_give_up):
    OUTBOX.add_command(command)
