"""Whatever is tried from whatever state: what the table does not have is refused, and by name."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read
from community.requests.lifecycle import TABLE, Party, State, Step, legal
from tests.api.cases.deeds import DEEDS, WITH_OTHERS, row_of, standing
from tests.api.cases.living import Case, handler, slug
from tests.people import NEIGHBOUR, SECOND_STAFF, Caller, Person

Client = Callable[[Person], Caller]
ALL = DEEDS | WITH_OTHERS
NOWHERE = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"

LIVES: dict[State, tuple[Step, ...]] = {
    State.DISPATCHED: (),
    State.SIGNED: (Step.SIGN,),
    State.CLAIMED: (Step.CLAIM,),
    State.WAITING: (Step.CLAIM, Step.ASK_SUPPLEMENT),
    State.OBJECTED: (Step.OBJECT,),
    State.SETTLED: (Step.CLAIM, Step.SETTLE),
    State.VISITING: (Step.CLAIM, Step.SETTLE, Step.OPEN_VISIT),
    State.RATED: (Step.CLAIM, Step.SETTLE, Step.RATE),
    State.DECLINED: (Step.DECLINE,),
    State.REVIEWING: (Step.DECLINE, Step.CONTEST),
    State.WITHDRAWN: (Step.WITHDRAW,),
    State.MERGED: (Step.MERGE,),
}
NAMED_OTHERWISE = {(State.CLAIMED, Step.CLAIM), (State.RATED, Step.RATE)}
"""Whoever has it may claim it again, and what is rated is refused as such."""


@pytest.fixture
def people(resident: Caller, worker: Caller, staff: Caller, sign_in: Client) -> dict[str, Caller]:
    return {
        "filer": resident,
        "unit": worker,
        "staff": staff,
        "second": sign_in(SECOND_STAFF),
        "helper": sign_in(handler("HOU")),
        "neighbour": sign_in(NEIGHBOUR),
    }


class Life:
    """A case with a helper's open part, a neighbour who follows, and another case beside it."""

    def __init__(self, people: dict[str, Caller]) -> None:
        self.people, filer = people, people["filer"]
        self.case, self.other = Case(filer), Case(filer)
        assert people["neighbour"].post(f"{self.case.path}/follow").status_code == 204
        self.take(Step.CLAIM)
        part = self.take(Step.ASK_HELP).json["items"][0]["id"]
        self.take(Step.RELEASE)
        self.named = {"{task}": part, "{other}": self.other.id, "{photo}": NOWHERE}

    def take(self, wanted: Step) -> Any:
        """Try a step, by whoever takes it."""
        who, path, body = ALL[wanted]
        named = getattr(self, "named", {})
        for word, value in named.items():
            path = path.replace(word, value)
        filled = {name: named.get(value, value) for name, value in body.items()} if body else body
        return self.case.step(self.people[who], path, filled)

    def told(self) -> list[Any]:
        """Return all that is written of the case."""
        about = {"id": self.case.id}
        return [
            row_of(self.case),
            read("SELECT * FROM request_event WHERE request_id = %(id)s ORDER BY id", about),
            read("SELECT * FROM audit_entry WHERE subject_id = %(id)s ORDER BY id", about),
            read("SELECT * FROM outbox WHERE subject_id = %(id)s ORDER BY seq", about),
        ]


def test_every_step_of_the_table_that_people_take_is_tried_here() -> None:
    of_people = {each.step for each in TABLE if set(each.by) - {Party.PLATFORM}}
    assert set(ALL) == of_people - {Step.FILE}
    assert set(LIVES) == set(State) - {State.FILED}  # where nobody has it, nobody steps


@pytest.mark.parametrize("state", LIVES)
def test_what_is_illegal_is_refused_with_the_legal_steps_named_and_writes_nothing(
    state: State, people: dict[str, Caller]
) -> None:
    life = Life(people)
    for each in LIVES[state]:
        answer = life.take(each)
        assert answer.status_code < 300, answer.json
    assert life.case.row.state == state
    named, before = legal(standing(life.case)), life.told()
    wrong = [each for each in ALL if each not in named and (state, each) not in NAMED_OTHERWISE]
    assert len(wrong) > len(ALL) / 2
    for wanted in wrong:
        answer = life.take(wanted)
        assert (answer.status_code, slug(answer)) == (409, "step-refused"), (wanted, answer.json)
        assert (answer.json["step"], answer.json["state"]) == (wanted, state)
        assert answer.json["legal"] == named
        assert life.told() == before, wanted
