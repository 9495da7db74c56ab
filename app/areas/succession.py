"""What becomes of an area that is merged, split or renamed (撤并, 拆分): its heirs, by day.

A change is dated, and nothing of it holds before its day. A merge, a split and a new code end the
old area: its last day is the one before. A shifted border (``boundary``) ends nothing: part of the
old area belongs to the new one from that day on, and the old one is among its own heirs. Since
codes are never used again, an area that has ended does not come back, and so changes that lead
from an area back to itself cannot be true.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import Words


class ChangeKind(StrEnum):
    """How one area follows another."""

    MERGE = "merge"  # 撤并
    SPLIT = "split"  # 拆分
    RENAME = "rename"  # 更名换码
    BOUNDARY = "boundary"  # 边界调整


class Held(StrEnum):
    """Why a change does not count."""

    CIRCLE = "CIRCLE"
    ENDED_BEFORE = "ENDED_BEFORE"
    INCOMPLETE = "INCOMPLETE"


HELD: Mapping[Held, Words] = {
    Held.CIRCLE: Words(
        "撤并记录首尾相连，任何一条都不生效",
        "The changes lead back to where they began: none counts",
    ),
    Held.ENDED_BEFORE: Words(
        "该区域在此之前已经撤销，此记录不生效",
        "The area had ended before: this change does not count",
    ),
    Held.INCOMPLETE: Words(
        "同一次变更中有新区域尚未登记，暂不生效",
        "An heir of the same change is not known yet: the change waits for it",
    ),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One area follows another from a day on; a merge or a split is several of these."""

    old_code: str
    new_code: str
    kind: ChangeKind
    on_day: date

    @property
    def ends(self) -> bool:
        """Tell whether the old area ends by it."""
        return self.kind is not ChangeKind.BOUNDARY


class AreaCircle(ValueError):
    """Areas that end one into the other all round, so that none has an heir; ``codes`` names them.

    Ask the district which of the changes is wrong, and have that one corrected.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        """Keep the codes."""
        self.codes = tuple(sorted(codes))
        super().__init__(f"{Held.CIRCLE}: {', '.join(self.codes)}")


def heirs(changes: Iterable[Change], code: str, day: date) -> frozenset[str]:
    """Return the areas that stand in the place of ``code`` on ``day``: itself, while it stands.

    Chains are followed to what stands on that day. Whether an heir is valid by its own record is
    not asked here.

    Raises:
        AreaCircle: the changes lead back to where they began.
    """
    return _heirs(in_force(changes, day), code)


def all_heirs(changes: Iterable[Change], day: date) -> dict[str, frozenset[str]]:
    """Return the heirs of every area that a change of ``day`` or before names as an old one.

    Raises:
        AreaCircle: as ``heirs``.
    """
    found = in_force(changes, day)
    return {code: _heirs(found, code) for code in found}


def in_force(changes: Iterable[Change], day: date) -> dict[str, Sequence[Change]]:
    """Return what happened to each area up to ``day``, until it ended: its end is the last word."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.on_day <= day:
            found[change.old_code].append(change)
    return {code: _until_end(each) for code, each in found.items()}


def verdicts(
    changes: Collection[Change], incomplete: Collection[tuple[str, date]] = ()
) -> dict[Change, Held]:
    """Return the changes that do not count, each with the reason; what is left makes no circle.

    ``incomplete`` are (old area, day) of changes of which an heir is still unknown: with some of
    its heirs missing, everything would go to the others.
    """
    found = {
        each: Held.INCOMPLETE for each in changes if (each.old_code, each.on_day) in incomplete
    }
    left = [each for each in changes if each not in found]
    found |= dict.fromkeys(_on_circles(left), Held.CIRCLE)
    left = [each for each in left if each not in found]
    standing = {each for some in in_force(left, date.max).values() for each in some}
    return found | {each: Held.ENDED_BEFORE for each in left if each not in standing}


def _until_end(changes: Sequence[Change]) -> list[Change]:
    end = min((each.on_day for each in changes if each.ends), default=date.max)
    return [each for each in changes if each.on_day <= end]


def _heirs(found: Mapping[str, Sequence[Change]], code: str) -> frozenset[str]:
    standing, seen, todo = set(), set(), [code]
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        steps = found.get(at, ())
        if not any(step.ends for step in steps):
            standing.add(at)
        todo += [step.new_code for step in steps]
    passed = [step for at in seen - standing for step in found[at]]
    if circle := _on_circles(passed):
        raise AreaCircle({each.old_code for each in circle})
    return frozenset(standing)


def _on_circles(changes: Iterable[Change]) -> list[Change]:
    """Return the endings from whose heir other endings lead back to the old area."""
    ends = [each for each in changes if each.ends]
    onward: dict[str, set[str]] = defaultdict(set)
    for each in ends:
        onward[each.old_code].add(each.new_code)
    return [each for each in ends if each.old_code in _reached(onward, each.new_code)]


def _reached(onward: Mapping[str, Collection[str]], start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        new = set(onward.get(todo.pop(), ())) - seen
        seen |= new
        todo += new
    return seen
