"""A line to a server that goes dead at a word: nothing more is passed on, nothing is closed."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


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


@dataclass
class Meter:
    """How many bytes a server's answers came to."""

    port: int
    bytes: int = 0


@contextmanager
def metered_line(port: int) -> Iterator[Meter]:
    """Yield a line to another port whose server's answers are measured as they are passed on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        meter = Meter(int(door.getsockname()[1]))
        threading.Thread(target=_measure, args=(door, port, meter), daemon=True).start()
        yield meter
        door.shutdown(socket.SHUT_RDWR)


def _measure(door: socket.socket, port: int, meter: Meter) -> None:
    with suppress(OSError):
        while True:
            client = door.accept()[0]
            server = socket.create_connection(("127.0.0.1", port))
            for way in ((client, server, None), (server, client, meter)):
                threading.Thread(target=_pump, args=way, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, meter: Meter | None) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            sink.sendall(content)
            if meter:
                meter.bytes += len(content)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
