"""What was read before is not read again, and what has not changed is not written again."""

from typing import Any, NoReturn

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database import read, transaction, write
from app.privacy import vault
from app.sync.connectors.files import FileDrop
from app.sync.inward.engine import run_source
from tests.exchange.drops import MADE_UP, District, one, quiet, sample_rows, tally
from tests.exchange.records import household
from tests.surroundings import RECORDS

REREAD_LIMIT = 300_000


def untouched_rows(app: Flask) -> dict[str, Any]:
    """Return a digest of where each row lies, and which transactions wrote and locked it."""
    mirrors = [stream.mirror.name for stream in app.extensions["linli.streams"]]
    return {
        table: one(
            "SELECT md5(string_agg(concat_ws(' ', ctid, xmin, xmax), ',' ORDER BY ctid))"
            f" FROM {table}"
        )
        for table in (*mirrors, *MADE_UP)
    }


def reread(app: Flask) -> dict[str, dict[str, int]]:
    found = run_source(FileDrop(RECORDS), app.extensions["linli.streams"], quiet)
    return {outcome.stream: tally(outcome.counts) for outcome in found}


def test_the_sample_loaded_again_touches_no_row(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is written, none is locked, and nothing of any is sealed."""

    def sealed(*_: object) -> NoReturn:
        raise AssertionError("something was sealed or indexed")

    for way in ("seal", "seal_many", "index_many"):
        monkeypatch.setattr(type(vault), way, sealed)
    before = untouched_rows(app)
    with transaction():
        write(
            "UPDATE sync_checkpoint SET cursor = '{}', read_digest = NULL WHERE source = 'district'"
        )
    counts = reread(app)
    assert len(counts) == 21
    assert all(each == {"in": each["in"], "same": each["in"]} for each in counts.values()), counts
    assert counts["residents"]["same"] == 3000
    assert untouched_rows(app) == before


def test_a_file_that_was_read_to_its_end_is_not_opened_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object) -> NoReturn:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(FileDrop, "pages", opened)
    seen = one("SELECT min(fresh_at) FROM sync_checkpoint WHERE source = 'district'")
    assert all(counts == {} for counts in reread(app).values())
    fresh = one("SELECT min(fresh_at) FROM sync_checkpoint WHERE source = 'district'")
    assert fresh > seen, "that the source was looked at is booked all the same"


def test_every_row_of_every_batch_is_accounted_for(app: Flask) -> None:
    sums = read(
        "SELECT stream, sum(n_in) AS n, bool_and(n_in = n_inserted + n_updated + n_same"
        " + n_deleted + n_suppressed + n_stale + n_duplicate + n_bad) AS right"
        " FROM sync_batch WHERE source = 'district' GROUP BY stream"
    )
    assert len(sums) == 21
    assert all(row.right for row in sums)
    promised = {offer.stream: offer.rows for offer in FileDrop(RECORDS).offers()}
    assert all(row.n >= promised[row.stream] for row in sums)


def test_a_batch_that_does_not_add_up_cannot_be_booked(app: Flask) -> None:
    lost = (
        "INSERT INTO sync_batch (run_id, source, stream, at, n_in, n_inserted, n_updated,"
        " n_deleted, n_same, n_stale, n_duplicate, n_suppressed, n_bad, n_waiting, n_home)"
        " VALUES (0, 'try-out', 'residents', now(), 3, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1)"
    )
    with pytest.raises(IntegrityError, match="adds_up"), transaction() as session:
        session.execute(text(lost))
    assert one("SELECT count(*) FROM sync_batch WHERE source = 'try-out'") == 0


def wal_of(district: District) -> int:
    before = one("SELECT pg_current_wal_lsn()::text")
    district.load()
    return int(one("SELECT pg_current_wal_lsn() - %(before)s::pg_lsn", before=before))


def test_residents_who_have_not_changed_cost_no_log_of_the_server(district: District) -> None:
    """Three thousand residents in another file are compared, not written."""
    homes = {name: list(sample_rows(name)) for name in ("addresses", "households")}
    rows = list(sample_rows("residents"))
    district.send(**homes)
    district.drop(residents=rows)
    first = wal_of(district)
    again = []
    for attempt in range(8):  # others may use the server: the calmest reading counts
        district.drop(note=f"sent again {attempt}", residents=rows)
        again.append(wal_of(district))
        if again[-1] < REREAD_LIMIT:
            break
    assert one("SELECT count(*) FROM resident WHERE sid LIKE 'TRY%%'") == 3000
    assert min(again) < REREAD_LIMIT
    assert min(again) * 5 < first


def test_a_drop_with_nothing_new_still_says_that_it_is_fresh(district: District) -> None:
    district.send(households=[household()])
    first = one("SELECT fresh_at FROM sync_checkpoint WHERE source = 'try-out'")
    assert tally(district.load()["households"]) == {}
    assert one("SELECT fresh_at FROM sync_checkpoint WHERE source = 'try-out'") > first
