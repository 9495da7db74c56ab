"""Which unit a case goes to, why, and how it gets to another."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from flask import Flask

from app import clock
from app.areas.service import grid_index
from app.database import read, transaction, write
from community.requests.supervision.sweeps import climb_ladder
from tests.api.cases.living import DAY, Case, handler, rules, slug
from tests.crowd import at_once, posting
from tests.people import Caller, Person, staff_with
from tests.requests_of import GRID, NEW, PLACE

Client = Callable[[Person], Caller]
OBJECTION = {"clause": "HOU-1", "propose": "HOU", "reason": "系道路病害"}
RULE = {"priority": 5, "handled_by": "department", "clause_code": "HOU-1", "version": 7}


@pytest.fixture
def heat(resident: Caller) -> Case:
    """Return a case that the utilities centre has."""
    return Case(resident, matter="HEAT-COLD")


@pytest.fixture
def utilities(sign_in: Client) -> Caller:
    return sign_in(handler("PUB"))


class TestWhy:
    """Whoever looks at a case sees why the unit has it."""

    def test_it_names_rule_version_clause_grid_and_outline(
        self, heat: Case, resident: Caller
    ) -> None:
        why = heat.seen(resident)["why"]
        outline = read("SELECT batch FROM area_polygon WHERE code = %(code)s", {"code": GRID})[0]
        assert why["by"] == "rule"
        assert (why["rule"], why["version"]) == ("HEAT-COLD/DDHT/2024-01-01", 1)
        assert (why["clause"], why["grid"]) == ("PUB-1", GRID)
        assert (why["outline"], why["near_edge"]) == (outline.batch, False)

    def test_a_rule_of_the_area_counts_before_that_of_the_zone(
        self, own_rules: None, resident: Caller
    ) -> None:
        near = {"area_code": GRID, "matter_code": "HEAT-COLD", "department_code": "HOU"}
        rules("dispatch_rule", sid="NEAR", valid_from="2026-01-01", **RULE, **near)
        case = Case(resident, matter="HEAT-COLD")
        assert (case.row.department_code, case.row.why["rule"]) == ("HOU", "NEAR")
        assert case.row.why["version"] == 7

    def test_a_rule_counts_from_its_first_day(self, own_rules: None, resident: Caller) -> None:
        later = {"matter_code": "HEAT-COLD", "department_code": "HOU"}
        rules("dispatch_rule", sid="LATER", valid_from=clock.today() + DAY, **RULE, **later)
        assert Case(resident, matter="HEAT-COLD").row.department_code == "PUB"

    def test_a_place_within_thirty_metres_of_the_edge_says_so_and_one_beyond_does_not(
        self, resident: Caller
    ) -> None:
        """Walking east by less than a metre, until the end of the grid is near."""
        grids, lng = grid_index.get(), PLACE[0]
        while (found := grids.locate(lng, PLACE[1])) and not found.near_edge:
            lng += 0.00001
        assert found
        assert 29 < found.metres_to_edge <= 30
        near, beyond = (
            Case(resident, place={"lng": each, "lat": PLACE[1], "crs": "wgs84"})
            for each in (lng, lng - 0.00002)
        )
        assert (near.row.near_edge, beyond.row.near_edge) == (True, False)
        assert near.row.why["metres_to_edge"] <= 30 < beyond.row.why["metres_to_edge"]
        told, untold = (case.entries(resident, "dispatch")[0]["words"] for case in (near, beyond))
        assert "from the edge of its grid" in told["en"]
        assert "可能属于相邻网格" in told["zh"]
        assert "可能属于相邻网格" not in untold["zh"]


class TestObjection:
    """A unit may object once, with a clause; the clock runs on; what is decided is final."""

    def test_upheld_it_goes_to_the_unit_proposed_and_is_final(
        self, heat: Case, utilities: Caller, staff: Caller, sign_in: Client, resident: Caller
    ) -> None:
        due = heat.row.deadline_at
        assert heat.done(utilities, "objection", OBJECTION)["request"]["state"] == "objected"
        listed = staff.get("/api/v1/requests/objections").json["items"]  # type: ignore[index]
        assert [(each["request_id"], each["reason"]) for each in listed] == [
            (heat.id, "系道路病害")
        ]
        heat.done(staff, "adjudication", {"decision": "uphold", "note": "属住建职责"})
        row = heat.row
        assert (row.state, row.department_code, row.first_department) == (
            "dispatched",
            "HOU",
            "PUB",
        )
        assert (row.deadline_at, row.unit_final) == (due, True)
        assert slug(utilities.get(heat.path)) == "not-found"
        again = {"clause": "PUB-1", "propose": "PUB", "reason": "不属我单位"}
        refused = heat.step(sign_in(handler("HOU")), "objection", again)
        assert (slug(refused), refused.json["flags"]) == ("step-refused", ["final-unit"])
        assert heat.entries(resident, "uphold")[0]["note"] == "属住建职责"
        assert staff.get("/api/v1/requests/objections").json == {"items": [], "next": None}

    def test_until_it_is_upheld_the_first_receiver_leads(
        self, heat: Case, utilities: Caller
    ) -> None:
        """It stays in their list, answers for the deadline, and nobody else has it (首接负责)."""
        heat.done(utilities, "objection", OBJECTION)
        row = heat.row
        assert (row.department_code, row.first_department, row.claimed_by) == ("PUB", "PUB", None)
        assert row.next_rung_at is not None
        listed = utilities.get("/api/v1/requests/work").json["items"]  # type: ignore[index]
        assert [each["id"] for each in listed] == [heat.id]
        with transaction():
            write("UPDATE service_request SET deadline_at = now(), next_rung_at = now()")
        assert climb_ladder() == 1

    def test_rejected_it_stays_with_the_first_receiver(
        self, heat: Case, utilities: Caller, staff: Caller
    ) -> None:
        heat.done(utilities, "signature")
        heat.done(utilities, "objection", OBJECTION)
        heat.done(staff, "adjudication", {"decision": "reject", "note": "首接负责"})
        assert (heat.row.department_code, heat.row.state) == ("PUB", "dispatched")
        assert slug(heat.step(utilities, "objection", OBJECTION)) == "step-refused"
        assert heat.done(utilities, "claim")["claimed_by_me"]

    @pytest.mark.parametrize(
        ("changed", "refused"),
        [
            ({"clause": "NONE"}, "clause-unknown"),
            ({"clause": "POL-1"}, "clause-unknown"),
            ({"propose": "NONE"}, "unit-unknown"),
            ({"propose": "PUB", "clause": "PUB-1"}, "unit-unknown"),
        ],
    )
    def test_it_names_a_clause_of_the_unit_that_it_proposes(
        self, heat: Case, utilities: Caller, changed: dict[str, str], refused: str
    ) -> None:
        assert slug(heat.step(utilities, "objection", OBJECTION | changed)) == refused
        assert heat.row.state == "dispatched"

    def test_it_has_a_window_of_its_own(self, heat: Case, utilities: Caller) -> None:
        with transaction():
            write("UPDATE service_request SET clock_from = clock_from - interval '14 days'")
        assert slug(heat.step(utilities, "objection", OBJECTION)) == "window-closed"
        assert heat.row.state == "dispatched"

    def test_another_unit_and_a_claimed_case_have_none(
        self, heat: Case, utilities: Caller, sign_in: Client, worker: Caller
    ) -> None:
        assert slug(heat.step(sign_in(handler("HOU")), "objection", OBJECTION)) == "not-found"
        assert slug(heat.step(worker, "objection", OBJECTION)) == "not-yours"
        heat.done(utilities, "claim")
        assert slug(heat.step(utilities, "objection", OBJECTION)) == "step-refused"


class TestByHand:
    """District staff send a case elsewhere, with a reason, and only what they have seen."""

    BODY: ClassVar[dict[str, str]] = {"department": "HOU", "reason": "涉及在建工程"}

    def test_an_override_needs_a_reason_and_is_kept(
        self, heat: Case, staff: Caller, resident: Caller
    ) -> None:
        assert heat.step(staff, "dispatch", {"department": "HOU"}).status_code == 422
        heat.done(staff, "dispatch", self.BODY)
        assert (heat.row.department_code, heat.row.why["by"]) == ("HOU", "redispatch")
        entry = heat.entries(resident, "redispatch")[0]
        assert (entry["note"], entry["facts"]["from"]) == ("涉及在建工程", "PUB")

    def test_a_designated_unit_cannot_object(
        self, heat: Case, staff: Caller, sign_in: Client, utilities: Caller
    ) -> None:
        heat.done(utilities, "objection", OBJECTION)
        heat.done(staff, "designation", self.BODY)
        objection = {"clause": "PUB-1", "propose": "PUB", "reason": "不属我单位"}
        assert slug(heat.step(sign_in(handler("HOU")), "objection", objection)) == "step-refused"
        assert staff.get("/api/v1/requests/objections").json == {"items": [], "next": None}

    def test_staff_of_another_sub_zone_do_not_see_it(self, heat: Case, sign_in: Client) -> None:
        elsewhere = sign_in(staff_with("district_staff", area="DDHT-DG"))
        assert slug(heat.step(elsewhere, "dispatch", self.BODY)) == "not-found"

    def test_sent_elsewhere_while_it_was_claimed_one_of_the_two_is_stale(
        self, heat: Case, staff: Caller, utilities: Caller
    ) -> None:
        seen = heat.row.version
        heat.done(utilities, "claim")
        assert slug(heat.step(staff, "dispatch", self.BODY, version=seen)) == "stale-version"
        assert heat.row.department_code == "PUB"


class TestRecusal:
    """Whoever is complained about never gets the case, nor sees it."""

    def test_a_unit_complained_about_does_not_get_the_case(
        self, resident: Caller, utilities: Caller, staff: Caller
    ) -> None:
        case = Case(resident, matter="HEAT-COLD", complaint_about={"department": "PUB"})
        assert (case.row.state, case.row.department_code) == ("filed", None)
        assert slug(utilities.get(case.path)) == "not-found"
        assert case.seen(resident)["why"]["by"] == "nobody"
        assert slug(case.step(staff, "dispatch", {"department": "PUB", "reason": "x"})) == (
            "unit-unknown"
        )
        case.done(staff, "dispatch", {"department": "SVC", "reason": "涉及承办单位"})
        assert (case.row.state, case.row.department_code) == ("dispatched", "SVC")

    def test_a_worker_complained_about_sees_nothing_and_colleagues_do(
        self, resident: Caller, worker: Caller, second_worker: Caller
    ) -> None:
        earlier = Case(resident)
        earlier.done(worker, "claim")
        case = Case(resident, complaint_about={"request": earlier.id})
        assert slug(worker.get(case.path)) == "not-found"
        assert slug(case.step(worker, "claim")) == "not-found"
        listed = worker.get("/api/v1/requests/work").json["items"]  # type: ignore[index]
        assert [each["id"] for each in listed] == [earlier.id]
        assert case.done(second_worker, "claim")["claimed_by_me"]
        body = {"to": "DD0001", "reason": "换班"}
        assert slug(case.step(second_worker, "hand-over", body)) == "colleague-unknown"

    def test_an_earlier_case_of_somebody_else_names_nobody(
        self, resident: Caller, worker: Caller, sign_in: Client
    ) -> None:
        other = Case(sign_in(Person("19999990009", verified=False)))
        body = {**NEW, "complaint_about": {"request": other.id}}
        assert slug(resident.post("/api/v1/requests", body)) == "not-found"
        assert slug(resident.post("/api/v1/requests", {**NEW, "complaint_about": {}})) == "invalid"


def test_two_who_send_it_elsewhere_at_once_lose_nothing(
    app: Flask, heat: Case, staff: Caller
) -> None:
    """Both judged by the same version: one is refused as stale, and the case has one unit."""
    version, units = heat.row.version, ("HOU", "URB", "MKT", "SVC")
    bodies = [{"department": unit, "reason": "同时"} for unit in units]
    path = f"{heat.path}/dispatch"
    answers = at_once(app, [posting(app, staff, path, body, version) for body in bodies])
    won = [unit for unit, each in zip(units, answers, strict=True) if each.status_code == 200]
    assert len(won) == 1
    assert {slug(answer) for answer in answers if answer.status_code != 200} == {"stale-version"}
    assert (heat.row.department_code, heat.row.version) == (won[0], version + 1)
