"""Each row of the policy table, dropped or weakened, is noticed by the answers that people get."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask

from app.policy import PolicyTable, Role, Row, Scope
from tests.access.answers import Operation, Question, golden, operations
from tests.access.cast import Cast
from tests.access.things import forget_tries, undone

STAFF = [role for role in Role if role not in (Role.ANYONE, Role.RESIDENT)]


def mutants(row: Row) -> Iterator[tuple[str, Mapping[Role, Scope], set[Role]]]:
    """Yield what may become of a row by mistake, with the roles whose answers must show it.

    Everybody signed in is a resident: where residents stand in a row, a member of staff more or
    less changes what they see there, not whether they come in; that is held by docs/policy.csv.
    """
    everybody = set(Role) - {Role.ANYONE}
    yield "dropped", {}, set(row) if Role.ANYONE not in row else {Role.ANYONE}
    if Role.ANYONE in row:
        yield "closed", {Role.AUDITOR: Scope.ALL}, {Role.RESIDENT}
        return
    if Role.RESIDENT in row:
        yield "opened", {Role.ANYONE: Scope.PUBLIC}, {Role.ANYONE, Role.RESIDENT}
        return
    for role in row:
        yield f"without {role}", {r: s for r, s in row.items() if r != role}, {role}
    for role in (r for r in STAFF if r not in row):
        yield f"with {role}", {**row, role: Scope.ALL}, {role}
    yield "with residents", {**row, Role.RESIDENT: Scope.ALL}, everybody - set(row)


def of_role(who: str, roles: set[Role]) -> bool:
    if who == "nobody":
        return Role.ANYONE in roles
    return not who.endswith("@ended") and Role(who.partition("@")[0]) in roles


@pytest.mark.parametrize("operation", operations(), ids=lambda o: f"{o.method} {o.name}")
def test_a_weakened_row_changes_somebodys_answer(
    app: Flask, cast: Cast, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy: PolicyTable = app.extensions["linli.policy"]
    question, wanted = Question(app, cast, operation), golden()[operation]
    unnoticed = []
    for name, row, roles in mutants(policy.row(operation.name, operation.method)):
        rows: Any = {**policy.rows, tuple(operation): row}
        if not row:
            del rows[tuple(operation)]
        with monkeypatch.context() as weakened:
            weakened.setattr(policy, "rows", rows)
            asked = [who for who in wanted if of_role(who, roles)]
            if all(_answer(question, who) == wanted[who] for who in asked):
                unnoticed.append(name)
    assert unnoticed == []


def _answer(question: Question, who: str) -> str:
    forget_tries()
    with undone():
        return question.ask(who)
    raise AssertionError("it was undone, and its answer with it")
