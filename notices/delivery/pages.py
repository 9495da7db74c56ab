"""A chunk's people in pages, read from the registers some pages ahead.

A page is what is sent between two checkpoints, and as small as its channel wants. To ask the
registers for each of them would cost more than sending, so a block of pages is asked for at once;
it is as old as the turn of its worker, at most.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from notices.channels.protocol import Channel, Message, Recipient, Span
from notices.delivery.ranges import CHUNK_PEOPLE

PAGES_AHEAD = 4


@dataclass(slots=True)
class Pages:
    """The pages after ``upto``, up to and with ``high``; each moves ``upto`` on.

    ``few``: the whole audience is found anew for each block, so a chunk's is one. ``reading``: the
    seconds that the registers have taken so far.
    """

    channel: Channel
    upto: UUID
    high: UUID
    few: bool
    reading: float = 0.0
    _block: Sequence[Recipient] = ()
    _at: int = 0
    _edge: UUID | None = None

    def take(self, message: Message) -> tuple[Sequence[Recipient], bool]:
        """Return the next page, perhaps of nobody, and whether it is the last.

        A page ends with the last address of somebody: ``upto`` is a full checkpoint.
        """
        if self._at == len(self._block):
            self._read(message)
        begin, self._at = self._at, self._end()
        if self._at == len(self._block):
            self.upto = self._edge or self.high
            return self._block[begin:], self._edge is None
        self.upto = self._block[self._at - 1].key
        return self._block[begin : self._at], False

    def _read(self, message: Message) -> None:
        most = self.channel.page * PAGES_AHEAD
        limit = max(most, CHUNK_PEOPLE) if self.few else most
        span = Span(self.upto, self.high, limit, self.few)
        began = time.monotonic()
        self._block, self._edge = self.channel.recipients(message, span)
        self._at = 0
        self.reading += time.monotonic() - began

    def _end(self) -> int:
        """Return where the page ends: somebody with several addresses is not cut in two."""
        block, end = self._block, self._at + self.channel.page
        while 0 < end < len(block) and block[end].key == block[end - 1].key:
            end += 1
        return min(end, len(block))
