"""What is odd about a source is noted once and counted; what is usual is not."""

import json

import pytest

from app.sync.inward.projection import Projection
from tests.exchange.drops import District, drifts, one
from tests.exchange.inward.telling import tell_all
from tests.exchange.records import household

CROWD = [household(n) for n in range(1, 101)]


def test_a_list_much_shorter_than_its_like_is_noted(addressed: District) -> None:
    for _ in range(3):
        tell_all(addressed, "households", *CROWD)
    tell_all(addressed, "households", *CROWD[:69])
    noted = drifts()["VOLUME"]
    assert (noted.stream, noted.times) == ("households", 1)
    assert noted.detail == {"rows": 69, "usual": 100}


def test_a_list_much_longer_than_its_like_is_noted(addressed: District) -> None:
    tell_all(addressed, "households", *CROWD[:60])
    tell_all(addressed, "households", *CROWD)
    assert drifts()["VOLUME"].detail == {"rows": 100, "usual": 60}


def test_a_list_about_as_long_as_its_like_is_not(addressed: District) -> None:
    for rows in (100, 70, 100, 75):
        tell_all(addressed, "households", *CROWD[:rows])
    assert "VOLUME" not in drifts()


def test_a_small_stream_may_change_as_it_likes(addressed: District) -> None:
    for rows in (40, 10, 49):
        tell_all(addressed, "households", *CROWD[:rows])
    assert "VOLUME" not in drifts()


def test_a_first_list_has_no_like(addressed: District) -> None:
    tell_all(addressed, "households", *CROWD)
    assert drifts() == {}


def test_what_is_noted_again_is_counted_and_not_kept_twice(addressed: District) -> None:
    for ver in (1, 2):
        addressed.send(households=[household(1, ver=ver, age="3"), household(2, ver=ver, age="4")])
    noted = drifts()["COLUMN_NEW"]
    assert noted.times == 4
    assert noted.last_seen > noted.first_seen


def test_a_drift_holds_no_value_of_a_record(addressed: District) -> None:
    """Names of columns and numbers are for every operator; what records say is not."""
    addressed.send(households=[household(1, secret="张三的秘密")])
    addressed.send(households=[household(1, tenure="tenant", secret="张三的秘密")])
    assert set(drifts()) == {"COLUMN_NEW", "VERSION_REUSED"}
    words = json.dumps([row.detail for row in drifts().values()], ensure_ascii=False)
    assert "张三" not in words
    assert "tenant" not in words


def test_a_reading_that_went_on_is_as_long_as_all_of_it(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the second half was read this time: that is no drift of the source."""
    addressed.send_all(households=CROWD)
    addressed.drop("the next", True, households=[household(n, ver=2) for n in range(1, 101)])
    whole, pages = Projection.arrived, []

    def dying(self: Projection) -> None:
        pages.append(self)
        if len(pages) == 2:
            raise KeyboardInterrupt
        whole(self)

    with monkeypatch.context() as dead:
        dead.setattr(Projection, "arrived", dying)
        with pytest.raises(KeyboardInterrupt):
            addressed.load(page_rows=60)
    addressed.load(page_rows=60)
    assert one("SELECT min(ver) FROM src_households WHERE source = 'try-out'") == 2
    assert "VOLUME" not in drifts()
