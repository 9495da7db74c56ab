"""Frozen settings from the environment; refuses to start half-configured or unsafe."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KEY_BYTES = 32
PUBLIC_URL = "http://127.0.0.1:8000"
WECHAT_URL = "https://api.weixin.qq.com"


class SettingsRefused(Exception):
    """The environment does not describe a safe installation; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class NumberedKeys:
    """Keys by number; ``used`` is the highest that is not only known but in use."""

    keys: Mapping[int, bytes] = field(repr=False)
    used: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All that an installation may set. ``docs/operations.md`` explains each."""

    environment: str
    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    jwt_key: bytes = field(repr=False)
    data_keys: NumberedKeys = field(repr=False)
    wrapping_keys: NumberedKeys = field(repr=False)
    index_keys: NumberedKeys = field(repr=False)
    fingerprint_key: bytes = field(repr=False)
    cursor_key: bytes = field(repr=False)
    sms: str
    exchange_out: Path
    sms_copy: Path | None = None
    sms_at: Mapping[str, str] = field(default_factory=dict)
    sms_key: str = field(default="", repr=False)
    sources: Path | None = None
    ways: Path | None = None
    files: str = ""
    files_key: str = field(default="", repr=False)
    files_secret: str = field(default="", repr=False)
    pool_size: int = 5
    statement_timeout_ms: int = 5000
    body_limit: int = 1024 * 1024
    proxies: int = 0
    planted_faults: bool = False
    step_up_by_phone: bool = True
    public_url: str = PUBLIC_URL
    vapid_key: bytes | None = field(default=None, repr=False)
    vapid_subject: str = ""
    push_hosts: tuple[str, ...] = ()
    wechat_app: str = ""
    wechat_secret: str = field(default="", repr=False)
    wechat_template: str = ""
    wechat_url: str = WECHAT_URL

    @property
    def knows_owner(self) -> bool:
        """Tell whether this process may act as the tables' owner: only who prepares should."""
        return self.owner_url != self.database_url

    @property
    def in_production(self) -> bool:
        """Tell whether real people are behind the data."""
        return self.environment == "production"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsRefused: a setting is missing, too weak, or not allowed in production.
    """
    settings = Settings(
        environment=_one_of(environ, "LINLI_ENV", ("production", "development", "test")),
        database_url=_database_url(environ, "DATABASE_URL"),
        owner_url=_database_url(
            environ, "LINLI_OWNER_URL" if environ.get("LINLI_OWNER_URL") else "DATABASE_URL"
        ),
        jwt_key=_key(environ, "LINLI_JWT_KEY"),
        data_keys=_numbered(environ, "LINLI_DATA_KEYS"),
        wrapping_keys=_numbered(environ, "LINLI_WRAPPING_KEYS"),
        index_keys=_numbered(environ, "LINLI_INDEX_KEYS"),
        fingerprint_key=_key(environ, "LINLI_FINGERPRINT_KEY"),
        cursor_key=_key(environ, "LINLI_CURSOR_KEY"),
        sms=_one_of(environ, "LINLI_SMS", ("print", "http", "off")),
        exchange_out=Path(_needed(environ, "LINLI_EXCHANGE_OUT")),
        sms_copy=Path(environ["LINLI_SMS_COPY"]) if environ.get("LINLI_SMS_COPY") else None,
        sms_at=_sms_at(environ),
        sms_key=_needed(environ, "LINLI_SMS_KEY") if environ["LINLI_SMS"] == "http" else "",
        ways=Path(environ["LINLI_WAYS_IN"]) if environ.get("LINLI_WAYS_IN") else None,
        sources=Path(environ["LINLI_SOURCES"]) if environ.get("LINLI_SOURCES") else None,
        files=_files(environ),
        files_key=environ.get("LINLI_FILES_KEY", ""),
        files_secret=environ.get("LINLI_FILES_SECRET", ""),
        pool_size=_number(environ, "LINLI_POOL_SIZE", 5, 1, 100),
        statement_timeout_ms=_number(environ, "LINLI_STATEMENT_TIMEOUT_MS", 5000, 100, 600_000),
        proxies=_number(environ, "LINLI_PROXIES", 0, 0, 5),
        planted_faults=environ.get("LINLI_PLANTED_FAULTS") == "yes",
        step_up_by_phone=_yes_or_no(environ, "LINLI_STEP_UP_BY_PHONE", default=True),
        **_channels(environ),
    )
    _refuse_unsafe(settings)
    return settings


def _channels(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read how notices reach people; what is not set is a channel that there is not."""
    key = _key(environ, "LINLI_VAPID_KEY") if environ.get("LINLI_VAPID_KEY") else None
    subject = _needed(environ, "LINLI_VAPID_SUBJECT") if key else ""
    if key and not subject.startswith(("mailto:", "https://")):
        raise SettingsRefused("LINLI_VAPID_SUBJECT must begin with mailto: or https://")
    app = environ.get("LINLI_WECHAT_APP", "")
    return {
        "public_url": environ.get("LINLI_PUBLIC_URL", PUBLIC_URL).rstrip("/"),
        "vapid_key": key,
        "vapid_subject": subject,
        "push_hosts": tuple(environ.get("LINLI_PUSH_HOSTS", "").split()),
        "wechat_app": app,
        "wechat_secret": _needed(environ, "LINLI_WECHAT_SECRET") if app else "",
        "wechat_template": _needed(environ, "LINLI_WECHAT_TEMPLATE") if app else "",
        "wechat_url": environ.get("LINLI_WECHAT_URL", WECHAT_URL).rstrip("/"),
    }


def _refuse_unsafe(settings: Settings) -> None:
    keys = [settings.jwt_key, settings.fingerprint_key, settings.cursor_key]
    for ring in (settings.data_keys, settings.wrapping_keys, settings.index_keys):
        keys += ring.keys.values()
    if len(set(keys)) != len(keys):
        raise SettingsRefused("each key must be a key of its own: two of them are the same")
    if any(len(set(key)) < KEY_BYTES // 4 for key in keys):
        raise SettingsRefused("a key repeats a few bytes: draw it at random")
    if settings.in_production and settings.sms == "print":
        raise SettingsRefused("LINLI_SMS=print shows codes in the terminal: not in production")
    if settings.planted_faults and settings.environment != "test":
        raise SettingsRefused("LINLI_PLANTED_FAULTS is for LINLI_ENV=test only")


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsRefused(f"{name} is not set")
    return value


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = _needed(environ, name)
    if value not in allowed:
        raise SettingsRefused(f"{name} must be one of {', '.join(allowed)}")
    return value


def _yes_or_no(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip()
    if value not in ("", "yes", "no"):
        raise SettingsRefused(f"{name} must be yes or no")
    return default if not value else value == "yes"


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsRefused(f"{name} must be a whole number from {low} to {high}")
    return int(raw)


def _sms_at(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the gateway is, how it knows us, and which authorities alone vouch for it."""
    if environ["LINLI_SMS"] != "http":
        return {}
    at = {"url": _needed(environ, "LINLI_SMS_URL"), "key_id": _needed(environ, "LINLI_SMS_KEY_ID")}
    ca_file = environ.get("LINLI_SMS_CA_FILE", "").strip()
    return at | ({"ca_file": ca_file} if ca_file else {})


def _files(environ: Mapping[str, str]) -> str:
    """Return a folder, or ``s3+https://host/bucket``, as given; else a folder by the outcomes."""
    given = environ.get("LINLI_FILES", "").strip()
    if given.startswith("s3+"):
        place = urlsplit(given.removeprefix("s3+"))
        if place.scheme not in ("https", "http") or not place.netloc or not place.path.strip("/"):
            raise SettingsRefused("LINLI_FILES must be a folder or s3+https://host/bucket")
        if place.scheme == "http" and environ.get("LINLI_ENV") == "production":
            raise SettingsRefused("LINLI_FILES over plain http: not in production")
        if not environ.get("LINLI_FILES_KEY") or not environ.get("LINLI_FILES_SECRET"):
            raise SettingsRefused("LINLI_FILES_KEY and LINLI_FILES_SECRET are not set")
    elif not given and environ.get("LINLI_ENV") == "production":
        raise SettingsRefused("LINLI_FILES is not set")
    return given or str(Path(_needed(environ, "LINLI_EXCHANGE_OUT")).parent / "files")


def _key(environ: Mapping[str, str], name: str) -> bytes:
    return _decoded(name, _needed(environ, name))


def _decoded(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise SettingsRefused(f"{name} is not base64") from fault
    if len(key) != KEY_BYTES:
        raise SettingsRefused(f"{name} must be {KEY_BYTES} bytes, base64")
    return key


def _numbered(environ: Mapping[str, str], name: str) -> NumberedKeys:
    """Read ``1:<base64> 2:<base64>``: ids from 1 to 255; the highest one is used.

    A key in brackets, ``(2:<base64>)``, is known and not used yet.
    """
    keys: dict[int, bytes] = {}
    used = 0
    for part in _needed(environ, name).split():
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


def _database_url(environ: Mapping[str, str], name: str) -> str:
    """Accept libpq's spelling of the scheme and name the driver."""
    url = _needed(environ, name)
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    raise SettingsRefused(f"{name} must begin with postgresql://")
