"""Addresses and a household that are known before the records of a test arrive."""

from tests.exchange.drops import District, Told
from tests.exchange.records import GRIDS, address, household


def give_addresses(district: District) -> None:
    """Send two addresses, in two grids."""
    told = Told({"addresses": [[address(1), address(2, grid_code=GRIDS[1])]]}, note="given")
    assert district.hear(told)["addresses"].counts["inserted"] == 2


def give_home(district: District) -> None:
    """Send a household at the first address."""
    told = Told({"households": [[household()]]}, note="given")
    assert district.hear(told)["households"].counts["inserted"] == 1
