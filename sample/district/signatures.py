"""Tells whether a request is signed by whom the district knows (RFC 9421, RFC 9530)."""

import base64
import binascii
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW_SECONDS = 300
COVERED = frozenset({"@method", "@authority", "@path", "@query", "content-digest"})
INPUT = re.compile(r'([a-z][a-z0-9_-]*)=(\(((?:"[^"]+" ?)*)\)((?:;[a-z]+=(?:"[^"]*"|[0-9]+))*))')
PARAMETER = re.compile(r';([a-z]+)=(?:"([^"]*)"|([0-9]+))')


class Unsigned(Exception):
    """A request is not to be trusted; the words say why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it came in; header names are small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Gate:
    """Lets in who signs with the shared key, now, and not twice with one nonce."""

    key_id: str
    secret: bytes = field(repr=False)
    _nonces: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, heard: Heard) -> None:
        """Let a request in.

        Raises:
            Unsigned: it is not signed as agreed.
        """
        match = INPUT.fullmatch(heard.headers.get("signature-input", ""))
        if not match:
            raise Unsigned("no Signature-Input that can be read")
        label, parameters, names, rest = match.groups()
        covered = re.findall(r'"([^"]+)"', names)
        told = {name: text or number for name, text, number in PARAMETER.findall(rest)}
        self._check(covered, told)
        base = _base(heard, covered, parameters)
        right = hmac.new(self.secret, base.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(right, _bytes(heard.headers.get("signature", ""), label)):
            raise Unsigned("the signature is not that of the request")
        digest = _bytes(heard.headers.get("content-digest", ""), "sha-256")
        if not hmac.compare_digest(hashlib.sha256(heard.body).digest(), digest):
            raise Unsigned("the body does not have its digest")
        self._once(told["nonce"])

    def _check(self, covered: list[str], told: Mapping[str, str]) -> None:
        if len(covered) != len(set(covered)) or not set(covered) >= COVERED:
            raise Unsigned("the signature does not cover all that it must")
        if told.get("keyid") != self.key_id or told.get("alg", "hmac-sha256") != "hmac-sha256":
            raise Unsigned("the key is not known here")
        if not told.get("nonce") or not told.get("created", "").isdigit():
            raise Unsigned("nonce or time are missing")
        if abs(time.time() - int(told["created"])) > WINDOW_SECONDS:
            raise Unsigned("the request is not of now")

    def _once(self, nonce: str) -> None:
        now = time.monotonic()
        with self._lock:
            for known, heard in list(self._nonces.items()):
                if heard >= now - 2 * WINDOW_SECONDS:
                    break  # they stand in the order in which they were heard
                del self._nonces[known]
            if nonce in self._nonces:
                raise Unsigned("the request was heard before")
            self._nonces[nonce] = now


def _base(heard: Heard, covered: list[str], parameters: str) -> str:
    path, _, query = heard.target.partition("?")
    known = {
        "@method": heard.method,
        "@authority": heard.headers.get("host", "").lower(),
        "@path": path,
        "@query": f"?{query}",
    }
    lines = []
    for name in covered:
        value = known.get(name, heard.headers.get(name))
        if value is None:
            raise Unsigned("the signature covers what is not there")
        lines.append(f'"{name}": {value}')
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


def _bytes(header: str, name: str) -> bytes:
    """Return the bytes that a header gives for a name: ``name=:base64:``."""
    match = re.fullmatch(rf"{re.escape(name)}=:([A-Za-z0-9+/=]*):", header)
    try:
        return base64.b64decode(match[1], validate=True) if match else b""
    except binascii.Error:
        return b""
