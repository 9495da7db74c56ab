"""A line to a server that goes dead at a word: nothing more is passed on, nothing is closed."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def dying_line(port: int, at: bytes) -> Iterator[int]:
    """Yield a port that leads to another until a client says ``at``."""
    with socket.create_server(("127.0.0.1", 0)) as door, selectors.DefaultSelector() as watched:
        lines: dict[socket.socket, socket.socket] = {}
        over = threading.Event()
        watched.register(door, selectors.EVENT_READ)
        worker = threading.Thread(target=_carry, args=(door, port, at, watched, lines, over))
        worker.start()
        try:
            yield int(door.getsockname()[1])
        finally:
            over.set()
            worker.join()
            for line in lines:
                line.close()


def _carry(
    door: socket.socket,
    port: int,
    at: bytes,
    watched: selectors.BaseSelector,
    lines: dict[socket.socket, socket.socket],
    over: threading.Event,
) -> None:
    dead = False
    clients = set()
    while not over.is_set():
        for key, _ in watched.select(0.05):
            found = key.fileobj
            assert isinstance(found, socket.socket)
            if found is door:
                client = door.accept()[0]
                server = socket.create_connection(("127.0.0.1", port))
                lines[client], lines[server] = server, client
                clients.add(client)
                watched.register(client, selectors.EVENT_READ)
                watched.register(server, selectors.EVENT_READ)
                continue
            with suppress(OSError):
                content = found.recv(65536)
                dead = dead or (found in clients and at in content)
                if content and not dead:
                    lines[found].sendall(content)
                if not content:
                    watched.unregister(found)
