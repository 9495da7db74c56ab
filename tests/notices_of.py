"""How the tests' staff write, approve and publish notices."""

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from app.database import transaction, write
from app.identity.aging import age_some
from tests.people import SECOND_STAFF, STAFF, Caller, Person

Client = Callable[[Person], Caller]

NEW: dict[str, Any] = {
    "title": "停水通知",
    "body_md": "**11 月 25 日** 停水。",
    "audience": {"areas": ["DDHT-XQ"]},
}
PATH = "/api/v1/notices"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def codes(answer: Any) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in answer.json["errors"]}


def done(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code < 300, answer.json
    return dict(answer.json or {})


def take(caller: Caller, notice: dict[str, Any], step: str, body: object = None) -> TestResponse:
    """Take a step with a notice as it was last shown."""
    return caller.post(f"{PATH}/{notice['id']}/{step}", body, version=notice["version"])


def draft(sign_in: Client, **changes: Any) -> dict[str, Any]:
    return done(sign_in(STAFF).post(PATH, {**NEW, **changes}))


def submitted(sign_in: Client, **changes: Any) -> dict[str, Any]:
    return done(take(sign_in(STAFF), draft(sign_in, **changes), "submission"))


def approved(sign_in: Client, **changes: Any) -> dict[str, Any]:
    return done(take(sign_in(SECOND_STAFF), submitted(sign_in, **changes), "approval"))


def publish(sign_in: Client, **changes: Any) -> dict[str, Any]:
    return done(take(sign_in(SECOND_STAFF), approved(sign_in, **changes), "publication"))


def publish_draft(sign_in: Client, notice: dict[str, Any]) -> dict[str, Any]:
    notice = done(take(sign_in(STAFF), notice, "submission"))
    notice = done(take(sign_in(SECOND_STAFF), notice, "approval"))
    return done(take(sign_in(SECOND_STAFF), notice, "publication"))


def unread(caller: Caller) -> int:
    return int((caller.get("/api/v1/inbox/unread").json or {})["unread"])


def titles(caller: Caller, query: str = "") -> list[str]:
    return [item["title"] for item in (caller.get(f"/api/v1/inbox{query}").json or {})["items"]]


def age_everybody() -> None:
    """Give everybody of the sample the class of age that they are of."""
    while age_some():
        pass


def expire(notice: dict[str, Any]) -> None:
    """Let the time of a notice be over."""
    about = {"id": notice["id"]}
    with transaction():
        for table, column in (("notice", "id"), ("notice_target", "notice_id")):
            write(
                f"UPDATE {table} SET expires_at = now() - interval '1 minute'"
                f" WHERE {column} = %(id)s",
                about,
            )
