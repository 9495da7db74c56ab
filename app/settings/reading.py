"""How a setting is read from the environment: each way says what is wrong in words."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

KEY_BYTES = 32


class SettingsRefused(Exception):
    """The environment does not describe a safe installation; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class NumberedKeys:
    """Keys by number; ``used`` is the highest that is not only known but in use."""

    keys: Mapping[int, bytes] = field(repr=False)
    used: int


def needed(environ: Mapping[str, str], name: str) -> str:
    """Return a setting without blanks around it; refuse to do without."""
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsRefused(f"{name} is not set")
    return value


def one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """Return a setting that may only be one of a few words."""
    value = needed(environ, name)
    if value not in allowed:
        raise SettingsRefused(f"{name} must be one of {', '.join(allowed)}")
    return value


def yes_or_no(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return what ``yes`` or ``no`` says, or the default where nothing is said."""
    value = environ.get(name, "").strip()
    if value not in ("", "yes", "no"):
        raise SettingsRefused(f"{name} must be yes or no")
    return default if not value else value == "yes"


def number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``."""
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsRefused(f"{name} must be a whole number from {low} to {high}")
    return int(raw)


def key(environ: Mapping[str, str], name: str) -> bytes:
    """Return a key of ``KEY_BYTES``, given in base64."""
    return _decoded(name, needed(environ, name))


def _decoded(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise SettingsRefused(f"{name} is not base64") from fault
    if len(key) != KEY_BYTES:
        raise SettingsRefused(f"{name} must be {KEY_BYTES} bytes, base64")
    return key


def numbered(environ: Mapping[str, str], name: str) -> NumberedKeys:
    """Read ``1:<base64> 2:<base64>``: ids from 1 to 255; the highest one is used.

    A key in brackets, ``(2:<base64>)``, is known and not used yet.
    """
    keys: dict[int, bytes] = {}
    used = 0
    for part in needed(environ, name).split():
        waits = part.startswith("(") and part.endswith(")")
        number, colon, key = part.strip("()").partition(":")
        if not colon or not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 255:
            raise SettingsRefused(f"{name} must look like '1:<base64> 2:<base64>'")
        if int(number) in keys:
            raise SettingsRefused(f"{name} gives key {int(number)} twice")
        keys[int(number)] = _decoded(name, key)
        used = used if waits else max(used, int(number))
    if not used:
        raise SettingsRefused(f"{name} has only keys in brackets: one must be in use")
    return NumberedKeys(keys, used)


def database_url(environ: Mapping[str, str], name: str) -> str:
    """Accept libpq's spelling of the scheme and name the driver."""
    url = needed(environ, name)
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    raise SettingsRefused(f"{name} must begin with postgresql://")
