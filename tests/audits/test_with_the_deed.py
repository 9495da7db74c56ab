"""Where the trail cannot be written, the deed is not done: the two are one transaction."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from app.database import read
from tests.identity.households import guarding, proposed
from tests.people import RESIDENT, WORKER, Caller, Person, proved
from tests.requests_of import NEW, file

Client = Callable[[Person], Caller]

TABLES = (
    *("consent", "mandate", "guardianship", "household_share", "added_grant", "reveal"),
    *("service_request", "request_event", "correction", "holdings_export", "audit_entry"),
)
SUMS = " UNION ALL ".join(
    f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum"
    f" FROM {name} t"
    for name in TABLES
)


class Broken(Exception):
    """The trail does not take the entry."""


def consent(sign_in: Client) -> Callable[[], Any]:
    caller = sign_in(RESIDENT)
    return lambda: caller.post("/api/v1/me/consents", {"purpose": "identity-number"})


def confirmation(sign_in: Client) -> Callable[[], Any]:
    caller = sign_in(RESIDENT)
    path = f"/api/v1/mandates/{proposed(caller)['id']}/refusal"
    return lambda: caller.post(path, version=1)


def ending(sign_in: Client) -> Callable[[], Any]:
    caller = sign_in(RESIDENT)
    path = f"/api/v1/guardianships/{guarding(caller)['id']}/ending"
    return lambda: caller.post(path, version=1)


def case(sign_in: Client) -> Callable[[], Any]:
    caller = sign_in(RESIDENT)
    return lambda: caller.post("/api/v1/requests", NEW)


def reveal(sign_in: Client) -> Callable[[], Any]:
    key = file(sign_in(RESIDENT))["request"]["id"]
    body = {"kind": "request", "id": key, "field": "phone", "reason": "call-back"}
    worker = proved(sign_in(WORKER))
    return lambda: worker.post("/api/v1/reveals", body | {"words": "约定上门时间"})


@pytest.mark.parametrize("begun", [consent, confirmation, ending, case, reveal])
def test_a_deed_that_the_trail_does_not_take_is_not_done(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch, begun: Callable[[Client], Any]
) -> None:
    deed = begun(sign_in)
    before = {row.name: row.sum for row in read(SUMS)}

    def broken(*_: object) -> None:
        raise Broken

    with monkeypatch.context() as now:
        now.setattr(importlib.import_module("app.privacy.audit"), "_entry", broken)
        answer = deed()
    assert answer.status_code == 500
    assert RESIDENT.facts["phone"] not in answer.text
    assert {row.name: row.sum for row in read(SUMS)} == before
    assert deed().status_code < 300
    assert {row.name: row.sum for row in read(SUMS)} != before
