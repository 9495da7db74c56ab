"""Reconciliation of a source: every stream that it offers, and a report that is kept."""

from collections.abc import Sequence
from pathlib import Path

from app import clock
from app.database import transaction, write
from app.sync.connectors.protocol import Connector
from app.sync.contract.stream import Stream
from app.sync.inward.engine import Progress, run_source
from app.sync.inward.needs import Needs
from app.sync.reconcile.comparison import Comparison
from app.sync.reconcile.report import Report, report_json, write_report

KEEP = """
INSERT INTO sync_report (source, at, equal, findings)
VALUES (%(source)s, %(at)s, %(equal)s, %(findings)s::jsonb)
"""
NOTED = "UPDATE sync_source SET reconciled_at = %(at)s WHERE source = %(source)s"


def reconcile(
    connector: Connector, streams: Sequence[Stream], repair: bool, progress: Progress
) -> Report:
    """Count and compare every stream that a source offers, and keep what was found.

    ``repair``: what differs is read anew, and what is here and not there is deleted, unless that
    is so much that somebody must say so. A stream that cannot be compared is told so in its
    findings, and the others are compared all the same.

    Raises:
        SourceRefused, SourceAway: the source does not even say which streams it has.
    """
    known = {stream.name: stream for stream in streams}
    at, needs = clock.now(), Needs(known)
    offers = [offer for offer in connector.offers() if offer.stream in known]
    found = [
        Comparison(connector, known[offer.stream], offer, needs, progress, at).run(repair)
        for offer in offers
    ]
    report = Report(connector.source, at, found)
    with transaction():
        about = {"source": report.source, "at": at, "equal": report.equal}
        write(KEEP, about | {"findings": report_json(report).decode()})
        write(NOTED, about)
    return report


def reconcile_nightly(
    connector: Connector,
    streams: Sequence[Stream],
    progress: Progress,
    out: Path | None = None,
    processes: int = 0,
) -> Report:
    """Read what is new, then compare and repair, and write the report into a folder.

    What the source has that an ordinary reading just now did not bring is what it would never
    have brought: so read first.

    Raises:
        SourceRefused, SourceAway: the source does not even say which streams it has.
    """
    run_source(connector, streams, progress, processes=processes)
    report = reconcile(connector, streams, True, progress)
    if out is not None:
        write_report(report, out)
    return report
