"""What the environment says about this start, and the environment that the children get."""

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.database.reading import libpq_url
from app.launch.keys import development_keys

CHECKOUT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PRODUCT = "linli_app"
LIVE_AWAY = 500


class StartRefused(Exception):
    """Linli cannot start here as things are; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The state folder, the port, and the database if it is not ours to start."""

    state: Path
    port: int
    database_url: str | None

    @property
    def address(self) -> str:
        """Return where the API answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def live_address(self) -> str:
        """Return where open pages are told of what is published."""
        return f"http://{HOST}:{self.live_port}/live"

    @property
    def live_port(self) -> int:
        """Return the port at which pages are held open: some way off, so that two starts fit."""
        return self.port + (LIVE_AWAY if self.port + LIVE_AWAY <= 65535 else -LIVE_AWAY)


def look_around(environ: Mapping[str, str]) -> Surroundings:
    """Read PORT, LINLI_STATE and DATABASE_URL.

    Raises:
        StartRefused: the port is not a number, or not free.
    """
    words = environ.get("PORT", "").strip() or "8000"
    if not words.isascii() or not words.isdigit() or not 1 <= int(words) <= 65535:
        raise StartRefused(f"PORT must be a whole number from 1 to 65535, not {words!r}")
    state = Path(environ.get("LINLI_STATE") or CHECKOUT / ".linli").resolve()
    return Surroundings(state, int(words), environ.get("DATABASE_URL", "").strip() or None)


def demand_free_port(port: int) -> None:
    """Refuse a port that somebody listens on.

    Raises:
        StartRefused: the port cannot be taken.
    """
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError as fault:
            taken = fault.errno == errno.EADDRINUSE
            why = "another program listens on it" if taken else os.strerror(fault.errno or 0)
            raise StartRefused(
                f"port {port} cannot be used: {why}. Take another one: make run PORT={port + 1}"
            ) from fault


def of_the_product(owner_url: str) -> str:
    """Return the URL under which the product reads and writes rows on a server of our own."""
    return libpq_url(make_url(owner_url).set(username=PRODUCT))


def children_environment(
    environ: Mapping[str, str], around: Surroundings, owner_url: str
) -> dict[str, str]:
    """Return what the children are told: the caller's own words win over the development ones.

    Only this machine can reach the web: codes are shown in the terminal and the keys lie in a file.
    """
    settled = {
        "LINLI_ENV": "development",
        "LINLI_EXCHANGE_OUT": str(around.state / "exchange-out"),
        "LINLI_SMS": "print",
        "LINLI_SMS_COPY": str(around.state / "sms.jsonl"),
        "PYTHONUNBUFFERED": "1",
        **development_keys(around.state / "secrets.env"),
        **environ,
        "DATABASE_URL": around.database_url or of_the_product(owner_url),
        "LINLI_OWNER_URL": owner_url,
        "PORT": str(around.port),
        "BIND": f"{HOST}:{around.port}",
        "LIVE_BIND": f"{HOST}:{around.live_port}",
    }
    Path(settled["LINLI_EXCHANGE_OUT"]).mkdir(parents=True, exist_ok=True)
    return settled
