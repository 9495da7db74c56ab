"""The life of a service request as one table: which step leads from which state to which."""

from community.requests.lifecycle.states import OPEN, Flag, Party, State, Step
from community.requests.lifecycle.steps import Standing, StepRefused, legal, step
from community.requests.lifecycle.table import START, TABLE, Move

__all__ = [
    "OPEN",
    "START",
    "TABLE",
    "Flag",
    "Move",
    "Party",
    "Standing",
    "State",
    "Step",
    "StepRefused",
    "legal",
    "step",
]
