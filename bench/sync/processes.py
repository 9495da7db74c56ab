"""Runs a contestant in a process of its own, and watches how much memory it takes."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it comes without types

from bench.interpreter import CHECKOUT

LOOK_EVERY = 0.1
FAMILY_EVERY = 5  # looks
STEP = 0.01


class Fell(Exception):
    """A contestant ended with a fault; it has said why on standard error."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contestant wrote, and the most memory that its processes held together, in MB.

    What it wrote has ``seconds``, and ``cpu_s``: processor time, which a busy machine does not
    stretch as it does the other.
    """

    said: Mapping[str, Any]
    memory_mb: float


def processor_seconds() -> float:
    """Return the processor time of this process and of those below it that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def ask(python: Path, module: str, job: object, environment: Mapping[str, str]) -> Answer:
    """Run a module, hand it a job as JSON, and return its answer.

    Raises:
        Fell: it did not do the job.
    """
    with subprocess.Popen(
        [python, "-m", module],
        env=dict(environment),
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        most = _watched(process)
        said = process.stdout.read()
    if process.returncode:
        raise Fell(f"{module} ended with {process.returncode}")
    return Answer(json.loads(said), most)


def _watched(process: subprocess.Popen[str]) -> float:
    """Wait for a process; return the most that it and those below it held at a moment, in MB.

    What is held alone is only looked up where more is held with what is shared than ever before:
    that look walks every page, and would be paid by whoever is watched.
    """
    family: list[Any] = []
    highest, most, looks = 0, 0.0, 0
    while process.poll() is None:
        if looks % FAMILY_EVERY == 0:
            family = _family(process.pid)
        if (held := sum(_with_shared(each) for each in family)) > highest * (1 + STEP):
            highest, most = held, max(most, sum(_alone(each) for each in family) / 1e6)
        looks += 1
        try:
            process.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
    return most


def _family(process: int) -> list[Any]:
    """Return a process and all below it."""
    try:
        root = psutil.Process(process)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _with_shared(process: Any) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _alone(process: Any) -> int:
    """Return the bytes of a process; what it shares with others is divided among them (PSS)."""
    try:
        held = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0
    return int(getattr(held, "pss", held.uss))  # only Linux knows what is shared
