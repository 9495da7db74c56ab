"""What large pages add to the books is in them at once, and in the buckets at the end."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.sync.inward import tally
from app.sync.inward.booked import BOOKED
from app.sync.inward.buckets import Sums, totals
from app.sync.inward.tally import Tally, settle
from app.sync.reconcile.books import mend_books
from tests.exchange.drops import SOURCE, District, Told, one
from tests.exchange.inward.telling import tell
from tests.exchange.inward.test_buckets import Counted, booked, counted
from tests.exchange.inward.test_keys_lost import at
from tests.exchange.records import household

NAMES = {"source": SOURCE, "stream": "households"}
PAGES = [[household(n) for n in range(first, first + 20)] for first in (1, 21, 41)]
KEPT = "SELECT count(*) FROM sync_tally WHERE source = 'try-out'"

one_record = st.tuples(
    st.text(max_size=3), st.integers(0, 2**63 - 1), st.binary(min_size=16, max_size=16)
)
one_page = st.tuples(st.lists(one_record, min_size=1, max_size=6), st.sampled_from((1, -1)))
Page = tuple[list[tuple[str, int, bytes]], int]


@pytest.fixture(autouse=True)
def every_page_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST", 1)


def known() -> Counted:
    """Return the books as everybody is shown them, empty buckets left out."""
    rows = [row for row in read(BOOKED, NAMES) if row.n or row.versions or row.content]
    return {row.bucket: (row.n, int(row.versions), int(row.content)) for row in rows}


def between_pages(district: District, deed: Callable[[], None]) -> None:
    with at("acknowledged", deed):
        district.hear(Told({"households": PAGES}))


def sums_of(page: Page) -> Sums:
    records, sign = page
    found = Sums()
    content = b"".join(content for _, _, content in records)
    found.add([sid for sid, _, _ in records], [ver for _, ver, _ in records], content, sign)
    return found


def test_they_are_shown_after_every_page_of_a_reading(addressed: District) -> None:
    seen: list[tuple[int, int]] = []

    def look() -> None:
        assert known() == counted("households")
        seen.append((one(KEPT), totals(**NAMES)[0]))

    between_pages(addressed, look)
    assert seen == [(1, 20), (1, 40), (1, 60)]
    assert one(KEPT) == 0
    assert booked("households") == counted("households")


def test_what_a_reading_left_that_broke_off_is_counted_by_the_next(addressed: District) -> None:
    addressed.hear(Told({"households": PAGES}, ends=True))
    assert one(KEPT) == 1
    assert known() == counted("households")
    tell(addressed, "households", household(1, ver=2), household(90))
    assert one(KEPT) == 0
    assert booked("households") == counted("households")


def test_a_reading_goes_on_after_its_books_were_mended(addressed: District) -> None:
    """What was kept of its first page is in the buckets then, and is not added once more."""
    wrong: list[int] = []

    def spoil() -> None:
        if wrong:
            return
        with transaction():
            write("DELETE FROM src_households WHERE source = 'try-out' AND sid = 'TRY-H7'")
        wrong.extend(mend_books(SOURCE, addressed.named("households")))
        assert one(KEPT) == 0
        assert known() == counted("households")

    between_pages(addressed, spoil)
    assert len(wrong) == 1
    assert booked("households") == counted("households")
    assert totals(**NAMES)[0] == 59


def fail_after(deed: Callable[..., None], *about: object) -> None:
    deed(*about)
    raise RuntimeError


def test_a_page_that_is_not_committed_is_not_counted(district: District) -> None:
    first, lost, last = (sums_of(([(sid, 1, bytes([n] * 16))], 1)) for n, sid in enumerate("abc"))
    kept = Tally(**NAMES)
    with transaction():
        kept.add(first, 1)
    with pytest.raises(RuntimeError), transaction():
        fail_after(kept.add, lost, 2)
    with transaction():
        kept.add(last, 3)
    first.join(last)
    assert totals(**NAMES) == first.total()
    assert first.total()[0] == 2


@settings(
    deadline=None,
    max_examples=25,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(one_page, min_size=1, max_size=4))
def test_they_come_to_what_small_pages_come_to(district: District, pages: Sequence[Page]) -> None:
    """To the last of 128 bits, and whatever is taken away."""
    district.forget()
    kept = Tally(**NAMES)
    for batch, page in enumerate(pages):
        with transaction():
            kept.add(sums_of(page), batch + 1)
    large = known()
    with transaction():
        settle(**NAMES)
    assert known() == large
    district.forget()
    for page in pages:
        with transaction():
            sums_of(page).store(**NAMES)
    assert known() == large
