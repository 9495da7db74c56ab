"""Household and family: what adults see of each other, guardians and wards, a child's account."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.errors import CheckViolation

from app import clock
from app.database import read, transaction, write
from app.identity.family import sharing_with
from app.identity.family.policy import SEEN_BY, may_see, seen_by
from app.identity.guardianship import (
    CLEAR,
    NEXT,
    GuardianshipStepRefused,
    State,
    Step,
    is_clear,
    state_at,
    step,
)
from app.identity.mandates import MandateRefused, principal_for
from app.identity.numbers import check_digit
from app.privacy import vault
from tests.identity.households import (
    CHILD,
    OLD_PARENT,
    PARENT,
    SPOUSE,
    Registered,
    clerk_of,
    household_split,
    resident_id,
    slug,
)
from tests.identity.households import guarding as asked
from tests.identity.test_mandates import _as_loaded as loaded
from tests.people import (
    NEIGHBOUR,
    NEWCOMER,
    PEOPLE,
    RESIDENT,
    WORKER,
    Caller,
    Person,
    account_of,
    proved,
)

Client = Callable[[Person], Caller]
PATH = "/api/v1/guardianships"
WARD = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
CHILDS_PHONE = Person("19999990031", verified=False)


def why(person: Person, guardianship: dict[str, Any]) -> str | None:
    try:
        principal_for(loaded(person), uuid.UUID(guardianship["id"]), "file", "ANY")
    except MandateRefused as refused:
        return str(refused.facts["why"])
    return None


@pytest.fixture
def older(app: Any) -> Any:
    """Make the child of the register as old as a test wants, and as it was again."""
    sql = "UPDATE resident SET id_number_sealed = %(sealed)s WHERE sid = %(sid)s"
    sid = CHILD["sid"]

    def grow(years: int, days: int = 0) -> None:
        born = clock.today().replace(year=clock.today().year - years) + timedelta(days=days)
        first17 = f"210102{born:%Y%m%d}943"
        number = first17 + check_digit(first17)
        sealed = vault.seal("resident.id_number", sid, number)
        with transaction():
            write(sql, {"sealed": sealed, "sid": sid})

    was = read("SELECT id_number_sealed FROM resident WHERE sid = %(sid)s", {"sid": sid})[0][0]
    yield grow
    with transaction():
        write(sql, {"sealed": was, "sid": sid})


def test_the_head_of_a_household_is_the_guardian_of_their_child_by_the_register(
    sign_in: Client,
) -> None:
    head = sign_in(RESIDENT)
    guardianship = asked(head)
    assert (guardianship["state"], guardianship["basis"]) == ("standing", "register")
    assert guardianship["ward_name"] == "冯*"
    found = principal_for(loaded(RESIDENT), uuid.UUID(guardianship["id"]), "rate", "ANY")
    assert found.resident_id == resident_id(CHILD["sid"])
    assert found.area_path[-1] == PEOPLE["resident"]["grid"]
    assert found.audited == {
        "acting_for": found.resident_id,
        "guardianship": uuid.UUID(guardianship["id"]),
    }
    assert slug(head.post(PATH, WARD)) == "guardianship-open"
    assert why(SPOUSE, guardianship) == "unknown"


def test_what_the_register_does_not_show_two_members_of_staff_confirm_at_a_desk(
    sign_in: Client,
) -> None:
    spouse = sign_in(SPOUSE)
    guardianship = asked(spouse)
    assert (guardianship["state"], guardianship["basis"]) == ("asked", "desk")
    assert why(SPOUSE, guardianship) == "asked"
    clerk, worker = proved(sign_in(clerk_of("DDHT-XQ-LT"))), proved(sign_in(WORKER))
    elsewhere = proved(sign_in(clerk_of("DDHT-DG-XX")))
    path = f"{PATH}/{guardianship['id']}"
    card = {"id_number": CHILD["id_number"]}
    assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"{path}/desk-signatures", card, version=1).status_code == 404
    wrong = clerk.post(f"{path}/desk-signatures", {"id_number": PARENT["id_number"]}, version=1)
    assert slug(wrong) == "identity-not-matched"
    first = clerk.post(f"{path}/desk-signatures", card, version=1).json or {}
    assert (first["state"], first["desk_signed_once"]) == ("asked", True)
    again = clerk.post(f"{path}/desk-signatures", card, version=2)
    assert slug(again) == "two-clerks-needed"
    assert slug(worker.post(f"{path}/desk-signatures", card, version=1)) == "stale-version"
    second = worker.post(f"{path}/desk-signatures", card, version=2).json or {}
    assert (second["state"], second["basis"]) == ("standing", "desk")
    assert why(SPOUSE, guardianship) is None
    late = worker.post(f"{path}/desk-signatures", card, version=3)
    assert slug(late) == "guardianship-step-refused"


def test_a_desk_says_no_and_the_database_wants_two(sign_in: Client) -> None:
    guardianship = asked(sign_in(SPOUSE))
    with pytest.raises(CheckViolation), transaction():
        write("UPDATE guardianship SET state = 'standing'")
    path = f"{PATH}/{guardianship['id']}"
    refused = sign_in(clerk_of("DDHT-XQ-LT")).post(f"{path}/refusal", version=1)
    assert (refused.json or {})["state"] == "refused"
    assert why(SPOUSE, guardianship) == "refused"
    assert asked(sign_in(SPOUSE))["state"] == "asked"


@pytest.mark.parametrize("by", ["guardian", "desk"])
def test_what_has_ended_counts_no_more_at_the_next_request(sign_in: Client, by: str) -> None:
    head = sign_in(RESIDENT)
    guardianship = asked(head)
    caller = head if by == "guardian" else sign_in(clerk_of("DDHT-XQ-LT"))
    path = f"{PATH}/{guardianship['id']}/ending"
    assert slug(caller.post(path, version=2)) == "stale-version"
    assert (caller.post(path, version=1).json or {})["state"] == "ended"
    assert why(RESIDENT, guardianship) == "ended"


def test_a_guardian_is_one_until_the_child_is_of_age(sign_in: Client, older: Any) -> None:
    guardianship = asked(sign_in(RESIDENT))
    older(18, days=1)  # of age tomorrow
    assert why(RESIDENT, guardianship) is None
    older(18)
    assert why(RESIDENT, guardianship) == "of-age"


def test_a_parent_who_lives_elsewhere_by_the_register_shows_papers(sign_in: Client) -> None:
    guardianship = asked(sign_in(RESIDENT))
    with household_split():
        assert why(RESIDENT, guardianship) == "unclear"
    assert why(RESIDENT, guardianship) is None


def test_a_childs_account_waits_for_the_guardians_consent(sign_in: Client) -> None:
    child, head = sign_in(CHILDS_PHONE), sign_in(RESIDENT)
    assert slug(child.post("/api/v1/me/verification", WARD)) == "guardian-needed"
    guardianship = asked(head)
    assert slug(child.post("/api/v1/me/verification", WARD)) == "guardian-needed"
    path = f"{PATH}/{guardianship['id']}/consent"
    assert (head.post(path).json or {})["consented"] is True
    assert (head.post(path).json or {})["consented"] is True
    assert read("SELECT count(*) AS n FROM guardian_consent")[0].n == 1
    assert child.post("/api/v1/me/verification", WARD).status_code == 204
    assert (child.get("/api/v1/me").json or {})["level"] == 2
    seen = child.get(f"{PATH}?side=ward").json or {}
    assert [each["id"] for each in seen["items"]] == [guardianship["id"]]
    dismissed = child.post(f"{PATH}/{guardianship['id']}/ending", version=1)
    assert dismissed.status_code == 404
    assert head.delete(path).status_code == 204
    assert (child.get("/api/v1/me").json or {})["level"] == 1
    assert head.delete(path).status_code == 204


def test_the_end_of_a_guardianship_is_the_end_of_its_consents(sign_in: Client) -> None:
    child, head = sign_in(CHILDS_PHONE), sign_in(RESIDENT)
    guardianship = asked(head)
    head.post(f"{PATH}/{guardianship['id']}/consent")
    assert child.post("/api/v1/me/verification", WARD).status_code == 204
    head.post(f"{PATH}/{guardianship['id']}/ending", version=1)
    assert (child.get("/api/v1/me").json or {})["level"] == 1


def test_at_fourteen_a_child_consents_alone(sign_in: Client, older: Any) -> None:
    head = sign_in(RESIDENT)
    guardianship = asked(head)
    older(14)
    path = f"{PATH}/{guardianship['id']}/consent"
    assert slug(head.post(path)) == "not-a-minor"
    older(14, days=1)
    assert head.post(path).status_code == 200


def test_consent_is_the_guardians_to_give_while_they_are_one(sign_in: Client) -> None:
    spouse = sign_in(SPOUSE)
    guardianship = asked(spouse)
    path = f"{PATH}/{guardianship['id']}/consent"
    assert spouse.post(path).status_code == 404
    for person in (RESIDENT, NEIGHBOUR, clerk_of("DDHT-XQ-LT")):
        assert sign_in(person).post(path).status_code == 404
        assert sign_in(person).delete(path).status_code == 404


def test_whose_number_it_is_is_told_to_nobody(sign_in: Client) -> None:
    stranger = sign_in(NEIGHBOUR)
    mine = {"name": PEOPLE["neighbour"]["name"], "id_number": PEOPLE["neighbour"]["id_number"]}
    tries: list[dict[str, Any]] = [
        {"name": "某某某"},
        {"id_number": "11010519491231002X"},
        mine,
    ]
    told = [
        {**(stranger.post(PATH, {**WARD, **each}).json or {}), "instance": ""} for each in tries
    ]
    assert told[0] == told[1] == told[2]
    old = {"name": PARENT["name"], "id_number": PARENT["id_number"]}
    assert slug(stranger.post(PATH, old)) == "not-a-minor"
    assert slug(sign_in(NEWCOMER).post(PATH, WARD)) == "level-needed"
    assert stranger.post(PATH, {**WARD, "id_number": "1"}).status_code == 422
    assert slug(stranger.post(PATH, {**WARD, "name": "某"})) == "identity-not-matched"
    assert slug(stranger.post(PATH, WARD)) == "too-many"
    assert read("SELECT count(*) AS n FROM guardianship")[0].n == 0


def test_strangers_see_nothing_of_it(sign_in: Client) -> None:
    guardianship = asked(sign_in(RESIDENT))
    path = f"{PATH}/{guardianship['id']}"
    for person in (NEIGHBOUR, SPOUSE, OLD_PARENT, NEWCOMER):
        stranger = sign_in(person)
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}/ending", version=1).status_code == 404
        assert (stranger.get(PATH).json or {})["items"] == []
        card = {"id_number": CHILD["id_number"]}
        desk = stranger.post(f"{path}/desk-signatures", card, version=1)
        assert slug(desk) == "role-not-allowed"


def test_may_see_and_seen_by_agree(sign_in: Client) -> None:
    asked(sign_in(RESIDENT))
    sql = f"""
    SELECT p.guardian_resident_id, p.ward_resident_id, ar.path AS home_path, {SEEN_BY} AS seen
    FROM guardianship p JOIN resident w ON w.id = p.ward_resident_id
    JOIN household h ON h.sid = w.household_sid JOIN address ad ON ad.sid = h.address_sid
    JOIN area ar ON ar.code = ad.grid_code
    """
    found = set()
    for person in (RESIDENT, SPOUSE, NEIGHBOUR, NEWCOMER, WORKER, clerk_of("DDHT-DG-XX")):
        actor = loaded(person)
        row = read(sql, seen_by(actor))[0]
        assert bool(row.seen) == may_see(actor, row), person
        found.add(bool(row.seen))
    assert found == {True, False}


# --- what adults of one household see of each other


def members(caller: Caller) -> list[str]:
    return [each["name"] for each in (caller.get("/api/v1/me/household").json or {})["members"]]


def test_adults_of_a_household_see_nothing_of_each_other_unless_one_agrees(
    sign_in: Client,
) -> None:
    head, spouse, neighbour = sign_in(RESIDENT), sign_in(SPOUSE), sign_in(NEIGHBOUR)
    assert members(spouse) == []
    assert sharing_with(loaded(SPOUSE)) == ()
    for _ in range(2):
        assert head.post("/api/v1/me/household/sharing").status_code == 204
    assert members(spouse) == ["冯*"]
    assert sharing_with(loaded(SPOUSE)) == (account_of(RESIDENT),)
    assert members(head) == []
    assert members(neighbour) == []
    assert head.delete("/api/v1/me/household/sharing").status_code == 204
    assert members(spouse) == []
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry WHERE deed LIKE 'consent-%%'")]
    assert sorted(deeds) == ["consent-given", "consent-withdrawn"]


def test_sharing_ends_when_one_lives_elsewhere(sign_in: Client) -> None:
    head, spouse = sign_in(RESIDENT), sign_in(SPOUSE)
    head.post("/api/v1/me/household/sharing")
    sql = "UPDATE resident SET household_sid = %(household)s WHERE sid = 'R00000001'"
    try:
        with transaction():
            write(sql, {"household": "H0000002"})
        assert members(spouse) == []
        assert members(sign_in(NEIGHBOUR)) == []
        head.post("/api/v1/me/household/sharing")
        assert members(sign_in(NEIGHBOUR)) == ["冯*"]
    finally:
        with transaction():
            write(sql, {"household": "H0000001"})
    assert members(spouse) == []


def test_only_an_adult_with_a_household_shares(sign_in: Client) -> None:
    assert slug(sign_in(NEWCOMER).post("/api/v1/me/household/sharing")) == "no-household"
    child = sign_in(Registered("19999990031", sid=CHILD["sid"]))
    assert slug(child.post("/api/v1/me/household/sharing")) == "adults-only"


def test_a_day_in_the_past_shows_the_home_of_that_day(sign_in: Client) -> None:
    head = sign_in(RESIDENT)
    yesterday = clock.today() - timedelta(days=1)
    with transaction():
        write(
            "INSERT INTO past_home (kind, sid, until_at, was)"
            " VALUES ('resident', 'R00000001', now() - interval '1 hour', 'H0000002')"
        )
    then = head.get(f"/api/v1/me/home?on={yesterday - timedelta(days=1)}").json or {}
    now = head.get("/api/v1/me/home").json or {}
    assert then["areas"][-1]["code"] == PEOPLE["neighbour"]["grid"]
    assert now["areas"][-1]["code"] == PEOPLE["resident"]["grid"]
    assert (sign_in(NEWCOMER).get("/api/v1/me/home").json or {})["areas"] == []


# --- the tables


class Shown:
    def __init__(self, *facts: Any) -> None:
        names = ("state", "basis", "both_here", "same_household", "guardian", "ward")
        self.__dict__.update(zip(names, facts, strict=True))
        self.guardian_relation, self.ward_relation = facts[4], facts[5]


relations = st.sampled_from(["head", "spouse", "child", "parent", "other"])
shown = st.builds(
    Shown,
    st.sampled_from(["asked", "standing", "refused", "ended"]),
    st.sampled_from(["register", "desk"]),
    st.booleans(),
    st.booleans(),
    relations,
    relations,
)


@given(shown, st.none() | st.integers(0, 30))
def test_a_guardianship_counts_only_if_all_of_it_holds(held: Any, age: int | None) -> None:
    clear = held.same_household and (held.guardian_relation, held.ward_relation) in CLEAR
    stands = (
        held.state == "standing"
        and held.both_here
        and age is not None
        and age < 18
        and (held.basis == "desk" or clear)
    )
    assert (state_at(held, age) == State.STANDING) == stands


def test_only_a_heads_child_is_clear_and_steps_are_a_table() -> None:
    assert is_clear("head", "child", True)
    assert not is_clear("head", "child", False)
    assert not is_clear("spouse", "child", True)
    for state in State:
        for wanted in Step:
            if wanted in NEXT.get(state, {}):
                assert step(state, wanted) == NEXT[state][wanted]
            else:
                with pytest.raises(GuardianshipStepRefused):
                    step(state, wanted)
