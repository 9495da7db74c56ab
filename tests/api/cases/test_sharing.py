"""Whoever agrees lets the other adults of the household see their requests, and do nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read, transaction, write
from app.identity.family import sharing_with
from community.requests.policy import RECUSED, SHARED_BY, is_shared, seen_by
from tests.api.cases.living import Case, settled, slug
from tests.identity.households import CHILD, SPOUSE, Registered
from tests.identity.test_mandates import _as_loaded as loaded
from tests.people import NEIGHBOUR, RESIDENT, WORKER, Caller, Person, account_of

Client = Callable[[Person], Caller]
SHARING, MINE = "/api/v1/me/household/sharing", "/api/v1/requests/mine"


@pytest.fixture
def spouse(sign_in: Client) -> Caller:
    return sign_in(SPOUSE)


def listed(caller: Caller) -> list[str]:
    answer = caller.get(f"{MINE}?whose=household")
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in (answer.json or {})["items"]]


def test_a_household_sees_what_is_shared_and_takes_no_step(
    resident: Caller, spouse: Caller, worker: Caller
) -> None:
    case = Case(resident)
    settled(case, worker)
    assert (listed(spouse), slug(spouse.get(case.path))) == ([], "not-found")
    assert resident.post(SHARING).status_code == 204
    assert listed(spouse) == [case.id]
    seen = case.seen(spouse)
    assert (seen["words"], seen["mine"], seen["stars"]) == (case.detail["words"], False, None)
    assert [entry["step"] for entry in seen["timeline"]][-1] == "settle"
    assert slug(spouse.post(f"{case.path}/rating", {"stars": 1})) == "not-yours"
    assert slug(case.step(spouse, "reopening", {"reason": "还没好"})) == "not-yours"
    assert (spouse.get(MINE).json or {})["items"] == []
    assert listed(resident) == [], "sharing is not answered by sharing"
    assert resident.delete(SHARING).status_code == 204
    assert (listed(spouse), slug(spouse.get(case.path))) == ([], "not-found")


def test_neither_strangers_nor_children_see_what_is_shared(
    resident: Caller, sign_in: Client
) -> None:
    case = Case(resident)
    resident.post(SHARING)
    for person in (NEIGHBOUR, WORKER, Registered("19999990031", sid=CHILD["sid"])):
        caller = sign_in(person)
        assert listed(caller) == []
        assert person is WORKER or slug(caller.get(case.path)) == "not-found"


def test_a_confidential_case_is_shared_with_nobody(resident: Caller, spouse: Caller) -> None:
    resident.post(SHARING)
    case = Case(resident, confidential=True)
    assert (listed(spouse), slug(spouse.get(case.path))) == ([], "not-found")


def test_the_rule_for_one_case_and_for_many_agree(resident: Caller, spouse: Caller) -> None:
    resident.post(SHARING)
    Case(spouse)
    for confidential in (False, True):
        for against in (None, account_of(SPOUSE)):
            about = {"id": Case(resident, confidential=confidential).id, "against": against}
            with transaction():
                write(
                    "UPDATE service_request SET against_account = %(against)s WHERE id = %(id)s",
                    about,
                )
    sql = f"SELECT r.*, {SHARED_BY} IS TRUE AS shared, {RECUSED} AS recused FROM service_request r"
    told: list[Any] = []
    for person in (SPOUSE, RESIDENT, NEIGHBOUR):
        actor = loaded(person)
        family = sharing_with(actor)
        for row in read(sql, seen_by(actor) | {"my_family": list(family)}):
            assert row.shared == is_shared(actor, family, row)
            told.append(row.shared)
    assert told.count(True) == 1
