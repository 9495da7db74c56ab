"""Made-up residents by the million: 16 columns, numbers that check, the same for the same seed.

Rows are made a block at a time, each block from a seed of its own, so that memory does not grow
with their count and any variant of the file (some rows changed, some gone) repeats all others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = Any
"""A pyarrow array of texts: pyarrow brings no types."""
Digits: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
Choices: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

COLUMNS = (
    *("sid", "ver", "id_number", "name", "sex", "born_on", "phone", "ethnicity"),
    *("education", "occupation", "household_sid", "relation", "grid_code", "address"),
    *("register_kind", "registered_on"),
)
BLOCK = 100_000
FIRST_VERSION = 1_763_800_000_000  # milliseconds since 1970, as many a register counts versions
A_DAY_LATER = FIRST_VERSION + 86_400_000

WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), dtype=np.int32)
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)  # ISO 7064 MOD 11-2

SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
SIGNS = tuple("伟强磊军洋勇杰涛超明刚平辉鹏华飞波斌宇浩芳娜敏静丽艳娟霞秀英玲婷雪慧莹洁燕颖琳欣")
GIVEN = (*SIGNS, *(first + second for first in SIGNS for second in SIGNS))
ROADS = ("知春路", "望海路", "潮平路", "听涛路", "云帆路", "银杏路", "星河街", "清溪街", "白鹭街")
DIVISIONS = tuple(f"2106{number:02}" for number in (2, 3, 4, 24, 81, 82))
PREFIXES = ("130", "135", "138", "139", "150", "158", "166", "177", "186", "199")
ETHNICITIES = ("HA", "HA", "HA", "HA", "MA", "MG", "HU", "CS", "XB")  # GB/T 3304
EDUCATIONS = ("11", "14", "20", "30", "40", "50", "61", "71", "81", "90")  # GB/T 4658
OCCUPATIONS = ("10000", "20000", "30000", "40000", "50000", "60000", "70000", "80000")
RELATIONS = ("head", "spouse", "child", "parent", "other")
REGISTERS = ("local", "elsewhere")
DAYS = np.arange("1931-01-01", "2025-01-01", dtype="datetime64[D]").astype("U10")
ARRIVALS = DAYS[-9000:]
NUMBERS = tuple(str(number) for number in range(1, 3001))


@dataclass(frozen=True, slots=True)
class Variant:
    """Which rows differ from the first file, as a share of all; the same rows for the same seed.

    Those changed have moved house and have a higher version; those gone are left out.
    """

    changed: float = 0.0
    gone: float = 0.0


def blocks(rows: int, seed: int, variant: Variant) -> Iterator[Any]:
    """Yield tables of text columns, in the order of ``sid``."""
    for number, begin in enumerate(range(0, rows, BLOCK)):
        yield _block(begin, min(BLOCK, rows - begin), seed, number, variant)


def _block(begin: int, size: int, seed: int, number: int, variant: Variant) -> Any:
    draw = np.random.default_rng((seed, number, 0))
    places = np.arange(begin, begin + size)
    born = draw.integers(0, len(DAYS), size)
    columns = {
        "sid": _written("R", places, 10),
        "id_number": _id_numbers(draw, born),
        "name": _joined(_any(draw, SURNAMES, size), _any(draw, GIVEN, size)),
        "sex": _any(draw, ("F", "M"), size),
        "born_on": pa.array(DAYS).take(pa.array(born)),
        "phone": _phones(draw, size),
        "ethnicity": _any(draw, ETHNICITIES, size),
        "education": _any(draw, EDUCATIONS, size),
        "occupation": _any(draw, OCCUPATIONS, size),
        "household_sid": _written("H", places // 3, 10),
        "relation": _any(draw, RELATIONS, size),
        "grid_code": _written("DDHT-XQ-LT-G", draw.integers(0, 900, size), 3),
        "address": _addresses(draw, size),
        "register_kind": _any(draw, REGISTERS, size),
        "registered_on": pa.array(ARRIVALS).take(pa.array(draw.integers(0, len(ARRIVALS), size))),
    }
    fate = np.random.default_rng((seed, number, 1))
    moved, gone = fate.random(size) < variant.changed, fate.random(size) < variant.gone
    columns["ver"] = _versions(moved)
    columns["address"] = pc.if_else(pa.array(moved), _addresses(fate, size), columns["address"])
    table = pa.table({name: columns[name] for name in COLUMNS})
    return table.filter(pa.array(~gone)) if gone.any() else table


def _id_numbers(draw: np.random.Generator, born: Any) -> Column:
    """Return numbers by GB 11643: division, birthday, a running number, and the check sign."""
    size = len(born)
    division = _letters(np.array(DIVISIONS)[draw.integers(0, len(DIVISIONS), size)])
    day = np.delete(_letters(DAYS[born]), (4, 7), axis=1)
    begun = np.hstack([division, day, _digits(draw.integers(0, 1000, size), 3)])
    sums = (begun.astype(np.int32) - ord("0")) @ WEIGHTS
    return _texts(np.column_stack([begun, CHECKS[sums % 11]]))


def _phones(draw: np.random.Generator, size: int) -> Column:
    """Return mobile numbers; one resident in twelve has none."""
    numbers = _joined(_any(draw, PREFIXES, size), _texts(_digits(draw.integers(0, 10**8, size), 8)))
    return pc.if_else(pa.array(draw.random(size) < 1 / 12), pa.scalar(None, pa.string()), numbers)


def _addresses(draw: np.random.Generator, size: int) -> Column:
    def number(most: int) -> Column:
        return pa.array(NUMBERS[:most]).take(pa.array(draw.integers(0, most, size)))

    road = _any(draw, ROADS, size)
    parts = ("浪头镇", road, number(400), "号", number(24), "号楼", number(4), "单元")
    return _joined(*parts, number(3000), "室")


def _versions(moved: Choices) -> Column:
    then, now = (pa.scalar(str(each)) for each in (FIRST_VERSION, A_DAY_LATER))
    return pc.if_else(pa.array(moved), now, then)


def _any(draw: np.random.Generator, texts: tuple[str, ...], size: int) -> Column:
    return pa.array(texts).take(pa.array(draw.integers(0, len(texts), size)))


def _joined(*parts: Column) -> Column:
    return pc.binary_join_element_wise(*parts, "")


def _written(before: str, numbers: Any, width: int) -> Column:
    return _joined(before, _texts(_digits(numbers, width)))


def _digits(numbers: Any, width: int) -> Digits:
    """Return the decimal digits, with zeros in front, a row of letters each."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    found = np.asarray(numbers, np.int64)[:, None] // powers % 10
    return (found + ord("0")).astype(np.uint8)


def _letters(texts: Any) -> Digits:
    """Return ASCII texts of one length as a row of letters each."""
    plain = texts.astype("S")
    return np.frombuffer(plain.tobytes(), np.uint8).reshape(len(texts), plain.dtype.itemsize)


def _texts(letters: Digits) -> Column:
    """Return each row of letters as a text."""
    size, width = letters.shape
    ends = pa.py_buffer(np.arange(0, (size + 1) * width, width, dtype=np.int32))
    content = pa.py_buffer(np.ascontiguousarray(letters))
    return pa.Array.from_buffers(pa.string(), size, [None, ends, content])
