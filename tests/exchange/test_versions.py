"""Whatever order records come in, the newest version of each is what is known."""

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read
from app.privacy import vault
from app.sync import run_source
from tests.exchange.drops import District, Row, Told, one, quiet, tally
from tests.exchange.records import household, staff

NEW = {"in": 1, "inserted": 1}
FEW = settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def tenure() -> Any:
    return one("SELECT tenure FROM household WHERE sid = 'TRY-H1'")


def test_a_newer_version_is_taken_and_an_older_one_left(district: District) -> None:
    counts = district.send(households=[household(ver=5)])["households"]
    assert tally(counts) == NEW
    counts = district.send(households=[household(ver=7, tenure="tenant")])["households"]
    assert tally(counts) == {"in": 1, "updated": 1}
    assert tenure() == "tenant"
    counts = district.send(households=[household(ver=6, tenure="owner")])["households"]
    assert tally(counts) == {"in": 1, "stale": 1}
    assert tenure() == "tenant"


def test_the_same_version_with_the_same_content_is_the_same(district: District) -> None:
    district.send(households=[household()])
    district.drop(note="sent again", households=[household()])
    assert tally(district.load()["households"]) == {"in": 1, "same": 1}


def test_repeats_within_a_page_are_counted_and_the_newest_is_taken(district: District) -> None:
    rows = [household(ver=1), household(ver=3, tenure="tenant"), household(ver=2), household(ver=1)]
    counts = district.send(households=rows)["households"]
    assert tally(counts) == {"in": 4, "inserted": 1, "duplicate": 3}
    assert tenure() == "tenant"


def test_a_version_used_twice_ends_the_same_whichever_comes_first(district: District) -> None:
    """The source reused a version; the higher hash wins, here and on every other machine."""
    ends = []
    two = [household(ver=2, tenure="owner"), household(ver=2, tenure="tenant")]
    for order in (two, two[::-1]):
        for row in order:
            district.send(households=[row])
        ends.append((tenure(), one("SELECT hash FROM src_households WHERE sid = 'TRY-H1'")))
        district.forget()
    assert ends[0] == ends[1]


def test_a_field_spelt_otherwise_is_the_same_record(district: District) -> None:
    """Spaces, full width and the 15th birthday of a spelling are no news."""
    district.send(staff=[staff(phone="19999970001")])
    respelt = [staff(phone="+86 199-9997-0001", name=" 试行员 ", valid_from="20240101")]
    assert tally(district.send(staff=respelt)["staff"]) == {"in": 1, "same": 1}


def shuffled(draw: st.DrawFn, events: Sequence[Row]) -> list[list[Row]]:
    """Cut the events, some of them twice, in any order into pages."""
    repeated = [*events, *draw(st.lists(st.sampled_from(events), max_size=4))]
    order = draw(st.permutations(repeated))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
    bounds = [0, *cuts, len(order)]
    return [list(order[a:b]) for a, b in pairwise(bounds) if a < b]


@st.composite
def two_deliveries(draw: st.DrawFn, kind: str) -> tuple[list[list[Row]], list[list[Row]]]:
    serial, version = st.integers(1, 3), st.integers(1, 3)
    one_household = st.builds(
        lambda n, v, tenure, at: household(n, ver=v, tenure=tenure, address_sid=at),
        serial, version, st.sampled_from(("owner", "tenant")),
        st.sampled_from(("TRY-A1", "TRY-A2")),
    )  # fmt: skip
    one_member = st.builds(
        lambda n, v, role, phone: staff(n, ver=v, role=role, phone=phone),
        serial, version, st.sampled_from(("grid_worker", "auditor")),
        st.sampled_from(("19999970001", "19999970002")),
    )  # fmt: skip
    events = draw(st.lists(one_household if kind == "households" else one_member, min_size=1))
    return shuffled(draw, events), shuffled(draw, events)


def known(district: District, stream: str, table: str) -> object:
    """Return mirror and projection, what is sealed in them opened."""
    rows = read(f"SELECT * FROM src_{stream} WHERE source = 'try-out' ORDER BY sid")
    mirror = [
        {name: opened(stream, row.sid, name, value) for name, value in row._asdict().items()}
        for row in rows
    ]
    key = "staff_sid" if table == "staff_grant" else "sid"
    projected = [
        {
            name: opened(stream, getattr(row, key), name, value)
            for name, value in row._asdict().items()
            if name != "id"
        }
        for row in read(f"SELECT * FROM {table} WHERE {key} LIKE 'TRY%%' ORDER BY {key}", {})
    ]
    return mirror, projected


def opened(entity: str, sid: str, name: str, value: object) -> object:
    if name in ("first_batch", "last_batch"):
        return None
    if name == "account_id":
        return one("SELECT phone_index FROM account WHERE id = %(id)s", id=value)
    if name.endswith("_sealed") and isinstance(value, bytes):
        return vault.open(f"{entity}.{name.removesuffix('_sealed')}", sid, value)
    return value.isoformat() if isinstance(value, datetime.date) else value


@FEW
@given(deliveries=two_deliveries("households"))
def test_households_end_alike_in_any_order_pages_and_repeats(
    district: District, deliveries: tuple[list[list[Row]], list[list[Row]]]
) -> None:
    _ends_alike(district, "households", "household", deliveries)


@FEW
@given(deliveries=two_deliveries("staff"))
def test_staff_and_their_grants_end_alike_in_any_order_pages_and_repeats(
    district: District, deliveries: tuple[list[list[Row]], list[list[Row]]]
) -> None:
    _ends_alike(district, "staff", "staff_grant", deliveries)


def _ends_alike(
    district: District, stream: str, table: str, deliveries: Sequence[list[list[Row]]]
) -> None:
    ends = []
    for pages in deliveries:
        district.forget()
        run_source(Told(stream, pages), district.streams, quiet)
        ends.append(known(district, stream, table))
    assert ends[0] == ends[1]
