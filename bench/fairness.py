"""Before the race: all contestants do the same, or there is no race."""

import http.client
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from bench import calls
from bench.servers import Contestant

PLACES = 20
ROWS = {
    "service_request": 1,
    "request_event": 2,
    "audit_entry": 1,
    "outbox": 1,
    "idempotency_key": 1,
}
JSON = {"Content-Type": "application/json"}


class Unequal(Exception):
    """A contestant answers or writes something else than the first; the message says what."""


def check(contestants: Sequence[Contestant], tokens: Sequence[str], url: str) -> None:
    """Compare answers, refusals and rows written.

    Raises:
        Unequal: one of them skips a duty, or does another.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        for each in contestants:
            _refuses(each, tokens[0])
            _nearby(each, contestants[0], tokens)
            _files(each, tokens[0], connection)


def _nearby(each: Contestant, first: Contestant, tokens: Sequence[str]) -> None:
    for text in calls.nearby(tokens, PLACES):
        path, token = _path_and_token(text)
        here, there = (_ask(one, "GET", path, token) for one in (first, each))
        _same(each, "the nearest 20", _seen(*here), _seen(*there))
        if len(here[1]["items"]) != 20:
            raise Unequal(f"only {len(here[1]['items'])} cases at {path}")


def _seen(status: int, body: Any, _: Mapping[str, str]) -> object:
    """Return an answer with its times as instants: they are written in two ways."""
    items = [{**item, "filed_at": item["filed_at"][:19]} for item in body["items"]]
    return status, items, body["next"]


def _files(each: Contestant, token: str, connection: psycopg.Connection[Any]) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex} | JSON
    before = _counts(connection)
    status, body, _ = _ask(each, "POST", calls.PATH, token, _filing(), key)
    _same(each, "the status of a filing", 201, status)
    written = {name: n - before[name] for name, n in _counts(connection).items()}
    _same(each, "the rows of a filing", ROWS, written)
    _same(each, "the shape of the answer", SHAPE, _shape(body))
    again = _ask(each, "POST", calls.PATH, token, _filing(), key)
    _same(each, "the answer to a repeat", (201, body, "true"), (*again[:2], again[2].get(REPLAYED)))
    other, _, _ = _ask(each, "POST", calls.PATH, token, _filing("别的话"), key)
    if other not in (400, 422):
        raise Unequal(f"{each.name}: a key used with another body gives {other}")
    after = {name: n - before[name] for name, n in _counts(connection).items()}
    _same(each, "the rows after a repeat", ROWS, after)


REPLAYED = "idempotency-replayed"
SHAPE = {
    "request": "deadline_at deadline_provisional department_code filed_at grid_code handled_by id "
    "lat lng matter_code near_edge number result settled_at state version",
    "timeline": [("file", "channel"), ("dispatch", "department grid handled_by metres_to_edge")],
    "rest": (calls.WORDS, True, False, None),
}


def _shape(body: Any) -> object:
    steps = [(e["step"], " ".join(sorted(e["facts"]))) for e in body["timeline"]]
    rest = body["words"], body["mine"], body["claimed_by_me"], body["stars"]
    return {"request": " ".join(sorted(body["request"])), "timeline": steps, "rest": rest}


def _refuses(each: Contestant, token: str) -> None:
    near = f"{calls.PATH}?near=124.35,40.04&crs=wgs84"
    key = {"Idempotency-Key": "not-written"} | JSON
    wrong = [
        ("GET", near, token[:-3] + "abc", None, 401),
        ("GET", near + "&limit=101", token, None, 422),
        ("GET", near + "&radius=0", token, None, 422),
        ("GET", near + "&colour=red", token, None, 422),
        ("GET", near.replace("wgs84", "mars"), token, None, 422),
        ("POST", calls.PATH, token, _filing(""), 422),
        ("POST", calls.PATH, token, _filing("a\x00b"), 422),
        ("POST", calls.PATH, token, _filing(lat=91.0), 422),
        ("POST", calls.PATH, token, _filing(lat=10.0), 422),
        ("POST", calls.PATH, token, _filing(matter="NO-SUCH"), 422),
    ]
    for method, path, bearer, body, status in wrong:
        found, _, _ = _ask(each, method, path, bearer, body, key if body else {})
        allowed = {400, 404, 409, 422} if status == 422 else {status}
        if found not in allowed:
            raise Unequal(f"{each.name}: {method} {path} {body} gives {found}")


def _filing(words: str = calls.WORDS, lat: float = calls.PLACE[1], matter: str = "RUBBISH") -> str:
    place = {"lng": calls.PLACE[0], "lat": lat, "crs": "wgs84"}
    return json.dumps({"matter": matter, "words": words, "place": place})


def _ask(
    each: Contestant,
    method: str,
    path: str,
    token: str,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any, dict[str, str]]:
    door = http.client.HTTPConnection("127.0.0.1", each.port, timeout=10)
    told = {"Authorization": f"Bearer {token}", **(headers or {})}
    door.request(method, path, body, told)
    answer = door.getresponse()
    content = answer.read()
    door.close()
    lines = {name.lower(): value for name, value in answer.getheaders()}
    for name in ("x-request-id", "cache-control", "x-content-type-options", "referrer-policy"):
        if name not in lines:
            raise Unequal(f"{each.name}: no {name}")
    return answer.status, json.loads(content or b"null"), lines


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    sql = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in ROWS)
    return dict(connection.execute(sql).fetchall())


def _path_and_token(text: str) -> tuple[str, str]:
    first, *lines = text.split("\r\n")
    bearer = next(line for line in lines if line.startswith("Authorization: Bearer "))
    return first.split(" ")[1], bearer.rsplit(" ", 1)[1]


def _same(each: Contestant, what: str, wanted: object, found: object) -> None:
    if wanted != found:
        raise Unequal(f"{each.name}: {what}: {found!r} instead of {wanted!r}")
