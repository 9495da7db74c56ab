"""People stay signed in through lost answers, see where they are signed in, and can end it."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.http.tokens import NEEDED
from app.settings import Settings
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, Caller, Person, account_of
from tests.signing_in import as_holder, begin, slug
from tests.surroundings import ROOT, environment

Client = Callable[[Person], Caller]
PHONE = PEOPLE["resident"]["phone"]


def rotated(caller: Caller, token: str, rotation: str | None = None) -> Any:
    body = {"refresh_token": token, "rotation_id": rotation or str(uuid.uuid4())}
    return caller.post("/api/v1/sessions/refresh", body)


def all_at_once(app: Flask, token: str, rotations: list[str]) -> list[str]:
    """Return the successors that so many calls at the same moment were given."""
    together, tokens = threading.Barrier(len(rotations)), []

    def phone(rotation: str) -> None:
        with app.app_context():
            caller = Caller(app)
            together.wait()
            answer = rotated(caller, token, rotation)
            if answer.status_code == 200:
                tokens.append((answer.json or {})["refresh_token"])

    threads = [threading.Thread(target=phone, args=(each,)) for each in rotations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tokens


def test_fifty_calls_of_one_phone_make_one_branch(app: Flask, nobody: Caller) -> None:
    begun = begin(nobody, PHONE)
    tokens = all_at_once(app, begun["refresh_token"], [str(uuid.uuid4())] * 50)
    assert tokens
    assert len(set(tokens)) == 1
    assert rotated(nobody, tokens[0]).status_code == 200


def test_fifty_calls_of_many_hands_leave_no_branch_alive(app: Flask, nobody: Caller) -> None:
    begun = begin(nobody, PHONE)
    rotations = [str(uuid.uuid4()) for _ in range(50)]
    tokens = all_at_once(app, begun["refresh_token"], rotations)
    assert len(tokens) == 1
    assert slug(rotated(nobody, tokens[0])) == "refresh-refused"
    assert read("SELECT count(*) AS n FROM sign_in_session WHERE revoked_at IS NULL")[0].n == 0


def test_a_server_that_dies_between_commit_and_answer_signs_nobody_out(
    nobody: Caller, settings: Settings, tmp_path: Any
) -> None:
    begun, rotation = begin(nobody, PHONE), str(uuid.uuid4())
    told = {**os.environ, **environment(settings.database_url, tmp_path)}
    died = subprocess.run(
        [sys.executable, "-m", "tests.identity.dying_refresh", begun["refresh_token"], rotation],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
    )
    assert died.returncode == -9, died.stderr
    spent = read("SELECT rotation_id FROM sign_in_session WHERE rotation_id IS NOT NULL")
    assert [str(row.rotation_id) for row in spent] == [rotation], "the commit was there"
    again = rotated(nobody, begun["refresh_token"], rotation)
    assert again.status_code == 200
    assert rotated(nobody, (again.json or {})["refresh_token"]).status_code == 200


def test_a_token_shown_after_its_successor_was_used_ends_the_family(nobody: Caller) -> None:
    begun, rotation = begin(nobody, PHONE), str(uuid.uuid4())
    first = rotated(nobody, begun["refresh_token"], rotation).json or {}
    second = rotated(nobody, first["refresh_token"]).json or {}
    # even with the id of its own rotation: the successor was used, so its answer was not lost
    assert slug(rotated(nobody, begun["refresh_token"], rotation)) == "refresh-refused"
    assert slug(rotated(nobody, second["refresh_token"])) == "refresh-refused"
    audited = read("SELECT deed FROM audit_entry WHERE deed = 'refresh-token-reused'")
    assert len(audited) == 1


def test_a_closed_account_is_refused_everywhere(nobody: Caller) -> None:
    begun = begin(nobody, PHONE)
    with transaction():
        write(
            "UPDATE account SET status = 'closed' WHERE id = %(id)s", {"id": account_of(RESIDENT)}
        )
    assert slug(rotated(nobody, begun["refresh_token"])) == "refresh-refused"
    with pytest.raises(AssertionError, match="code-refused"):
        begin(nobody, PHONE)


def test_people_see_their_devices_and_end_one_or_all(app: Flask, nobody: Caller) -> None:
    old, new = begin(nobody, PHONE, "旧手机"), begin(nobody, PHONE, "新手机")
    begin(nobody, PEOPLE["neighbour"]["phone"], "别人的手机")
    mine = as_holder(app, new["access_token"])
    listed = (mine.get("/api/v1/sessions").json or {})["items"]
    assert [(each["device"], each["way"], each["current"]) for each in listed] == [
        ("新手机", "code", True),
        ("旧手机", "code", False),
    ]
    assert mine.delete(f"/api/v1/sessions/{listed[1]['id']}").status_code == 204
    assert slug(as_holder(app, old["access_token"]).get("/api/v1/me")) == "session-ended"
    assert slug(rotated(nobody, old["refresh_token"])) == "refresh-refused"
    assert slug(mine.delete(f"/api/v1/sessions/{listed[1]['id']}")) == "not-found"
    assert mine.delete("/api/v1/sessions").status_code == 204
    assert slug(mine.get("/api/v1/me")) == "session-ended"
    assert slug(rotated(nobody, new["refresh_token"])) == "refresh-refused"
    left = read("SELECT count(*) AS n FROM sign_in_session WHERE revoked_at IS NULL")[0].n
    assert left == 1, "the neighbour's"


def test_nobody_ends_anothers_session(sign_in: Client) -> None:
    sign_in(NEIGHBOUR)
    theirs = read(
        "SELECT id FROM sign_in_session WHERE account_id = %(id)s", {"id": account_of(NEIGHBOUR)}
    )[0].id
    assert slug(sign_in(RESIDENT).delete(f"/api/v1/sessions/{theirs}")) == "not-found"
    assert (
        read("SELECT revoked_at FROM sign_in_session WHERE id = %(id)s", {"id": theirs})[
            0
        ].revoked_at
        is None
    )


def test_the_last_use_of_a_device_is_its_last_refresh(
    app: Flask, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(nobody, PHONE)
    later = clock.now() + timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    rotated(nobody, begun["refresh_token"])
    assert read("SELECT refreshed_at FROM sign_in_session")[0].refreshed_at == later
    assert read("SELECT seen_at FROM account WHERE id = %(id)s", {"id": account_of(RESIDENT)})


def test_devices_come_in_pages(app: Flask, nobody: Caller) -> None:
    for number in range(5):
        tokens = begin(nobody, PHONE, f"手机 {number}")
    mine, seen, cursor = as_holder(app, tokens["access_token"]), [], ""
    while True:
        page = mine.get(f"/api/v1/sessions?limit=2{cursor}").json or {}
        seen += [each["device"] for each in page["items"]]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"手机 {number}" for number in reversed(range(5))]


def test_a_token_says_who_and_never_what_they_may_do(
    app: Flask, nobody: Caller, settings: Settings
) -> None:
    """Roles, status and areas are read on each request: what a token says of them is not heard."""
    token = begin(nobody, PHONE)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) - {"csrf", "fresh"} == set(NEEDED)
    assert claims["exp"] - claims["iat"] == 600
    assert claims["sub"] == str(account_of(RESIDENT))
    said = {"roles": ["administrator", "auditor"], "level": 3, "areas": ["DDHT"], "fresh": True}
    claimed = jwt.encode({**claims, **said}, settings.jwt_key, algorithm="HS256")
    me = as_holder(app, claimed)
    assert (me.get("/api/v1/me").json or {})["roles"] == ["resident"]
    for path in ("/api/v1/staff", "/api/v1/audit/entries", "/api/v1/requests/work"):
        assert slug(me.get(path)) == "role-not-allowed", path
