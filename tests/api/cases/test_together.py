"""Departments that help: parts of a case, each with its own clock."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read, transaction, write
from tests.api.cases.living import Case, handler, slug
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
ASK = {"department": "HOU", "asked": "请核查路面权属"}


@pytest.fixture
def case(resident: Caller, worker: Caller) -> Case:
    made = Case(resident)
    made.done(worker, "claim")
    return made


@pytest.fixture
def housing(sign_in: Client) -> Caller:
    return sign_in(handler("HOU"))


def part(case: Case, worker: Caller, **asked: Any) -> str:
    answer = case.step(worker, "tasks", ASK | asked)
    assert answer.status_code == 201, answer.json
    return f"{case.path}/tasks/{answer.json['items'][-1]['id']}"


def test_a_mandatory_part_holds_settling_up_until_it_is_answered(
    case: Case, worker: Caller, housing: Caller, resident: Caller
) -> None:
    task = part(case, worker)
    (listed,) = housing.get("/api/v1/requests/tasks").json["items"]  # type: ignore[index]
    assert (listed["asked"], listed["mandatory"]) == ("请核查路面权属", True)
    assert listed["due_at"] > listed["asked_at"]
    refused = case.step(worker, "settlement", {"result": "solved", "note": "x"})
    assert (slug(refused), refused.json["flags"]) == ("step-refused", ["help-outstanding"])
    answered = housing.post(f"{task}/answer", {"words": "属市政道路"})
    assert answered.json["items"][0]["answer"] == "属市政道路"  # type: ignore[index]
    assert housing.get("/api/v1/requests/tasks").json["items"] == []  # type: ignore[index]
    assert slug(housing.post(f"{task}/answer", {"words": "再答"})) == "task-over"
    case.done(worker, "settlement", {"result": "solved", "note": "好"})
    assert case.entries(resident, "help")[0]["facts"]["department"] == "HOU"


def test_a_part_that_is_not_mandatory_holds_nothing_up(case: Case, worker: Caller) -> None:
    part(case, worker, mandatory=False)
    assert case.done(worker, "settlement", {"result": "solved", "note": "好"})["helpers"] == ["HOU"]


def test_a_part_may_be_taken_back(case: Case, worker: Caller, housing: Caller) -> None:
    task = part(case, worker)
    assert slug(housing.post(f"{task}/cancellation", {"reason": "x"})) in (
        "not-yours",
        "role-not-allowed",
    )
    assert worker.post(f"{task}/cancellation", {"reason": "已自行解决"}).status_code == 200
    assert slug(worker.post(f"{task}/cancellation", {"reason": "x"})) == "task-over"
    assert case.row.help_open == 0
    case.done(worker, "settlement", {"result": "solved", "note": "好"})


def test_only_the_department_asked_answers_and_only_those_concerned_see(
    case: Case, worker: Caller, sign_in: Client
) -> None:
    other = sign_in(handler("MKT"))
    task = part(case, worker)
    assert slug(other.post(f"{task}/answer", {"words": "x"})) == "not-found"
    assert slug(other.get(f"{case.path}/tasks")) == "not-found"
    urban = sign_in(handler("URB"))  # has the case in sight, but was not asked
    assert slug(urban.post(f"{task}/answer", {"words": "x"})) == "not-yours"
    missing = f"{case.path}/tasks/019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3/answer"
    assert slug(sign_in(handler("HOU")).post(missing, {"words": "x"})) == "not-found"


def test_who_does_not_handle_it_asks_nobody(
    case: Case, second_worker: Caller, staff: Caller
) -> None:
    assert slug(case.step(second_worker, "tasks", ASK)) == "not-yours"
    assert slug(case.step(staff, "tasks", ASK | {"department": "NONE"})) == "unit-unknown"
    assert case.step(staff, "tasks", ASK).status_code == 201
    assert slug(case.step(staff, "tasks", ASK, version=1)) == "stale-version"


def test_a_helper_who_is_late_is_noted(case: Case, worker: Caller, housing: Caller) -> None:
    task = part(case, worker)
    with transaction():
        write("UPDATE request_task SET due_at = now() - interval '1 hour'")
    housing.post(f"{task}/answer", {"words": "补答"})
    facts = read("SELECT facts FROM request_event WHERE step = 'help'")[0].facts
    assert facts["late"] is True
