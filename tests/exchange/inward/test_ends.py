"""What is gone from the register ends here, too: a power at once, a place by the day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.database import read
from tests.exchange.drops import District, Row, keys_of, one
from tests.exchange.inward.telling import gone, tell, tell_all
from tests.exchange.records import area, matter, number, point, resident, staff
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
MEMBER = Person("19999970001", verified=False)
MOVER = Person("19999980001", verified=False)
DATED: dict[str, tuple[str, Callable[..., Row]]] = {
    "areas": ("area", lambda **changes: area("TRY-X", None, sid="TRY-X", **changes)),
    "matters": ("matter", lambda **changes: matter("TRY-X", **changes)),
    "points": ("service_point", lambda **changes: point("TRY-X", **changes)),
}


def me(caller: Caller) -> dict[str, Any]:
    return dict(caller.get("/api/v1/me").json or {})


def end_of(table: str, code: str = "TRY-X") -> date | None:
    found: date | None = one(f"SELECT valid_to FROM {table} WHERE code = %(code)s", code=code)
    return found


def let_go(district: District, stream: str, sid: str, by: str) -> None:
    if by == "word":
        assert tell(district, stream, gone(sid, 9))["deleted"] == 1
    else:
        assert tell_all(district, stream).get("in") is None


@pytest.mark.parametrize("by", ["word", "absence"])
@pytest.mark.parametrize("stream", DATED)
def test_what_requests_may_name_ends_yesterday_and_is_not_lost(
    district: District, stream: str, by: str
) -> None:
    """A request filed there last year still says where it was."""
    table, record = DATED[stream]
    tell(district, stream, record())
    let_go(district, stream, "TRY-X", by)
    assert end_of(table) == clock.today() - timedelta(days=1)


@pytest.mark.parametrize("stream", DATED)
def test_nothing_ends_before_it_began(district: District, stream: str) -> None:
    table, record = DATED[stream]
    begins = clock.today() + timedelta(days=3)
    tell(district, stream, record(valid_from=begins.isoformat()))
    tell(district, stream, gone("TRY-X", 2))
    assert end_of(table) == begins


@pytest.mark.parametrize("stream", DATED)
def test_what_had_ended_keeps_its_day(district: District, stream: str) -> None:
    table, record = DATED[stream]
    tell(district, stream, record(valid_to="2025-01-01"))
    tell(district, stream, gone("TRY-X", 2))
    assert end_of(table) == date(2025, 1, 1)


@pytest.mark.parametrize("stream", DATED)
def test_what_comes_back_is_open_again(district: District, stream: str) -> None:
    table, record = DATED[stream]
    tell(district, stream, record())
    tell(district, stream, gone("TRY-X", 2))
    assert tell(district, stream, record(ver=3)) == {"in": 1, "updated": 1}
    assert end_of(table) is None


def test_a_department_that_is_gone_ends_too(district: District) -> None:
    department: Row = {
        "sid": "TRY-X", "ver": 1, "code": "TRY-X", "name": "试行局", "valid_from": "2024-01-01",
        "credit_code": one("SELECT min(credit_code) FROM department"),
    }  # fmt: skip
    tell(district, "departments", department)
    tell(district, "departments", gone("TRY-X", 2))
    assert end_of("department") == clock.today() - timedelta(days=1)


@pytest.mark.parametrize("by", ["word", "absence"])
def test_who_is_gone_from_the_register_is_not_known_by_name_any_more(
    settled: District, sign_in: Client, by: str
) -> None:
    """The account stays, at its phone; the row, the level and the way to the person go."""
    tell(settled, "residents", resident(1))
    mover = sign_in(MOVER)
    proof = {"name": "试行人", "id_number": number(1)}
    assert mover.post("/api/v1/me/verification", proof).status_code == 204
    assert me(mover)["level"] == 2
    let_go(settled, "residents", "TRY-R1", by)
    assert keys_of("resident") == []
    assert me(mover)["level"] == 1
    assert one("SELECT count(*) FROM account WHERE resident_id IS NOT NULL AND level = 1") == 0
    assert mover.post("/api/v1/me/verification", proof).status_code != 204


@pytest.mark.parametrize("by", ["word", "absence"])
def test_who_leaves_the_service_may_nothing_more_at_the_next_request(
    district: District, sign_in: Client, by: str
) -> None:
    tell(district, "staff", staff())
    member = sign_in(MEMBER)
    assert "grid_worker" in me(member)["roles"]
    let_go(district, "staff", "TRY-S1", by)
    assert me(member)["roles"] == ["resident"]
    assert read("SELECT FROM staff_grant WHERE staff_sid = 'TRY-S1'", {}) == []
