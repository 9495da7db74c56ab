"""What a page shows at the door: a ticket in a cookie, or an access token; and what it saw last."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs
from uuid import UUID

from app.errors import Malformed, Unauthenticated
from app.http.tokens import read_token
from notices.live.admission import Claim
from notices.live.door import Asked
from notices.live.tickets import Ticket

COOKIE = "linli_live"
LONGEST_NUMBER = 18


def claim_of(asked: Asked) -> Claim:
    """Return who somebody says they are.

    Raises:
        Unauthenticated: neither ticket nor token, or a token that is not good.
        Malformed: the address names no ticket.
    """
    name = asked.url.path.removeprefix("/live").strip("/")
    if not name:
        if not asked.header("Authorization"):
            raise Unauthenticated
        account, session = read_token(asked.header("Authorization"))
        return Claim(account=account, session=session)
    try:
        cookie = SimpleCookie(asked.header("Cookie")).get(COOKIE)
        ticket = UUID(name)
    except (CookieError, ValueError) as fault:
        raise Malformed from fault
    if cookie is None:
        raise Unauthenticated
    return Claim(ticket=Ticket(ticket, cookie.value))


def last_seen(asked: Asked) -> int | None:
    """Return the number of a page's last event, by header, or by ``after`` in the address."""
    given = asked.header("Last-Event-ID") or parse_qs(asked.url.query).get("after", [""])[0]
    good = given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER
    return int(given) if good else None
