"""How a stream was last read is told by its last reading, not by what we did to it since."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.sync.connectors.protocol import Offer
from app.sync.inward.books import open_run
from app.sync.reconcile.report import Report
from tests.exchange.drops import one
from tests.exchange.operating.desk import Desk
from tests.exchange.reconcile.counting import Counting
from tests.people import STAFF, Caller, Person

REFUSED = "COLUMNS_MISSING: kind"
BEGAN = "SELECT max(started_at) FROM sync_run WHERE source = 'try-out' AND status = 'refused'"


@pytest.mark.parametrize("kind", ["repair", "replay", "deletion", "erasure"])
def test_what_takes_a_stream_over_is_no_reading_of_it(
    app: Flask,
    sign_in: Callable[[Person], Caller],
    counting: Counting,
    report_on: Callable[..., Report],
    tmp_path: Path,
    kind: str,
) -> None:
    """A reading that was refused stays the last one, whatever of ours went well since."""
    open_run(counting.source, Offer("calendar_days")).close("refused", REFUSED)
    open_run(counting.source, Offer("calendar_days"), kind).close("done")
    began = one(BEGAN)
    items = (sign_in(STAFF).get("/api/v1/sync/freshness").json or {})["items"]
    (shown,) = (each for each in items if each["source"] == counting.source)
    assert (shown["last_status"], shown["last_message"]) == ("refused", REFUSED)
    assert datetime.fromisoformat(shown["last_started_at"]) == began
    (found,) = report_on(counting).streams
    assert (found.last_status, found.last_message) == ("refused", REFUSED)
    assert found.last_started_at == began
    said = Desk(app, tmp_path).type("status").lines
    assert any(each.startswith("try-out calendar_days: refused, ") for each in said)
