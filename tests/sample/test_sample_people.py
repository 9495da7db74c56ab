"""The made-up people are whole: valid numbers, families that can be, and parts to play."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sample.codes import citizen_check, credit_check, organisation_check

Read = Callable[[str], list[dict[str, Any]]]

TODAY = date(2026, 11, 23)


def born(resident: dict[str, Any]) -> date:
    digits = resident["id_number"][6:14]
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def age(resident: dict[str, Any]) -> int:
    day = born(resident)
    return TODAY.year - day.year - ((TODAY.month, TODAY.day) < (day.month, day.day))


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", "210603199003070015", "21060319850520009X"],
)
def test_the_check_character_is_that_of_gb_11643(number: str) -> None:
    assert citizen_check(number[:17]) == number[17]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_the_check_characters_are_those_of_gb_32100_and_gb_11714(code: str) -> None:
    assert credit_check(code[:17]) == code[17]
    assert organisation_check(code[8:16]) == code[16]


def test_every_citizens_number_is_valid_and_given_once(rows: Read) -> None:
    numbers = [row["id_number"] for row in rows("residents")]
    assert len(set(numbers)) == len(numbers)
    assert all(citizen_check(number[:17]) == number[17] for number in numbers)
    assert any(number.endswith("X") for number in numbers)
    assert all(born(row) <= TODAY for row in rows("residents"))


def test_every_department_has_a_valid_credit_code_of_a_state_organ(rows: Read) -> None:
    for department in rows("departments"):
        code = department["credit_code"]
        assert re.fullmatch(r"11210600[0-9A-HJ-NP-RTUW-Y]{10}", code)
        assert organisation_check(code[8:16]) == code[16]
        assert credit_check(code[:17]) == code[17]


def test_every_enterprise_has_a_valid_credit_code_and_somebody_to_turn_to(rows: Read) -> None:
    numbers = {row["id_number"]: row["name"] for row in rows("residents")}
    for firm in rows("enterprises"):
        code = firm["credit_code"]
        assert organisation_check(code[8:16]) == code[16]
        assert credit_check(code[:17]) == code[17]
        assert bool(firm["representative_number"]) != bool(firm["contact_phone"])
        if number := firm["representative_number"]:
            assert numbers[number] == firm["representative"]


def test_residents_are_of_every_age(rows: Read) -> None:
    ages = {age(row) for row in rows("residents")}
    assert ages >= set(range(90))
    assert max(ages) == 100


def test_phones_are_made_up_and_nobody_shares_one(rows: Read) -> None:
    phones = [row["phone"] for row in rows("residents") + rows("staff") if row["phone"]]
    phones += [row["contact_phone"] for row in rows("enterprises") if row["contact_phone"]]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"199041\d{5}", phone) for phone in phones)
    assert not any(row["phone"] for row in rows("residents") if age(row) < 12)


def test_every_household_is_a_family_that_can_be(rows: Read) -> None:
    households = defaultdict(list)
    for row in rows("residents"):
        households[row["household_sid"]].append(row)
    assert len(households) == len(rows("households"))
    for members in households.values():
        by_relation = Counter(member["relation"] for member in members)
        head = members[0]
        assert len(members) <= 5
        assert by_relation["head"] == 1
        assert by_relation["spouse"] <= 1
        assert age(head) >= 18
        for member in members:
            if member["relation"] == "child":
                assert born(member) > born(head)
            if member["relation"] == "parent":
                assert born(member) < born(head)


def test_staff_have_a_word_in_one_area_or_for_one_department(rows: Read) -> None:
    for member in rows("staff"):
        handler = member["role"] == "department_handler"
        assert bool(member["department_code"]) == handler
        assert bool(member["area_code"]) != handler


def test_every_role_and_every_department_is_filled(rows: Read) -> None:
    roles = Counter(row["role"] for row in rows("staff"))
    assert set(roles) == {
        *("grid_worker", "desk_clerk", "department_handler", "district_staff"),
        *("sync_operator", "auditor", "administrator", "security_administrator"),
    }
    handled = {row["department_code"] for row in rows("staff") if row["department_code"]}
    assert handled == {row["code"] for row in rows("departments")}
    posts = Counter(row["area_code"] for row in rows("staff") if row["role"] == "district_staff")
    assert posts["DDHT"] >= 2
    assert {"DDHT-XQ", "DDHT-QY", "DDHT-DG"} <= set(posts)


def test_grid_workers_work_in_communities_and_grids(rows: Read) -> None:
    levels = {row["code"]: row["level"] for row in rows("areas")}
    workers = [row for row in rows("staff") if row["role"] == "grid_worker"]
    assert {levels[row["area_code"]] for row in workers} == {"community", "grid"}


def test_the_resident_is_an_adult_of_langtou_with_a_phone(
    rows: Read, people: dict[str, Any]
) -> None:
    part = people["resident"]
    row = next(row for row in rows("residents") if row["sid"] == part["sid"])
    assert (row["name"], row["phone"], row["id_number"], row["household_sid"]) == (
        *(part["name"], part["phone"], part["id_number"], part["household"]),
    )
    assert age(row) >= 18
    assert part["phone"]
    streets = {row["code"]: row["name"] for row in rows("areas")}
    assert streets[part["street"]] == "浪头镇"


def test_the_neighbour_lives_in_another_sub_zone(rows: Read, people: dict[str, Any]) -> None:
    parents = {row["code"]: row["parent_code"] for row in rows("areas")}
    assert parents[people["neighbour"]["street"]] != parents[people["resident"]["street"]]


def test_both_workers_have_the_grid_and_both_officers_the_zone(
    rows: Read, people: dict[str, Any]
) -> None:
    parents = {row["code"]: row["parent_code"] for row in rows("areas")}
    for part in ("worker", "second_worker"):
        assert people[part]["area"] == parents[people["resident"]["grid"]]
    for part in ("staff", "second_staff"):
        assert (people[part]["role"], people[part]["area"]) == ("district_staff", "DDHT")
    assert people["worker"]["sid"] != people["second_worker"]["sid"]
    assert people["staff"]["sid"] != people["second_staff"]["sid"]
