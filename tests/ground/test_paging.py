"""A page cursor leads on from where it was given, in its own list, and cannot be made up."""

import base64

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import Cursor, CursorRefused
from app.http.problems import status_of

WIDE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(-(2**63), 2**63 - 1)


@WIDE
@given(word=WORD, number=NUMBER, name=st.sampled_from(["areas", "requests"]))
def test_a_cursor_gives_back_what_was_written_into_it(
    app: Flask, word: str, number: int, name: str
) -> None:
    assert Cursor.read(name, Cursor.write(name, [word, number]), [str, int]) == [word, number]


def test_no_cursor_is_the_first_page(app: Flask) -> None:
    assert Cursor.read("areas", None, [str]) is None


@WIDE
@given(word=WORD, place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_an_altered_cursor_is_refused(app: Flask, word: str, place: int, bit: int) -> None:
    text = Cursor.write("areas", [word])
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    raw[place % len(raw)] ^= 1 << bit
    altered = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    with pytest.raises(CursorRefused):
        Cursor.read("areas", altered, [str])


@WIDE
@given(text=st.text(max_size=700))
def test_a_made_up_cursor_is_refused(app: Flask, text: str) -> None:
    with pytest.raises(CursorRefused):
        Cursor.read("areas", text, [str])
    assert status_of(CursorRefused) == 400


def test_a_cursor_of_another_list_or_shape_is_refused(app: Flask) -> None:
    text = Cursor.write("areas", ["DDHT"])
    with pytest.raises(CursorRefused):
        Cursor.read("requests", text, [str])
    with pytest.raises(CursorRefused):
        Cursor.read("areas", text, [str, int])


def test_a_page_says_where_it_goes_on_only_if_it_does(app: Flask) -> None:
    more = Cursor.page("areas", ["a", "b", "c"], 2, lambda row: [row])
    assert list(more.items) == ["a", "b"]
    assert Cursor.read("areas", more.next, [str]) == ["b"]
    assert Cursor.page("areas", ["a", "b"], 2, lambda row: [row]).next is None
    assert Cursor.page("areas", [], 2, lambda row: [row]).next is None
