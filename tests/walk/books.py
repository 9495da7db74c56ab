"""What an installation's own books say of its outcomes, and letting time pass in them."""

import time
from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg

from app.database import conninfo_of

SENT_WITHIN = 30.0  # seconds


class Books:
    """The outbox of one installation."""

    def __init__(self, installation: Mapping[str, str]) -> None:
        self._url = conninfo_of(installation["LINLI_OWNER_URL"])

    def of(self, request_id: str) -> list[tuple[int, int, bool]]:
        """Return (number, tries, recorded as sent) of each outcome of a request, by number."""
        sql: LiteralString = (
            "SELECT seq, tries::int, sent_at IS NOT NULL FROM outbox"
            " WHERE subject_id = %s ORDER BY seq"
        )
        return self._ask(sql, request_id)

    def in_order_of_leaving(self, request_id: str) -> list[int]:
        """Return the numbers of a request's outcomes as they were recorded as sent."""
        sql: LiteralString = "SELECT seq FROM outbox WHERE subject_id = %s ORDER BY sent_at"
        return [seq for (seq,) in self._ask(sql, request_id)]

    def all_keys(self) -> list[str]:
        """Return the key of every outcome there is."""
        sql: LiteralString = (
            "SELECT subject_kind || '-' || subject_id || '-' || lpad(seq::text, 6, '0')"
            " FROM outbox ORDER BY 1"
        )
        return [key for (key,) in self._ask(sql)]

    def await_all_sent(self) -> None:
        """Wait until every outcome is recorded as sent."""
        deadline = time.monotonic() + SENT_WITHIN
        while left := self._ask("SELECT seq, kind, tries FROM outbox WHERE sent_at IS NULL"):
            assert time.monotonic() < deadline, f"they did not leave: {left}"
            time.sleep(0.05)

    def let_the_lease_run_out(self) -> None:
        """Let half a minute pass for whoever holds something: no test should wait so long."""
        with psycopg.connect(self._url) as connection:
            connection.execute(
                "UPDATE outbox SET lease_until = now() - interval '1 second'"
                " WHERE lease_until IS NOT NULL"
            )

    def _ask(self, sql: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(sql, values).fetchall()
