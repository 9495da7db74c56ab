"""Each way out in its turn, with a real receiver at the other end."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from tests.exchange.outward.ways import WAYS, Way, folder, service, table


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Way]:
    """Return each way out in its turn."""
    made: AbstractContextManager[Way]
    match request.param:
        case "service":
            made = service(tmp_path)
        case "folder":
            made = folder(tmp_path)
        case kind:
            made = table(kind)
    with made as found:
        yield found
