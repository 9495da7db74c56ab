"""A source that counts, read to its end, and what reconciling it says."""

from collections.abc import Callable, Iterator

import pytest

from app.database import transaction, write
from app.sync.connectors.protocol import Connector
from app.sync.reconcile.findings import Findings
from app.sync.reconcile.reconciling import reconcile
from app.sync.reconcile.report import Report
from tests.exchange.drops import District, quiet
from tests.exchange.reconcile.counting import Counting, Reading, days

Compare = Callable[..., Findings]


@pytest.fixture
def read_before(district: District) -> Iterator[Callable[[Counting], Counting]]:
    """Read a source to its end, as a night's run does; its reports are gone afterwards."""

    def read_to_its_end(source: Counting) -> Counting:
        for outcome in district.hear(source).values():
            assert outcome.status == "done", outcome
        return source

    yield read_to_its_end
    with transaction():
        write("DELETE FROM sync_report WHERE source LIKE 'try-out%%'", {})
        write("DELETE FROM sync_source WHERE source LIKE 'try-out%%'", {})


@pytest.fixture
def counting(read_before: Callable[[Counting], Counting]) -> Counting:
    """Return a source with 300 days that were all read."""
    source = Counting()
    source.put("calendar_days", *days(300))
    return read_before(source)


@pytest.fixture
def reading(read_before: Callable[[Counting], Counting]) -> Reading:
    """Return a source with 300 days that were all read, which does not count."""
    source = Reading()
    source.put("calendar_days", *days(300))
    read_before(source)
    return source


@pytest.fixture
def report_on(district: District) -> Callable[..., Report]:
    """Return the way to reconcile a source."""

    def report(source: Connector, repair: bool = False) -> Report:
        return reconcile(source, district.streams, repair, quiet)

    return report


@pytest.fixture
def compared(report_on: Callable[..., Report]) -> Compare:
    """Return the way to reconcile one stream of a source: the days."""

    def compare(source: Connector, repair: bool = False, stream: str = "calendar_days") -> Findings:
        found = {each.stream: each for each in report_on(source, repair).streams}
        return found[stream]

    return compare


def differences(found: Findings) -> dict[str, int]:
    """Return what is not equal, by kind."""
    kinds = ("missing", "extra", "differing", "quarantined", "suppressed", "moving", "contradicted")
    return {kind: n for kind in kinds if (n := getattr(found, kind))}
