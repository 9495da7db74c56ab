"""A copy leaves nothing out: every table that a holding names is told, what is sealed opened."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.errors import Words
from app.feature import Feature
from app.privacy import Holding, Subject, vault
from app.rights import exports
from app.rights.exports import document_of
from app.rights.readable import page_of
from app.turning.places import Place, places
from tests.access.things import undone
from tests.people import (
    PEOPLE,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    proved,
    staff_with,
)
from tests.requests_of import file
from tests.rights.test_exports import Outline, taken
from tests.wall.rows import Somebody, guarded, plant

Client = Callable[[Person], Caller]

THERE = {"account", "household", "resident", "service_request"}
"""Tables in which the person has a row before anything is planted: that row is told."""

NOT_OPENED = {
    "authenticator.secret": "it lets in whoever reads it; that there is one is told",
    "push.endpoint": "where a browser is reached, which is the browser's own",
    "push.keys": "keys of the browser's own",
    "stored_file.key": "a key; what it opens is told, and taken from the case",
    "wechat.code": "good for minutes",
}


@dataclass(frozen=True)
class Copy:
    """What a copy would say of somebody now."""

    features: list[Feature]
    subject: Subject

    def document(self) -> dict[str, Any]:
        return {**document_of(self.subject, self.features), "made_at": "now"}

    def text(self) -> str:
        return json.dumps(self.document(), default=str, ensure_ascii=False)

    def section(self, name: str) -> list[dict[str, Any]]:
        (found,) = (each for each in self.document()["sections"] if each["name"] == name)
        return list(found["records"])


@pytest.fixture
def me(app: Flask, sign_in: Client) -> Somebody:
    """Return the resident, who has filed a case."""
    request = UUID(file(sign_in(RESIDENT))["request"]["id"])
    account = account_of(RESIDENT)
    about = {"account": account}
    session = read("SELECT id FROM sign_in_session WHERE account_id = %(account)s", about)[0].id
    resident = read("SELECT resident_id FROM account WHERE id = %(account)s", about)[0].resident_id
    return Somebody(account, resident, session, request)


@pytest.fixture
def copy(app: Flask, me: Somebody) -> Copy:
    return Copy(app.extensions["linli.features"], Subject(me.account, me.resident))


def named(features: Iterable[Feature]) -> set[str]:
    return {table for f in features for holding in f.holdings for table in holding.tables}


def test_every_table_that_a_holding_names_is_told(
    me: Somebody, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of the person in any of them changes what the copy says."""
    monkeypatch.setattr(type(vault), "open", lambda *_: '"opened"')
    tables = named(copy.features) & set(guarded()) - THERE
    assert len(tables) > 25
    untold = []
    for name in sorted(tables):
        with undone():
            before = copy.text()
            plant(name, me)
            if copy.text() == before:
                untold.append(name)
    assert untold == []


def fill(every: Iterable[Place], me: Somebody) -> None:
    """Have a row of the person stand in each guarded table, and something in each sealed column."""
    ours = [place for place in every if place.table in guarded()]
    for table in {place.table for place in ours} - THERE:
        plant(table, me)
    for table, column in {(place.table, place.column) for place in ours}:
        write(f"UPDATE {table} SET {column} = '\\x01' WHERE {column} IS NULL")


def test_every_sealed_value_is_opened_or_is_left_out_for_a_reason(
    app: Flask, me: Somebody, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: set[str] = set()

    def noted(_vault: object, field: str, _row: object, _sealed: bytes) -> str:
        opened.add(field)
        return '"opened"'

    monkeypatch.setattr(type(vault), "open", noted)
    every = [p for p in places(app.extensions["linli.streams"]) if p.table in named(copy.features)]
    with undone():
        fill(every, me)
        write("UPDATE enterprise SET contact_account_id = %(me)s", {"me": me.account})
        write(
            "UPDATE enterprise SET representative_index = (SELECT id_number_index FROM resident"
            " WHERE id = %(me)s)",
            {"me": me.resident},
        )
        write("UPDATE staff_grant SET account_id = %(me)s", {"me": me.account})
        copy.document()
    closed = {place.field for place in every} - opened
    assert closed == set(NOT_OPENED)
    assert len(every) > 25


def test_where_somebody_lived_before_is_told(me: Somebody, copy: Copy) -> None:
    assert copy.section("homes") == []
    with undone():
        write(
            "UPDATE resident SET household_sid = 'H0000002' WHERE id = %(id)s", {"id": me.resident}
        )
        (home,) = copy.section("homes")
    assert home["household_sid"] == PEOPLE["resident"]["household"]
    assert home["grid_code"] == PEOPLE["resident"]["grid"]


def test_what_others_did_to_the_account_is_told_without_who(
    me: Somebody, copy: Copy, sign_in: Client
) -> None:
    system = proved(sign_in(staff_with("administrator")))
    path = f"/api/v1/accounts/{me.account}/disabling"
    assert system.post(path, {"reason": "lost-device"}).status_code == 204
    (entry,) = copy.section("done-to-me")
    assert set(entry) == {"at", "deed"}
    assert entry["deed"] == "account-disabled"


def test_what_staff_wrote_when_they_looked_is_told(
    app: Flask, me: Somebody, sign_in: Client
) -> None:
    body = {"kind": "request", "id": str(me.request), "field": "phone", "reason": "call-back"}
    shown = proved(sign_in(WORKER)).post("/api/v1/reveals", body | {"words": "约定上门时间"})
    assert shown.status_code == 201
    content = taken(app, sign_in(RESIDENT))["my-data.json"].decode()
    assert "约定上门时间" in content


def test_a_contact_is_told_nothing_of_who_represents_the_enterprise(
    me: Somebody, copy: Copy
) -> None:
    with undone():
        write(
            "UPDATE enterprise SET contact_account_id = %(me)s, representative_index = NULL"
            " WHERE sid = (SELECT min(sid) FROM enterprise)",
            {"me": me.account},
        )
        (enterprise,) = copy.section("enterprises")
    assert enterprise["as_contact"]
    assert not {"representative", "representative_number"} & set(enterprise)
    assert "contact_phone" in enterprise


def leaves(value: Any) -> Iterable[str]:
    """Yield every value that stands in records."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif value is not None:
        yield str(value)


def test_the_page_says_all_that_the_records_say(app: Flask, me: Somebody, sign_in: Client) -> None:
    files = taken(app, sign_in(RESIDENT))
    document = json.loads(files["my-data.json"])
    outline = Outline()
    outline.feed(files["my-data.html"].decode())
    page = "\n".join(outline.texts)
    said = {leaf for each in document["sections"] for leaf in leaves(each["records"])}
    assert len(said) > 30
    assert {leaf for leaf in said if leaf not in page} == set()
    for each in document["sections"]:
        assert each["title_zh"] in page
        assert each["title_en"] in page


def so_many(many: int) -> Callable[[Subject], list[dict[str, object]]]:
    return lambda _: [{"n": n} for n in range(many)]


def test_a_copy_that_lists_not_all_of_them_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_RECORDS", 2)
    found = []
    for many in (2, 3):
        holding = Holding("x", Words("甲", "X"), (), so_many(many))
        document = document_of(
            Subject(account_of(STAFF), None), [Feature("x", holdings=(holding,))]
        )
        (section,) = document["sections"]
        page = page_of(document)
        found.append((len(section["records"]), section["complete"], "not all are listed" in page))
    assert found == [(2, True, False), (2, False, True)]


def test_every_read_of_a_copy_asks_for_one_more_than_it_lists(app: Flask) -> None:
    """Or a copy that was cut would say that it is complete."""
    with transaction():
        write(
            "INSERT INTO consent (account_id, purpose, given_at, withdrawn_at)"
            " SELECT %(me)s, 'identity-number', now() - n * interval '1 second', now()"
            " FROM generate_series(1, 5001) n",
            {"me": account_of(RESIDENT)},
        )
    subject = Subject(account_of(RESIDENT), None)
    document = document_of(subject, app.extensions["linli.features"])
    (section,) = (each for each in document["sections"] if each["name"] == "consents")
    assert (len(section["records"]), section["complete"]) == (5001, True)
