"""Frozen settings from the environment; refuses to start half-configured or unsafe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.settings.reading import (
    KEY_BYTES,
    NumberedKeys,
    SettingsRefused,
    database_url,
    key,
    needed,
    number,
    numbered,
    one_of,
    yes_or_no,
)

__all__ = ["KEY_BYTES", "NumberedKeys", "Settings", "SettingsRefused", "from_environment"]

MEBIBYTE = 1024 * 1024
PUBLIC_URL = "http://127.0.0.1:8000"
WECHAT_URL = "https://api.weixin.qq.com"


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
    upload_mebibytes: int = 10
    uploads_an_hour: int = 120
    photo_megapixels: int = 40
    photo_side: int = 12_000
    photos_of_filer: int = 9
    photos_of_staff: int = 18
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
    notice_files: int = 10
    notice_files_bytes: int = 30 * MEBIBYTE

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
        environment=one_of(environ, "LINLI_ENV", ("production", "development", "test")),
        database_url=database_url(environ, "DATABASE_URL"),
        owner_url=database_url(
            environ, "LINLI_OWNER_URL" if environ.get("LINLI_OWNER_URL") else "DATABASE_URL"
        ),
        jwt_key=key(environ, "LINLI_JWT_KEY"),
        data_keys=numbered(environ, "LINLI_DATA_KEYS"),
        wrapping_keys=numbered(environ, "LINLI_WRAPPING_KEYS"),
        index_keys=numbered(environ, "LINLI_INDEX_KEYS"),
        fingerprint_key=key(environ, "LINLI_FINGERPRINT_KEY"),
        cursor_key=key(environ, "LINLI_CURSOR_KEY"),
        sms=one_of(environ, "LINLI_SMS", ("print", "http", "off")),
        exchange_out=Path(needed(environ, "LINLI_EXCHANGE_OUT")),
        sms_copy=Path(environ["LINLI_SMS_COPY"]) if environ.get("LINLI_SMS_COPY") else None,
        sms_at=_sms_at(environ),
        sms_key=needed(environ, "LINLI_SMS_KEY") if environ["LINLI_SMS"] == "http" else "",
        ways=Path(environ["LINLI_WAYS_IN"]) if environ.get("LINLI_WAYS_IN") else None,
        sources=Path(environ["LINLI_SOURCES"]) if environ.get("LINLI_SOURCES") else None,
        files=_files(environ),
        files_key=environ.get("LINLI_FILES_KEY", ""),
        files_secret=environ.get("LINLI_FILES_SECRET", ""),
        pool_size=number(environ, "LINLI_POOL_SIZE", 5, 1, 100),
        statement_timeout_ms=number(environ, "LINLI_STATEMENT_TIMEOUT_MS", 5000, 100, 600_000),
        proxies=number(environ, "LINLI_PROXIES", 0, 0, 5),
        planted_faults=environ.get("LINLI_PLANTED_FAULTS") == "yes",
        # Where it counts staff have authenticators; a code by phone enrols the first one.
        step_up_by_phone=yes_or_no(
            environ, "LINLI_STEP_UP_BY_PHONE", default=environ["LINLI_ENV"] != "production"
        ),
        **_uploads(environ),
        **_channels(environ),
    )
    _refuse_unsafe(settings)
    return settings


def _uploads(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read how large files may be, and how many there may be; more than these is never taken."""
    return {
        "upload_mebibytes": number(environ, "LINLI_UPLOAD_MEBIBYTES", 10, 1, 10),
        "uploads_an_hour": number(environ, "LINLI_UPLOADS_AN_HOUR", 120, 1, 10_000),
        "photo_megapixels": number(environ, "LINLI_PHOTO_MEGAPIXELS", 40, 1, 40),
        "photo_side": number(environ, "LINLI_PHOTO_SIDE", 12_000, 320, 12_000),
        "photos_of_filer": number(environ, "LINLI_PHOTOS_OF_FILER", 9, 1, 100),
        "photos_of_staff": number(environ, "LINLI_PHOTOS_OF_STAFF", 18, 1, 100),
    }


def _channels(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read how notices reach people; what is not set is a channel that there is not."""
    vapid = key(environ, "LINLI_VAPID_KEY") if environ.get("LINLI_VAPID_KEY") else None
    subject = needed(environ, "LINLI_VAPID_SUBJECT") if vapid else ""
    if vapid and not subject.startswith(("mailto:", "https://")):
        raise SettingsRefused("LINLI_VAPID_SUBJECT must begin with mailto: or https://")
    app = environ.get("LINLI_WECHAT_APP", "")
    return {
        "public_url": environ.get("LINLI_PUBLIC_URL", PUBLIC_URL).rstrip("/"),
        "vapid_key": vapid,
        "vapid_subject": subject,
        "push_hosts": tuple(environ.get("LINLI_PUSH_HOSTS", "").split()),
        "wechat_app": app,
        "wechat_secret": needed(environ, "LINLI_WECHAT_SECRET") if app else "",
        "wechat_template": needed(environ, "LINLI_WECHAT_TEMPLATE") if app else "",
        "wechat_url": environ.get("LINLI_WECHAT_URL", WECHAT_URL).rstrip("/"),
        "notice_files": number(environ, "LINLI_NOTICE_FILES", 10, 0, 50),
        "notice_files_bytes": number(environ, "LINLI_NOTICE_FILES_MIB", 30, 1, 500) * MEBIBYTE,
    }


def _refuse_unsafe(settings: Settings) -> None:
    keys = [settings.jwt_key, settings.fingerprint_key, settings.cursor_key]
    for ring in (settings.data_keys, settings.wrapping_keys, settings.index_keys):
        keys += ring.keys.values()
    if len(set(keys)) != len(keys):
        raise SettingsRefused("each key must be a key of its own: two of them are the same")
    if any(len(set(each)) < KEY_BYTES // 4 for each in keys):
        raise SettingsRefused("a key repeats a few bytes: draw it at random")
    if settings.in_production and settings.sms == "print":
        raise SettingsRefused("LINLI_SMS=print shows codes in the terminal: not in production")
    if settings.planted_faults and settings.environment != "test":
        raise SettingsRefused("LINLI_PLANTED_FAULTS is for LINLI_ENV=test only")


def _sms_at(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the gateway is, how it knows us, and which authorities alone vouch for it."""
    if environ["LINLI_SMS"] != "http":
        return {}
    at = {"url": needed(environ, "LINLI_SMS_URL"), "key_id": needed(environ, "LINLI_SMS_KEY_ID")}
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
    return given or str(Path(needed(environ, "LINLI_EXCHANGE_OUT")).parent / "files")
