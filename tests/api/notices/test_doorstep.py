"""A poll that finds nothing new is answered before Flask, any other as if nothing stood there."""

import json
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest
from flask import Flask

from app.database import statements_so_far, transaction, write
from app.http import polling
from app.http.polling import Polls
from tests.notices_of import Client, publish, slug
from tests.people import RESIDENT, Caller, account_of

INBOX, UNREAD = "/api/v1/inbox", "/api/v1/inbox/unread"
NAME = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"


def nobody_inside(_environ: dict[str, Any], _start: object) -> Iterable[bytes]:
    raise AssertionError("Flask was asked")


def alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing but what stands in front of Flask answers."""
    assert isinstance(app.wsgi_app, Polls)
    monkeypatch.setattr(app.wsgi_app, "_inside", nobody_inside)


def polled(caller: Caller, path: str = UNREAD, **headers: str) -> Any:
    """Ask, and ask again with the tag of the answer."""
    tag = caller.get(path).headers["ETag"]
    return caller.get(path, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("path", [INBOX, UNREAD, f"{INBOX}?limit=5"])
def test_flask_is_not_asked(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    resident = sign_in(RESIDENT)
    tag = resident.get(path).headers["ETag"]
    alone(app, monkeypatch)
    answer = resident.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    with pytest.raises(AssertionError, match="Flask was asked"):
        resident.get(path, headers={"If-None-Match": '"old"'})


def test_both_answer_in_the_same_words(
    app: Flask,
    sign_in: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Headers and line of the log are the same, but for the time it took."""
    resident, found = sign_in(RESIDENT), []
    for _ in range(2):
        answer = polled(resident, **{"X-Request-Id": NAME})
        line = json.loads(caplog.messages[-1])
        assert line.pop("ms") >= 0
        assert line.pop("at")
        found.append((answer.status, sorted(answer.headers), line))
        assert isinstance(app.wsgi_app, Polls)
        monkeypatch.setattr(app.wsgi_app, "_known", {})
    assert found[0] == found[1]
    assert found[0][2]["request_id"] == NAME


def test_who_is_asking_is_looked_up_once(app: Flask, sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    resident.get(UNREAD)
    counts = []
    for headers in ({}, {"If-None-Match": '"old"'}):
        before = statements_so_far()
        assert resident.get(UNREAD, headers=headers).status_code == 200
        counts.append(statements_so_far() - before)
    plain, stale = counts
    assert stale == plain


def test_a_session_that_ended_is_refused(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert polled(resident).status_code == 304
    tag = resident.get(UNREAD).headers["ETag"]
    with transaction():
        ended = {"account": account_of(RESIDENT)}
        write("UPDATE sign_in_session SET revoked_at = now() WHERE account_id = %(account)s", ended)
    answer = resident.get(UNREAD, headers={"If-None-Match": tag})
    assert (answer.status_code, slug(answer)) == (401, "session-ended")


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"Authorization": "Bearer none"}, "token-refused"),
        ({"Authorization": ""}, "sign-in-needed"),
        ({"Transfer-Encoding": "chunked"}, "length-needed"),
    ],
)
def test_what_is_refused_is_refused_inside(
    sign_in: Client, headers: dict[str, str], problem: str
) -> None:
    assert slug(polled(sign_in(RESIDENT), **headers)) == problem


def test_a_role_that_may_not_read_is_refused(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a tag would fit: the table is asked first."""
    assert isinstance(app.wsgi_app, Polls)
    polls, resident = app.wsgi_app, sign_in(RESIDENT)
    tag = resident.get(UNREAD).headers["ETag"]
    alone(app, monkeypatch)
    poll = polls._known[UNREAD]
    closed = polling._Poll(poll.operation, poll.route, {}, poll.standing)
    monkeypatch.setitem(polls._known, UNREAD, closed)
    with pytest.raises(AssertionError, match="Flask was asked"):
        resident.get(UNREAD, headers={"If-None-Match": tag})


def test_where_the_server_is_away_flask_says_so(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise psycopg.OperationalError

    resident = sign_in(RESIDENT)
    tag = resident.get(UNREAD).headers["ETag"]
    monkeypatch.setattr(app.wsgi_app, "_load", away)
    alone(app, monkeypatch)
    with pytest.raises(AssertionError, match="Flask was asked"):
        resident.get(UNREAD, headers={"If-None-Match": tag})


def test_a_name_for_a_request_is_kept_through_both(sign_in: Client) -> None:
    publish(sign_in)
    asked = {"If-None-Match": '"old"', "X-Request-Id": NAME}
    answer = sign_in(RESIDENT).get(INBOX, headers=asked)
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (200, NAME)
