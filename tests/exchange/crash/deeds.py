"""What else than a reading writes into the mirrors, done as the product does it, by name."""

from collections.abc import Callable, Mapping

from app.sync import Stream
from app.sync.inward.holds import carry_out_approved
from app.sync.inward.needs import Needs
from app.sync.inward.replay import replay
from app.sync.inward.suppression import suppress
from app.sync.reconcile.reconciling import reconcile
from tests.exchange.crash.records import SOURCE, household
from tests.exchange.crash.world import lax_phones
from tests.exchange.reconcile.counting import Counting

Streams = Mapping[str, Stream]
LEAVES = "CRASH-R20"


def carry_out(streams: Streams) -> None:
    """Delete what somebody has approved."""
    assert carry_out_approved(streams)


def read_aside_again(streams: Streams) -> None:
    """Read again what was put aside, after the rule for phones was mended."""
    with lax_phones(streams["residents"]):
        replay(SOURCE, streams["residents"], Needs(streams))


def erase(streams: Streams) -> None:
    """Erase somebody for good."""
    assert suppress(SOURCE, streams["residents"], LEAVES, Needs(streams), None, "asked for")


def repair(streams: Streams) -> None:
    """Count both sides, of which one is missing, one is too many, and two are another."""
    homes = [household(n, ver=2) for n in range(1, 11) if n not in (2, 4, 6)]
    homes += [household(2, ver=5, tenure="tenant"), household(6, ver=7), household(11, ver=3)]
    there = {"households": {str(home["sid"]): dict[str, object](home) for home in homes}}
    reconcile(Counting(there, source=SOURCE), list(streams.values()), True, lambda *_: None)


DEEDS: Mapping[str, Callable[[Streams], None]] = {
    each.__name__: each for each in (carry_out, read_aside_again, erase, repair)
}
