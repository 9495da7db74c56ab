"""A record of whatever stream comes into the mirror, however late its transaction committed."""

from datetime import timedelta

import pytest

from app.sync import Stream
from app.sync.connectors.frontend.connector import FrontEnd
from tests.exchange.drops import District, mirrored
from tests.exchange.frontend.records import RecordTable
from tests.exchange.frontend.servers import Server
from tests.exchange.good_rows import STREAMS, good_row

MINUTE = timedelta(minutes=1)


def read_on(district: District, source: FrontEnd, stream: Stream) -> list[str]:
    """Read what is new, and return whose records are in the mirror."""
    outcome = district.hear(source)[stream.name]
    assert (outcome.status, outcome.counts.get("bad", 0)) == ("done", 0), outcome
    return [row.sid for row in mirrored(stream.name, "sid")]


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_a_record_that_was_committed_late_arrives(
    district: District, server: Server, stream: Stream
) -> None:
    """Stamped before one that was read, committed after it: behind the back of the cursor.

    The third is late in a first reading, the fourth in one that goes on.
    """
    table = RecordTable(server, stream=stream)
    table.make()
    first, second, third, fourth, fifth = (good_row(stream, serial) for serial in range(1, 6))
    source = table.reader()
    table.put(first)
    table.pass_time(60 * MINUTE)
    with server.writer() as slow:
        table.write(slow, third)
        table.pass_time(2 * MINUTE)
        table.put(second)
        table.pass_time(MINUTE)
        assert read_on(district, source, stream) == ["TRY-1", "TRY-2"]
        slow.commit()
    table.pass_time(10 * MINUTE)
    assert read_on(district, source, stream) == ["TRY-1", "TRY-2", "TRY-3"]
    with server.writer() as slow:
        table.write(slow, fourth)
        table.pass_time(2 * MINUTE)
        table.put(fifth)
        table.pass_time(7 * MINUTE)
        read_on(district, source, stream)
        slow.commit()
    table.pass_time(4 * MINUTE)
    assert read_on(district, source, stream) == [f"TRY-{serial}" for serial in range(1, 6)]
