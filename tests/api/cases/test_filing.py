"""Ways of filing: by oneself, for another, at a desk, from the hotline; and what is not taken."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import segno
import uuid_utils.compat as uuids
from flask import Flask

from app.clock import SHANGHAI
from app.database import read, transaction, write
from community.rules.registers import forget_all
from tests.api.cases.living import Case, rules, settled, slug
from tests.crowd import at_once, posting
from tests.identity.households import OLD_PARENT, confirmed
from tests.people import NEIGHBOUR, NEWCOMER, Caller, Person, account_of, staff_with
from tests.requests_of import GRID, NEW, PLACE

Client = Callable[[Person], Caller]
PATH = "/api/v1/requests"


@pytest.fixture
def clerk(sign_in: Client) -> Caller:
    return sign_in(staff_with("desk_clerk", area="DDHT-XQ-LT"))


def cases() -> int:
    return int(read("SELECT count(*) AS n FROM service_request")[0].n)


class TestOwnId:
    """A phone may draw the id of its draft: however often it is sent, it is one case."""

    def test_repeats_are_one_case_whatever_the_key(self, resident: Caller) -> None:
        body = NEW | {"id": str(uuids.uuid7())}
        answers = [resident.post(PATH, body) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {201}
        assert {answer.json["request"]["id"] for answer in answers} == {body["id"]}  # type: ignore[index]
        assert cases() == 1
        assert len(read("SELECT 1 FROM request_event WHERE step = 'file'")) == 1

    def test_other_content_or_another_person_under_it_is_refused(
        self, resident: Caller, sign_in: Client
    ) -> None:
        body = NEW | {"id": str(uuids.uuid7())}
        resident.post(PATH, body)
        for changed in ({"words": "别的"}, {"confidential": True}, {"matter": "ROAD-HOLE"}):
            refused = resident.post(PATH, body | changed)
            assert (refused.status_code, slug(refused)) == (409, "id-taken")
        assert slug(sign_in(NEIGHBOUR).post(PATH, body)) == "id-taken"
        assert cases() == 1

    @pytest.mark.parametrize(
        "key",
        [
            "9d7f0a52-3c1e-4b8a-9f66-2a7c51d0e4b1",  # of version 4
            "not-an-id",
            7,
            "019abf6d-2e7c-1a1b-8b3e-9a522f1de6c3",
            "00000000-0000-7000-8000-000000000000",  # drawn in 1970
            "7fffffff-ffff-7fff-bfff-ffffffffffff",  # drawn in the far future
        ],
    )
    def test_an_id_that_is_none_of_these_days_is_refused(
        self, resident: Caller, key: object
    ) -> None:
        answer = resident.post(PATH, NEW | {"id": key})
        assert (answer.status_code, slug(answer)) == (422, "invalid")
        assert answer.json["errors"][0]["pointer"] == "/id"  # type: ignore[index]
        assert cases() == 0

    def test_sent_by_many_at_once_it_is_still_one(self, app: Flask, resident: Caller) -> None:
        body = NEW | {"id": str(uuids.uuid7())}
        answers = at_once(app, [posting(app, resident, PATH, body)] * 6)
        assert [answer.status_code for answer in answers] == [201] * 6
        assert cases() == 1


class TestWhere:
    """A point, or the home that the register has."""

    def test_at_home_it_goes_to_the_grid_of_the_register(self, resident: Caller) -> None:
        body = {name: value for name, value in NEW.items() if name != "place"}
        answer = resident.post(PATH, body | {"at_home": True})
        assert answer.status_code == 201, answer.json
        assert answer.json["request"]["grid_code"] == GRID  # type: ignore[index]

    def test_whoever_is_not_in_the_register_gives_a_point(self, sign_in: Client) -> None:
        body = {name: value for name, value in NEW.items() if name != "place"}
        refused = sign_in(NEWCOMER).post(PATH, body | {"at_home": True})
        assert (refused.status_code, slug(refused)) == (409, "address-unknown")

    @pytest.mark.parametrize(
        "place",
        [
            {"lng": 0, "lat": 90, "crs": "wgs84"},
            {"lng": 0, "lat": -90, "crs": "wgs84"},
            {"lng": 180, "lat": 0, "crs": "gcj02"},
            {"lng": 124.3967, "lat": 40.1019, "crs": "wgs84"},  # across the river, in Sinuiju
        ],
    )
    def test_the_pole_and_the_other_bank_are_outside_with_the_nearest_named(
        self, resident: Caller, place: dict[str, Any]
    ) -> None:
        refused = resident.post(PATH, NEW | {"place": place})
        assert (refused.status_code, slug(refused)) == (409, "outside-zone")
        assert refused.json["nearest_area"].startswith("DDHT-")  # type: ignore[index]
        assert cases() == 0

    def test_neither_and_both_are_faults(self, resident: Caller) -> None:
        body = {name: value for name, value in NEW.items() if name != "place"}
        for wrong in (body, NEW | {"at_home": True}):
            assert slug(resident.post(PATH, wrong)) == "invalid"


class TestNotTaken:
    """What is nothing for the district is told at once, with where to turn."""

    def test_an_emergency_names_the_number_to_call(self, resident: Caller) -> None:
        refused = resident.post(PATH, NEW | {"matter": "FIRE-119"})
        assert (refused.status_code, slug(refused)) == (409, "not-taken")
        assert refused.json is not None
        assert (refused.json["phone"], refused.json["told"]["en"]) == ("119", "Call 119 at once")
        assert cases() == 0

    def test_each_of_the_twenty_proofs_is_refused_for_a_community_and_names_who_does(
        self, resident: Caller, nobody: Caller
    ) -> None:
        listed = nobody.get("/api/v1/rules/not-accepted").json["items"]  # type: ignore[index]
        proofs = [each for each in listed if each["kind"] == "proof"]
        assert len(proofs) == 20
        for proof in proofs:
            asked = NEW | {"proof": proof["code"], "issuer": "community"}
            refused = resident.post(PATH, asked)
            assert (refused.status_code, slug(refused)) == (409, "proof-not-issued")
            assert refused.json["department"] == proof["department_code"]  # type: ignore[index]
            assert refused.json["department"]  # type: ignore[index]
        assert cases() == 0

    def test_asked_of_a_department_it_is_a_request_like_any(self, resident: Caller) -> None:
        asked = NEW | {"proof": "PROOF-NO-CRIME", "issuer": "department", "matter": "DATA-FIX"}
        assert resident.post(PATH, asked).status_code == 201

    def test_what_is_taken_again_from_a_day_on_is_taken(
        self, own_rules: None, resident: Caller
    ) -> None:
        row = {"kind": "category", "name": "x", "name_en": "x", "told": "x", "told_en": "x"}
        period = {"valid_from": "2024-01-01", "valid_to": "2025-01-01"}
        rules("not_accepted", code="RUBBISH", legal_basis="x", **row, **period)
        assert resident.post(PATH, NEW).status_code == 201


class TestDesk:
    """A clerk files for a walk-in or somebody on the phone, who takes a slip home."""

    BODY: ClassVar[dict[str, Any]] = NEW | {"contact": "王女士 13800000000"}

    def test_a_walk_in_has_a_case_and_a_slip_without_a_word_of_theirs(
        self, clerk: Caller, resident: Caller
    ) -> None:
        made = clerk.post(f"{PATH}/desk", self.BODY)
        assert made.status_code == 201, made.json
        row = read("SELECT * FROM service_request")[0]
        assert (row.channel, row.account_id) == ("desk", None)
        assert row.filed_by is not None
        assert b"138" not in bytes(row.contact_sealed)
        slip = clerk.get(f"{made.headers['Location']}/slip").json
        assert slip is not None
        assert row.number in slip["html"]
        code = segno.make(row.number, micro=False).svg_inline(scale=4, omitsize=True)
        assert code in slip["html"], "whoever scans it has the number"
        assert ("@page" in slip["html"], "@media print" in slip["html"]) == (True, True)
        last_day = (row.deadline_at - timedelta(seconds=1)).astimezone(SHANGHAI)
        assert f"<dd>{last_day:%Y-%m-%d %H:%M}</dd>" in slip["html"]
        path = f"{made.headers['Location']}/slip"
        page = clerk.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.content_type == "text/html; charset=utf-8"
        assert page.text == slip["html"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert clerk.get(path, headers={"Accept": "*/*"}).is_json
        assert "王女士" not in slip["html"]
        assert NEW["words"] not in slip["html"]
        assert resident.get(f"{made.headers['Location']}/slip").status_code == 403

    def test_by_phone_and_by_address_of_the_register(self, clerk: Caller) -> None:
        address = read("SELECT sid FROM address WHERE grid_code = %(grid)s LIMIT 1", {"grid": GRID})
        body = {name: value for name, value in self.BODY.items() if name != "place"}
        made = clerk.post(f"{PATH}/desk", body | {"address": address[0].sid, "channel": "phone"})
        assert made.status_code == 201, made.json
        row = read("SELECT channel, grid_code FROM service_request")[0]
        assert tuple(row) == ("phone", GRID)
        unknown = clerk.post(f"{PATH}/desk", body | {"address": "NO-SUCH"})
        assert slug(unknown) == "address-unknown"

    def test_another_desks_area_is_named(self, sign_in: Client) -> None:
        elsewhere = sign_in(staff_with("desk_clerk", area="DDHT-DG-XX"))
        refused = elsewhere.post(f"{PATH}/desk", self.BODY)
        assert (refused.status_code, slug(refused)) == (403, "beyond-your-area")
        assert refused.json["grid"] == GRID  # type: ignore[index]

    def test_residents_and_workers_have_no_desk(self, resident: Caller, worker: Caller) -> None:
        for who in (resident, worker):
            assert slug(who.post(f"{PATH}/desk", self.BODY)) == "role-not-allowed"


class TestHotline:
    """What 12345 passes on is one case by its number there, however often it is passed on."""

    BODY: ClassVar[dict[str, Any]] = NEW | {
        "hotline_number": "DD12345-0042",
        "contact": "13800000000",
    }

    def test_the_same_number_is_the_same_case(self, staff: Caller) -> None:
        answers = [staff.post(f"{PATH}/hotline", self.BODY) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert cases() == 1
        assert len({answer.json["request"]["number"] for answer in answers}) == 1  # type: ignore[index]
        other = staff.post(f"{PATH}/hotline", self.BODY | {"words": "别的"})
        assert (other.status_code, slug(other)) == (409, "id-taken")
        row = read("SELECT channel, hotline_number FROM service_request")[0]
        assert tuple(row) == ("hotline", "DD12345-0042")


class TestConfidential:
    """Whoever wants it confidential is in no public list, and nobody can follow it."""

    def test_it_is_in_no_public_list(self, resident: Caller, sign_in: Client) -> None:
        case = Case(resident, confidential=True)
        neighbour = sign_in(NEIGHBOUR)
        near = f"near={PLACE[0]},{PLACE[1]}&crs=wgs84"
        assert neighbour.get(f"{PATH}?{near}").json["items"] == []  # type: ignore[index]
        similar = neighbour.get(f"{PATH}/similar?{near}&matter=RUBBISH")
        assert similar.json == {"items": []}
        assert slug(neighbour.post(f"{case.path}/follow")) == "not-found"


class TestBeforeFiling:
    """Open cases of the same matter near the point are shown, to follow instead."""

    def near(self, who: Caller, matter: str = "RUBBISH", east: float = 0.0) -> list[dict[str, Any]]:
        place = f"near={PLACE[0] + east},{PLACE[1]}&crs=wgs84"
        answer = who.get(f"{PATH}/similar?{place}&matter={matter}")
        assert answer.status_code == 200, answer.json
        return list(answer.json["items"])  # type: ignore[index]

    def test_only_open_ones_of_the_matter_within_its_own_radius(
        self, resident: Caller, sign_in: Client, worker: Caller
    ) -> None:
        neighbour = sign_in(NEIGHBOUR)
        case = Case(resident)
        Case(resident, matter="ROAD-HOLE")
        (found,) = self.near(neighbour)
        assert (found["id"], found["followers"]) == (case.id, 0)
        assert self.near(neighbour, east=0.004) == []  # 340 m, and the matter says 100
        assert neighbour.post(f"{case.path}/follow").status_code == 204
        assert neighbour.post(f"{case.path}/follow").status_code == 204
        assert self.near(neighbour)[0]["followers"] == 1
        settled(case, worker)
        assert self.near(neighbour) == []

    def test_who_follows_reads_what_became_of_it_and_may_stop(
        self, resident: Caller, sign_in: Client, worker: Caller
    ) -> None:
        neighbour, case = sign_in(NEIGHBOUR), Case(resident)
        neighbour.post(f"{case.path}/follow")
        settled(case, worker)
        (followed,) = neighbour.get(f"{PATH}/following").json["items"]  # type: ignore[index]
        assert (followed["state"], followed["result"]) == ("settled", "solved")
        assert NEW["words"] not in str(followed)
        assert slug(neighbour.get(case.path)) == "not-found"
        for _ in range(2):
            assert neighbour.delete(f"{case.path}/follow").status_code == 204
        assert neighbour.get(f"{PATH}/following").json == {"items": [], "next": None}

    def test_a_matter_that_is_none_is_refused(self, resident: Caller) -> None:
        place = f"near={PLACE[0]},{PLACE[1]}&crs=wgs84"
        assert slug(resident.get(f"{PATH}/similar?{place}&matter=NONE")) == "matter-unknown"


class TestMandate:
    """Who holds a mandate files for another; with the power to follow they see what becomes."""

    def test_without_a_mandate_nothing_is_filed_for_another(self, resident: Caller) -> None:
        refused = resident.post(PATH, NEW | {"mandate": str(uuids.uuid7())})
        assert (refused.status_code, slug(refused)) == (403, "mandate-refused")
        assert cases() == 0

    def test_it_is_filed_for_the_principal_and_both_see_it_while_it_stands(
        self, resident: Caller, sign_in: Client
    ) -> None:
        parent = sign_in(OLD_PARENT)
        mandate = confirmed(resident, parent)
        made = resident.post(PATH, NEW | {"mandate": mandate["id"]})
        assert made.status_code == 201, made.json
        path = made.headers["Location"]
        row = read("SELECT * FROM service_request")[0]
        assert (row.account_id, str(row.mandate_id)) == (account_of(OLD_PARENT), mandate["id"])
        assert parent.get(path).json["mine"]  # type: ignore[index]
        assert resident.get(path).json["mine"] is False  # type: ignore[index]
        trail = read("SELECT facts FROM audit_entry WHERE deed = 'request-file'")[0].facts
        assert trail["mandate"] == mandate["id"]
        version = resident.get(f"/api/v1/mandates/{mandate['id']}").json["version"]  # type: ignore[index]
        ended = parent.post(f"/api/v1/mandates/{mandate['id']}/revocation", version=version)
        assert ended.status_code == 200, ended.json
        assert slug(resident.get(path)) == "not-found"
        assert slug(resident.post(PATH, NEW | {"mandate": mandate["id"]})) == "mandate-refused"

    def test_who_may_only_file_reads_the_answer_and_no_more(
        self, resident: Caller, sign_in: Client
    ) -> None:
        mandate = confirmed(resident, sign_in(OLD_PARENT), powers=["file"])
        made = resident.post(PATH, NEW | {"mandate": mandate["id"]})
        assert made.status_code == 201, made.json
        assert slug(resident.get(made.headers["Location"])) == "not-found"


def test_capacity_is_kept_even_if_many_are_claimed_at_once(
    app: Flask, own_rules: None, resident: Caller, worker: Caller
) -> None:
    """Eight cases at once by one worker who may hold three."""
    with transaction():
        write("UPDATE capacity SET most = 3 WHERE role = 'grid_worker'")
    forget_all()
    made = [Case(resident) for _ in range(8)]
    answers = at_once(app, [posting(app, worker, f"{case.path}/claim") for case in made])
    said = Counter("won" if each.status_code == 200 else slug(each) for each in answers)
    assert said == {"won": 3, "at-capacity": 5}
    held = "SELECT count(*) AS n FROM service_request WHERE state = 'claimed'"
    assert read(held)[0].n == 3


def test_a_case_is_one_workers_of_fifty_who_try(
    app: Flask, resident: Caller, worker: Caller, second_worker: Caller
) -> None:
    for _ in range(3):
        case = Case(resident)
        both = [posting(app, who, f"{case.path}/claim") for who in (worker, second_worker)]
        answers = at_once(app, both * 25)
        said = Counter("won" if each.status_code == 200 else slug(each) for each in answers)
        assert said == {"won": 25, "already-claimed": 25}  # one, who may ask again; the other never
        assert len(case.entries(resident, "claim")) == 1


class TestHandOver:
    """A case goes to a colleague, never to two at once."""

    def test_to_a_colleague_of_the_same_grid(
        self, resident: Caller, worker: Caller, second_worker: Caller
    ) -> None:
        case = Case(resident)
        case.done(worker, "claim")
        case.done(worker, "hand-over", {"to": "DD0002", "reason": "轮休"})
        assert case.seen(second_worker)["claimed_by_me"]
        assert slug(case.step(worker, "release", {"reason": "x"})) == "not-yours"
        refused = case.step(second_worker, "hand-over", {"to": "DD0005", "reason": "x"})
        assert slug(refused) == "colleague-unknown"
        seen = case.row.version
        case.done(second_worker, "contact", {"note": "已联系"})
        stale = case.step(second_worker, "hand-over", {"to": "DD0001", "reason": "x"}, version=seen)
        assert slug(stale) == "stale-version"
        assert case.row.contacted_at is not None
