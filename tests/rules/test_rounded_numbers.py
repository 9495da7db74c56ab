"""Identity numbers that a spreadsheet took for quantities are named, and none is believed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from app.identity.kinds import id_number
from app.identity.numbers import check_digit
from app.sync import FieldRefused
from app.sync.contract.sweep import Sweep

LOST = "PRECISION_LOST"


def born(day: int, serial: str = "100") -> str:
    """Return a number of somebody born on a day of January 1970."""
    first17 = f"21060319700101{serial}".replace("0101", f"01{day:02d}", 1)
    return first17 + check_digit(first17)


TRUE = next(born(day) for day in range(1, 32) if born(day).endswith("000"))
"""A number that ends in three noughts, as one of a thousand does."""

PEOPLE = [born(day, f"{serial:03d}") for day in range(1, 29) for serial in (121, 242, 363)]
ROUNDED = [each[:15] + "000" for each in PEOPLE]


def faults(texts: Sequence[str | None], gone: Sequence[bool] | None = None) -> Mapping[int, Any]:
    sweep = Sweep(pa.table({"id_number": pa.array(texts, pa.string())}))
    sweep.read("id_number", id_number, required=False, unless=gone)
    return {place: code for place, (_, code) in sweep.faults.items()}


@pytest.mark.parametrize("eaten", ["2.10603E+17", "2.10603197001011E+17", " 2.1E17 ", ROUNDED[0]])
def test_a_number_taken_for_a_quantity_is_named_so(eaten: str) -> None:
    with pytest.raises(FieldRefused) as refusal:
        id_number(eaten)
    assert refusal.value.code == LOST


def test_a_slip_of_the_pen_is_not(app: object) -> None:
    with pytest.raises(FieldRefused) as refusal:
        id_number(PEOPLE[0][:17] + ("1" if PEOPLE[0][17] != "1" else "2"))
    assert refusal.value.code == "NOT_AN_ID_NUMBER"


def test_of_a_rounded_column_none_is_believed() -> None:
    """One of eleven passes the check digit by chance, and is somebody else's."""
    by_chance = [each for each in ROUNDED if not faults([each])]
    assert by_chance
    assert faults(ROUNDED) == dict.fromkeys(range(len(ROUNDED)), LOST)


def test_a_true_number_that_ends_so_is_believed_among_true_ones() -> None:
    assert faults([*PEOPLE, TRUE]) == {}


def test_one_slip_does_not_cost_the_true_ones_that_end_so() -> None:
    wrong = next(each for each in ROUNDED if faults([each]))
    assert faults([TRUE, wrong, TRUE, TRUE]) == {1: LOST}


def test_a_deletion_needs_no_number() -> None:
    wrong = next(each for each in ROUNDED if faults([each]))
    assert faults([wrong, TRUE], [False, True]) == {0: LOST}
    assert faults([wrong, TRUE], [False, False]) == {0: LOST, 1: LOST}
