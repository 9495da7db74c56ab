"""How often people may try: counted before anything is checked, in rows that survive a crash.

The same limits hold for numbers that are known and numbers that are not, so that a limit tells
nobody who has an account.
"""

import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from app import clock
from app.database import apart, beyond
from app.errors import TooMany
from app.privacy import vault


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries in each window of ``window``.

    One that everybody shares is kept in several ``rows``, each with its part of the tries: they
    would otherwise wait for one another at a single row.
    """

    kind: str
    most: int
    window: timedelta
    rows: int = 1


COUNT = """
INSERT INTO attempt_counter (kind, who, "window", n)
SELECT kind, who, "window", 1
FROM unnest(%(kinds)s::text[], %(whos)s::bytea[], %(windows)s::timestamptz[])
  AS tried (kind, who, "window")
ORDER BY kind, who
ON CONFLICT (kind, who, "window") DO UPDATE SET n = attempt_counter.n + 1 RETURNING kind, n
"""


# A turn counts unless one before it is refused; all of them are one statement.
TURN = """
t{n} AS (
  INSERT INTO attempt_counter (kind, who, "window", n)
  SELECT kind, who, "window", 1
  FROM unnest(%(kinds{n})s::text[], %(whos{n})s::bytea[], %(windows{n})s::timestamptz[])
    AS tried (kind, who, "window")
  WHERE {may}
  ORDER BY kind, who
  ON CONFLICT (kind, who, "window") DO UPDATE SET n = attempt_counter.n + 1 RETURNING kind, n
), refused{n} AS (
  SELECT FROM t{n} JOIN unnest(%(kinds{n})s::text[], %(mosts{n})s::int[]) AS l (kind, most)
    USING (kind) WHERE t{n}.n > l.most
)"""

Try = tuple[str, Limit]


def count(who: str, *limits: Limit) -> None:
    """Count one try against each limit; the count stays, whatever becomes of the try.

    Raises:
        TooMany: a limit was reached before.
    """
    count_each(*((who, limit) for limit in limits))


def count_each(*tries: Try) -> None:
    """Count one try of each (who, limit), all of them in one statement and one commit.

    Raises:
        TooMany: a limit was reached before.
    """
    now = clock.now()
    found = _counted(COUNT, _columns(tries, now, ""))
    _judge(tries, {row.kind: row.n for row in found}, now)


def count_in_turn(*turns: Sequence[Try]) -> None:
    """Count one try of each of the first turn, of the next unless that is refused, and so on.

    One statement and one commit: what is refused for its network costs nobody else a try.

    Raises:
        TooMany: a limit was reached before.
    """
    now, about = clock.now(), dict[str, object]()
    for n, tries in enumerate(turns):
        about |= _columns(tries, now, str(n))
    found = _counted(_in_turn(len(turns)), about)
    every = [each for tries in turns for each in tries]
    _judge(every, {row.kind: row.n for row in found}, now)


@lru_cache
def _in_turn(turns: int) -> str:
    before = [f"NOT EXISTS (SELECT FROM refused{n})" for n in range(turns)]
    stages = [TURN.format(n=n, may=" AND ".join(before[:n]) or "true") for n in range(turns)]
    counted = " UNION ALL ".join(f"SELECT kind, n FROM t{n}" for n in range(turns))  # noqa: S608
    return f"WITH {','.join(stages)} {counted}"


@beyond()
def _counted(sql: str, columns: dict[str, object]) -> list[Any]:
    """Count apart: what others tried counts, too, and is nobody's to read."""
    return apart(sql, columns)


def _columns(tries: Sequence[Try], now: datetime, suffix: str) -> dict[str, object]:
    return {
        f"kinds{suffix}": [limit.kind for _, limit in tries],
        f"whos{suffix}": [vault.index(limit.kind, _row_of(who, limit)) for who, limit in tries],
        f"windows{suffix}": [_window(now, limit.window) for _, limit in tries],
        f"mosts{suffix}": [limit.most // limit.rows for _, limit in tries],
    }


def _judge(tries: Sequence[Try], counted: Mapping[str, int], now: datetime) -> None:
    waits = [
        _window(now, limit.window) + limit.window - now
        for _, limit in tries
        if counted.get(limit.kind, 0) > limit.most // limit.rows
    ]
    if waits:
        raise TooMany(retry_after=max(1, int(max(waits).total_seconds())))


def _row_of(who: str, limit: Limit) -> str:
    return who if limit.rows == 1 else f"{who}#{secrets.randbelow(limit.rows)}"


def network_of(address: str) -> str:
    """Return an IPv4 address as it is and an IPv6 address as its /64, one subscriber each.

    Whoever comes without an address (a socket, a proxy that names nobody) shares one limit.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "nowhere"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _window(now: datetime, length: timedelta) -> datetime:
    seconds = int(length.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
