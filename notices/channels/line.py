"""One question to a stranger's server: bounded in time and size, and never to ourselves.

A name is looked up once and the connection goes to the very address that was judged, so that it
cannot become another one in between. Redirects are not followed.
"""

import ipaddress
import logging
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, SSLError
from urllib3.exceptions import TimeoutError as TookTooLong

from notices.channels.timely import plain_within, sealed_within

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 5.0, 10.0
"""For a connection, for the next bytes, and for the whole answer."""
LARGEST_ANSWER = 64 * 1024
POOLS = 64  # hosts whose connections are kept
CONNECTIONS = 16
LONGEST_ASKED = timedelta(days=1)

logging.getLogger("urllib3").setLevel(logging.ERROR)  # below that it writes whole addresses


class UrlRefused(Exception):
    """The address is not one that we send to; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LineFault(Exception):
    """There was no answer: ``code`` is timeout, cut, tls or unresolved. It may have arrived."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def asked_wait(self, now: datetime) -> timedelta | None:
        """Return what ``Retry-After`` asks for, in seconds or as a date; at most a day."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            wait = timedelta(seconds=min(int(text), 86_400))
        else:
            try:
                moment = parsedate_to_datetime(text)
            except ValueError:
                return None
            wait = moment.replace(tzinfo=moment.tzinfo or UTC) - now
        return max(timedelta(), min(wait, LONGEST_ASKED))


def is_public(address: str) -> bool:
    """Tell whether an address is somewhere on the internet: not here, not beside us."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def checked_url(url: str, *, plain: bool = False) -> SplitResult:
    """Return a URL in parts.

    Raises:
        UrlRefused: not-https, userinfo, port, too-long or malformed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise UrlRefused("malformed") from fault
    if len(url) > 1000:
        raise UrlRefused("too-long")
    if not parts.hostname or not url.isascii() or any(c.isspace() for c in url):
        raise UrlRefused("malformed")
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise UrlRefused("not-https")
    if parts.username is not None or parts.password is not None:
        raise UrlRefused("userinfo")
    if port not in (None, 443) and not plain:
        raise UrlRefused("port")
    return parts


class Line:
    """Posts to strangers. Threads may share it.

    ``allowed`` judges each address that a name stands for; ``plain`` lets http and any port pass,
    which only tests do.
    """

    def __init__(
        self,
        allowed: Callable[[str], bool] = is_public,
        *,
        plain: bool = False,
        read_seconds: float = READ_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._allowed, self._plain = allowed, plain
        self._kinds = {"http": plain_within(whole_seconds), "https": sealed_within(whole_seconds)}
        self._timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
        self._pools: OrderedDict[tuple[str, ...], urllib3.HTTPConnectionPool] = OrderedDict()
        self._lock = threading.Lock()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send ``body`` and return the answer, whatever its status.

        Raises:
            UrlRefused: the address is not one we send to.
            LineFault: no answer came.
        """
        return self._ask("POST", url, body, headers)

    def get(self, url: str) -> Reply:
        """Read, as ``post`` sends."""
        return self._ask("GET", url, None, {})

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        parts = checked_url(url, plain=self._plain)
        pool = self._pool(parts)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            answer = pool.urlopen(
                method,
                target,
                body=body,
                headers={**headers, "Host": parts.netloc, "User-Agent": "Linli"},
                redirect=False,
                retries=False,
                timeout=self._timeout,
                preload_content=False,
            )
            content = answer.read(LARGEST_ANSWER)
            answer.drain_conn() if len(content) < LARGEST_ANSWER else answer.close()
            answer.release_conn()
        except TookTooLong as fault:
            raise LineFault("timeout") from fault
        except SSLError as fault:
            raise LineFault("tls") from fault
        except (HTTPError, OSError) as fault:
            raise LineFault("cut") from fault
        return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, content)

    def _pool(self, parts: SplitResult) -> urllib3.HTTPConnectionPool:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        key = (parts.scheme, host, str(port), self._judged(host, port))
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = self._opened(*key)
            self._pools.move_to_end(key)
            while len(self._pools) > POOLS:
                self._pools.popitem(last=False)[1].close()
        return pool

    def _judged(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as fault:
            raise LineFault("unresolved") from fault
        addresses = [str(each[4][0]) for each in found]
        if not addresses or not all(self._allowed(each) for each in addresses):
            raise UrlRefused("not-public")
        return addresses[0]

    def _opened(
        self, scheme: str, host: str, port: str, address: str
    ) -> urllib3.HTTPConnectionPool:
        if scheme == "http":
            pool = urllib3.HTTPConnectionPool(address, int(port), maxsize=CONNECTIONS)
        else:
            pool = urllib3.HTTPSConnectionPool(
                address, int(port), maxsize=CONNECTIONS, server_hostname=host, assert_hostname=host
            )
        pool.ConnectionCls = self._kinds[scheme]
        return pool
