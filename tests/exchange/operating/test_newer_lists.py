"""A word that was given on a list counts for those who are missing from the newer ones as well."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pytest

from app.database import read
from app.sync.connectors.protocol import Cursor, Page, SourceAway
from app.sync.inward import deletion, holds
from app.sync.inward.books import Run
from app.sync.inward.holds import carry_out_approved
from tests.exchange.drops import District, Row, Told, drifts, keys_of
from tests.exchange.inward.telling import tell
from tests.exchange.operating.deciding import CROWD, KEPT, decide, status_of
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household
from tests.people import Caller


def list_all(desk: Desk, district: District, rows: Sequence[Row]) -> None:
    """Send all that there is, as the sender sees it later."""
    district.drop("a newer list", True, households=rows)
    assert desk.type("run", "try-out").code == 0


def waiting() -> list[tuple[str, int]]:
    """Return how what waits for a word or for the reader stands, and of how many records."""
    found = read(
        "SELECT status, (SELECT count(*) FROM sync_held_key k WHERE k.hold_id = h.id) AS n"
        " FROM sync_hold h WHERE status IN ('held', 'approved') ORDER BY id"
    )
    return [(row.status, row.n) for row in found]


def test_who_is_on_a_newer_list_is_not_deleted_whoever_approved(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    """The word was given on a slip that the sender has mended since."""
    decide(operator, held)
    list_all(desk, settled, CROWD)
    assert status_of(held) == "lapsed"
    assert desk.type("carry-out").words == "0 records deleted\n"
    assert sorted(keys_of("household")) == sorted(KEPT)


def test_who_is_still_missing_goes_and_nobody_is_asked_again(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    decide(operator, held)
    list_all(desk, settled, CROWD[:5])
    assert waiting() == [("approved", 55)]
    assert desk.type("carry-out").words == "55 records deleted\n"
    assert keys_of("household") == KEPT[:5]


@pytest.mark.parametrize("more", [3, 60])
def test_who_is_missing_beside_those_approved_is_judged_without_them(
    desk: Desk, settled: District, held: str, operator: Caller, more: int
) -> None:
    """A few go at once, and for many a word of their own is needed."""
    decide(operator, held)
    tell(settled, "households", *(household(n) for n in range(101, 101 + more)))
    list_all(desk, settled, [])
    few = more == 3
    assert waiting() == [("approved", 60)] + ([] if few else [("held", 60)])
    assert len(keys_of("household")) == 60 if few else 120
    assert desk.type("carry-out").words == "60 records deleted\n"
    assert len(keys_of("household")) == (0 if few else 60)


def test_who_was_heard_of_since_and_is_missing_again_is_missing_anew(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    decide(operator, held)
    tell(settled, "households", household(7, ver=2))
    list_all(desk, settled, [])
    assert waiting() == [("approved", 59)]
    assert "TRY-H7" not in keys_of("household")
    assert desk.type("carry-out").words == "59 records deleted\n"


def test_a_list_that_proves_nothing_still_has_whom_it_has(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    """A row without a key may be anybody; those with one are there, well told or not."""
    decide(operator, held)
    spoilt = household(5, ver=2, tenure="squatter")
    list_all(desk, settled, [*CROWD[:4], spoilt, household(99, sid="")])
    assert "COMPLETENESS" in drifts()
    assert waiting() == [("approved", 55)]
    assert desk.type("carry-out").words == "55 records deleted\n"
    assert keys_of("household") == KEPT[:5]


def die_after(chunks: int, monkeypatch: pytest.MonkeyPatch, streams: dict[str, Any]) -> None:
    """Carry out what was approved, twenty at a time, and die after some of that."""
    whole, done = deletion.delete_keys, list[Any]()

    def dying(*about: Any) -> int:
        if len(done) == chunks:
            raise KeyboardInterrupt
        done.append(about)
        return whole(*about)

    with monkeypatch.context() as dead:
        dead.setattr(deletion, "CHUNK", 20)
        dead.setattr(deletion, "delete_keys", dying)
        with pytest.raises(KeyboardInterrupt):
            carry_out_approved(streams)


@pytest.mark.parametrize("back", [0, 5, 60])
def test_what_was_half_carried_out_goes_on_as_far_as_they_are_still_missing(
    desk: Desk,
    settled: District,
    held: str,
    operator: Caller,
    monkeypatch: pytest.MonkeyPatch,
    back: int,
) -> None:
    """Who comes back is back, deleted or not, and the others need no second word."""
    decide(operator, held)
    die_after(1, monkeypatch, {stream.name: stream for stream in settled.streams})
    assert len(keys_of("household")) == 40
    list_all(desk, settled, CROWD[:back])
    assert [status for status, _ in waiting()] == ([] if back == 60 else ["approved"])
    assert desk.type("carry-out").code == 0
    assert sorted(keys_of("household")) == sorted(KEPT[:back])
    assert status_of(held) == ("lapsed" if back == 60 else "done")


class Cut(Told):
    """A source that is away behind its second page, when the first is committed."""

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        yield from islice(super().pages(stream, cursor, size), 2)
        raise SourceAway("the line is dead")


def test_a_newer_list_that_is_half_read_is_awaited(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    """Whom its first pages had would be gone, and nobody would read those pages again."""
    decide(operator, held)
    pages = {"households": [CROWD[:20], CROWD[20:40], CROWD[40:]]}
    assert settled.hear(Cut(pages, complete=True))["households"].status == "away"
    assert desk.type("carry-out").words == "0 records deleted\n"
    assert settled.hear(Told(pages, complete=True))["households"].status == "done"
    assert (status_of(held), len(keys_of("household"))) == ("lapsed", 60)


def test_a_newer_list_of_which_nothing_could_be_read_is_not_awaited(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    decide(operator, held)
    refused = Told({"households": [[]]}, complete=True, ends=True)
    assert settled.hear(refused)["households"].status == "refused"
    assert desk.type("carry-out").words == "60 records deleted\n"


def test_what_lapses_just_before_it_is_carried_out_is_not_called_done(
    desk: Desk,
    settled: District,
    held: str,
    operator: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decide(operator, held)
    whole = holds.open_run  # type: ignore[attr-defined]

    def late(*about: Any) -> Run:
        settled.send_all("they are back", households=CROWD)
        return whole(*about)

    monkeypatch.setattr(holds, "open_run", late)
    assert desk.type("carry-out").words == "0 records deleted\n"
    assert (status_of(held), len(keys_of("household"))) == ("lapsed", 60)
    assert read("SELECT FROM audit_entry WHERE deed = 'sync.hold.carried_out'") == []
