"""Calling a provider, and bounding what that may cost: time, memory, where it may lead."""

import base64
import ipaddress
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from app.identity.sign_in.providers.protocol import NoWord

CONNECT, ANSWER, IN_ALL = 3.0, 5.0, 8.0  # seconds
LARGEST = 256 * 1024
BLOCK = 2**14


class Line:
    """Connections to a provider. Redirects are not followed, and nothing is asked twice."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            retries=False,
            maxsize=4,
            cert_reqs=ssl.CERT_REQUIRED,
            ssl_minimum_version=ssl.TLSVersion.TLSv1_2,
        )

    def get(self, url: str, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Return status and JSON of a GET.

        Raises:
            NoWord: no answer in time, too large, or none of JSON.
        """
        return self._ask("GET", f"{url}?{urlencode(query)}" if query else url, {}, None)

    def post(
        self, url: str, form: Mapping[str, str], who: tuple[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return status and JSON of a form that is posted, as ``who`` (RFC 6749 2.3.1).

        Raises:
            NoWord: as ``get``.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if who:
            pair = ":".join(quote(each, safe="") for each in who).encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return self._ask("POST", url, headers, urlencode(form).encode())

    def _ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, Any]:
        until = time.monotonic() + IN_ALL
        try:
            response = self._pool.urlopen(
                method,
                url,
                body=body,
                headers={"Accept": "application/json", "Accept-Encoding": "identity", **headers},
                timeout=urllib3.Timeout(connect=CONNECT, read=ANSWER),
                redirect=False,
                preload_content=False,
            )
            try:
                content = _content(response, until)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except HTTPError as fault:
            raise NoWord(type(fault).__name__) from None  # its words repeat the address
        try:
            return response.status, orjson.loads(content)
        except ValueError:
            raise NoWord("not JSON") from None


def is_safe(url: str) -> bool:
    """Tell whether a provider may be called there: by TLS, or on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.username or parts.fragment or not host:
            return False
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback)


def _content(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    content = bytearray()
    while block := response.read1(BLOCK):
        content += block
        if len(content) > LARGEST:
            raise NoWord("too large")
        if time.monotonic() > until:
            raise NoWord("too slow")
    return bytes(content)
