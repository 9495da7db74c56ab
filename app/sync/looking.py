"""What the commands of the exchange show and decide, beside reading."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app

from app.database import read, transaction, write
from app.privacy import SealBroken, audit, vault
from app.sync.connectors.protocol import SourceAway, SourceRefused
from app.sync.contract.stream import Stream
from app.sync.inward.booked import LAST_READING
from app.sync.inward.books import read_afresh
from app.sync.inward.engine import Overtaken, Progress
from app.sync.inward.holds import NotCarriedOut, carry_out_approved
from app.sync.inward.needs import Needs
from app.sync.inward.replay import PLACE, replay
from app.sync.inward.suppression import suppress
from app.sync.reasons import reason
from app.sync.reconcile.forgetting import forget_in_reports
from app.sync.reconcile.reconciling import reconcile, reconcile_nightly
from app.sync.reconcile.report import write_report
from app.sync.running import Terminal, opened

STATUS = f"""
SELECT c.source, c.stream, r.status, r.message, r.rows_in, r.rows_expected, c.fresh_at
FROM sync_checkpoint c{LAST_READING.format(of="c")}
ORDER BY c.source, c.stream
"""
BAD_ROWS = """
SELECT source, stream, digest, sid, code, field, times, last_seen FROM sync_quarantine
WHERE status = 'open' AND (%(source)s::text IS NULL OR source = %(source)s)
  AND (%(stream)s::text IS NULL OR stream = %(stream)s)
ORDER BY source, stream, last_seen DESC LIMIT %(limit)s
"""
ONE_ROW = "SELECT source, stream, raw_sealed FROM sync_quarantine WHERE digest = %(digest)s"
DISMISS = """
UPDATE sync_quarantine SET status = 'dismissed', closed_at = now()
WHERE digest = %(digest)s AND status = 'open' RETURNING source, stream
"""
HOLDS = """
SELECT id, source, stream, made_at, n_missing, n_live, status FROM sync_hold
WHERE status IN ('held', 'approved') ORDER BY made_at
"""


SOURCES = "SELECT source FROM sync_source UNION SELECT source FROM sync_checkpoint"

BUSY = "a reading of the stream began meanwhile; try again"


def show_status() -> None:
    """Print the last reading of each stream."""
    for row in read(STATUS):
        fresh = f"{row.fresh_at:%Y-%m-%d %H:%M} UTC" if row.fresh_at else "never whole"
        rows = f"{row.rows_in or 0:,}" + (f" of {row.rows_expected:,}" if row.rows_expected else "")
        words = f"  {row.message}" if row.message else ""
        click.echo(f"{row.source} {row.stream}: {row.status}, {rows} rows, fresh {fresh}{words}")


def forget_place(source: str, stream: str, reason: str) -> None:
    """Have a stream read from its start at the next run; who said so and why is kept."""
    with transaction():
        if not read_afresh(source, stream):
            raise click.ClickException(f"{stream} of {source} was never read")
        audit(None, "sync.read-afresh", "sync_checkpoint", f"{source} {stream}", why=reason)
    click.echo(f"the next run reads {stream} of {source} from its start")


def list_quarantine(source: str | None, stream: str | None, limit: int) -> None:
    """Print the open rows: why, not what."""
    for row in read(BAD_ROWS, {"source": source, "stream": stream, "limit": limit}):
        where = f"{row.source} {row.stream} {row.sid or '(no key)'}"
        why = f"{row.code} {row.field}: {reason(row.code, chinese=False)}"
        click.echo(f"{row.digest}  {where}  {why}  {row.times} times")


def show_quarantined(digest: str, reason: str) -> None:
    """Print one row as it came; that is a reveal, so it is audited first."""
    with transaction():
        found = read(ONE_ROW, {"digest": digest})
        if not found:
            raise click.ClickException("no such row")
        audit(None, "sync.quarantine.revealed", "sync_quarantine", digest, why=reason)
    for row in found:
        try:
            click.echo(vault.open(PLACE, digest, bytes(row.raw_sealed)))
        except SealBroken as fault:
            raise click.ClickException("the row was sealed with a key that is not here") from fault


def replay_quarantine(source: str, stream: str, streams: Sequence[Stream]) -> None:
    """Read the open rows of a stream again."""
    known = {each.name: each for each in streams}
    if stream not in known:
        raise click.ClickException(f"nobody knows the stream {stream}")
    try:
        counts = replay(source, known[stream], Needs(known))
    except Overtaken as fault:
        raise click.ClickException(BUSY) from fault
    mended = counts["in"] - counts["bad"]
    left = counts["bad"] + counts["unreadable"]
    click.echo(f"{mended:,} rows are records now, {left:,} are still none")


def dismiss_quarantined(digest: str, reason: str) -> None:
    """Close one row for good."""
    with transaction():
        if not write(DISMISS, {"digest": digest}):
            raise click.ClickException("no such row is open")
        audit(None, "sync.quarantine.dismissed", "sync_quarantine", digest, why=reason)


def list_holds() -> None:
    """Print deletions that wait."""
    for row in read(HOLDS):
        share = f"{row.n_missing:,} of {row.n_live:,}"
        click.echo(f"{row.id}  {row.source} {row.stream}: {share} missing, {row.status}")


def carry_out(streams: Sequence[Stream]) -> None:
    """Delete what was approved."""
    try:
        deleted = carry_out_approved({stream.name: stream for stream in streams})
    except NotCarriedOut as fault:
        click.echo(f"{fault.deleted:,} records deleted")
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{deleted:,} records deleted")


def suppress_record(
    source: str, stream: str, sid: str, reason: str, streams: Sequence[Stream]
) -> None:
    """Erase a record for good."""
    known = {each.name: each for each in streams}
    sources = {row.source for row in read(SOURCES)}
    if source not in sources:
        there = ", ".join(sorted(sources)) or "none"
        raise click.ClickException(f"no records ever came from {source}; there are {there}")
    forgets = (forget_in_reports, *current_app.extensions["linli.forgets"])
    try:
        lived = suppress(source, known[stream], sid, Needs(known), None, reason, forgets)
    except Overtaken as fault:
        raise click.ClickException(BUSY) from fault
    click.echo("erased, and kept out from now on" if lived else "not here; kept out from now on")


def reconcile_at_night(
    source: str, streams: Sequence[Stream], processes: int, progress: Progress
) -> None:
    """Read what is new, compare, and repair; the report is kept."""
    _, connector = opened(source)
    try:
        report = reconcile_nightly(connector, streams, progress, processes=processes)
    except (SourceRefused, SourceAway) as fault:
        raise click.ClickException(str(fault)) from fault
    if not report.equal:
        raise click.ClickException("the two sides differ")


def reconcile_source(
    source: str, streams: Sequence[Stream], repair: bool, out: Path | None
) -> None:
    """Count both sides of a source, and write the report."""
    config, connector = opened(source)
    try:
        report = reconcile(connector, streams, repair, Terminal())
    except (SourceRefused, SourceAway) as fault:
        raise click.ClickException(str(fault)) from fault
    for line in report.lines():
        click.echo(line)
    if out:
        click.echo(f"report: {write_report(report, out, config.fresh_within)}")
    if not report.equal:
        raise click.ClickException("the two sides differ")
