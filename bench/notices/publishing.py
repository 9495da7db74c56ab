"""Publishing: one row for a place, beside a row for each resident, on the same tables."""

import time
import uuid
from collections.abc import Mapping
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

import wsgi
from app.factory import assemble
from app.policy import Actor, Grant, Role
from app.settings import from_environment
from notices.approval.service import approve, publish, submit
from notices.editing.service import draft

ROUNDS = 40
TEN_THOUSAND = ["BC1", "BC2", "BC3"]  # communities of 3,500 residents each
EVERYBODY = ["B"]
WORDS: dict[str, Any] = {
    **dict.fromkeys(("title_en", "body_en_md", "large_text", "read_aloud", "ack_by")),
    **dict.fromkeys(("publish_at", "expires_at")),
    **dict.fromkeys(("drill", "pinned", "needs_ack"), False),
    "title": "停水通知",
    "body_md": "请储水。",
    "kind": "general",
    "priority": "ordinary",
}

TABLE = """
CREATE TABLE bench_row_each (resident_id uuid, notice_id uuid, read_at timestamptz,
  PRIMARY KEY (resident_id, notice_id))
"""


def measure(
    environment: Mapping[str, str], staff: list[UUID], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the median milliseconds of publishing to everybody, and to some ten thousand.

    From the call to its commit: rights, rule, audience, number, targets, history, audit.
    """
    app = assemble(from_environment(environment), wsgi.FEATURES)
    author, second = (
        Actor(account, uuid.uuid4(), 1, (Grant(Role.DISTRICT_STAFF, "B"),)) for account in staff
    )
    times: dict[str, list[float]] = {"all": [], "some": []}
    with app.app_context():
        for _ in range(rounds):
            for name, areas in (("all", EVERYBODY), ("some", TEN_THOUSAND)):
                key = _approved(author, second, areas)
                began = time.perf_counter()
                publish(second, key, 3)
                times[name].append((time.perf_counter() - began) * 1000)
    return median(times["all"]), median(times["some"])


def _approved(author: Actor, second: Actor, areas: list[str]) -> UUID:
    nowhere: dict[str, Any] = {
        name: [] for name in ("divisions", "households", "residents", "matters")
    }
    audience = {**nowhere, "polygon": None, "people": ["all"], "areas": areas}
    key = draft(author, **WORDS, audience=audience)
    submit(author, key, 1)
    approve(second, key, 2)
    return key


def a_row_each(owner_url: str) -> float:
    """Return the milliseconds of writing a row for each resident, as the other way would."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_row_each")
        connection.execute(TABLE)
        began = time.perf_counter()
        connection.execute(
            "INSERT INTO bench_row_each (resident_id, notice_id)"
            " SELECT id, gen_random_uuid() FROM resident"
        )
        spent = (time.perf_counter() - began) * 1000
        connection.execute("DROP TABLE bench_row_each")
    return spent
