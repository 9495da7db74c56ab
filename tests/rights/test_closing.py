"""Who closes the account is gone: from every table, for every key, and after every restore."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask

from app.database import read, transaction, write
from app.policy import Actor
from app.privacy import KeyDestroyed, forget_subject_keys, vault
from app.rights.closing import close
from tests.access.things import undone
from tests.identity.test_step_up import prove_by_phone
from tests.people import (
    NEIGHBOUR,
    PEOPLE,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    bearer,
    proved,
)
from tests.requests_of import file
from tests.surroundings import owner
from tests.wall.rows import Somebody, guarded, plant

Client = Callable[[Person], Caller]
CLOSURE = "/api/v1/me/closure"
WORDS = "我家三楼漏水,电话见上"
NOTE = "已与住户约好上门"
REGISTER = ("src_", "resident", "household", "address", "staff_grant")
"""What is the district's, and stays."""

SEALED = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1, 2
"""


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def lived(app: Flask) -> tuple[Caller, str]:
    """Have the resident do all that leaves something behind; return them and a settled request."""
    resident, worker = proved(Caller(app, bearer(RESIDENT))), Caller(app, bearer(WORKER))
    settled = file(resident, words=WORDS)["request"]["id"]
    file(resident, words=WORDS)
    worker.post(f"/api/v1/requests/{settled}/claim")
    body = {"result": "solved", "note": NOTE}
    seen = int(worker.get(f"/api/v1/requests/{settled}").headers["ETag"].strip('"v'))
    assert (
        worker.post(f"/api/v1/requests/{settled}/settlement", body, version=seen).status_code == 200
    )
    resident.post("/api/v1/me/phone-sharing", {"phone": RESIDENT.facts["phone"]})
    resident.post("/api/v1/me/consents", {"purpose": "identity-number"})
    correction = {"field": "name", "wanted": "冯帆", "reason": "户口本上是这个字"}
    assert resident.post("/api/v1/me/corrections", correction).status_code == 201
    resident.post("/api/v1/me/exports")
    return resident, settled


def dump_of_the_platform() -> dict[str, bytes]:
    """Return COPY of each table that is the platform's own."""
    found: dict[str, bytes] = {}
    with owner() as connection:
        raw = connection.cursor()
        tables = read("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables:
            if not table.startswith(REGISTER):
                with raw.copy(f'COPY "{table}" TO STDOUT'.encode()) as copy:
                    found[table] = b"".join(bytes(part) for part in copy)
    return found


def ciphertexts_of(account: Any) -> list[tuple[str, bytes]]:
    mark = b"\0" + account.bytes
    return [
        (f"{table}.{column}", bytes(row[0]))
        for table, column in read(SEALED)
        for row in read(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
        if bytes(row[0]).startswith(mark)
    ]


def test_after_closing_no_copy_of_the_database_knows_the_person(app: Flask) -> None:
    account = account_of(RESIDENT)
    index = vault.index("phone", RESIDENT.facts["phone"])
    resident_id = read("SELECT resident_id FROM account WHERE id = %(a)s", {"a": account})[0][0]
    resident, _ = lived(app)
    before = dump_of_the_platform()
    assert any(index.hex().encode() in content for content in before.values())
    assert any(str(resident_id).encode() in content for content in before.values())
    written = ciphertexts_of(account)
    assert {name for name, _ in written} >= {
        "service_request.words_sealed",
        "request_event.note_sealed",
        "correction.wanted_sealed",
        "outbox.payload_sealed",
        "sign_in_session.device_sealed",
    }
    answer = resident.post(CLOSURE, {"confirm": "close"})
    assert answer.status_code == 204, answer.json
    after = dump_of_the_platform()
    facts = PEOPLE["resident"]
    traces = [WORDS, NOTE, "冯帆", facts["name"], facts["id_number"], facts["phone"], index.hex()]
    for table, content in after.items():
        for trace in traces:
            assert trace.encode() not in content, (table, trace)
        if table not in {"audit_entry", "reveal"}:  # kept by law, by ids only
            assert str(resident_id).encode() not in content, table
    forget_subject_keys()
    for name, sealed in [*written, *ciphertexts_of(account)]:
        opened = []
        try:
            opened.append(vault.open(name.removesuffix("_sealed"), "whatever", sealed))
        except KeyDestroyed:
            continue
        raise AssertionError((name, opened))


ANYWHERE = "SELECT count(*) AS n FROM \"{}\" t WHERE t::text LIKE '%%' || %(key)s || '%%'"


def test_whatever_names_them_still_is_what_people_are_told_is_kept_by_law(app: Flask) -> None:
    """A row of the person in every table of people; then they close; then every table is read."""
    resident = Caller(app, bearer(RESIDENT))
    request = UUID(file(resident)["request"]["id"])
    account = account_of(RESIDENT)
    row = read(
        "SELECT s.id, a.resident_id FROM sign_in_session s JOIN account a ON a.id = s.account_id"
        " WHERE a.id = %(id)s",
        {"id": account},
    )[0]
    me = Somebody(account, row.resident_id, row.id, request)
    features = app.extensions["linli.features"]
    told = {table for f in features for each in f.kept for table in each.tables}
    tables = read("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    with undone():
        for name in set(guarded()) - {"staff_grant"}:  # who holds an office cannot close
            plant(name, me)
        write("UPDATE mandate SET state = 'revoked'")
        close(Actor(account, row.id, 2, resident_id=row.resident_id), features)
        left = {
            table
            for (table,) in tables
            for key in (account, row.resident_id, row.id)
            if read(ANYWHERE.format(table), {"key": str(key)})[0].n
        }
    assert left - told == set()
    assert {"audit_entry", "consent", "service_request"} <= left


def test_after_closing_nothing_of_theirs_works_and_the_phone_is_free(app: Flask) -> None:
    resident, settled = lived(app)
    account = account_of(RESIDENT)
    assert resident.post(CLOSURE, {"confirm": "close"}).status_code == 204
    assert resident.get("/api/v1/me").status_code == 401
    row = read("SELECT * FROM account WHERE id = %(id)s", {"id": account})[0]
    assert (row.status, row.phone_index, row.resident_id, row.level) == ("closed", None, None, 1)
    states = {r.id: r.state for r in read("SELECT id, state FROM service_request")}
    assert sorted(states.values()) == ["settled", "withdrawn"]
    kinds = [
        r.kind for r in read("SELECT kind FROM outbox WHERE subject_kind = 'account' ORDER BY seq")
    ]
    assert kinds == ["phone-bound", "phone-unbound"]
    shown = Caller(app, bearer(WORKER)).get(f"/api/v1/requests/{settled}").json or {}
    assert shown["words"] is None
    assert account_of(RESIDENT) != account


def test_a_worker_goes_on_with_a_case_whose_filer_has_left(app: Flask) -> None:
    _, settled = lived(app)
    with transaction():  # a case that cannot be withdrawn any more, and is not settled yet
        write(
            "UPDATE service_request SET state = 'claimed', settled_at = NULL, result = NULL"
            " WHERE id = %(id)s",
            {"id": settled},
        )
        write("UPDATE service_request SET state = 'merged' WHERE id <> %(id)s", {"id": settled})
    with transaction():
        write(
            "UPDATE service_request SET account_id = gen_random_uuid() WHERE id = %(id)s",
            {"id": settled},
        )
        write(
            "INSERT INTO subject_key (subject, destroyed_at) SELECT account_id, now()"
            " FROM service_request WHERE id = %(id)s",
            {"id": settled},
        )
    worker = Caller(app, bearer(WORKER))
    version = int(worker.get(f"/api/v1/requests/{settled}").headers["ETag"].strip('"v'))
    body = {"result": "solved", "note": NOTE}
    done = worker.post(f"/api/v1/requests/{settled}/settlement", body, version=version)
    assert done.status_code == 200
    assert (done.json or {})["timeline"][-1]["note"] == NOTE


def test_who_holds_an_office_cannot_close_and_closing_wants_the_word(sign_in: Client) -> None:
    refused = proved(sign_in(STAFF)).post(CLOSURE, {"confirm": "close"})
    assert (refused.status_code, slug(refused)) == (409, "holds-office")
    resident = proved(sign_in(RESIDENT))
    for body in ({}, {"confirm": "yes"}, {"confirm": True}):
        assert resident.post(CLOSURE, body).status_code == 422
    assert resident.get("/api/v1/me").status_code == 200


def test_a_phone_that_lies_open_neither_closes_the_account_nor_takes_the_copy(
    app: Flask, sign_in: Client
) -> None:
    """Whoever has the session proves by a code to the phone that it is them; it is never undone."""
    resident = sign_in(RESIDENT)
    key = (resident.post("/api/v1/me/exports").json or {})["id"]
    for refused in (
        resident.post(CLOSURE, {"confirm": "close"}),
        resident.delete(f"/api/v1/me/exports/{key}"),
    ):
        assert (refused.status_code, slug(refused)) == (403, "step-up-needed")
        assert (refused.json or {})["how"] == "phone"
    prove_by_phone(resident, RESIDENT)
    assert resident.post(CLOSURE, {"confirm": "close"}).status_code == 204


def test_a_restored_backup_forgets_the_person_again(app: Flask, tmp_path: Path) -> None:
    """The ledger is kept apart; what a backup from before the closing brings back is undone."""
    resident, _ = lived(app)
    other = account_of(NEIGHBOUR)
    account = account_of(RESIDENT)
    rows = {
        table: read(f'SELECT * FROM "{table}" WHERE {column} = %(id)s', {"id": account})[0]
        for table, column in (("account", "id"), ("subject_key", "subject"))
    }
    assert resident.post(CLOSURE, {"confirm": "close"}).status_code == 204
    run = app.test_cli_runner()
    printed = run.invoke(args=["privacy", "erasures"])
    assert [json.loads(line)["subject"] for line in printed.output.splitlines()] == [str(account)]
    ledger = tmp_path / "ledger"
    ledger.write_text(printed.output)
    with transaction():  # as a backup from before would have it
        write("DELETE FROM erasure")
        write(
            "UPDATE account SET status = 'active', phone_index = %(p)s, resident_id = %(r)s,"
            " level = 2 WHERE id = %(id)s",
            {"id": account, "p": rows["account"].phone_index, "r": rows["account"].resident_id},
        )
        write(
            "UPDATE subject_key SET wrapped = %(w)s, destroyed_at = NULL WHERE subject = %(id)s",
            {"id": account, "w": rows["subject_key"].wrapped},
        )
    for wanted in ("closed again: 1\n", "closed again: 0\n"):
        done = run.invoke(args=["privacy", "reapply-erasures", str(ledger)])
        assert (done.exit_code, done.output) == (0, wanted)
    row = read("SELECT * FROM account WHERE id = %(id)s", {"id": account})[0]
    assert (row.status, row.phone_index, row.resident_id) == ("closed", None, None)
    key = read("SELECT wrapped FROM subject_key WHERE subject = %(id)s", {"id": account})[0]
    assert key.wrapped is None
    assert read("SELECT status FROM account WHERE id = %(id)s", {"id": other})[0].status == "active"
