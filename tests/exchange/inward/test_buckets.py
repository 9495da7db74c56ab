"""The buckets always hold what SQL counts in the mirror, whatever was merged and in what order."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read
from app.sync.inward import tally
from app.sync.inward.buckets import BUCKET_SQL, VERSION_SQL, content_sum, totals
from tests.exchange.drops import SOURCE, District, Row, one, sample_rows
from tests.exchange.inward.homes import give_addresses
from tests.exchange.inward.telling import gone, tell, tell_all
from tests.exchange.records import household

FEW = settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
Counted = dict[int, tuple[int, int, int]]
Page = tuple[bool, list[Row]]


def counted(stream: str) -> Counted:
    """Count the mirror in SQL, as the district would, and the hashes beside."""
    found: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    rows = read(
        f"SELECT {BUCKET_SQL} AS bucket, {VERSION_SQL} AS version, hash FROM src_{stream}"
        " WHERE source = %(source)s AND deleted_at IS NULL",
        {"source": SOURCE},
    )
    for row in rows:
        found[row.bucket].append((row.version, bytes(row.hash)))
    return {
        bucket: (
            len(each),
            sum(version for version, _ in each),
            sum(int.from_bytes(content) for _, content in each),
        )
        for bucket, each in found.items()
    }


def booked(stream: str) -> Counted:
    rows = read(
        "SELECT * FROM sync_bucket WHERE source = %(source)s AND stream = %(stream)s",
        {"source": SOURCE, "stream": stream},
    )
    empty = [row for row in rows if row.n == 0]
    assert all(row.versions == row.content == 0 for row in empty)
    return {row.bucket: (row.n, int(row.versions), int(row.content)) for row in rows if row.n}


one_household = st.builds(
    lambda n, v, tenure, at: household(n, ver=v, tenure=tenure, address_sid=at),
    st.integers(1, 6), st.integers(1, 4), st.sampled_from(("owner", "tenant", "squatter")),
    st.sampled_from(("TRY-A1", "TRY-A9")),
)  # fmt: skip
one_deletion = st.builds(lambda n, v: gone(f"TRY-H{n}", v), st.integers(1, 6), st.integers(1, 4))
one_page = st.tuples(
    st.booleans(), st.lists(one_household | one_household | one_deletion, max_size=5)
)


@FEW
@given(pages=st.lists(one_page, min_size=1, max_size=6), most=st.sampled_from((1, 3, tally.MOST)))
def test_they_hold_what_lives_here_after_any_merges(
    district: District, monkeypatch: pytest.MonkeyPatch, pages: Sequence[Page], most: int
) -> None:
    """New, newer, older, repeated, bad, waiting, deleted, missing and returning records."""
    monkeypatch.setattr(tally, "MOST", most)
    district.forget()
    give_addresses(district)
    for complete, rows in pages:
        (tell_all if complete else tell)(district, "households", *rows)
        assert booked("households") == counted("households")


def test_they_hold_a_whole_register_that_was_laid_down_at_once(district: District) -> None:
    rows = list(sample_rows("households"))
    tell(district, "households", *rows)
    assert booked("households") == counted("households")
    assert totals(SOURCE, "households")[0] == len(rows)


def test_their_total_is_the_sum_of_a_reading(addressed: District) -> None:
    """By this a complete reading is known to hold what lives here, without a second look."""
    tell(addressed, "households", *(household(n) for n in range(1, 40)))
    hashes = read("SELECT hash FROM src_households WHERE source = 'try-out'")
    content = content_sum(b"".join(bytes(row.hash) for row in hashes))
    assert totals(SOURCE, "households") == (39, content)


def test_of_what_is_gone_nothing_is_left_in_them(addressed: District) -> None:
    tell(addressed, "households", household())
    tell(addressed, "households", gone("TRY-H1", 2))
    assert totals(SOURCE, "households") == (0, 0)
    assert one("SELECT sum(versions) FROM sync_bucket WHERE stream = 'households'"
               " AND source = 'try-out'") == 0  # fmt: skip


@given(st.lists(st.binary(min_size=16, max_size=16)))
def test_a_sum_of_hashes_is_their_sum(hashes: list[bytes]) -> None:
    assert content_sum(b"".join(hashes)) == sum(int.from_bytes(each) for each in hashes)
