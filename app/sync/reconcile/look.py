"""What one comparison of both sides saw, and what of it stays when it is looked at again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

MOST = 100_000
"""So many differences are named and repaired at a time; more is a matter for a whole reading."""


class Kind(StrEnum):
    """Why a record is not here as it is there."""

    MISSING = "missing"
    EXTRA = "extra"
    DIFFERING = "differing"
    QUARANTINED = "quarantined"
    SUPPRESSED = "suppressed"

    @property
    def explained(self) -> bool:
        """Tell whether it is as it should be: put aside with a reason, or erased for good."""
        return self in (Kind.QUARANTINED, Kind.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Difference:
    """A record by its key, and in which version it lives on either side; None: not at all.

    ``told``: the key as the source writes it, by which it is asked for; None if it has none.
    """

    sid: str
    there: int | None
    here: int | None
    kind: Kind
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One comparison of both sides.

    ``counts`` are of all that differs, ``different`` names at most ``MOST`` of it. ``buckets``:
    those that were compared key by key (None: all). ``contradicted``: those in which the source's
    keys are not what it counted. ``excused``: rows that were there and could not be read.
    ``kept``: how many of the source's keys it was made by; ``respelled`` of them are written there
    otherwise than the contract reads them, and ``keyless`` it does not read as keys at all.
    """

    number: int
    there: int
    counts: Mapping[Kind, int] = field(default_factory=Counter)
    different: Mapping[str, Difference] = field(default_factory=dict)
    buckets: frozenset[int] | None = None
    contradicted: frozenset[int] = frozenset()
    excused: frozenset[str] = frozenset()
    moving: int = 0
    kept: int = 0
    respelled: int = 0
    keyless: int = 0

    @property
    def cut(self) -> bool:
        """Tell whether more differs than is named."""
        return sum(self.counts.values()) > len(self.different)

    @property
    def unexplained(self) -> int:
        """Return how many differ for no reason that we know."""
        return sum(n for kind, n in self.counts.items() if not kind.explained)

    @property
    def clean(self) -> bool:
        """Tell whether both sides have the same, but for what is put aside or erased."""
        return not self.unexplained and not self.contradicted

    def sids(self, *kinds: Kind) -> list[str]:
        """Return the keys of some kinds of differences, in order."""
        return [each.sid for each in self.different.values() if each.kind in kinds]

    def told(self, *kinds: Kind) -> list[str]:
        """Return the keys of some kinds that the source has, as it writes them."""
        return [each.told for each in self.different.values() if each.kind in kinds and each.told]


def settled(before: Look, now: Look) -> Look:
    """Return of the second look what the first saw just so: the rest moved while we looked."""
    if before.cut or now.cut:
        return now
    stays = {sid: each for sid, each in now.different.items() if _alike(before, each)}
    return replace(
        now,
        counts=Counter(each.kind for each in stays.values()),
        different=stays,
        contradicted=now.contradicted & before.contradicted,
        moving=len(now.different) - len(stays),
    )


def _alike(before: Look, each: Difference) -> bool:
    """Tell whether a look before saw the same versions; the reason may have come to light since."""
    was = before.different.get(each.sid)
    return was is not None and (was.there, was.here) == (each.there, each.here)
