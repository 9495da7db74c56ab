"""A poll that finds nothing new is answered 304 unread; what changes is seen by every process."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3
from flask import Flask

from app.database import db, read, statements_so_far
from app.settings import Settings
from notices.approval.sweeps import EXPIRY
from notices.inbox import marks
from notices.inbox.marks import newest
from tests.fuzz.server import serving
from tests.notices_of import Client, done, expire, publish, take
from tests.people import NEIGHBOUR, RESIDENT, STAFF, WORKER, Caller, bearer
from tests.surroundings import environment

INBOX, UNREAD = "/api/v1/inbox", "/api/v1/inbox/unread"


def poll(caller: Caller, path: str, tag: str) -> Any:
    return caller.get(path, headers={"If-None-Match": tag})


def tag_of(caller: Caller, path: str = INBOX) -> str:
    answer = caller.get(path)
    assert answer.status_code == 200
    return str(answer.headers["ETag"])


def heard(caller: Caller, tag: str, path: str = INBOX, within: float = 1.0) -> bool:
    """Tell whether a poll finds something new within a moment: a word takes a moment to arrive."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if poll(caller, path, tag).status_code == 200:
            return True
        time.sleep(0.01)
    return False


def test_nothing_new_is_answered_without_a_look_at_notices(sign_in: Client) -> None:
    publish(sign_in)
    resident = sign_in(RESIDENT)
    for path in (INBOX, UNREAD, f"{INBOX}?limit=5", f"{INBOX}?pinned=true"):
        tag = tag_of(resident, path)
        before = statements_so_far()
        answer = poll(resident, path, tag)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert statements_so_far() - before == 1, "the session, and nothing else"


def test_who_brings_a_tag_sees_no_row_more_than_others_do(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said to the server before they are found; what is read then is read as theirs."""
    callers = [sign_in(RESIDENT), sign_in(NEIGHBOUR)]
    sql = "SELECT count(DISTINCT account_id) FROM sign_in_session"

    def bare(**_: object) -> dict[str, int]:
        return {"people": read(sql)[0][0]}

    monkeypatch.setitem(app.view_functions, "inbox.list_inbox", bare)
    for caller in (*callers, *callers):
        for headers in ({"If-None-Match": '"old"'}, {}):
            answer = caller.get(INBOX, headers=headers)
            assert answer.json == {"people": 1}


def test_a_tag_is_good_for_one_address_and_one_reader(sign_in: Client) -> None:
    resident, neighbour = sign_in(RESIDENT), sign_in(NEIGHBOUR)
    tag = tag_of(resident)
    assert poll(resident, UNREAD, tag).status_code == 200
    assert poll(resident, f"{INBOX}?limit=5", tag).status_code == 200
    assert poll(neighbour, INBOX, tag).status_code == 200


@pytest.mark.parametrize("change", ["publish", "withdraw", "expire", "read", "aside", "correct"])
def test_whatever_changes_an_inbox_changes_its_tag(sign_in: Client, change: str) -> None:
    notice, resident = publish(sign_in, expires_at="2090-01-01T00:00:00+08:00"), sign_in(RESIDENT)
    assert heard(resident, '"none"')
    tag, counted = tag_of(resident), tag_of(resident, UNREAD)
    if change == "publish":
        publish(sign_in)
    elif change == "withdraw":
        done(take(sign_in(STAFF), notice, "withdrawal"))
    elif change == "expire":
        expire(notice)
        EXPIRY.run()
    elif change == "read":
        resident.post(f"{INBOX}/{notice['id']}/read")
    elif change == "aside":
        resident.post(f"{INBOX}/aside", {"upto": notice["publish_seq"]})
    else:
        body = {name: notice[name] for name in ("title", "body_md", "audience")}
        fresh = take(sign_in(STAFF), notice, "correction", {**body, "change_note": "x"})
        from tests.notices_of import publish_draft

        publish_draft(sign_in, done(fresh))
    assert heard(resident, tag)
    assert heard(resident, counted, UNREAD)


@pytest.mark.parametrize("key", ["residents", "households"])
def test_what_is_for_one_home_is_seen_there_and_disturbs_few(sign_in: Client, key: str) -> None:
    from app.database import read

    row = read(
        "SELECT r.id, h.id AS home FROM resident r JOIN household h ON h.sid = r.household_sid"
        " WHERE r.sid = 'R00000001'"
    )[0]
    resident, neighbour = sign_in(RESIDENT), sign_in(NEIGHBOUR)
    tag, other = tag_of(resident), tag_of(neighbour)
    who = str(row.id if key == "residents" else row.home)
    publish(sign_in, audience={key: [who]})
    assert heard(resident, tag)
    assert poll(neighbour, INBOX, other).status_code == 304


def test_what_is_published_elsewhere_disturbs_nobody(sign_in: Client) -> None:
    neighbour, worker = sign_in(NEIGHBOUR), sign_in(WORKER)
    tag, working = tag_of(neighbour), tag_of(worker)
    publish(sign_in, audience={"areas": ["DDHT-XQ-LT-C03"]})  # neither home nor firm is there
    assert heard(worker, working)  # who works is told of any change
    assert poll(neighbour, INBOX, tag).status_code == 304


def test_a_lost_word_is_made_up_for_by_looking(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = sign_in(RESIDENT)
    tag = tag_of(resident)
    monkeypatch.setattr(newest._ear, "heard", lambda: False)  # deaf from now on
    publish(sign_in)
    assert poll(resident, INBOX, tag).status_code == 304
    assert heard(resident, tag, within=marks.LOOKED_ANYHOW + 1)


def test_a_cut_connection_is_made_anew_and_nothing_is_missed(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    tag = tag_of(resident)
    with db.engine.connect() as connection:
        driver: Any = newest._ear._connection
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(%(pid)s)", {"pid": driver.info.backend_pid}
        )
    publish(sign_in)
    assert heard(resident, tag)


def test_where_nothing_can_be_heard_the_inbox_is_read(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = sign_in(RESIDENT)
    tag = tag_of(resident)

    def away() -> bool:
        raise psycopg.OperationalError

    monkeypatch.setattr(newest._ear, "heard", away)
    monkeypatch.setattr(newest, "_looked", time.monotonic() - marks.TRUSTED - 1)
    answer = poll(resident, INBOX, tag)
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)


def test_every_forked_process_sees_what_is_published(
    app: Flask, sign_in: Callable[..., Caller], settings: Settings, tmp_path: Path
) -> None:
    """Two processes behind one port: after a moment no poll to either is answered 304."""
    token = bearer(RESIDENT)
    plain = settings.database_url.replace("+psycopg", "")
    told = {**environment(plain, tmp_path), "DATABASE_URL": plain, "WEB_CONCURRENCY": "2"}
    http = urllib3.PoolManager(num_pools=1, maxsize=1)

    def ask(base: str, tag: str) -> Any:
        # a connection of its own each time: the kernel deals them out to both processes
        headers = {**token, "If-None-Match": tag, "Connection": "close"}
        return http.request("GET", f"{base}{INBOX}", headers=headers)

    with serving(told, tmp_path / "log") as base:
        for _ in range(3):
            tag = ask(base, "").headers["ETag"]
            assert Counter(ask(base, tag).status for _ in range(40)) == {304: 40}
            publish(sign_in)
            until = time.monotonic() + marks.LOOKED_ANYHOW / 2  # heard, not looked up
            while Counter(ask(base, tag).status for _ in range(40)) != {200: 40}:
                assert time.monotonic() < until
