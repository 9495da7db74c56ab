"""How much of a stream is the same, as the pieces of a bar: small ones are still to be seen."""

from dataclasses import dataclass

from app.sync.reconcile.findings import Findings

LEAST = 1.5
"""Whatever there is takes so many hundredths of the bar, be it one in a million."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar of 100: where it begins, how wide it is, and what it stands for."""

    kind: str
    start: float
    width: float


def pieces_of(found: Findings) -> list[Piece]:
    """Return the pieces of a stream's bar from the left; none if nothing is known of it."""
    if found.there is None:
        return []
    apart = {
        "aside": found.quarantined + found.suppressed,
        "missing": found.missing,
        "differing": found.differing,
        "extra": found.extra,
    }
    same = max(0, found.here - found.differing - found.extra)
    amounts = {name: n for name, n in {"same": same, **apart}.items() if n}
    whole = sum(amounts.values())
    widths = {name: max(LEAST, 100 * n / whole) for name, n in amounts.items()}
    scale, start, pieces = 100 / sum(widths.values()) if widths else 0, 0.0, []
    for name, width in widths.items():
        pieces.append(Piece(name, round(start, 2), round(width * scale, 2)))
        start += width * scale
    return pieces
