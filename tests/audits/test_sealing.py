"""The trail is sealed after the deeds, in an order that is final, and goes in whole stretches."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.audits.expiring import expire
from app.audits.sealing import seal, seal_all
from app.audits.verifying import verify
from app.database import db, read, transaction, write
from app.privacy import audit
from tests.audits.trail import past_the_product, seal_until_none_is_left, write_trail
from tests.people import RESIDENT, Caller, Person, staff_with
from tests.requests_of import file

Client = Callable[[Person], Caller]

UNSEALED = "SELECT count(*) AS n FROM audit_entry WHERE seq IS NULL"


def test_an_entry_whose_deed_is_still_running_is_waited_for(app: Flask) -> None:
    """A number drawn early may be committed late: nothing is sealed past it until it is there."""
    begun, done = threading.Event(), threading.Event()

    def slow() -> None:
        with app.app_context(), transaction():
            audit(uuid4(), "slow", "request", uuid4())
            begun.set()
            assert done.wait(20)

    running = threading.Thread(target=slow)
    running.start()
    assert begun.wait(20)
    with transaction():
        audit(uuid4(), "quick", "request", uuid4())
    seal_all()
    assert read(UNSEALED)[0].n == 1
    done.set()
    running.join()
    seal_until_none_is_left()
    rows = read("SELECT deed, seq FROM audit_entry ORDER BY seq")
    assert [(row.deed, row.seq) for row in rows] == [("slow", 1), ("quick", 2)]
    assert verify() == []


def test_workers_who_seal_at_once_make_one_chain(app: Flask) -> None:
    write_trail(0)
    for _ in range(30):
        with transaction():
            for _ in range(100):
                audit(uuid4(), "deed", "request", uuid4())

    def sweep() -> None:
        with app.app_context():
            while read(UNSEALED)[0].n:
                seal()
            db.session.remove()

    workers = [threading.Thread(target=sweep) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    rows = read("SELECT count(*) AS n, max(seq) AS last FROM audit_entry")
    assert (rows[0].n, rows[0].last) == (3000, 3000)
    assert verify() == []


def test_what_is_old_enough_goes_from_the_beginning_and_the_rest_stays_whole(app: Flask) -> None:
    write_trail(40, shared=10)
    with past_the_product():  # as if the first ones were written long ago
        write("UPDATE audit_entry SET at = now() - interval '7 months', seq = NULL, hash = NULL")
        write(
            "UPDATE audit_entry SET at = now() WHERE id IN (SELECT id FROM audit_entry"
            " WHERE chain = 'deeds' ORDER BY id DESC LIMIT 15)"
        )
        write("UPDATE audit_chain SET seq = 0, hash = base_hash, mac = NULL")
        write("DELETE FROM audit_head")
    seal_until_none_is_left()
    assert verify() == []
    while expire():
        pass
    kept = read(
        "SELECT chain, count(*) AS n, min(seq) AS first FROM audit_entry GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in kept] == [("deeds", 15, 26), ("sharing", 10, 1)]
    assert verify() == []
    with transaction():
        audit(uuid4(), "later", "request", uuid4())
    seal_until_none_is_left()
    assert verify() == []


def test_an_old_entry_after_a_young_one_waits_for_it(app: Flask) -> None:
    """Only a whole beginning goes, so that nothing can be picked out by giving it an old date."""
    write_trail(10)
    with past_the_product():
        write("UPDATE audit_entry SET at = now() - interval '2 years' WHERE seq = 5")
    assert expire() == 0
    assert read("SELECT count(*) AS n FROM audit_entry")[0].n == 10


def test_how_long_is_a_row_of_a_table_with_its_basis(app: Flask) -> None:
    rows = {row.chain: row for row in read("SELECT chain, keep, basis FROM audit_chain")}
    assert rows["deeds"].keep >= timedelta(days=180)
    assert rows["sharing"].keep >= timedelta(days=3 * 365)
    assert all(row.basis for row in rows.values())


def test_operators_export_the_end_and_verify_against_it(app: Flask, tmp_path: Any) -> None:
    write_trail(20, shared=10)
    run = app.test_cli_runner()
    printed = run.invoke(args=["audit", "head"])
    assert printed.exit_code == 0
    lines = printed.output.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [20, 10]
    file_of_heads = tmp_path / "heads"
    file_of_heads.write_text(printed.output)
    whole = run.invoke(args=["audit", "verify", "--heads", str(file_of_heads)])
    assert (whole.exit_code, whole.output) == (0, "the trail is whole\n")
    with past_the_product():
        write("UPDATE audit_entry SET deed = 'else' WHERE chain = 'sharing' AND seq = 3")
    broken = run.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "sharing 3: entry-changed" in broken.output


def test_auditors_read_the_trail_by_page_account_and_subject(app: Flask, sign_in: Client) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    auditor = sign_in(staff_with("auditor"))
    path = f"/api/v1/audit/entries?subject_kind=request&subject_id={filed}"
    found = auditor.get(path).json or {}
    assert [each["deed"] for each in found["items"]] == ["request-dispatch"]
    account = found["items"][0]["account_id"]
    write_trail(25)
    seen, cursor = [], ""
    while cursor is not None:
        page = auditor.get(f"/api/v1/audit/entries?limit=10{cursor}").json or {}
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    everything = [row.id for row in read("SELECT id FROM audit_entry ORDER BY id DESC")]
    assert seen == everything
    mine = auditor.get(f"/api/v1/audit/entries?account={account}").json or {}
    assert {each["account_id"] for each in mine["items"]} == {account}
    ends = auditor.get("/api/v1/audit/heads").json or {}
    assert [each["chain"] for each in ends["items"]] == ["deeds"]
    lone = auditor.get("/api/v1/audit/entries?subject_kind=request")
    assert lone.status_code == 422


@pytest.mark.parametrize("role", ["district_staff", "sync_operator", "grid_worker"])
def test_nobody_else_reads_it(app: Flask, sign_in: Client, role: str) -> None:
    other = sign_in(staff_with(role))
    assert other.get("/api/v1/audit/entries").status_code == 403
    assert other.get("/api/v1/audit/heads").status_code == 403
