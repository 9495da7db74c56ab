"""Alerts in English: who reads no Chinese learns that there is one, and where to look."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from notices.cap.english import EVENTS
from notices.model.kinds import KINDS
from tests.feeds.test_cap import XSD, alerts, emergency, tag
from tests.notices_of import NEW, done, publish_draft, take
from tests.people import STAFF, Caller, Person

Client = Callable[[Person], Caller]
NO_ENGLISH = {"title_en": None, "body_en_md": None}


def english(alert: bytes, name: str) -> str:
    """Return an element of an alert's English words."""
    top = etree.fromstring(alert)
    XSD.assertValid(top)
    (info,) = [e for e in top.findall(tag("info")) if e.findtext(tag("language")) == "en"]
    return info.findtext(tag(name)) or ""


def test_what_was_written_in_english_is_read_as_words(sign_in: Client, nobody: Caller) -> None:
    """A siren's display and a voice know no Markdown."""
    emergency(sign_in, body_en_md="**Leave** [now](https://example.org).\n\n- By bus\n- On foot")
    (alert,) = alerts(nobody)
    assert english(alert, "description") == "Leave now.\nBy bus\nOn foot"


def test_an_alert_without_english_says_where_and_what_it_is(
    sign_in: Client, nobody: Caller
) -> None:
    notice = emergency(sign_in, **NO_ENGLISH, kind="health")
    (alert,) = alerts(nobody)
    assert english(alert, "headline") == english(alert, "event") == "Public health emergency"
    said = english(alert, "description")
    for words in ("emergency notice", "severe", "Langtou", "Chinese", f"/n/{notice['root_id']}"):
        assert words in said, words
    assert said.isascii(), "who reads no Chinese is told nothing by it"


def test_its_correction_and_its_end_say_so_too(sign_in: Client, nobody: Caller) -> None:
    notice = emergency(sign_in, **NO_ENGLISH)
    words: dict[str, Any] = {**NEW, "priority": "emergency", "change_note": "范围有误"}
    words["audience"] = {"areas": ["DDHT-XQ-LT"]}
    fixed = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    take(sign_in(STAFF), fixed, "withdrawal")
    _, update, cancel = alerts(nobody)
    assert english(update, "headline") == "Emergency"
    assert english(cancel, "headline") == "[ALL CLEAR] Emergency"
    assert "is over" in english(cancel, "description")


@pytest.mark.parametrize("written", [NO_ENGLISH, {}])
def test_a_drill_is_one_in_english_too(
    sign_in: Client, nobody: Caller, written: dict[str, None]
) -> None:
    emergency(sign_in, **written, drill=True)
    (alert,) = alerts(nobody)
    for name in ("headline", "description"):
        assert english(alert, name).startswith("[DRILL] ")


def test_there_are_english_words_for_each_kind() -> None:
    assert tuple(EVENTS) == KINDS
