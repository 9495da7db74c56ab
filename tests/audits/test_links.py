"""An entry's hash can be checked by anybody who has the page that explains it."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from app.audits.links import BEGINNING, canonical, hung_on

AT = datetime(2026, 11, 23, 1, 2, 3, 4, tzinfo=UTC)
ENTRY = {"id": 7, "at": AT, "deed": "rate", "account_id": UUID(int=5), "facts": {"b": 1, "a": "甲"}}


def test_an_entry_is_canonical_json_without_what_is_empty() -> None:
    wanted = (
        '{"account_id":"00000000-0000-0000-0000-000000000005","at":"2026-11-23T01:02:03.000004+00:00",'
        '"deed":"rate","facts":{"a":"甲","b":1},"id":7}'
    )
    assert canonical(ENTRY | {"request_id": None, "seq": 9, "hash": b"x"}) == wanted.encode()


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=8)))
    assert canonical(ENTRY | {"at": elsewhere}) == canonical(ENTRY)


def test_a_hash_hangs_on_the_one_before_and_on_the_length() -> None:
    content = b'{"id":1}'
    plain = hashlib.sha256(BEGINNING + b"\0\0\0\0\0\0\0\x08" + content).digest()
    assert hung_on(BEGINNING, content) == plain
    assert hung_on(plain, content) != plain
