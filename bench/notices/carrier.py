"""A provider that counts: it drops repeats by their keys, and remembers how many there were.

It outlives the workers that send to it. A batch of 16-byte keys comes over a socket and is answered
with one byte once it is counted, so that what was answered was delivered.
"""

import socket
import struct
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

KEY = 16
LENGTH = struct.Struct("!I")


class Carrier:
    """Counts every key that it gets; ``with`` it, it listens at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: Counter[bytes] = Counter()
        self._lock = threading.Lock()
        self._door = socket.socket(socket.AF_UNIX)

    def __enter__(self) -> "Carrier":
        self._door.bind(str(self.path))
        self._door.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None
    ) -> None:
        self._door.close()
        self.path.unlink(missing_ok=True)

    @property
    def repeats(self) -> int:
        """Return how many keys came again; their receivers saw none of them."""
        return self.seen.total() - len(self.seen)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rwb") as both:
            stream = cast(BinaryIO, both)
            while head := _read(stream, LENGTH.size):
                content = _read(stream, LENGTH.unpack(head)[0])
                keys = [content[at : at + KEY] for at in range(0, len(content) - KEY + 1, KEY)]
                with self._lock:
                    self.seen.update(keys)
                try:
                    stream.write(b"\1")
                    stream.flush()
                except OSError:
                    return


def _read(stream: BinaryIO, many: int) -> bytes:
    """Return what the peer sends; nothing if it was killed."""
    try:
        return stream.read(many)
    except ConnectionError:
        return b""


class Line:
    """A worker's line to the carrier."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)

    def send(self, keys: list[bytes]) -> None:
        """Deliver; it returns when all of them were counted."""
        content = b"".join(keys)
        self._socket.sendall(LENGTH.pack(len(content)) + content)
        if self._socket.recv(1) != b"\1":
            raise ConnectionError("the carrier is gone")
