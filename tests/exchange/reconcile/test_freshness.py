"""People are told how fresh it is what they are shown, and staff what is too old."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.database import read, statements_so_far, transaction, write
from app.sync.reconcile.freshness import freshness_of, kept_freshness
from app.sync.reconcile.report import Report, report_page
from tests.exchange.drops import District, one
from tests.exchange.reconcile.counting import Counting, day
from tests.exchange.records import household
from tests.people import NEIGHBOUR, RESIDENT, STAFF, Caller, Person, staff_with

Client = Callable[[Person], Caller]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def just_asked(district: District) -> Iterator[None]:
    """Have nothing in memory of what the test before has done."""
    kept_freshness.forget()
    yield
    district.forget()
    kept_freshness.forget()


def set_fresh(at: datetime | None, source: str = "try-out", stream: str = "residents") -> None:
    with transaction():
        write(
            "INSERT INTO sync_checkpoint (source, stream, cursor, fence, fresh_at)"
            " VALUES (%(source)s, %(stream)s, '{}', 1, %(at)s)",
            {"source": source, "stream": stream, "at": at},
        )
    kept_freshness.forget()


def told(caller: Caller, path: str) -> Any:
    """Return what an operation answers to somebody who may ask it."""
    answer = caller.get(path)
    assert answer.status_code == 200, answer.json
    return answer.json


def oldest(*streams: str) -> Any:
    return one(
        "SELECT min(fresh_at) FROM sync_checkpoint WHERE stream = ANY(%(streams)s)",
        streams=list(streams),
    )


def test_as_fresh_as_the_one_that_is_behind(app: Flask) -> None:
    """Several kinds of records, several sources of one kind: the oldest of them counts."""
    assert freshness_of("residents", "households") == oldest("residents", "households")
    set_fresh(LONG_AGO)
    assert freshness_of("residents", "households") == LONG_AGO
    assert freshness_of("households") == oldest("households")


def test_what_was_never_all_here_has_no_age(app: Flask) -> None:
    assert freshness_of("unheard-of", "residents") is None


def test_a_source_still_in_its_first_reading_ages_nobody(app: Flask) -> None:
    """It has brought nothing yet that could be old."""
    set_fresh(None)
    assert freshness_of("residents") == oldest("residents")


def test_asking_again_costs_nothing(app: Flask) -> None:
    freshness_of("residents")
    before = statements_so_far()
    freshness_of("residents", "points")
    assert statements_so_far() == before


def test_residents_see_how_fresh_the_register_is(sign_in: Client) -> None:
    shown = told(sign_in(RESIDENT), "/api/v1/me")["register_as_of"]
    assert datetime.fromisoformat(shown) == oldest("residents", "households", "addresses", "areas")


SHOWN = {
    "/api/v1/points?near=124.32,40.06&crs=wgs84": ("points", "point_matters"),
    "/api/v1/points/SP01": ("points", "point_matters"),
    "/api/v1/areas": ("areas",),
    "/api/v1/areas/DDHT-XQ-LT": ("areas", "area_links", "divisions"),
    "/api/v1/matters": ("matters", "departments"),
    "/api/v1/matters/HEAT-COLD": ("matters", "departments"),
    "/api/v1/me/home": ("residents", "households", "addresses", "areas"),
    "/api/v1/me/household": ("residents", "households", "addresses", "areas"),
    "/api/v1/staff": ("staff", "departments"),
}


@pytest.mark.parametrize("path", SHOWN)
def test_what_the_district_told_is_shown_with_its_age(
    sign_in: Client, nobody: Caller, path: str
) -> None:
    """The age is that of the oldest kind of record that the answer is made of."""
    who = nobody if "/me/" not in path else sign_in(RESIDENT)
    who = sign_in(staff_with("auditor")) if path.endswith("staff") else who
    assert datetime.fromisoformat(told(who, path)["as_of"]) == oldest(*SHOWN[path])
    set_fresh(LONG_AGO, stream=SHOWN[path][-1])
    assert datetime.fromisoformat(told(who, path)["as_of"]) == LONG_AGO


def test_staff_see_what_is_too_old(sign_in: Client, district: District) -> None:
    """By what its source promises, or 26 hours where nobody has said."""
    set_fresh(LONG_AGO, stream="households")
    set_fresh(None, stream="residents")
    items = told(sign_in(STAFF), "/api/v1/sync/freshness")["items"]
    ours = {each["stream"]: each for each in items if each["source"] == "try-out"}
    assert [ours["households"]["stale"], ours["residents"]["stale"]] == [True, True]
    assert ours["households"]["fresh_within_s"] == 93_600
    others = [each for each in items if each["source"] != "try-out"]
    assert others
    assert not any(each["stale"] for each in others)
    assert {each["last_status"] for each in others} == {"done"}


def test_a_drop_that_nobody_renews_grows_old(district: District) -> None:
    """Looked at every night, it is as it was when the sender wrote it; nobody is ahead of now."""

    def dropped(moment: str | None) -> datetime:
        district.written_at = moment
        district.drop(households=[household()])
        district.load()
        found: datetime = one("SELECT fresh_at FROM sync_checkpoint WHERE source = 'try-out'")
        return found

    assert [dropped(LONG_AGO.isoformat()) for _ in range(2)] == [LONG_AGO] * 2
    kept_freshness.forget()
    assert freshness_of("households") == LONG_AGO
    assert dropped("2020-01-02T08:00:00+08:00") == LONG_AGO + timedelta(days=1)
    for moment in ("2999-01-01T00:00:00Z", None):
        before = one("SELECT now()")
        assert before <= dropped(moment) <= one("SELECT now()")


def test_a_source_has_its_own_patience(sign_in: Client, read_before: Any) -> None:
    source = Counting()
    source.put("calendar_days", day(1))
    read_before(source)
    with transaction():
        write(
            "INSERT INTO sync_source (source, kind, fresh_within_s) VALUES ('try-out', 'http', 5)",
            {},
        )
        write(
            "UPDATE sync_checkpoint SET fresh_at = now() - interval '6 s' WHERE source = 'try-out'",
            {},
        )
    items = told(sign_in(STAFF), "/api/v1/sync/freshness")["items"]
    (ours,) = (each for each in items if each["source"] == "try-out")
    assert (ours["stale"], ours["fresh_within_s"]) == (True, 5)


@pytest.mark.parametrize("path", ["freshness", "reports", "reports/1"])
def test_the_books_are_not_for_residents(sign_in: Client, nobody: Caller, path: str) -> None:
    assert sign_in(NEIGHBOUR).get(f"/api/v1/sync/{path}").status_code == 403
    assert nobody.get(f"/api/v1/sync/{path}").status_code == 401


def test_auditors_read_the_reports(
    sign_in: Client, counting: Counting, report_on: Callable[..., Report]
) -> None:
    """The newest first, a page at a time, each with what was found and its seal looked at."""
    auditor = sign_in(staff_with("auditor"))
    report_on(counting)
    counting.put("calendar_days", day(301))
    report_on(counting)
    first = told(auditor, "/api/v1/sync/reports?source=try-out&limit=1")
    assert [each["equal"] for each in first["items"]] == [False]
    path = f"/api/v1/sync/reports?source=try-out&limit=1&cursor={first['next']}"
    second = told(auditor, path)
    assert [each["equal"] for each in second["items"]] == [True]
    assert second["next"] is None
    number = first["items"][0]["id"]
    shown = told(auditor, f"/api/v1/sync/reports/{number}")
    assert shown["intact"] is True
    assert shown["findings"]["streams"][0]["keys"] == {"missing": ["TRY-D301"]}
    with transaction():
        write(
            "UPDATE sync_report SET findings = jsonb_set(findings, '{equal}', 'true')"
            " WHERE id = %(id)s",
            {"id": number},
        )
    assert told(auditor, f"/api/v1/sync/reports/{number}")["intact"] is False


def test_a_report_can_be_looked_at(
    sign_in: Client, counting: Counting, report_on: Callable[..., Report]
) -> None:
    """As a page with the same figures, which says so if anybody touched what was kept."""
    auditor = sign_in(staff_with("auditor"))
    counting.put("calendar_days", day(301))
    made = report_on(counting)
    number = one("SELECT max(id) FROM sync_report WHERE source = 'try-out'")
    path = f"/api/v1/sync/reports/{number}"
    page = auditor.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.content_type == "text/html; charset=utf-8"
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert page.headers["Vary"] == "Accept"
    assert page.text == report_page(made)
    assert "被改动过" not in page.text
    with transaction():
        write(
            "UPDATE sync_report SET findings = jsonb_set(findings, '{streams,0,missing}', '0')"
            " WHERE id = %(id)s",
            {"id": number},
        )
    touched = auditor.get(path, headers={"Accept": "text/html"}).text
    assert touched.index("被改动过") < touched.index("数据有差异")


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30])
def test_a_report_that_is_not_there_is_not_found(sign_in: Client, number: str) -> None:
    auditor = sign_in(staff_with("auditor"))
    assert auditor.get(f"/api/v1/sync/reports/{number}").status_code == 404


def test_a_reconciliation_notes_when_it_was(
    counting: Counting, report_on: Callable[..., Report]
) -> None:
    with transaction():
        write(
            "INSERT INTO sync_source (source, kind, fresh_within_s) VALUES ('try-out', 'http', 9)",
            {},
        )
    report = report_on(counting)
    (row,) = read("SELECT reconciled_at FROM sync_source WHERE source = 'try-out'")
    assert row.reconciled_at == report.at
