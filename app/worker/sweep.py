"""A sweep: something that is looked for again and again, and dealt with."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sweep:
    """``run`` deals with a bounded batch and returns how many it dealt with.

    It is run when somebody calls ``wake`` and at least every ``every`` seconds, and again at once
    for as long as it finds something.
    """

    name: str
    run: Callable[[], int]
    every: float = 5.0
