"""What the walk stops at."""


class WalkBroken(AssertionError):
    """A step did not go as promised; the message says which promise."""


def expect(holds: bool, promise: str) -> None:
    """Stop the walk where a promise does not hold.

    Raises:
        WalkBroken: it does not.
    """
    if not holds:
        raise WalkBroken(f"not as promised: {promise}")
