"""Every operation answers everybody as the table says that was read: ``make access`` writes it."""

import csv
import os

import pytest
from flask import Flask

from app.policy import PolicyTable, Role
from tests.access.answers import GOLDEN, Operation, Question, golden, operations
from tests.access.cast import Cast
from tests.access.things import books, forget_tries, undone

WRITTEN_ANEW = os.environ.get("ACCESS") == "write"


def answers_of(app: Flask, cast: Cast, operation: Operation) -> dict[str, str]:
    """Ask as everybody, each as if nobody had asked before."""
    question = Question(app, cast, operation)
    found = {}
    for who, _ in cast:
        forget_tries()
        with undone():
            found[who] = question.ask(who)
    return found


@pytest.mark.skipif(not WRITTEN_ANEW, reason="writes the table anew: make access")
def test_write_the_table(app: Flask, cast: Cast) -> None:
    rows = []
    for operation in operations():
        found = answers_of(app, cast, operation)
        rows += [[*operation, who, answer] for who, answer in found.items()]
    with GOLDEN.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(["operation", "method", "who", "answer"])
        out.writerows(rows)


@pytest.mark.parametrize("operation", operations(), ids=lambda o: f"{o.method} {o.name}")
def test_everybody_gets_the_answer_that_the_table_says(
    app: Flask, cast: Cast, operation: Operation
) -> None:
    """Who is refused is asked first, all of them, and nothing at all may have been written."""
    wanted = golden()[operation]
    assert set(wanted) == {who for who, _ in cast}
    refused = [who for who in wanted if wanted[who] >= "400"]
    question = Question(app, cast, operation)
    found, before = {}, books()
    for who in refused:
        forget_tries()
        found[who] = question.ask(who)
    assert books() == before
    for who in (who for who in wanted if who not in found):
        forget_tries()
        with undone():
            found[who] = question.ask(who)
    assert found == wanted


def test_the_table_agrees_with_the_policy(app: Flask) -> None:
    """Who has no role of a row is refused by it; who has one is not refused for the role."""
    policy: PolicyTable = app.extensions["linli.policy"]
    for operation, wanted in golden().items():
        row = policy.row(operation.name, operation.method)
        for who, answer in wanted.items():
            role, _, side = who.partition("@")
            roles = {Role.ANYONE}
            if who != "nobody":
                roles |= {Role.RESIDENT} | ({Role(role)} if side != "ended" else set())
            if roles.isdisjoint(row):
                refused = "401 sign-in-needed" if who == "nobody" else "403 role-not-allowed"
                assert answer == refused, (operation, who)
            elif Role.ANYONE not in row:  # who proves nothing there is refused for that
                assert answer != "401 sign-in-needed", (operation, who)
                assert answer != "403 role-not-allowed", (operation, who)


def test_an_office_opens_nothing_that_its_row_does_not_name(app: Flask) -> None:
    """All staff are residents as well: as such they do no more than a neighbour could.

    What is in sight of an office is not thereby the office's to do: where a row names residents
    and not the role, that role gets in nowhere where a stranger does not.
    """
    policy: PolicyTable = app.extensions["linli.policy"]
    opened = [
        (operation.name, who)
        for operation, wanted in golden().items()
        for row in [policy.row(operation.name, operation.method)]
        for who, answer in wanted.items()
        if Role.RESIDENT in row and not who.startswith("resident") and who != "nobody"
        if Role(who.partition("@")[0]) not in row
        if answer < "400" <= wanted["resident@beside"]
    ]
    assert opened == []
