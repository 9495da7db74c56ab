"""What there is to be decided and looked at in the books of the exchange, and corrections."""

from collections.abc import Iterable

import uuid_utils.compat as uuids
from flask import Flask

from app.database import read, transaction, write
from app.identity.sync import RESIDENTS
from app.sync.contract.records import Reject
from app.sync.inward.quarantine import put_aside
from tests.people import RESIDENT, STAFF, Caller, bearer

Shelves = dict[str, list[str] | list[float]]

SOURCE, STREAM = "fuzzed", RESIDENTS.name
PLENTY = 120
HOLD = """
INSERT INTO sync_hold (id, source, stream, run_id, n_missing, n_live)
VALUES (%(id)s, 'fuzzed', 'residents', 1, 60, 61)
"""
PARKED = """
INSERT INTO outbox (id, subject_kind, subject_id, seq, kind, told_at, parked_at, refusal)
VALUES (%(id)s, 'fuzzed', %(id)s, 1, 'tried', now(), now(), '422')
"""
DRIFT = """
INSERT INTO sync_drift (source, stream, kind, subject, detail)
SELECT 'fuzzed', 'residents', 'COLUMN_NEW', 'n' || n, '{}' FROM generate_series(1, 10) n
"""
REPORT = """
INSERT INTO sync_report (source, equal, findings)
SELECT 'fuzzed', true, '{"streams": []}' FROM generate_series(1, 10) RETURNING id
"""
ASKABLE = "SELECT sid FROM src_residents WHERE relation <> 'other' ORDER BY sid"


def books() -> Shelves:
    """Hold deletions, park outcomes, put rows aside, note drift: so that there is something."""
    holds, parked = ([uuids.uuid7() for _ in range(PLENTY)] for _ in range(2))
    rejects = [Reject(f"F{n}", "NOT_A_NAME", "name", f'{{"sid": "F{n}"}}') for n in range(PLENTY)]
    with transaction():
        for key in holds:
            write(HOLD, {"id": key})
        for key in parked:
            write(PARKED, {"id": key})
        put_aside(SOURCE, RESIDENTS, rejects)
        write(DRIFT)
        reports = [int(row.id) for row in write(REPORT)]
    digests = read("SELECT digest FROM sync_quarantine WHERE source = 'fuzzed' ORDER BY digest")
    return {
        "holds_to_decide": _texts(holds),
        "parked_outcomes": _texts(parked),
        "quarantined": [row.digest for row in digests],
        "quarantine_sources": [SOURCE],
        "quarantine_streams": [STREAM],
        "reports": reports,
    }


def corrections(app: Flask) -> Shelves:
    """Ask for some corrections, and return what else may be asked about."""
    staff, resident = Caller(app, bearer(STAFF)), Caller(app, bearer(RESIDENT))
    records = [row.sid for row in read(ASKABLE)]
    tickets = []
    for record in records[:8]:
        body = {"stream": STREAM, "record": record, "field": "relation", "wanted": "other"}
        tickets.append(_asked(staff, "corrections", body))
    for wanted in ("19900000001", "19900000002"):
        field = "phone" if wanted.endswith("1") else "household_sid"
        tickets.append(_asked(resident, "me/corrections", {"field": field, "wanted": wanted}))
    return {
        "corrections": tickets,
        "correctable": records[8:400],
        "correctable_fields": ["relation"],
        "right_relations": ["other"],
    }


def _asked(caller: Caller, path: str, body: dict[str, str]) -> str:
    answer = caller.post(f"/api/v1/{path}", body | {"reason": "写错了"})
    assert answer.status_code == 201, answer.json
    return str((answer.json or {})["id"])


def _texts(keys: Iterable[object]) -> list[str]:
    return [str(key) for key in keys]
