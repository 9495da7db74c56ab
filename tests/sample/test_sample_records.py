"""What anyone who loads the sample's records may rely on."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sample.streams import COLUMNS
from sample.tables import FACTS, read_table

Read = Callable[[str], list[dict[str, Any]]]

REFERENCES = [
    ("divisions", "parent_code", "divisions", "code"),
    ("areas", "parent_code", "areas", "code"),
    ("polygons", "code", "areas", "code"),
    ("area_links", "area_code", "areas", "code"),
    ("area_links", "division_code", "divisions", "code"),
    ("matters", "department_code", "departments", "code"),
    ("matter_limits", "matter_code", "matters", "code"),
    ("duty_clauses", "department_code", "departments", "code"),
    ("dispatch_rules", "area_code", "areas", "code"),
    ("dispatch_rules", "matter_code", "matters", "code"),
    ("dispatch_rules", "department_code", "departments", "code"),
    ("dispatch_rules", "clause_code", "duty_clauses", "code"),
    ("not_accepted", "department_code", "departments", "code"),
    ("capacities", "area_code", "areas", "code"),
    ("capacities", "department_code", "departments", "code"),
    ("points", "area_code", "areas", "code"),
    ("point_matters", "point_code", "points", "code"),
    ("point_matters", "matter_code", "matters", "code"),
    ("staff", "area_code", "areas", "code"),
    ("staff", "department_code", "departments", "code"),
    ("addresses", "grid_code", "areas", "code"),
    ("households", "address_sid", "addresses", "sid"),
    ("residents", "household_sid", "households", "sid"),
    ("enterprises", "area_code", "areas", "code"),
]

VOCABULARIES = [
    ("calendar_days", "kind", {"rest", "work"}),
    ("areas", "level", {"zone", "subzone", "street", "community", "grid"}),
    ("area_links", "relation", {"subordinate", "entrusted", "assisting"}),
    ("matters", "kind", {"consult", "help", "complaint", "report", "suggest"}),
    ("matters", "handled_by", {"grid", "department"}),
    ("matters", "limit_unit", {"working_days", "working_hours", "calendar_days", "hours"}),
    ("matters", "level_required", {"1", "2"}),
    ("point_matters", "depth", {"consult", "receive", "accept", "complete", "collect"}),
    ("households", "tenure", {"owner", "tenant"}),
    ("residents", "relation", {"head", "spouse", "child", "parent", "other"}),
    ("enterprises", "status", {"active", "suspended", "revoked", "closed"}),
]


@pytest.mark.parametrize(
    ("stream", "count"),
    [
        ("divisions", 975),
        ("departments", 12),
        ("matters", 30),
        ("not_accepted", 30),
        ("supervision_rungs", 11),
        ("points", 15),
        ("staff", 42),
        ("residents", 3000),
        ("enterprises", 24),
    ],
)
def test_the_district_is_as_large_as_promised(rows: Read, stream: str, count: int) -> None:
    assert len(rows(stream)) == count


@pytest.mark.parametrize("stream", COLUMNS)
def test_every_row_has_the_columns_and_a_key_of_its_own(rows: Read, stream: str) -> None:
    found = rows(stream)
    assert all(tuple(row) == COLUMNS[stream] for row in found)
    assert {str(row["ver"]) for row in found} == {"1"}
    assert len({row["sid"] for row in found}) == len(found)


@pytest.mark.parametrize(("stream", "column", "target", "key"), REFERENCES)
def test_every_reference_resolves(
    rows: Read, stream: str, column: str, target: str, key: str
) -> None:
    known = {row[key] for row in rows(target)}
    assert {row[column] for row in rows(stream) if row[column]} <= known


@pytest.mark.parametrize(("stream", "column", "words"), VOCABULARIES)
def test_every_word_is_used_and_no_other(
    rows: Read, stream: str, column: str, words: set[str]
) -> None:
    assert {row[column] for row in rows(stream)} == words


def test_a_reader_in_load_order_meets_parents_first(rows: Read) -> None:
    for stream in ("divisions", "areas"):
        met = {""}
        for row in rows(stream):
            assert row["parent_code"] in met
            met.add(row["code"])


def test_the_manifest_tells_the_truth(records: Path, rows: Read) -> None:
    manifest = json.loads((records / "manifest.json").read_text(encoding="utf-8"))
    assert [file["stream"] for file in manifest["files"]] == list(COLUMNS)
    for file in manifest["files"]:
        data = (records / file["file"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert file["rows"] == len(rows(file["stream"]))
        assert b"\r" not in data


@pytest.mark.parametrize(
    "name", ["staff.csv", "households.csv", "residents.csv", "people.json", "../README.md"]
)
def test_files_with_people_say_at_once_that_they_are_made_up(records: Path, name: str) -> None:
    first = (records / name).read_text(encoding="utf-8").splitlines()[0]
    assert "made up" in first
    assert "虚构" in first


def test_the_calendar_turns_weekdays_into_the_working_days_of_2026(rows: Read) -> None:
    named = {row["date"]: row["kind"] == "work" for row in rows("calendar_days")}
    days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    working = [day for day in days if named.get(day.isoformat(), day.weekday() < 5)]
    by_month = Counter(day.month for day in working)
    assert [by_month[month] for month in range(1, 13)] == [
        *(21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23)
    ]


def test_area_codes_tell_nothing_of_division_codes(rows: Read) -> None:
    assert not any(re.search(r"\d{3}", row["code"]) for row in rows("areas"))


def test_every_street_and_community_stands_on_its_own_real_division(rows: Read) -> None:
    divisions = {row["code"]: row for row in rows("divisions")}
    parents = {row["code"]: row["parent_code"] for row in rows("areas")}
    stands_on = {row["area_code"]: row["division_code"] for row in rows("area_links")}
    linked = [row["code"] for row in rows("areas") if row["level"] in ("street", "community")]
    assert set(linked) <= set(stands_on)
    assert len({stands_on[code] for code in linked}) == len(linked)
    for code in linked:
        if code.count("-") == 3:
            assert divisions[stands_on[code]]["parent_code"] == stands_on[parents[code]]


def test_a_link_that_ended_is_followed_without_a_gap(rows: Read) -> None:
    links = rows("area_links")
    ended = [row for row in links if row["valid_to"]]
    assert ended
    for row in ended:
        assert row["valid_from"] < row["valid_to"]
        assert any(
            (later["area_code"], later["division_code"], later["valid_from"])
            == (row["area_code"], row["division_code"], row["valid_to"])
            for later in links
        )


def test_points_open_and_close_on_days_of_the_week(rows: Read) -> None:
    for point in rows("points"):
        opens = json.loads(point["opens"])
        assert set(opens) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
        for hours in opens.values():
            times = [time for pair in hours for time in pair]
            assert times == sorted(times)
        assert re.fullmatch(r"0415-\d{7}", point["phone"])


def test_the_divisions_are_the_facts(rows: Read) -> None:
    facts = [(row["code"], row["name"]) for row in read_table(FACTS / "divisions.csv")]
    assert [(row["code"], row["name"]) for row in rows("divisions")] == facts
