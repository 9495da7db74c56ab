"""Rules come from the district like any record: what makes no sense is put aside by name."""

from typing import Any

import pytest

from app.database import read
from tests.exchange.drops import District, one

LIMIT = {
    "sid": "TRY-L1",
    "ver": 1,
    "matter_code": "RUBBISH",
    "stage": "settle",
    "count": 3,
    "unit": "working_days",
    "legal_basis": "试行",
    "pausable": "yes",
    "valid_from": "2026-01-01",
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"count": 0}, "OUT_OF_BOUNDS"),
        ({"count": -2}, "OUT_OF_BOUNDS"),
        ({"extension_count": 0}, "OUT_OF_BOUNDS"),
        ({"unit": "weeks"}, "NOT_A_CHOICE"),
        ({"stage": "whenever"}, "NOT_A_CHOICE"),
    ],
)
def test_a_limit_of_nothing_is_refused_at_the_contract(
    district: District, changed: dict[str, Any], reason: str
) -> None:
    before = one("SELECT count(*) FROM matter_limit")
    district.send(matter_limits=[LIMIT | changed])
    assert one("SELECT count(*) FROM matter_limit") == before
    assert reason in str(read("SELECT * FROM sync_quarantine")[0])


def test_a_limit_and_its_change_arrive_with_their_days(district: District) -> None:
    ended = LIMIT | {"ver": 2, "valid_to": "2026-07-01"}
    district.send(matter_limits=[LIMIT])
    district.send(matter_limits=[ended, LIMIT | {"sid": "TRY-L2", "valid_from": "2026-07-01"}])
    rows = read("SELECT * FROM matter_limit WHERE sid LIKE 'TRY-%%' ORDER BY sid")
    assert [str(row.valid_to) for row in rows] == ["2026-07-01", "None"]
    assert all(row.pausable for row in rows)


def test_a_dispatch_rule_keeps_the_version_of_its_record(district: District) -> None:
    rule = {
        "sid": "TRY-R1",
        "ver": 4,
        "priority": 9999,
        "department_code": "URB",
        "handled_by": "grid",
        "clause_code": "URB-1",
        "valid_from": "2026-01-01",
    }
    district.send(dispatch_rules=[rule])
    assert one("SELECT version FROM dispatch_rule WHERE sid = 'TRY-R1'") == 4
    district.send(dispatch_rules=[rule | {"sid": "TRY-R2", "clause_code": "NO-SUCH"}])
    assert one("SELECT count(*) FROM dispatch_rule WHERE sid = 'TRY-R2'") == 0
