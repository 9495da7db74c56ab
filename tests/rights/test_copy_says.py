"""What a copy says of a person's past, of others' deeds, and to whom it says what."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from app.database import write
from tests.access.things import undone
from tests.people import PEOPLE, RESIDENT, WORKER, Caller, Person, proved, staff_with
from tests.rights.copies import Copy
from tests.rights.test_exports import Outline, taken
from tests.wall.rows import Somebody

Client = Callable[[Person], Caller]


def test_where_somebody_lived_before_is_told(me: Somebody, copy: Copy) -> None:
    assert copy.section("homes") == []
    with undone():
        write(
            "UPDATE resident SET household_sid = 'H0000002' WHERE id = %(id)s", {"id": me.resident}
        )
        (home,) = copy.section("homes")
    assert home["household_sid"] == PEOPLE["resident"]["household"]
    assert home["grid_code"] == PEOPLE["resident"]["grid"]


def test_what_others_did_to_the_account_is_told_without_who(
    me: Somebody, copy: Copy, sign_in: Client
) -> None:
    system = proved(sign_in(staff_with("administrator")))
    path = f"/api/v1/accounts/{me.account}/disabling"
    assert system.post(path, {"reason": "lost-device"}).status_code == 204
    (entry,) = copy.section("done-to-me")
    assert set(entry) == {"at", "deed"}
    assert entry["deed"] == "account-disabled"


def test_what_staff_wrote_when_they_looked_is_told(
    app: Flask, me: Somebody, sign_in: Client
) -> None:
    body = {"kind": "request", "id": str(me.request), "field": "phone", "reason": "call-back"}
    shown = proved(sign_in(WORKER)).post("/api/v1/reveals", body | {"words": "约定上门时间"})
    assert shown.status_code == 201
    content = taken(app, sign_in(RESIDENT))["my-data.json"].decode()
    assert "约定上门时间" in content


def test_a_contact_is_told_nothing_of_who_represents_the_enterprise(
    me: Somebody, copy: Copy
) -> None:
    with undone():
        write(
            "UPDATE enterprise SET contact_account_id = %(me)s, representative_index = NULL"
            " WHERE sid = (SELECT min(sid) FROM enterprise)",
            {"me": me.account},
        )
        (enterprise,) = copy.section("enterprises")
    assert enterprise["as_contact"]
    assert not {"representative", "representative_number"} & set(enterprise)
    assert "contact_phone" in enterprise


def leaves(value: Any) -> Iterable[str]:
    """Yield every value that stands in records."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif value is not None:
        yield str(value)


def test_the_page_says_all_that_the_records_say(app: Flask, me: Somebody, sign_in: Client) -> None:
    files = taken(app, sign_in(RESIDENT))
    document = json.loads(files["my-data.json"])
    outline = Outline()
    outline.feed(files["my-data.html"].decode())
    page = "\n".join(outline.texts)
    said = {leaf for each in document["sections"] for leaf in leaves(each["records"])}
    assert len(said) > 30
    assert {leaf for leaf in said if leaf not in page} == set()
    for each in document["sections"]:
        assert each["title_zh"] in page
        assert each["title_en"] in page
