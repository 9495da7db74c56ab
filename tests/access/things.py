"""What is asked for: one thing of a kind, at the place of the cast, where a deed of it is due."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from werkzeug.test import TestResponse

from app.database import read, transaction, write
from tests.access import at_home
from tests.access.cast import OVER, Cast
from tests.requests_of import file

MISSING = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"
Made = Callable[[Cast], str]


def _done(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code < 300, answer.json
    return dict(answer.json or {})


def _request(cast: Cast) -> str:
    return str(file(cast.callers["resident@own"])["request"]["id"])


def _claimed(cast: Cast) -> str:
    key = _request(cast)
    _done(cast.callers["grid_worker@in"].post(f"/api/v1/requests/{key}/claim"))
    return key


def _settled(cast: Cast) -> str:
    key = _claimed(cast)
    _done(
        cast.callers["grid_worker@in"].post(
            f"/api/v1/requests/{key}/settlement",
            {"result": "solved", "note": "已清理"},
            version=version_of(f"/api/v1/requests/{key}"),
        )
    )
    return key


def _take(cast: Cast, who: str, key: str, step: str) -> None:
    path = f"/api/v1/notices/{key}"
    _done(cast.callers[who].post(f"{path}/{step}", version=version_of(path)))


def _draft(cast: Cast) -> str:
    body = {"title": "停水通知", "body_md": "**请储水**", "audience": {"areas": [OVER]}}
    return str(_done(cast.callers["district_staff@over"].post("/api/v1/notices", body))["id"])


def _submitted(cast: Cast) -> str:
    key = _draft(cast)
    _take(cast, "district_staff@over", key, "submission")
    return key


def _approved(cast: Cast) -> str:
    key = _submitted(cast)
    _take(cast, "district_staff@zone", key, "approval")
    return key


def _published(cast: Cast) -> str:
    key = _approved(cast)
    _take(cast, "district_staff@zone", key, "publication")
    return key


KINDS: Mapping[str, Made] = {
    "/api/v1/requests/": _request,
    "/api/v1/notices/": _draft,
    "/api/v1/inbox/": _published,
    **at_home.KINDS,
}
"""A thing for each path that names one; whatever else is named does not exist."""

BROUGHT: Mapping[str, Made] = {
    "requests.release_request": _claimed,
    "requests.settle_request": _claimed,
    "requests.rate_request": _settled,
    "notices.approve_notice": _submitted,
    "notices.return_notice": _submitted,
    "notices.publish_notice": _approved,
    "notices.correct_notice": _published,
    **at_home.BROUGHT,
}
"""Where a thing must stand for a deed to be due."""

OWN_IDS = ("id", "proof_id", "session_id")
"""What paths call the id of the thing itself."""

VERSIONED = {"requests": "service_request", "notices": "notice"}


def maker(operation: str, path: str) -> Made | None:
    """Return how the thing of an operation is made, or None where its path names none of ours."""
    if operation in BROUGHT:
        return BROUGHT[operation]
    found = [
        made
        for prefix, made in KINDS.items()
        if any(path.startswith(f"{prefix}<uuid:{name}>") for name in OWN_IDS)
    ]
    return found[0] if found else None


def version_of(path: str) -> int:
    """Return the version of the thing that a path names; 1 where it has none."""
    kind, _, rest = path.removeprefix("/api/v1/").partition("/")
    key = rest.partition("/")[0]
    if kind not in VERSIONED or key == MISSING or len(key) != len(MISSING):
        return 1
    rows = read(f"SELECT version FROM {VERSIONED[kind]} WHERE id = %(id)s", {"id": key})
    return int(rows[0].version) if rows else 1


FORGIVEN = {"attempt_counter", "idempotency_key", "sign_in_session"}
"""What a refusal may write: that it was tried."""

TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND NOT c.relispartition ORDER BY 1
"""


def books() -> dict[str, tuple[int, int]]:
    """Return the rows and a hash of every table."""
    names = [row.relname for row in read(TABLES) if row.relname not in FORGIVEN]
    union = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*)::bigint AS n,"
        f' coalesce(sum(hashtextextended(t::text, 0)), 0)::numeric AS h FROM "{name}" t'
        for name in names
    )
    return {row.name: (row.n, int(row.h)) for row in read(union)}


class Undone(Exception):
    """What was done is to be as if it had not been."""


@contextmanager
def undone() -> Iterator[None]:
    """Let whoever asks next find things as they were."""
    with suppress(Undone), transaction():
        yield
        raise Undone


def forget_tries() -> None:
    """Let nobody be refused because others have tried before."""
    with transaction():
        write("DELETE FROM attempt_counter")
