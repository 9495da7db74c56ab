"""A store on the loopback that speaks as much S3 as is asked of it, and checks every signature.

AWS Signature Version 4 is reckoned here anew from what came over the wire, with nothing of the
client's own code.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

KEY, SECRET = "linli", "not-a-secret-of-anybody"
BUCKET = "photos"

ERROR = (
    "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{0}</Code><Message>{0}</Message></Error>"
)


@dataclass
class World:
    """What the store holds, and how it is to behave."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    fail: list[int] = field(default_factory=list)
    silent_s: float = 0.0
    asked: list[str] = field(default_factory=list)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(method: str, path: str, headers: dict[str, str], body: bytes) -> str:
    """Return the Authorization header that the request should have."""
    given = headers["authorization"]
    scope = given.split("Credential=")[1].split(",")[0].split("/", 1)[1]
    names = given.split("SignedHeaders=")[1].split(",")[0]
    place = urlsplit(path)
    said = headers["x-amz-content-sha256"]
    real = hashlib.sha256(body).hexdigest()
    lines = [method, place.path, place.query]
    lines += [f"{name}:{headers[name]}" for name in names.split(";")]
    lines += ["", names, real if said != "UNSIGNED-PAYLOAD" else said]
    canonical = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, canonical])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    mark = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={mark}"


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _deal(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            world.asked.append(f"{self.command} {self.path}")
            time.sleep(world.silent_s)
            if world.fail:
                self._say(world.fail.pop(0), ERROR.format("InternalError").encode())
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            wanted = signature(self.command, self.path, headers, body)
            if not hmac.compare_digest(wanted, headers.get("authorization", "")):
                self._say(403, ERROR.format("SignatureDoesNotMatch").encode())
                return
            name = urlsplit(self.path).path
            if self.command == "PUT":
                world.blobs[name] = body
                self._say(200, b"", ETag='"x"')
            elif self.command == "DELETE":
                world.blobs.pop(name, None)
                self._say(204, b"")
            elif name in world.blobs:
                self._say(200, world.blobs[name], ETag='"x"')
            else:
                self._say(404, ERROR.format("NoSuchKey").encode())

        do_PUT = do_GET = do_DELETE = _deal  # noqa: N815  the library's names

        def _say(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/xml")
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except BrokenPipeError:
                self.close_connection = True  # it waited no longer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def fake_s3() -> Iterator[tuple[str, World]]:
    """Run a store; yield its address and its world."""
    world = World()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(world))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
