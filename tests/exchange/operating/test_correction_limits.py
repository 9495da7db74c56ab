"""By when an owner answers is the district's dated record: the one of the day of asking counts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from app.corrections import service
from app.database import transaction, write
from tests.exchange.drops import District, keys_of
from tests.people import WORKER, Caller, Person

Client = Callable[[Person], Caller]

ASK = {"stream": "points", "field": "phone", "wanted": "0415-1234567", "reason": "换了号码"}
LAW = "政务数据共享条例（国务院令第809号）"
RULE = {
    "sid": "TRY-L1", "ver": 1, "count": 3, "unit": "working_days", "legal_basis": "区级规定",
    "valid_from": "2026-09-02", "valid_to": "2026-09-04",
}  # fmt: skip


@pytest.fixture
def pilot(district: District) -> Iterator[District]:
    """Return a sender who has said that for two days three working days are enough."""
    district.send(correction_limits=[RULE])
    service.limits.forget()
    yield district
    district.forget()
    service.limits.forget()


def asked_on(worker: Caller, monkeypatch: pytest.MonkeyPatch, start: str, record: str) -> Any:
    at = datetime.fromisoformat(start)
    monkeypatch.setattr("app.corrections.service.clock.now", lambda: at)
    return worker.post("/api/v1/corrections", json=ASK | {"record": record})


@pytest.mark.parametrize(
    ("start", "limit", "basis"),
    [
        ("2026-09-01T15:59:59+00:00", "2026-09-15T16:00:00+00:00", LAW),
        ("2026-09-01T16:00:00+00:00", "2026-09-07T16:00:00+00:00", "区级规定"),
        ("2026-09-03T15:59:59+00:00", "2026-09-08T16:00:00+00:00", "区级规定"),
        ("2026-09-03T16:00:00+00:00", "2026-09-18T16:00:00+00:00", LAW),
    ],
)  # fmt: skip
def test_the_rule_of_the_day_of_asking_counts(
    pilot: District,
    sign_in: Client,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    limit: str,
    basis: str,
) -> None:
    """The day is that of Shanghai; ``valid_to`` is the first day without the rule."""
    answer = asked_on(sign_in(WORKER), monkeypatch, start, "SP01")
    assert answer.status_code == 201, answer.json
    assert answer.json["limit_basis"] == basis
    assert datetime.fromisoformat(answer.json["limit_at"]) == datetime.fromisoformat(limit)


def test_a_rule_that_is_withdrawn_counts_no_more(pilot: District) -> None:
    assert keys_of("correction_limit") == ["TRY-L1"]
    pilot.send(correction_limits=[RULE | {"ver": 2, "valid_to": "2026-09-02"}])
    service.limits.forget()
    rows = {row.sid: row for row in service.limits.get()}
    assert str(rows["TRY-L1"].valid_to) == "2026-09-02"


def test_without_any_rule_nobody_is_told_a_limit_that_none_is(
    pilot: District, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = sign_in(WORKER)
    with transaction():
        write("UPDATE correction_limit SET valid_to = '2026-09-10' WHERE sid = 'CN-809'")
    service.limits.forget()
    try:
        answer = asked_on(worker, monkeypatch, "2026-09-10T02:00:00+00:00", "SP01")
        assert answer.status_code == 409
        assert answer.json["type"] == "urn:linli:problem:correction-limit-unknown"
    finally:
        with transaction():
            write("UPDATE correction_limit SET valid_to = NULL WHERE sid = 'CN-809'")
