"""``flask live``: the process that holds open pages."""

import asyncio
import logging
import resource
import signal
from concurrent.futures import ThreadPoolExecutor

import click
from flask.cli import with_appcontext

from app.worker import leave_at_rest
from notices.live.door import Door
from notices.live.serving import Live

MOST = 20_000
SPARE = 200  # files that are no pages
ASKERS = 3  # threads, each with a connection of its own: one tells, one lets in, one asks anew

log = logging.getLogger("linli.live")


@click.command("live")
@click.option("--bind", envvar="LIVE_BIND", default="127.0.0.1:8500", show_default=True)
@click.option("--most", type=click.IntRange(1, 1_000_000), default=MOST, show_default=True)
@with_appcontext
def live(bind: str, most: int) -> None:
    """Hold pages open at BIND and tell them what is published, until told to stop."""
    host, _, port = bind.rpartition(":")
    if not port.isdigit():
        raise click.BadParameter("must be host:port", param_hint="--bind")
    asyncio.run(_serve(host, int(port), min(most, _files() - SPARE)))


def _files() -> int:
    """Return how many files this process may have open, after asking for as many as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else MOST + SPARE


async def _serve(host: str, port: int, most: int) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.set_default_executor(ThreadPoolExecutor(ASKERS, "asks"))
    house = Live(most)
    server = await loop.create_server(lambda: Door(house), host, port, backlog=4096)
    leave_at_rest()
    log.info("open pages are held at port %d, %d at most", port, most)
    telling = asyncio.create_task(house.run(stop))
    await asyncio.wait(
        {telling, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED
    )
    server.close()
    stop.set()
    await telling
    log.info("the live process stopped")
