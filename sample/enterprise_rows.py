"""The rows about enterprises: made-up firms, half of them led by people who live here."""

from collections.abc import Iterator, Sequence
from random import Random

from sample.codes import credit_code
from sample.district_plan import Plan
from sample.homes import NEIGHBOUR_GRID, Home
from sample.names import given_name, surname
from sample.streams import COLUMNS, VALID_FROM

ENTERPRISES = 24
LED_BY_NEIGHBOURS = 12
"""So many are led by the heads of the first homes; of the others only a phone is known."""

_COUNTY = "210603"
_FIRM = "91"  # registered for trade, a company
_FIRST_PHONE = 19904140000
_WORDS = ("鸭绿江", "凤城", "振兴", "望海", "浪头", "江湾", "北黄海", "九连城")
_TRADES = ("仪表", "食品", "纺织", "物流", "软件", "医药", "新材料", "机电")
_STATUS = {22: "suspended", 23: "revoked", 24: "closed"}


def enterprise_rows(
    plan: Plan, seed: int, homes: Sequence[Home]
) -> Iterator[tuple[str | int, ...]]:
    """Yield the enterprises; the resident of people.json leads the first, which is elsewhere."""
    rng = Random(f"{seed}/enterprises")
    grids = [grid.code for grid in plan.of_level("grid")]
    for number in range(1, ENTERPRISES + 1):
        grid = NEIGHBOUR_GRID if number == 1 else rng.choice(grids)
        stranger = surname(rng) + given_name(rng, male=rng.random() < 0.5)
        name, citizen, phone = stranger, "", str(_FIRST_PHONE + number)
        if number <= min(LED_BY_NEIGHBOURS, len(homes)):
            head = dict(zip(COLUMNS["residents"], homes[number - 1].residents[0], strict=True))
            name, citizen, phone = str(head["name"]), str(head["id_number"]), ""
        status = _STATUS.get(number, "active")
        until = "2026-01-01" if status == "closed" else ""
        firm = f"{rng.choice(_WORDS)}{rng.choice(_TRADES)}有限公司"
        code = credit_code(_COUNTY, f"MA0{number:05}", _FIRM)
        key = (f"E{number:05}", 1, code, firm, grid)
        yield (*key, name, citizen, phone, status, VALID_FROM, until)
