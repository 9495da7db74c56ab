"""Who is complained about never sees the case (回避): in no list, by no path, in no other case."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import uuid_utils.compat as uuids
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from app import clock
from app.database import engine_of, transaction, write
from app.settings import Settings
from tests.api.cases.deeds import DEEDS, WITH_OTHERS
from tests.api.cases.living import Case, handler, rules, slug
from tests.people import NEIGHBOUR, WORKER, Caller, Person, account_of
from tests.requests_of import NEW, PLACE

Client = Callable[[Person], Caller]
ROOT = "/api/v1/requests"
NEAR = f"near={PLACE[0]},{PLACE[1]}&crs=wgs84"
ASKED = {
    "": NEAR,
    "/around": NEAR,
    "/similar": f"{NEAR}&matter=HEAT-COLD",
    "/clusters": "bbox=124.2,39.9,124.6,40.2&crs=wgs84&zoom=12",
    "/satisfaction": "since={today}&until={today}",
}
ABOUT = {"department": "PUB"}


@pytest.fixture
def complaint(resident: Caller) -> Case:
    """Return a complaint about the unit that would have had the case."""
    return Case(resident, matter="HEAT-COLD", complaint_about=ABOUT)


@pytest.fixture
def utilities(sign_in: Client) -> Caller:
    return sign_in(handler("PUB"))


def lists(app: Flask) -> Iterator[str]:
    """Yield every list of requests that there is, with what it wants to be asked."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(ROOT) and "GET" in (rule.methods or ()) and not rule.arguments:
            query = ASKED.get(rule.rule.removeprefix(ROOT), "")
            yield f"{rule.rule}?{query.format(today=clock.today())}"


def sees(app: Flask, who: Caller, case: Case) -> list[str]:
    """Return where somebody is told of a case."""
    found = []
    for path in lists(app):
        answer = who.get(path)
        assert answer.status_code in (200, 403), (path, answer.json)
        found += [path] if case.id in answer.text or case.row.number in answer.text else []
    for part in ("", "/photos", "/tasks", "/slip"):
        answer = who.get(f"{case.path}{part}")
        found += [part] if answer.status_code not in (403, 404) else []
    return found


def test_through_all_its_life_the_unit_finds_it_nowhere(
    app: Flask, complaint: Case, utilities: Caller, resident: Caller, staff: Caller, sign_in: Client
) -> None:
    service = sign_in(handler("SVC"))
    objection = {"clause": "HOU-1", "propose": "HOU", "reason": "系在建工程"}
    life: list[tuple[Caller, str, Any]] = [
        (staff, "dispatch", {"department": "SVC", "reason": "涉及承办单位"}),
        (service, "objection", objection),
        (staff, "adjudication", {"decision": "reject", "note": "由你单位办理"}),
        (service, "claim", None),
        (service, "tasks", {"department": "HOU", "asked": "核查", "mandatory": False}),
        (service, "settlement", {"result": "solved", "note": "已办结"}),
        (resident, "rating", {"stars": 1}),
    ]
    for who, deed, body in life:
        assert sees(app, utilities, complaint) == []
        complaint.done(who, deed, body)
        with transaction():
            write("UPDATE service_request SET rung = 1")
        assert sees(app, who, complaint), "who handles it does, or nothing is shown here"
    assert sees(app, utilities, complaint) == []


def test_no_deed_reaches_it(complaint: Case, utilities: Caller, staff: Caller) -> None:
    complaint.done(staff, "dispatch", {"department": "SVC", "reason": "涉及承办单位"})
    before = complaint.row
    for who, path, body in (DEEDS | WITH_OTHERS).values():
        if who in ("unit", "helper") and "{" not in path:
            assert slug(complaint.step(utilities, path, body)) == "not-found", path
    assert complaint.row == before


def test_neither_the_public_view_nor_a_neighbour_has_a_complaint(
    app: Flask, complaint: Case, resident: Caller, sign_in: Client
) -> None:
    """Whoever is complained about is a resident as well, and reads the public view like anybody."""
    neighbour = sign_in(NEIGHBOUR)
    assert complaint.row.confidential
    assert sees(app, neighbour, complaint) == []
    assert slug(neighbour.post(f"{complaint.path}/follow")) == "not-found"
    assert not Case(resident).row.confidential


def test_complaints_of_before_leave_the_public_view_and_the_lists_of_who_followed(
    settings: Settings, complaint: Case, resident: Caller, sign_in: Client
) -> None:
    other, neighbour = Case(resident), sign_in(NEIGHBOUR)
    with transaction():
        write("UPDATE service_request SET confidential = false")
    for case in (complaint, other):
        assert neighbour.post(f"{case.path}/follow").status_code == 204
    with engine_of(settings.owner_url).begin() as connection:
        connection.exec_driver_sql("SET LOCAL linli.sight = 'system'")
        with Operations.context(MigrationContext.configure(connection)):
            import_module("app.database.migrations.versions.0047_complaints_confidential").upgrade()
    assert (complaint.row.confidential, other.row.confidential) == (True, False)
    followed = neighbour.get(f"{ROOT}/following").json["items"]  # type: ignore[index]
    assert [each["id"] for each in followed] == [other.id]


def test_a_complaint_sent_again_is_the_same_case(resident: Caller) -> None:
    asked = {"id": str(uuids.uuid7()), "matter": "HEAT-COLD", "complaint_about": ABOUT}
    first, again = (resident.post(ROOT, NEW | asked) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), again.json
    assert first.json["request"]["id"] == again.json["request"]["id"]  # type: ignore[index]


def test_it_goes_on_in_no_case_of_the_unit_and_no_case_of_the_unit_in_it(
    complaint: Case, resident: Caller, staff: Caller
) -> None:
    """Or the unit would settle it, or read in its own case how the complaint stands."""
    units = Case(resident, matter="HEAT-COLD")
    other = Case(resident, matter="HEAT-COLD", complaint_about={"department": "SVC"})
    for inner, outer in ((complaint, units), (units, complaint), (complaint, other)):
        refused = inner.step(staff, "merge", {"into": outer.id, "reason": "同一处"})
        assert (slug(refused), refused.json["why"]) == ("merge-refused", "complaint")
        assert (inner.row.master_id, outer.row.members) == (None, 0)
    same = Case(resident, matter="HEAT-COLD", complaint_about=ABOUT)
    same.done(staff, "merge", {"into": complaint.id, "reason": "同一投诉"})
    assert complaint.row.members == 1


def test_the_person_complained_about_finds_it_nowhere_and_gets_it_from_nobody(
    app: Flask, own_rules: None, resident: Caller, worker: Caller, second_worker: Caller
) -> None:
    earlier = Case(resident)
    earlier.done(worker, "claim")
    complaint = Case(resident, complaint_about={"request": earlier.id})
    assert complaint.row.against_account == account_of(WORKER)
    assert sees(app, worker, complaint) == []
    assert sees(app, second_worker, complaint)
    complaint.done(second_worker, "claim")
    to = {"to": "DD0001", "reason": "换班"}
    assert slug(complaint.step(second_worker, "hand-over", to)) == "colleague-unknown"
    assert sees(app, worker, complaint) == []


def test_who_has_given_the_earlier_case_back_is_meant_all_the_same(
    app: Flask, resident: Caller, worker: Caller
) -> None:
    earlier = Case(resident)
    earlier.done(worker, "claim")
    earlier.done(worker, "release", {"reason": "请假"})
    complaint = Case(resident, complaint_about={"request": earlier.id})
    assert complaint.row.against_account == account_of(WORKER)
    assert sees(app, worker, complaint) == []


def test_a_complaint_about_a_handler_whom_nobody_knows_says_so(resident: Caller) -> None:
    """Or whoever files it would think that somebody steps aside."""
    earlier = Case(resident)
    refused = resident.post(ROOT, NEW | {"complaint_about": {"request": earlier.id}})
    assert (refused.status_code, slug(refused)) == (409, "handler-unknown")
    assert [row["id"] for row in resident.get(f"{ROOT}/mine").json["items"]] == [earlier.id]  # type: ignore[index]


def test_a_rule_of_the_district_never_gives_it_to_the_unit(
    own_rules: None, resident: Caller
) -> None:
    rule = {"priority": 1, "handled_by": "department", "clause_code": "PUB-1", "version": 2}
    named = {"matter_code": "HEAT-COLD", "department_code": "PUB"}
    rules("dispatch_rule", sid="FIRST", valid_from="2026-01-01", **rule, **named)
    next_best = {"matter_code": "HEAT-COLD", "department_code": "URB", "priority": 2}
    rules("dispatch_rule", sid="SECOND", valid_from="2026-01-01", **{**rule, **next_best})
    case = Case(resident, matter="HEAT-COLD", complaint_about=ABOUT)
    assert (case.row.department_code, case.row.why["rule"]) == ("URB", "SECOND")
