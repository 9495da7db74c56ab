"""A file of any size read once, in memory that stays the same, and its digest with it."""

import hashlib
from concurrent.futures import Executor, Future
from io import BufferedReader

CHUNK = 12 << 20


class Walk:
    """A file read from its beginning to its end, hashed on the way by a thread beside.

    ``buffer`` is what was read and not yet left behind, and lies at ``at``; ``final``: nothing
    follows it. Chunk after chunk is read into the same memory: fresh pages would cost more than
    the reading.
    """

    def __init__(self, content: BufferedReader, beside: Executor) -> None:
        """Read nothing yet."""
        self._content, self._beside, self._hash = content, beside, hashlib.sha256()
        self._hashed: Future[None] | None = None
        self._room = memoryview(bytearray(CHUNK))
        self.buffer, self.at, self.final = bytearray(), 0, False

    @property
    def digest(self) -> str:
        """The digest of all that was read."""
        if self._hashed:
            self._hashed.result()
        return self._hash.hexdigest()

    def more(self) -> None:
        """Add a chunk to the buffer."""
        if self._hashed:
            self._hashed.result()
        chunk = self._room[: self._content.readinto(self._room)]
        self._hashed = self._beside.submit(self._hash.update, chunk)
        self.final = len(chunk) < CHUNK
        self.buffer += chunk

    def drop(self, count: int) -> None:
        """Leave bytes behind."""
        self.at += min(count, len(self.buffer))
        del self.buffer[:count]

    def skip_to(self, offset: int) -> None:
        """Go forward to an offset."""
        while self.at + len(self.buffer) < offset and not self.final:
            self.drop(len(self.buffer))
            self.more()
        self.drop(max(0, offset - self.at))

    def skip_line(self) -> None:
        """Go forward to the next line, however far away."""
        while (found := self.buffer.find(b"\n")) < 0 and not self.final:
            self.drop(len(self.buffer))
            self.more()
        self.drop(found + 1 or len(self.buffer))

    def skip_to_end(self) -> None:
        """Go forward to the end."""
        while not self.final:
            self.drop(len(self.buffer))
            self.more()
