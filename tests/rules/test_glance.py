"""A glance at a column says what its kind would say of each text, or nothing."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.kinds import name
from app.sync import Kind, Letters, code, day, key, text
from app.sync.contract.glance import all_plain
from app.sync.contract.sweep import GLANCED, Sweep

KINDS = {each.name: each for each in (code, key, text, day, name)}
PLAIN = {
    "code": ["A", "a-1", "0" * 40],
    "key": ["R0000000001", "H:1/2._-", "x" * 128],
    "text": ["浪头镇知春路17号", "3-1 (左)", "、", "a b", "!", "~" * 200],
    "day": ["2000-02-29", "1900-03-01", "0001-01-01", "9999-12-31"],
    "name": ["王", "欧阳晓明"],
}
ODD = {
    "code": ["", "-a", "a b", "a:b", "0" * 41, "é", "丹", "a\n"],
    "key": ["", ":a", ".a", "a b", "x" * 129, "１"],
    "text": ["", " ", " a", "a ", "a\tb", "\u3000", "臺\u0301", "\U00020000", "~" * 201, "é"],
    "day": ["", "1900-02-29", "2023-02-30", "0000-01-01", "2000-1-1", "2000-01-01 ", "20000101"],
    "name": ["", "John", "王 明", "王·明", "㐀", "王" * 21],
}
ANY = st.text(st.sampled_from("aA0-_:/. \t\n~!丹鿿、（é\u3000\U00020000"), max_size=5) | st.text(
    max_size=3
)


def glance(kind: Kind, texts: list[str | None], required: bool = True, begin: int = 0) -> bool:
    return all_plain(kind, pa.array(texts, pa.string()).slice(begin), required)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_clean_column_needs_no_second_look(kind: Kind) -> None:
    clean: list[str | None] = [*PLAIN[kind.name]]
    assert glance(kind, clean)
    assert glance(kind, ["\x00", *clean], begin=1)
    assert glance(kind, [])
    assert glance(kind, [*clean, None], required=False)
    assert glance(kind, [None, None], required=False)
    assert not glance(kind, [*clean, None])


@pytest.mark.parametrize(
    ("kind", "odd"), [(kind, odd) for each, kind in KINDS.items() for odd in ODD[each]]
)
def test_one_odd_text_and_each_is_looked_at(kind: Kind, odd: str) -> None:
    clean = PLAIN[kind.name]
    for texts in ([odd], [odd, *clean], [*clean, odd], [clean[0], odd, *clean[1:]]):
        assert not glance(kind, [*texts])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(texts=st.lists(ANY, min_size=1, max_size=4), clean=st.integers(0, 4))
def test_what_passes_at_a_glance_is_read_unchanged(
    kind: Kind, texts: list[str], clean: int
) -> None:
    column = [*PLAIN[kind.name][:clean], *texts]
    if glance(kind, [*column]):
        assert [kind(each) for each in column] == column


@given(places=st.sets(st.integers(0, 2 * GLANCED + 6), max_size=6))
def test_odd_texts_are_found_wherever_they_stand(places: set[int]) -> None:
    clean = [f"R{number:07}" for number in range(2 * GLANCED + 7)]
    column = [f"{each}丹" if place in places else each for place, each in enumerate(clean)]
    sweep = Sweep(pa.table({"it": column}))
    found = sweep.read("it", key, required=True).to_pylist()
    assert sweep.faults == dict.fromkeys(places, ("it", "NOT_A_KEY"))
    assert found == [None if place in places else each for place, each in enumerate(clean)]


def test_half_a_letter_is_none() -> None:
    """Bytes that are no text by themselves may be some together: they are no letters."""
    begun, ended = "丹".encode()[:1], "丹".encode()[1:]
    for halves in (
        [begun],
        [begun, ended],
        ["王".encode(), begun, ended],
        [b"a" + begun, ended + b"a"],
        [begun, b"a" + ended],
        [begun + b"a" + ended],
        ["丹".encode(), ended],
    ):
        texts = pa.array(halves, pa.binary()).view(pa.string())
        for kind in (name, text):
            assert not all_plain(kind, texts, required=True), halves
    halves = pa.array([begun, ended], pa.binary()).view(pa.string())
    assert not all_plain(name, halves.slice(0, 1), required=True)
    assert not all_plain(name, halves.slice(1), required=True)


def test_letters_make_the_pattern_that_contracts_publish() -> None:
    assert Letters("a-z_", 40, first="a-z").pattern == "[a-z][a-z_]{0,39}"
    assert Letters(" a-z", 9, first="a-z", last="a-z").pattern == "[a-z](?:[ a-z]{0,7}[a-z])?"
    assert Letters("一-鿿", 20).pattern == "[一-鿿][一-鿿]{0,19}"
