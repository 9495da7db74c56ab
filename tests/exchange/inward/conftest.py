"""Homes for the people of these tests, so that nobody waits for an address."""

import pytest

from tests.exchange.drops import District
from tests.exchange.inward.homes import give_addresses, give_home


@pytest.fixture
def addressed(district: District) -> District:
    """Return a sender whose two addresses are known."""
    give_addresses(district)
    return district


@pytest.fixture
def settled(addressed: District) -> District:
    """Return a sender whose first household lives at the first of two addresses."""
    give_home(addressed)
    return addressed
