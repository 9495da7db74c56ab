"""Keys that prove absence: if one is lost nobody is deleted, and who needs them keeps them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.database import transaction, write
from app.housekeeping import HOUSEKEEPING
from app.sync import beat
from app.sync.inward import deletion, points
from tests.exchange.drops import District, drifts, keys_of, one
from tests.exchange.inward.telling import last_run
from tests.exchange.records import household

SIX = [household(n) for n in range(1, 7)]
THREE = SIX[:3]
SOON = 15.0


@contextmanager
def at(place: str, deed: Callable[[], None]) -> Iterator[None]:
    """Do something whenever the work comes to a place."""
    points.watch(lambda name: deed() if name == place else None)
    try:
        yield
    finally:
        points.watch(lambda _name: None)


def lose(sid: str) -> None:
    with transaction():
        write("DELETE FROM sync_seen WHERE sid = %(sid)s", {"sid": sid})


def test_a_key_lost_before_anything_is_judged_deletes_nobody(addressed: District) -> None:
    """Who is in the list is in the register, whatever became of the key that says so."""
    addressed.send_all(households=THREE)
    with at("seen", lambda: lose("TRY-H1")):
        addressed.send_all(households=THREE[:2])
    assert keys_of("household") == ["TRY-H1", "TRY-H2", "TRY-H3"]
    noted = drifts()["COMPLETENESS"]
    assert (noted.stream, noted.subject, noted.detail) == (
        "households", "keys that were lost", {"count": 1},
    )  # fmt: skip
    addressed.load()
    assert keys_of("household") == ["TRY-H1", "TRY-H2"], "the same list is looked through anew"


def test_keys_lost_between_two_steps_of_the_deletion_spare_who_is_there(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "CHUNK", 1)
    addressed.send_all(households=SIX)
    with at("deleted", lambda: lose("TRY-H1")):
        addressed.send_all(households=SIX[:2])
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    assert one("SELECT count(*) FROM sync_batch WHERE n_deleted = 1 AND source = 'try-out'") == 4


def test_keys_lost_before_much_is_held_back_hold_nothing(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody would approve must be what was proved."""
    monkeypatch.setattr("app.sync.inward.absence.FEW", 0)
    addressed.send_all(households=SIX)
    with at("seen", lambda: lose("TRY-H1")):
        addressed.send_all(households=SIX[:3])
    assert one("SELECT count(*) FROM sync_hold WHERE source = 'try-out'") == 0
    addressed.send_all("once more", households=SIX[:3])
    assert one("SELECT n_missing FROM sync_hold WHERE source = 'try-out'") == 3
    assert one("SELECT string_agg(sid, ' ' ORDER BY sid) FROM sync_held_key") == (
        "TRY-H4 TRY-H5 TRY-H6"
    )


def test_a_look_that_lasts_for_days_keeps_its_keys(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began two days ago and others have begun since, but it says every minute that it lives."""
    monkeypatch.setattr(beat, "EVERY", 0.02)
    addressed.send_all(households=THREE)
    kept = []

    def two_days_later() -> None:
        with transaction():
            for table, column in (("sync_run", "started_at"), ("sync_look", "alive_at")):
                write(f"UPDATE {table} SET {column} = {column} - interval '2 days'")
            write(
                "INSERT INTO sync_run (source, stream, fence, status)"
                " VALUES ('try-out', 'another', 1, 'done')"
            )
        end = time.monotonic() + SOON
        while one("SELECT min(alive_at) < now() - interval '1 hour' FROM sync_look"):
            assert time.monotonic() < end, "it says nothing"
            time.sleep(0.01)
        HOUSEKEEPING.run()
        kept.append(one("SELECT count(*) FROM sync_seen"))

    with at("seen", two_days_later):
        addressed.send_all(households=THREE[:2])
    assert kept == [2]
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    assert last_run("households").status == "done"
    assert one("SELECT count(*) FROM sync_look") == 0
