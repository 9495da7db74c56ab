"""An installation that is half set up, or not safe, does not start, and says why."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.settings import SettingsRefused, from_environment
from tests.surroundings import environment


def key(seed: int | None = None) -> str:
    content = os.urandom(32) if seed is None else bytes([seed]) * 32
    return base64.b64encode(content).decode()


SAME = key()
DOUBLE_KEYS = {"LINLI_JWT_KEY": SAME, "LINLI_CURSOR_KEY": SAME}
PRODUCTION = {"LINLI_ENV": "production", "LINLI_SMS": "off", "LINLI_FILES": "/srv/linli/files"}

REFUSED: dict[str, tuple[Mapping[str, str | None], str]] = {
    "no environment": ({"LINLI_ENV": None}, "LINLI_ENV is not set"),
    "an environment of its own": ({"LINLI_ENV": "staging"}, "LINLI_ENV must be one of"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
    "another engine": ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must begin with"),
    "no token key": ({"LINLI_JWT_KEY": None}, "LINLI_JWT_KEY is not set"),
    "a blank token key": ({"LINLI_JWT_KEY": "  "}, "LINLI_JWT_KEY is not set"),
    "no index keys": ({"LINLI_INDEX_KEYS": None}, "LINLI_INDEX_KEYS is not set"),
    "no wrapping keys": ({"LINLI_WRAPPING_KEYS": None}, "LINLI_WRAPPING_KEYS is not set"),
    "no fingerprint key": ({"LINLI_FINGERPRINT_KEY": None}, "LINLI_FINGERPRINT_KEY is not set"),
    "only keys that wait": ({"LINLI_INDEX_KEYS": f"(1:{key()})"}, "one must be in use"),
    "one key to seal and to wrap": (
        {"LINLI_DATA_KEYS": f"1:{SAME}", "LINLI_WRAPPING_KEYS": f"1:{key()} 2:{SAME}"},
        "two of them are the same",
    ),
    "no cursor key": ({"LINLI_CURSOR_KEY": None}, "LINLI_CURSOR_KEY is not set"),
    "no data keys": ({"LINLI_DATA_KEYS": None}, "LINLI_DATA_KEYS is not set"),
    "no word on messages": ({"LINLI_SMS": None}, "LINLI_SMS is not set"),
    "a gateway nobody knows": ({"LINLI_SMS": "pigeon"}, "LINLI_SMS must be one of"),
    "nowhere to leave outcomes": ({"LINLI_EXCHANGE_OUT": None}, "LINLI_EXCHANGE_OUT is not set"),
    "a key that is no base64": ({"LINLI_JWT_KEY": "secret!"}, "LINLI_JWT_KEY is not base64"),
    "a short key": ({"LINLI_JWT_KEY": "c2hvcnQ="}, "LINLI_JWT_KEY must be 32 bytes"),
    "a key of one byte": ({"LINLI_JWT_KEY": key(0)}, "repeats a few bytes"),
    "a data key of one byte": ({"LINLI_DATA_KEYS": f"1:{key(7)}"}, "repeats a few bytes"),
    "one key for two ends": (DOUBLE_KEYS, "two of them are the same"),
    "an old data key for tokens": (
        {"LINLI_DATA_KEYS": f"1:{SAME} 2:{key()}", "LINLI_JWT_KEY": SAME},
        "two of them are the same",
    ),
    "a data key without an id": ({"LINLI_DATA_KEYS": key()}, "LINLI_DATA_KEYS must look like"),
    "a data key of id 0": ({"LINLI_DATA_KEYS": f"0:{key()}"}, "LINLI_DATA_KEYS must look like"),
    "a data key of id 256": ({"LINLI_DATA_KEYS": f"256:{key()}"}, "LINLI_DATA_KEYS must look like"),
    "a short data key": ({"LINLI_DATA_KEYS": "1:c2hvcnQ="}, "LINLI_DATA_KEYS must be 32 bytes"),
    "codes printed in production": ({**PRODUCTION, "LINLI_SMS": "print"}, "not in production"),
    "faults planted in production": (
        {**PRODUCTION, "LINLI_PLANTED_FAULTS": "yes"},
        "LINLI_ENV=test only",
    ),
    "faults planted at a developer's": (
        {"LINLI_ENV": "development", "LINLI_PLANTED_FAULTS": "yes"},
        "LINLI_ENV=test only",
    ),
    "no connection at all": ({"LINLI_POOL_SIZE": "0"}, "from 1 to 100"),
    "connections without end": ({"LINLI_POOL_SIZE": "1000"}, "from 1 to 100"),
    "a number in words": ({"LINLI_POOL_SIZE": "five"}, "from 1 to 100"),
    "statements without end": ({"LINLI_STATEMENT_TIMEOUT_MS": "0"}, "from 100 to 600000"),
}


def changed(folder: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    whole = {**environment("postgresql:///linli", folder), **changes}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_missing_or_unsafe_is_refused_in_words(
    tmp_path: Path, changes: Mapping[str, str | None], words: str
) -> None:
    with pytest.raises(SettingsRefused, match=words) as refusal:
        from_environment(changed(tmp_path, changes))
    for value in changes.values():
        assert not value or len(value) < 20 or value not in str(refusal.value), "a key is shown"


UNREADABLE = {
    "a key in Chinese": {"LINLI_JWT_KEY": "密钥"},
    "an id in superscript": {"LINLI_DATA_KEYS": f"²:{key()}"},
}


@pytest.mark.parametrize("changes", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_written_in_other_letters_is_refused_in_words(
    tmp_path: Path, changes: Mapping[str, str]
) -> None:
    with pytest.raises(SettingsRefused, match=next(iter(changes))):
        from_environment(changed(tmp_path, changes))


def test_two_data_keys_of_one_id_are_refused(tmp_path: Path) -> None:
    """What the lost one had sealed would never open again."""
    with pytest.raises(SettingsRefused, match="LINLI_DATA_KEYS"):
        from_environment(changed(tmp_path, {"LINLI_DATA_KEYS": f"1:{key()} 1:{key()}"}))


def test_settings_in_a_message_show_no_key(tmp_path: Path) -> None:
    settings = from_environment(changed(tmp_path, {}))
    for secret in (settings.jwt_key, settings.fingerprint_key, settings.cursor_key):
        assert repr(secret) not in repr(settings)


@pytest.mark.parametrize(
    ("said", "in_production", "elsewhere"),
    [(None, False, True), ("yes", True, True), ("no", False, False)],
)
def test_in_production_staff_prove_themselves_by_an_authenticator_unless_it_is_said_otherwise(
    tmp_path: Path, said: str | None, in_production: bool, elsewhere: bool
) -> None:
    for where, enough in ((PRODUCTION, in_production), ({"LINLI_ENV": "test"}, elsewhere)):
        told = changed(tmp_path, {**where, "LINLI_STEP_UP_BY_PHONE": said})
        assert from_environment(told).step_up_by_phone == enough


def test_a_safe_installation_starts(tmp_path: Path) -> None:
    made = from_environment(changed(tmp_path, {**PRODUCTION, "LINLI_DATA_KEYS": f"3:{key()}"}))
    assert made.in_production
    assert (list(made.data_keys.keys), made.data_keys.used) == ([3], 3)
    assert (made.pool_size, made.planted_faults) == (5, False)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_spelling_of_the_database_is_understood(tmp_path: Path, scheme: str) -> None:
    made = from_environment(changed(tmp_path, {"DATABASE_URL": f"{scheme}://u@h:1/d"}))
    assert made.database_url == "postgresql+psycopg://u@h:1/d"
