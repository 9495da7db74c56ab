"""The report of a reconciliation: a sealed file for the record, and a page for people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app import clock
from app.sync.reconcile.bars import pieces_of
from app.sync.reconcile.findings import Findings, Verdict, findings_of
from app.sync.reconcile.freshness import FRESH_WITHIN_S
from app.sync.reconcile.sealing import SEAL, sealed, spelt

FRESH_WITHIN = timedelta(seconds=FRESH_WITHIN_S)
TOLD = (
    *("missing", "extra", "differing", "contradicted", "keyless", "held"),
    *("quarantined", "suppressed", "waiting", "respelled", "moving", "repaired"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a source, stream by stream."""

    source: str
    at: datetime
    streams: Sequence[Findings]

    @property
    def equal(self) -> bool:
        """Tell whether every stream was compared and is the same on both sides."""
        return bool(self.streams) and all(each.verdict is Verdict.EQUAL for each in self.streams)

    def lines(self) -> list[str]:
        """Return a line a stream, for a terminal: numbers and words, no keys."""
        return [_line(each) for each in self.streams]


def report_json(report: Report) -> bytes:
    """Return the report as a sealed JSON document."""
    return spelt(_sealed(report))


def report_page(report: Report, fresh_within: timedelta = FRESH_WITHIN) -> str:
    """Return the report as a page that stands alone: no script, nothing to be fetched.

    ``fresh_within``: what was last all here longer ago than this is shown as old.
    """
    return _page(report, fresh_within, _sealed(report)[SEAL], intact=True)


def page_of_kept(kept: Mapping[str, Any], fresh_within: timedelta = FRESH_WITHIN) -> str:
    """Return a report that was kept (see ``register.find_report``) as such a page.

    If its seal does not fit any more, the page says so above all else.
    """
    found = kept["findings"]
    report = Report(kept["source"], kept["at"], [findings_of(each) for each in found["streams"]])
    return _page(report, fresh_within, found.get(SEAL, ""), kept["intact"])


def write_report(report: Report, folder: Path, fresh_within: timedelta = FRESH_WITHIN) -> Path:
    """Write both forms into a folder, each whole or not at all, and return where the page is.

    The sealed record lies beside it. Both are named by source and day; the last of a day stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{report.source}-{report.at.astimezone(clock.SHANGHAI):%Y-%m-%d}"
    record, page = folder / f"{stem}.json", folder / f"{stem}.html"
    for path, content in (
        (record, report_json(report)),
        (page, report_page(report, fresh_within).encode()),
    ):
        partial = path.with_name(f".{path.name}.partial")
        partial.write_bytes(content)
        partial.replace(path)
    return page


def _page(report: Report, fresh_within: timedelta, seal: str, intact: bool) -> str:
    old_before = report.at - fresh_within
    template = _pages.get_template("report.html")
    return template.render(report=report, seal=seal, intact=intact, old_before=old_before)


def _line(found: Findings) -> str:
    there = "?" if found.there is None else f"{found.there:,}"
    told = [f"{n:,} {name}" for name in TOLD if (n := getattr(found, name))]
    if found.books:
        told.append(f"{found.books:,} buckets of our books mended")
    words = ", ".join([f"{found.verdict}, {there} there, {found.here:,} here", *told])
    return f"{found.stream}: {words}" + (f"  {found.message}" if found.message else "")


def _sealed(report: Report) -> dict[str, Any]:
    streams = [asdict(each) for each in report.streams]
    content = {"source": report.source, "at": report.at, "equal": report.equal}
    return sealed({**content, "streams": streams})


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if value else "—"


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters.update(moment=_moment, number=_number)
_pages.globals.update(pieces_of=pieces_of)
