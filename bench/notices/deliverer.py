"""``python -m bench.notices.deliverer``: a worker that delivers on a channel without a provider.

Or to a carrier that counts, at CARRIER. It says its peak memory when nothing is left to do.
"""

import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import wsgi
from app.database import apart
from app.factory import assemble
from app.privacy import forget_subject_keys
from app.settings import from_environment
from app.worker import leave_at_rest
from bench.notices.carrier import Line
from notices.channels import registers
from notices.channels.people import WALK_RESIDENTS, Reachable, page_of
from notices.channels.protocol import DELIVERED, Batch, Message, Outcome, Recipient, Span
from notices.delivery import campaigns, chunks, tallies

RESIDENTS = Reachable(WALK_RESIDENTS, "none", of=registers.RESIDENTS)
OPEN = "SELECT 1 FROM delivery_campaign WHERE channel = 'none' AND finished_at IS NULL LIMIT 1"


class NoProvider:
    """Everybody whom a notice is for is reached at once, or when the carrier has counted them."""

    name = "none"

    def __init__(self, page: int, carrier: str | None, pause: float) -> None:
        self.page, self._pause = page, pause
        self._line = Line(carrier) if carrier else None

    def recipients(self, message: Message, span: Span) -> Batch:
        """Return a page of residents."""
        rows, upto = page_of(RESIDENTS, message, span)
        return Batch([Recipient(row.key, row.key, row.area) for row in rows], upto)

    def again(self, message: Message, addresses: Sequence[UUID]) -> list[Recipient]:
        """Nobody is ever missed."""
        return []

    def send(self, message: Message, batch: Sequence[Recipient]) -> list[Outcome]:
        """Deliver to all."""
        if self._line is not None:
            self._line.send([who.key.bytes for who in batch])
        if self._pause:
            time.sleep(self._pause)
        return [DELIVERED] * len(batch)


def main() -> None:
    """Work until no campaign of the channel is open."""
    chunks.LEASE = timedelta(seconds=float(os.environ.get("LEASE", "60")))
    channel = NoProvider(
        int(os.environ.get("PAGE", "2000")),
        os.environ.get("CARRIER"),
        float(os.environ.get("PAUSE", "0")),
    )
    app = assemble(from_environment(os.environ), wsgi.FEATURES)
    leave_at_rest()
    with app.app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        while apart(OPEN):
            forget_subject_keys()
            worked = campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == channel.name)
            worked += chunks.deliver_chunks(channel, campaigns.USUAL)
            if not worked:
                worked = tallies.fold_tallies() + campaigns.close_finished()
            if not worked:
                time.sleep(0.02)
    print(peak_kib(), flush=True)


def peak_kib() -> int:
    """Return the most memory this process has had, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
