"""The places where a batch may die, by name, so that tests can kill it at every one of them."""

from collections.abc import Callable


def _nothing(_name: str) -> None:
    """Do nothing, as always but in tests."""


_watch: list[Callable[[str], None]] = [_nothing]


def reached(name: str) -> None:
    """Say that the work has come to a place where it would be bad luck to die."""
    _watch[0](name)


def watch(callback: Callable[[str], None]) -> None:
    """Have ``callback`` told of every place that is reached."""
    _watch[0] = callback
