"""An emergency goes out while a usual provider hangs; a process may see to emergencies alone."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask

from app.database import transaction
from app.settings import Settings
from notices.channels.choice import NAMES, PUSH
from notices.delivery import campaigns
from tests.delivery.fakes import published
from tests.faults.hanging_worker import HANGS, TOLD
from tests.surroundings import ROOT, environment

SOON = 60.0
"""Seconds after which a worker that says nothing is killed, and its silence is the fault."""

SWEEPS = "worker sweeps: "

Hear = Callable[[str], str]


@contextmanager
def worker(settings: Settings, *lanes: str) -> Iterator[Hear]:
    """Yield how to wait for the next line of a worker that begins with some words."""
    told = environment(settings.database_url, settings.exchange_out.parent)
    command = [sys.executable, "-m", "tests.faults.hanging_worker"]
    process = subprocess.Popen(
        [*command, *(word for lane in lanes for word in ("--lane", lane))],
        cwd=ROOT,
        env={**os.environ, **told},
        stdout=subprocess.PIPE,
        text=True,
    )
    limit = threading.Timer(SOON, process.kill)
    limit.start()
    with process:
        assert process.stdout is not None
        lines = process.stdout
        try:
            yield lambda words: next((line for line in lines if line.startswith(words)), "nothing")
        finally:
            limit.cancel()
            process.kill()


def sent(emergency: bool) -> UUID:
    notice = published(["DDHT-XQ"], emergency=emergency)
    with transaction():
        campaigns.begin(notice, [PUSH], emergency)
    return notice


def test_an_emergency_goes_out_while_a_usual_provider_hangs(app: Flask, settings: Settings) -> None:
    with worker(settings) as hear:
        usual = sent(emergency=False)
        assert hear(HANGS).split()[-1] == str(usual)
        emergency = sent(emergency=True)
        assert hear(TOLD).split()[-1] == str(emergency)


def test_a_process_sees_to_emergencies_alone(app: Flask, settings: Settings) -> None:
    sent(emergency=False)
    emergency = sent(emergency=True)
    with worker(settings, campaigns.EMERGENCY) as hear:
        swept = hear(SWEEPS).removeprefix(SWEEPS).strip().split(", ")
        lane = campaigns.EMERGENCY
        ways = {f"{what} {lane} {name}" for what in ("deliver", "retry") for name in NAMES}
        assert set(swept) == {"alerts", f"cut {lane}"} | ways
        assert hear(TOLD).split()[-1] == str(emergency)
