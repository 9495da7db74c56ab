"""Every operation stands in the one policy table, and what stands in no row is closed."""

import re
from collections.abc import Callable

from flask import Flask

from app.factory import assemble
from app.policy import PolicyTable, Role, Scope
from app.settings import Settings
from tests.people import STAFF, Caller, Person, bearer

Routes = set[tuple[str, str]]


def routes_of(app: Flask) -> Routes:
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }


def path_of(rule: str) -> str:
    """Return a path that fits a rule: it need not exist, who asks is looked at first."""
    path = re.sub(r"<uuid:\w+>", "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3", rule)
    path = re.sub(r"<int:\w+>", "1", path)
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", path)
    return re.sub(r"<code:\w+>", "DDHT", path)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    table: PolicyTable = app.extensions["linli.policy"]
    assert routes_of(app) == set(table.rows)


def test_no_row_is_empty_and_nobody_is_let_in_by_it(app: Flask) -> None:
    table: PolicyTable = app.extensions["linli.policy"]
    assert all(row for row in table.rows.values())
    public = [key for key, row in table.rows.items() if Role.ANYONE in row]
    assert all(table.rows[key] == {Role.ANYONE: Scope.PUBLIC} for key in public)


def test_a_route_that_somebody_forgot_to_enter_is_closed_to_all(settings: Settings) -> None:
    app = assemble(settings, ())
    app.add_url_rule("/forgotten", "forgotten", lambda: "open!")
    with app.app_context():
        for caller in (Caller(app), Caller(app, bearer(STAFF))):
            answer = caller.get("/forgotten")
            assert answer.status_code == 403
            assert answer.json is not None
            assert answer.json["type"] == "urn:linli:problem:operation-without-policy"


def test_each_closed_route_wants_a_token(app: Flask, nobody: Caller) -> None:
    table: PolicyTable = app.extensions["linli.policy"]
    asked = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD"}:
            if Role.ANYONE in table.rows[rule.endpoint, method]:
                continue
            answer = app.test_client().open(path_of(rule.rule), method=method)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), rule
            asked += 1
    assert asked > 20


def test_each_staff_route_is_closed_to_a_resident(
    app: Flask, sign_in: Callable[[Person], Caller]
) -> None:
    table: PolicyTable = app.extensions["linli.policy"]
    resident = sign_in(Person("19999990002", verified=False))
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD"}:
            row = table.rows[rule.endpoint, method]
            if {Role.ANYONE, Role.RESIDENT} & row.keys():
                continue
            answer = app.test_client().open(
                path_of(rule.rule), method=method, headers=resident.headers
            )
            assert answer.status_code == 403, rule
