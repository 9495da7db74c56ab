"""The worker process: woken by NOTIFY or by a sweep's interval, stopped by SIGTERM."""

import gc
import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

import psycopg
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.privacy import forget_subject_keys
from app.worker.due import CHANNEL
from app.worker.sweep import Sweep

PASSES = 100  # a busy sweep gives way to the others after so many batches
YOUNG = 50_000  # things made before those not in use any more are looked for
PAUSE_AFTER_FAULT = 2.0
FAR = math.inf

log = logging.getLogger("linli.worker")


def run_worker(
    sweeps: Sequence[Sweep],
    dsn: str,
    within: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Sweep until a signal says stop; a batch in hand is finished first.

    Each lane of the sweeps has a thread of its own, and ``within`` is entered in each.
    """
    lanes = {sweep.lane: [each for each in sweeps if each.lane == sweep.lane] for sweep in sweeps}
    first = lanes.pop("", [])
    with _stoppable() as stop:
        leave_at_rest()
        log.info("worker sweeps: %s", ", ".join(sweep.name for sweep in sweeps))
        threads = [
            threading.Thread(target=_lane, args=(each, dsn, stop, within), name=f"lane {name}")
            for name, each in lanes.items()
        ]
        for thread in threads:
            thread.start()
        if first or not threads:
            _keep_sweeping(first, dsn, stop)
        for thread in threads:
            while thread.is_alive():  # a join without limit would keep the signal from us
                thread.join(0.2)
    log.info("worker stopped")


def leave_at_rest() -> None:
    """Look no more for what may be thrown away among all that was there when work began.

    Whoever deals with thousands of rows makes thousands of small things, and each thousand of them
    would have the whole product looked through again: half of the time of a delivery.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def _lane(
    sweeps: Sequence[Sweep],
    dsn: str,
    stop: list[int],
    within: Callable[[], AbstractContextManager[object]],
) -> None:
    try:
        with within():
            _keep_sweeping(sweeps, dsn, stop)
    finally:
        if not stop:  # a lane that ended by itself must not be missed: the process is started anew
            log.error("a lane of the worker has ended")
            stop.append(0)


def _keep_sweeping(sweeps: Sequence[Sweep], dsn: str, stop: list[int]) -> None:
    next_run = {sweep.name: 0.0 for sweep in sweeps}
    while not stop:
        try:
            with psycopg.connect(dsn, autocommit=True) as ear:
                ear.execute(f"LISTEN {CHANNEL}")
                next_run = dict.fromkeys(next_run, 0.0)  # what was called meanwhile is due
                while not stop:
                    _sweep_due(sweeps, next_run, stop)
                    if _heard(ear, min(next_run.values(), default=FAR), stop):
                        next_run = dict.fromkeys(next_run, 0.0)
        except psycopg.OperationalError as fault:
            log.warning("the worker lost the database: %s", type(fault).__name__)
            _wait(PAUSE_AFTER_FAULT, stop)


def _sweep_due(sweeps: Sequence[Sweep], next_run: dict[str, float], stop: list[int]) -> None:
    for sweep in sweeps:
        if stop or time.monotonic() < next_run[sweep.name]:
            continue
        wait = sweep.every
        try:
            for _ in range(PASSES):
                if not sweep.run() or stop:
                    break
            else:
                wait = 0.0
        except (DBAPIError, psycopg.Error) as fault:
            log.warning("sweep %s met a database fault: %s", sweep.name, type(fault).__name__)
            wait = PAUSE_AFTER_FAULT
        except Exception as fault:  # noqa: BLE001  one sweep's fault must not stop the others
            log.error("sweep %s failed: %s", sweep.name, type(fault).__name__)
        finally:
            db.session.remove()
            forget_subject_keys()
        next_run[sweep.name] = time.monotonic() + wait


def _heard(ear: psycopg.Connection, until: float, stop: list[int]) -> bool:
    """Wait for a notification or until the next sweep is due, looking at the signal each second."""
    while not stop and time.monotonic() < until:
        patience = min(1.0, max(0.0, until - time.monotonic()))
        for _ in ear.notifies(timeout=patience, stop_after=1):
            return True
    return False


def _wait(seconds: float, stop: list[int]) -> None:
    until = time.monotonic() + seconds
    while not stop and time.monotonic() < until:
        time.sleep(0.1)


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Yield a list that a signal makes true."""
    stop: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        stop.append(number)

    before = {number: signal.signal(number, remember) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
