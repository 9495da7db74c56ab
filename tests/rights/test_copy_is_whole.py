"""A copy leaves nothing out: every table that a holding names is told, what is sealed opened."""

from collections.abc import Callable, Iterable

import pytest
from flask import Flask

from app.database import transaction, write
from app.errors import Words
from app.feature import Feature
from app.privacy import Holding, Subject, vault
from app.rights import exports
from app.rights.exports import document_of
from app.rights.readable import page_of
from app.turning.places import Place, places
from tests.access.things import undone
from tests.people import (
    RESIDENT,
    STAFF,
    Caller,
    Person,
    account_of,
)
from tests.rights.copies import Copy
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
