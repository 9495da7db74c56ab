"""Several requests about one thing go on as one, keep their own, and come apart again."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.database import read
from tests.api.cases.living import Case, settled, slug
from tests.crowd import at_once, posting
from tests.people import NEIGHBOUR, Caller, Person

Client = Callable[[Person], Caller]
WHY = "同一处堆物"


@pytest.fixture
def neighbour(sign_in: Client) -> Caller:
    return sign_in(NEIGHBOUR)


@pytest.fixture
def master(resident: Caller) -> Case:
    return Case(resident)


@pytest.fixture
def member(neighbour: Caller) -> Case:
    return Case(neighbour)


def merge(member: Case, master: Case, who: Caller) -> dict[str, Any]:
    return member.done(who, "merge", {"into": master.id, "reason": WHY})


def test_a_member_keeps_its_own_and_sees_its_master(
    master: Case, member: Case, worker: Caller, neighbour: Caller, resident: Caller
) -> None:
    number = member.row.number
    merge(member, master, worker)
    seen = member.seen(neighbour)
    assert (seen["request"]["state"], seen["request"]["number"]) == ("merged", number)
    assert seen["master_id"] == seen["master"]["id"] == master.id
    assert seen["master"]["number"] == master.row.number
    assert [each["step"] for each in seen["master"]["steps"]] == ["file", "dispatch", "take-in"]
    assert member.entries(neighbour, "merge")[0]["facts"]["master"] == master.row.number
    assert master.seen(resident)["members"] == 1
    assert [each["id"] for each in _work(worker)] == [master.id]
    told = [row.kind for row in read("SELECT kind FROM outbox WHERE kind = 'request-merged'")]
    assert told == ["request-merged"]


def test_it_settles_with_its_master_and_each_filer_rates_their_own(
    master: Case, member: Case, worker: Caller, neighbour: Caller, resident: Caller
) -> None:
    merge(member, master, worker)
    settled(master, worker)
    assert (member.row.state, member.row.result) == ("settled", "solved")
    assert neighbour.post(f"{member.path}/rating", {"stars": 4}).status_code == 201
    assert resident.post(f"{master.path}/rating", {"stars": 5}).status_code == 201
    assert sorted(row.stars for row in read("SELECT stars FROM rating")) == [4, 5]


def test_a_member_that_is_not_settled_after_all_goes_on_by_itself(
    master: Case, member: Case, worker: Caller, neighbour: Caller, staff: Caller
) -> None:
    merge(member, master, worker)
    settled(master, worker)
    neighbour.post(f"{member.path}/rating", {"stars": 1})
    member.done(staff, "visit", {"outcome": "unsettled", "note": "另一处仍有"})
    row = member.row
    assert (row.state, row.master_id, row.claimed_by) == ("claimed", None, master.row.claimed_by)
    assert (master.row.state, master.row.members) == ("settled", 0)


def test_who_follows_a_member_sees_what_becomes_of_its_master_and_back(
    master: Case, member: Case, worker: Caller, sign_in: Client
) -> None:
    follower = sign_in(Person("19999990021", verified=False))
    assert follower.post(f"{member.path}/follow").status_code == 204
    merge(member, master, worker)
    (followed,) = follower.get("/api/v1/requests/following").json["items"]  # type: ignore[index]
    assert (followed["id"], followed["followed_number"]) == (master.id, member.row.number)
    member.done(worker, "unmerge", {"reason": "并非同一处"})
    (followed,) = follower.get("/api/v1/requests/following").json["items"]  # type: ignore[index]
    assert followed["id"] == member.id


def test_who_follows_a_member_reads_nothing_of_a_confidential_master(
    member: Case, resident: Caller, worker: Caller, sign_in: Client
) -> None:
    master = Case(resident, confidential=True)
    follower = sign_in(Person("19999990021", verified=False))
    follower.post(f"{member.path}/follow")
    merge(member, master, worker)
    answer = follower.get("/api/v1/requests/following")
    (followed,) = (answer.json or {})["items"]
    assert (followed["id"], followed["state"]) == (member.id, "merged")
    assert master.row.number not in answer.text


def test_it_comes_apart_again_with_its_own_deadline(
    master: Case, member: Case, worker: Caller
) -> None:
    before = member.row
    merge(member, master, worker)
    assert member.row.next_rung_at is None
    shown = member.done(worker, "unmerge", {"reason": "并非同一处"})
    row = member.row
    assert (shown["request"]["state"], row.master_id) == ("dispatched", None)
    assert (row.deadline_at, row.department_code) == (before.deadline_at, before.department_code)
    assert row.next_rung_at is not None
    assert master.row.members == 0
    assert member.done(worker, "claim")["claimed_by_me"]


def test_there_are_no_chains_no_circles_and_no_mixing(
    master: Case, member: Case, worker: Caller, resident: Caller, staff: Caller
) -> None:
    third = Case(resident)
    other = Case(resident, matter="ROAD-HOLE")
    merge(member, master, worker)
    cases = [
        (third, third, "itself"),
        (third, member, "chain"),
        (other, master, "matter"),
    ]
    for inner, outer, why in cases:
        refused = inner.step(staff, "merge", {"into": outer.id, "reason": WHY})
        assert (slug(refused), refused.json["why"]) == ("merge-refused", why)
    refused = master.step(staff, "merge", {"into": third.id, "reason": WHY})
    assert (slug(refused), refused.json["flags"]) == ("step-refused", ["has-members"])
    settled(third, worker)
    fourth = Case(resident)
    refused = fourth.step(staff, "merge", {"into": third.id, "reason": WHY})
    assert (slug(refused), refused.json["why"]) == ("merge-refused", "over")


def test_only_those_who_handle_both_merge_them(
    master: Case, member: Case, resident: Caller, neighbour: Caller
) -> None:
    for who in (resident, neighbour):
        answer = member.step(who, "merge", {"into": master.id, "reason": WHY})
        assert answer.status_code == 403


def test_a_withdrawn_member_leaves_its_master(
    master: Case, member: Case, worker: Caller, neighbour: Caller
) -> None:
    merge(member, master, worker)
    member.done(neighbour, "withdrawal")
    assert (member.row.master_id, master.row.members) == (None, 0)


def test_two_who_merge_each_into_the_other_at_once_make_no_circle(
    app: Flask, worker: Caller, staff: Caller, resident: Caller
) -> None:
    for _ in range(6):
        one, two = Case(resident), Case(resident)
        pairs = ((worker, one, two), (staff, two, one))
        deeds = [
            posting(app, who, f"{inner.path}/merge", {"into": outer.id, "reason": WHY}, 1)
            for who, inner, outer in pairs
        ]
        answers = at_once(app, deeds)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses in ([200, 409], [200, 412]), [answer.json for answer in answers]
        states = sorted([one.row.state, two.row.state])
        assert states == ["dispatched", "merged"]


def _work(worker: Caller) -> list[dict[str, Any]]:
    return list(worker.get("/api/v1/requests/work").json["items"])  # type: ignore[index]
