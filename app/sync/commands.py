"""``flask sync``: what an operator asks of the exchange.

What the commands do stands in app/sync/running.py and looking.py, which load the columnar
library; the web processes, which only list these commands, do without it.
"""

import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.sync.contract.publish import FORMS, contract_text
from app.sync.contract.stream import Stream
from app.sync.outward.commands import OUTBOX

Work = Callable[..., Any]


def later(name: str) -> Work:
    """Return a function of a module of this room, loaded now and not when the web starts."""
    found: Work = pkgutil.resolve_name(f"app.sync.{name}")
    return found


def sync_group(streams: Sequence[Stream]) -> AppGroup:
    """Return the group, bound to the streams that the features brought."""
    group = AppGroup("sync", help="The exchange with the district's records.")
    names = click.Choice([stream.name for stream in streams])

    @group.command("contract")
    @click.argument("stream", type=names)
    @click.option("--form", type=click.Choice(sorted(FORMS)), default="table-schema")
    def contract(stream: str, form: str) -> None:
        """Print what a record of STREAM must look like."""
        found = next(each for each in streams if each.name == stream)
        click.echo(contract_text(found, form), nl=False)

    @group.command("check")
    @click.argument("source")
    def check(source: str) -> None:
        """Say in words what is wrong with SOURCE, and read nothing."""
        later("running:check_source")(source, streams)

    @group.command("run")
    @click.argument("source")
    @click.option("--processes", type=click.IntRange(0, 64), default=0)
    def run(source: str, processes: int) -> None:
        """Read all that SOURCE has new."""
        later("running:run_configured")(source, streams, processes)

    @group.command("afresh")
    @click.argument("source")
    @click.argument("stream", type=names)
    @click.option("--reason", required=True, help="Why; kept in the audit trail.")
    def afresh(source: str, stream: str, reason: str) -> None:
        """Have the next run read STREAM of SOURCE from its start, as after it was restored."""
        later("looking:forget_place")(source, stream, reason)

    @group.command("watch")
    @click.option("--processes", type=click.IntRange(0, 64), default=0)
    def watch(processes: int) -> None:
        """Read every source when it is due, reconcile at night; until told to stop."""
        later("watching:watch")(streams, processes)

    @group.command("status")
    def status() -> None:
        """Show the last reading of each stream, and how fresh it is."""
        later("looking:show_status")()

    @group.command("reconcile")
    @click.argument("source")
    @click.option("--repair", is_flag=True, help="Read anew what differs.")
    @click.option("--out", type=click.Path(path_type=Path), help="Where to write the report.")
    def reconcile(source: str, repair: bool, out: Path | None) -> None:
        """Count both sides of SOURCE and name what differs."""
        later("looking:reconcile_source")(source, streams, repair, out)

    for add in (_quarantine_commands, _hold_commands):
        add(group, streams)
    group.add_command(OUTBOX)
    return group


def _quarantine_commands(group: AppGroup, streams: Sequence[Stream]) -> None:
    quarantine = AppGroup("quarantine", help="Rows that are no records.")
    group.add_command(quarantine)

    @quarantine.command("list")
    @click.option("--source")
    @click.option("--stream")
    @click.option("--limit", type=click.IntRange(1, 10_000), default=100)
    def listed(source: str | None, stream: str | None, limit: int) -> None:
        """List what is open: why, not what."""
        later("looking:list_quarantine")(source, stream, limit)

    @quarantine.command("show")
    @click.argument("digest")
    @click.option("--reason", required=True, help="Why you look; kept in the audit trail.")
    def show(digest: str, reason: str) -> None:
        """Show one row as it came."""
        later("looking:show_quarantined")(digest, reason)

    @quarantine.command("replay")
    @click.argument("source")
    @click.argument("stream")
    def replay(source: str, stream: str) -> None:
        """Read the open rows of a stream again, by today's contract."""
        later("looking:replay_quarantine")(source, stream, streams)

    @quarantine.command("dismiss")
    @click.argument("digest")
    @click.option("--reason", required=True)
    def dismiss(digest: str, reason: str) -> None:
        """Close one row for good, whatever comes again."""
        later("looking:dismiss_quarantined")(digest, reason)


def _hold_commands(group: AppGroup, streams: Sequence[Stream]) -> None:
    @group.command("holds")
    def holds() -> None:
        """List deletions that wait for somebody's word."""
        later("looking:list_holds")()

    @group.command("carry-out")
    def carry_out() -> None:
        """Delete what somebody approved."""
        later("looking:carry_out")(streams)

    @group.command("suppress")
    @click.argument("source")
    @click.argument("stream", type=click.Choice([each.name for each in streams]))
    @click.option("--sid", prompt=True, help="The source's key; asked for if not given.")
    @click.option("--reason", required=True)
    def suppress(source: str, stream: str, sid: str, reason: str) -> None:
        """Erase a record here, for good: no later file brings it back."""
        later("looking:suppress_record")(source, stream, sid, reason, streams)
