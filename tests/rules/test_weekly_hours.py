"""Weekly hours are days with spans in their order; anything else is refused by name."""

import json
from typing import Any

import pytest

from app.sync import FieldRefused
from community.places.hours import DAYS
from community.places.sync import STREAMS, weekly_hours
from tests.exchange.drops import sample_rows
from tests.exchange.records import point
from tests.rules.contract_oracles import json_faults

POINTS = STREAMS[0]

WORKDAY = [["08:30", "11:30"], ["13:00", "17:00"]]
GOOD: dict[str, dict[str, Any]] = {
    "nothing is known": {},
    "a working week": dict.fromkeys(DAYS[:5], WORKDAY) | {"sat": [], "sun": []},
    "one day": {"mon": WORKDAY},
    "a span that begins where the last one ends": {"mon": [["08:30", "12:00"], ["12:00", "17:00"]]},
    "all day": {"sun": [["00:00", "24:00"]]},
}
MALFORMED: dict[str, object] = {
    "a number": 5,
    "nothing": None,
    "a list": [],
    "words": "周一至周五",
    "a day that is a number": {"mon": 3},
    "a day that is nothing": {"mon": None},
    "a day that is none": {"someday": []},
    "a day in capitals": {"MON": WORKDAY},
    "spans by name": {"mon": {"am": ["08:30", "11:30"]}},
    "one span that stands alone": {"mon": ["08:30", "11:30"]},
    "a span without an end": {"mon": [["08:30"]]},
    "a span of three": {"mon": [["08:30", "11:30", "13:00"]]},
    "words for a span": {"mon": ["08:30-11:30"]},
    "a time that is a number": {"mon": [[830, 1130]]},
    "a time with one digit": {"mon": [["8:30", "11:30"]]},
    "a time with seconds": {"mon": [["08:30:00", "11:30:00"]]},
    "a time in wide digits": {"mon": [["０８:３０", "１１:３０"]]},
    "a time with a space behind it": {"mon": [["08:30", "11:30 "]]},
    "an hour that no clock shows": {"mon": [["08:30", "25:00"]]},
    "a minute that no clock shows": {"mon": [["08:30", "11:60"]]},
    "an opening at the end of the day": {"mon": [["24:00", "24:00"]]},
    "later than the end of the day": {"mon": [["08:30", "24:01"]]},
}
CROSSED: dict[str, object] = {
    "a span that ends before it begins": {"mon": [["17:00", "08:30"]]},
    "a span of no time": {"mon": [["08:30", "08:30"]]},
    "spans that overlap": {"mon": [["08:30", "12:00"], ["11:30", "17:00"]]},
    "spans in the wrong order": {"mon": [WORKDAY[1], WORKDAY[0]]},
    "the same span twice": {"mon": [WORKDAY[0], WORKDAY[0]]},
    "one good day and one bad": {"mon": WORKDAY, "tue": [["17:00", "08:30"]]},
}
"""What a schema cannot say: it knows no order of times."""

BAD = MALFORMED | CROSSED


@pytest.mark.parametrize("hours", GOOD.values(), ids=GOOD)
def test_hours_are_taken_and_read_again_unchanged(hours: dict[str, Any]) -> None:
    found = weekly_hours(f" {json.dumps(hours, indent=2)}\n")
    assert json.loads(found) == hours
    assert weekly_hours(found) == found


@pytest.mark.parametrize("hours", BAD.values(), ids=BAD)
def test_what_are_no_hours_is_refused(hours: object) -> None:
    with pytest.raises(FieldRefused) as refusal:
        weekly_hours(json.dumps(hours))
    assert refusal.value.code == "NOT_OPENING_HOURS"


@pytest.mark.parametrize("words", ["", "周一", "{", '{"mon": [], }', "NaN", "[" * 10_000])
def test_what_is_no_document_is_none_of_hours_either(words: str) -> None:
    with pytest.raises(FieldRefused) as refusal:
        weekly_hours(words)
    assert refusal.value.code == "NOT_JSON"


def test_the_hours_of_the_sample_are_hours() -> None:
    told = [row["opens"] for row in sample_rows("points")]
    assert any(json.loads(each)["mon"] for each in told)
    for each in told:
        weekly_hours(each)


def test_the_published_contract_says_what_hours_are() -> None:
    """To a sender of records in JSON, by the schema alone."""
    record = point("TRY-P1", name_en=None, valid_to=None)
    for taken in GOOD.values():
        assert json_faults(POINTS, record | {"opens": taken}) == []
    for name, hours in MALFORMED.items():
        if not isinstance(hours, str):  # a text may be a document, too
            assert json_faults(POINTS, record | {"opens": hours}), name
