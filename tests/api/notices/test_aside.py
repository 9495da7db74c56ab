"""Putting aside covers what a reader was shown, and nothing that is meant for them only since."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from tests.notices_of import Client, age_everybody, publish, unread
from tests.people import RESIDENT, Caller, account_of
from tests.requests_of import file

INBOX = "/api/v1/inbox"
ALL = 2**53 - 1
KEPT = "SELECT sid, household_sid, age_class FROM resident WHERE household_sid = 'H0000001'"
BACK = """
UPDATE resident SET household_sid = %(household_sid)s, age_class = %(age_class)s
WHERE sid = %(sid)s
"""
MOVE = "UPDATE resident SET household_sid = %(home)s WHERE sid = 'R00000001'"
GRID = "SELECT grid_code FROM address WHERE sid = 'A0000002'"
POST = "DDHT-DG"  # nothing of it is the resident's
BECOME = {
    "elders": "UPDATE resident SET age_class = 'elder' WHERE sid = 'R00000001'",
    "tenants": "UPDATE household SET tenure = 'tenant' WHERE sid = 'H0000001'",
    "guardians_of_children": "UPDATE resident SET age_class = 'child' WHERE sid = 'R00000003'",
    "workers": "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
    " valid_from) VALUES ('TRY', 'grid_worker', %(me)s, '', 'DDHT-XQ-LT', current_date)",
}
STATE = "SELECT read_upto, places FROM inbox_state"


@pytest.fixture(autouse=True)
def the_same_again(app: Flask) -> Iterator[None]:
    """Let the resident's household be again what it was."""
    age_everybody()
    kept = [row._asdict() for row in read(KEPT)]
    with transaction():
        write("UPDATE resident SET age_class = 'adult' WHERE household_sid = 'H0000001'")
    yield
    with transaction():
        for row in kept:
            write(BACK, row)
        write("UPDATE household SET tenure = 'owner' WHERE sid = 'H0000001'")
        write("DELETE FROM staff_grant WHERE staff_sid = 'TRY'")


def put_aside(caller: Caller, upto: int = ALL) -> None:
    assert caller.post(f"{INBOX}/aside", {"upto": upto}).status_code == 204


def shown(caller: Caller, path: str = "") -> dict[str, bool]:
    """Return the titles of an inbox, each with whether it is read; the count says the same."""
    items: list[dict[str, Any]] = (caller.get(f"{INBOX}{path}").json or {})["items"]
    assert path or unread(caller) == sum(not item["read"] for item in items)
    return {item["title"]: item["read"] for item in items}


def become(people: str) -> None:
    with transaction():
        write(BECOME[people], {"me": account_of(RESIDENT)})


def move(home: str) -> None:
    with transaction():
        write(MOVE, {"home": home})


def test_what_stands_at_a_new_home_is_unread_though_older_than_what_was_put_aside(
    sign_in: Client,
) -> None:
    publish(sign_in, title="电梯检修", audience={"areas": [read(GRID)[0].grid_code]})
    publish(sign_in, title="全区", audience={"areas": ["DDHT"]})
    publish(sign_in, title="旧家", audience={"areas": ["DDHT-XQ"]})
    resident = sign_in(RESIDENT)
    put_aside(resident)
    assert shown(resident) == {"旧家": True, "全区": True}
    move("H0000002")
    assert shown(resident) == {"全区": True, "电梯检修": False}
    found = shown(resident, "/search?words=电梯")
    assert found == {"电梯检修": False}
    put_aside(resident)
    assert shown(resident) == {"全区": True, "电梯检修": True}


def test_what_was_shown_at_the_old_home_stays_read_where_it_is_for_the_new_one_too(
    sign_in: Client,
) -> None:
    publish(sign_in, title="两地", audience={"areas": ["DDHT-XQ-LT", read(GRID)[0].grid_code]})
    resident = sign_in(RESIDENT)
    put_aside(resident)
    move("H0000002")
    assert shown(resident) == {"两地": True}


@pytest.mark.parametrize("people", BECOME)
def test_who_becomes_somebody_is_shown_as_unread_what_is_for_such_people(
    sign_in: Client, people: str
) -> None:
    publish(sign_in, title="给他们", audience={"areas": ["DDHT-XQ"], "people": [people]})
    publish(sign_in, title="给大家")
    publish(sign_in, title="给都是", audience={"areas": ["DDHT-XQ"], "people": [people, "owners"]})
    resident = sign_in(RESIDENT)
    put_aside(resident)
    assert shown(resident) == {"给都是": True, "给大家": True}
    become(people)
    assert shown(resident) == {"给都是": True, "给大家": True, "给他们": False}
    put_aside(resident)
    assert shown(resident) == {"给都是": True, "给大家": True, "给他们": True}


def test_who_files_a_first_case_of_a_matter_is_shown_what_is_for_its_holders(
    sign_in: Client,
) -> None:
    resident = sign_in(RESIDENT)
    others = {"areas": ["DDHT"], "people": ["workers"], "matters": ["RUBBISH"]}
    publish(sign_in, title="垃圾分类", audience=others)
    publish(sign_in)
    put_aside(resident)
    file(resident, matter="RUBBISH")
    assert shown(resident) == {"停水通知": True, "垃圾分类": False}
    put_aside(resident)
    file(resident, matter="RUBBISH")
    assert shown(resident) == {"停水通知": True, "垃圾分类": True}


def test_nothing_is_put_aside_beyond_the_newest_that_stands_in_the_inbox(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    put_aside(resident)
    assert read(STATE) == []
    own = publish(sign_in)
    publish(sign_in, audience={"areas": [POST]})
    for _ in range(2):
        put_aside(resident)
        assert [row.read_upto for row in read(STATE)] == [own["publish_seq"]]
    held = read("SELECT reading_mark FROM account WHERE id = %(me)s", {"me": account_of(RESIDENT)})
    assert held[0].reading_mark == 1, "a repeat changes nothing"


def test_a_lower_number_puts_nothing_aside_that_lies_above_it(sign_in: Client) -> None:
    """The inbox is shown newest first: who names a number below one that stands there is late."""
    first = publish(sign_in, title="先", audience={"areas": [read(GRID)[0].grid_code]})
    publish(sign_in, title="中", audience={"areas": [read(GRID)[0].grid_code]})
    publish(sign_in, title="后", audience={"areas": ["DDHT"]})
    resident = sign_in(RESIDENT)
    put_aside(resident)
    move("H0000002")
    put_aside(resident, first["publish_seq"])
    assert shown(resident) == {"后": True, "中": False, "先": False}


def test_a_lower_number_counts_where_nothing_stands_above_it(sign_in: Client) -> None:
    publish(sign_in, title="新家", audience={"areas": [read(GRID)[0].grid_code]})
    publish(sign_in, title="旧家", audience={"areas": ["DDHT-XQ"]})
    resident = sign_in(RESIDENT)
    put_aside(resident)
    move("H0000002")
    put_aside(resident)
    assert shown(resident) == {"新家": True}


def test_what_was_put_aside_before_it_was_kept_as_whom_counts_wherever_one_is(
    sign_in: Client,
) -> None:
    publish(sign_in, title="新家", audience={"areas": [read(GRID)[0].grid_code]})
    last = publish(sign_in, title="全区", audience={"areas": ["DDHT"]})
    resident = sign_in(RESIDENT)
    with transaction():
        write(
            "INSERT INTO inbox_state (account_id, read_upto) VALUES (%(me)s, %(upto)s)",
            {"me": account_of(RESIDENT), "upto": last["publish_seq"]},
        )
    move("H0000002")
    for _ in range(2):
        assert shown(resident) == {"全区": True, "新家": True}
        put_aside(resident)
