"""Each of these tests runs against a real server of each kind."""

from collections.abc import Iterator

import pytest

from tests.exchange.frontend.residents import Residents
from tests.exchange.frontend.servers import Server, database

KINDS = ("postgresql", "mysql")


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Return an empty database of the district."""
    with database(request.param) as found:
        yield found


@pytest.fixture
def residents(server: Server) -> Residents:
    """Return the district's table of residents, empty, at noon."""
    found = Residents(server)
    found.make()
    return found
