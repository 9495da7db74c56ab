"""A sweep: something that is looked for again and again, and dealt with."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sweep:
    """``run`` deals with a bounded batch and returns how many it dealt with.

    It is run when somebody calls ``wake`` and at least every ``every`` seconds, and again at once
    for as long as it finds something. Sweeps of one ``lane`` follow one another; each lane has a
    thread of its own, so that what waits for another's server holds up no other lane.
    """

    name: str
    run: Callable[[], int]
    every: float = 5.0
    lane: str = ""
