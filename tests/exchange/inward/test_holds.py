"""Many deletions at once wait for somebody's word: a broken export must not empty the register."""

from typing import Any

import pytest

from app.database import read
from app.sync.inward import absence
from tests.exchange.drops import District, Told, keys_of, mirrored, one
from tests.exchange.inward.telling import last_run, tell
from tests.exchange.records import household

CROWD = [household(n) for n in range(1, 61)]


def holds() -> list[Any]:
    return read("SELECT * FROM sync_hold WHERE source = 'try-out' ORDER BY made_at")


def held_keys() -> list[tuple[str, int]]:
    found = read(
        "SELECT k.sid, k.ver FROM sync_held_key k JOIN sync_hold h ON h.id = k.hold_id"
        " WHERE h.source = 'try-out' ORDER BY k.sid"
    )
    return [tuple(row) for row in found]


def test_fifty_at_once_are_deleted_and_one_more_is_held(addressed: District) -> None:
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:9])
    assert len(keys_of("household")) == 60
    (hold,) = holds()
    assert (hold.stream, hold.status, hold.n_missing, hold.n_live) == ("households", "held", 51, 60)
    assert held_keys() == sorted((str(row["sid"]), 1) for row in CROWD[9:])
    assert (hold.run_id, last_run("households").status) == (last_run("households").id, "held")
    addressed.send_all(households=CROWD[:10])
    assert len(keys_of("household")) == 10


def test_the_brake_is_fifty_or_one_in_a_hundred() -> None:
    assert (absence.FEW, absence.SHARE) == (50, 0.01)


def test_of_six_thousand_sixty_may_go_and_sixty_one_may_not(addressed: District) -> None:
    """The share as it is: one in a hundred of what lives here."""
    many = [household(n) for n in range(1, 6001)]
    addressed.send_all(households=many)
    addressed.send_all(households=many[:-60])
    assert len(keys_of("household")) == 5940
    assert holds() == []
    addressed.send_all(households=many[:-120])
    assert len(keys_of("household")) == 5940
    assert [(hold.n_missing, hold.n_live) for hold in holds()] == [(60, 5940)]


def test_of_many_one_in_a_hundred_may_go(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share counts where it is more than the few; nobody has to send 5,000 to see it."""
    monkeypatch.setattr(absence, "FEW", 0)
    monkeypatch.setattr(absence, "SHARE", 0.1)
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:54])
    assert len(keys_of("household")) == 54
    addressed.send_all(households=CROWD[:48])
    assert len(keys_of("household")) == 54
    assert [hold.n_missing for hold in holds()] == [6]


def test_a_hold_deletes_nothing_and_counts_nothing(addressed: District) -> None:
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:1])
    assert {row.deleted_at for row in mirrored("households", "deleted_at")} == {None}
    assert one("SELECT sum(n_deleted) FROM sync_batch WHERE source = 'try-out'") == 0


@pytest.mark.parametrize("note", ["the same", "another"])
def test_when_they_are_back_the_hold_lapses(addressed: District, note: str) -> None:
    """Nobody has to decide over a slip that the sender has mended."""
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:1])
    more = [household(99)] if note == "another" else []
    addressed.send_all(note, households=[*CROWD, *more])
    assert [hold.status for hold in holds()] == ["lapsed"]
    assert held_keys() == []
    assert last_run("households").status == "done"


def test_a_newer_list_makes_a_newer_hold(addressed: District) -> None:
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:5])
    addressed.send_all(households=CROWD[:4])
    assert [hold.status for hold in holds()] == ["lapsed", "held"]
    assert len(held_keys()) == 56


def test_a_part_that_has_them_again_does_not_settle_a_hold(addressed: District) -> None:
    addressed.send_all(households=CROWD)
    addressed.send_all(households=CROWD[:1])
    tell(addressed, "households", *CROWD)
    assert [hold.status for hold in holds()] == ["held"]


def test_while_one_stream_is_held_the_others_are_read(addressed: District) -> None:
    addressed.send_all(households=CROWD)
    told = Told({"households": [CROWD[:1]], "addresses": [[]]}, complete=True)
    found = addressed.hear(told)
    assert {stream: outcome.status for stream, outcome in found.items()} == {
        "households": "held",
        "addresses": "done",
    }
    assert keys_of("address") == []
