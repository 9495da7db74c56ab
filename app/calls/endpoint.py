"""Where a district's HTTP exchange is, and how much of our time and memory it may have."""

import ipaddress
import re
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from app.calls.signing import Key
from app.settings.section import ConfigRefused, Section

KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SHORTEST_SECRET = 32
PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
MEGABYTE = 2**20
SECOND = timedelta(seconds=1)
LARGEST_ANSWER = 64
DEFAULT_PORTS = {"http": 80, "https": 443}
KEYS = (
    *("url", "key_id", "key_env", "ca_file"),
    *("connect_within", "answer_within", "patience", "largest_answer_mb"),
)
"""The settings that every HTTP exchange has, inward or outward."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long we wait for a connection, for the next bytes, and for an answer in all.

    One question with all its repeats takes no more than ``patience`` and one wait on the line.
    """

    connect: timedelta
    answer: timedelta
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One side of the exchange; ``path`` stands before all that is asked there.

    ``largest`` bounds the bytes of one answer.
    """

    secure: bool
    host: str
    port: int
    path: str
    key: Key
    ca_file: Path | None
    waits: Waits
    largest: int

    @property
    def authority(self) -> str:
        """Return host and port as the Host header names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = DEFAULT_PORTS["https" if self.secure else "http"]
        return host if self.port == usual else f"{host}:{self.port}"


def endpoint_of(section: Section, folder: Path | None, usual: Waits, longest: Waits) -> Endpoint:
    """Read an endpoint's settings; ``folder`` is where a relative ``ca_file`` lies.

    ``usual`` are the waits of a file that sets none, ``longest`` those that one may set.

    Raises:
        ConfigRefused: the address is not one, is not safe, or a setting is out of bounds.
    """
    parts, port = _address(section)
    name = section.text("key_id")
    if not KEY_NAME.fullmatch(name):
        raise ConfigRefused(f"{section.title}.key_id must be letters, digits, dots and hyphens")
    secret = section.secret("key_env").encode()
    if len(secret) < SHORTEST_SECRET:
        raise ConfigRefused(f"{section.title}.key_env: the key is shorter than 32 bytes")
    return Endpoint(
        secure=parts.scheme == "https",
        host=parts.hostname or "",
        port=port or DEFAULT_PORTS[parts.scheme],
        path=parts.path.rstrip("/"),
        key=Key(name, secret),
        ca_file=_ca_file(section, folder),
        waits=Waits(
            _bounded(section, "connect_within", usual.connect, longest.connect),
            _bounded(section, "answer_within", usual.answer, longest.answer),
            _bounded(section, "patience", usual.patience, longest.patience),
        ),
        largest=section.whole("largest_answer_mb", LARGEST_ANSWER, 1, LARGEST_ANSWER) * MEGABYTE,
    )


def _address(section: Section) -> tuple[SplitResult, int | None]:
    title = f"{section.title}.url"
    try:
        parts = urlsplit(section.text("url"))
        port = parts.port
    except ValueError:
        # its words would repeat the address, which may hold a password
        raise ConfigRefused(f"{title} is not an address") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ConfigRefused(f"{title} must begin with https:// and name a host")
    if "@" in parts.netloc:
        raise ConfigRefused(f"{title} must not hold a name or password: requests are signed")
    if parts.query or parts.fragment or not PATH.fullmatch(parts.path.rstrip("/")):
        raise ConfigRefused(f"{title} must end with a plain path, without query or fragment")
    if parts.scheme == "http" and not _on_this_machine(parts.hostname):
        raise ConfigRefused(f"{title}: http:// is for this machine only; take https://")
    return parts, port


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ca_file(section: Section, folder: Path | None) -> Path | None:
    """Return the file of the authorities that alone vouch for the other side, if one is named."""
    if "ca_file" not in section.values:
        return None
    path = Path(section.text("ca_file"))
    if folder is None and not path.is_absolute():
        raise ConfigRefused(f"{section.title}.ca_file must be a whole path")
    path = folder / path if folder else path
    try:
        ssl.create_default_context(cafile=path)
    except OSError:  # of which SSLError is one
        raise ConfigRefused(f"{section.title}.ca_file holds no certificate") from None
    return path


def _bounded(section: Section, name: str, usual: timedelta, longest: timedelta) -> timedelta:
    found = section.period(name, usual)
    if not SECOND <= found <= longest:
        most = longest // SECOND
        raise ConfigRefused(f"{section.title}.{name} must be from 1s to {most}s")
    return found
