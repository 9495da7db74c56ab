"""How often people may try: counted before anything is checked, in rows that survive a crash.

The same limits hold for numbers that are known and numbers that are not, so that a limit tells
nobody who has an account.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import clock
from app.database import apart
from app.errors import TooMany
from app.privacy import vault


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries in each window of ``window``."""

    kind: str
    most: int
    window: timedelta


COUNT = """
INSERT INTO attempt_counter (kind, who, "window", n) VALUES (%(kind)s, %(who)s, %(window)s, 1)
ON CONFLICT (kind, who, "window") DO UPDATE SET n = attempt_counter.n + 1 RETURNING n
"""


def count(who: str, *limits: Limit) -> None:
    """Count one try against each limit; the count stays, whatever becomes of the try.

    Raises:
        TooMany: a limit was reached before.
    """
    now = clock.now()
    waits = []
    for limit in limits:
        window = _window(now, limit.window)
        row = {"kind": limit.kind, "who": vault.index(limit.kind, who), "window": window}
        if apart(COUNT, row)[0].n > limit.most:
            waits.append(window + limit.window - now)
    if waits:
        raise TooMany(retry_after=max(1, int(max(waits).total_seconds())))


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
