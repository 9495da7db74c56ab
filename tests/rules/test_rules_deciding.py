"""Which of the district's rules counts on a day, at a place, for a matter."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from app.calendar.deadlines import LimitUnit
from community.rules.deciding import capacity_of, limit_of, rule_of
from community.rules.stages import Stage

DAY = date(2026, 3, 10)
PATH = ["Z", "Z-S", "Z-S-C", "Z-S-C-G"]


def limit(
    sid: str, matter: str | None, count: int, since: str = "2024-01-01", until: str = ""
) -> Any:
    return SimpleNamespace(
        sid=sid,
        matter_code=matter,
        stage="settle",
        count=count,
        unit="working_days",
        legal_basis="basis",
        pausable=False,
        extension_count=None,
        extension_unit=None,
        extension_by=None,
        valid_from=date.fromisoformat(since),
        valid_to=date.fromisoformat(until) if until else None,
    )


def rule(sid: str, priority: int, department: str, **where: Any) -> Any:
    return SimpleNamespace(
        sid=sid,
        priority=priority,
        department_code=department,
        area_code=where.get("area"),
        matter_code=where.get("matter"),
        valid_from=where.get("since", date(2024, 1, 1)),
        valid_to=where.get("until"),
    )


def count_on(rows: list[Any], day: str, matter: str = "M") -> int | None:
    found = limit_of(rows, matter, Stage.SETTLE, date.fromisoformat(day))
    return found.count if found else None


def test_a_limit_counts_from_its_first_day_to_the_one_before_its_end() -> None:
    rows = [limit("a", "M", 10, until="2026-01-01"), limit("b", "M", 7, "2026-01-01")]
    assert [count_on(rows, day) for day in ("2025-12-31", "2026-01-01")] == [10, 7]
    assert count_on(rows, "2023-12-31") is None


def test_a_matters_own_limit_counts_before_that_of_all() -> None:
    rows = [limit("a", None, 3, "2026-02-01"), limit("b", "M", 7)]
    assert (count_on(rows, "2026-03-01"), count_on(rows, "2026-03-01", "N")) == (7, 3)
    found = limit_of(rows, "M", Stage.SETTLE, DAY)
    assert found is not None
    assert (found.unit, found.extension) == (LimitUnit.WORKING_DAYS, None)
    assert limit_of(rows, "M", Stage.VISIT, DAY) is None


def test_the_lowest_priority_decides_then_the_nearer_area_then_the_matter() -> None:
    rows = [
        rule("general", 100, "A"),
        rule("matter", 100, "B", matter="M"),
        rule("street", 100, "C", area="Z-S"),
        rule("urgent", 10, "D", area="Z", matter="M"),
        rule("elsewhere", 1, "E", area="Y"),
        rule("over", 1, "F", until=date(2026, 3, 10)),
        rule("not-yet", 1, "G", since=date(2026, 3, 11)),
    ]
    order = []
    while found := rule_of(rows, "M", PATH, DAY):
        order.append(found.sid)
        rows.remove(found)
    assert order == ["urgent", "street", "matter", "general"]


def test_a_unit_complained_about_never_gets_it() -> None:
    rows = [rule("a", 1, "A"), rule("b", 2, "B")]
    found = rule_of(rows, "M", PATH, DAY, barred={"A"})
    assert found is not None
    assert found.department_code == "B"
    assert rule_of(rows, "M", PATH, DAY, barred={"A", "B"}) is None


def test_a_capacity_that_names_the_unit_counts_before_that_of_the_role() -> None:
    def capacity(most: int, role: str = "grid_worker", **where: Any) -> Any:
        return SimpleNamespace(
            role=role,
            area_code=where.get("area"),
            department_code=where.get("department"),
            most=most,
            valid_from=date(2024, 1, 1),
            valid_to=None,
        )

    rows = [capacity(30), capacity(5, area="Z-S"), capacity(9, "department_handler")]
    assert capacity_of(rows, [("grid_worker", "Z-T", None)], DAY) == 30
    assert capacity_of(rows, [("grid_worker", "Z-S", None)], DAY) == 5
    grants = [("grid_worker", "Z-S", None), ("department_handler", None, "A")]
    assert capacity_of(rows, grants, DAY) == 9
    assert capacity_of(rows, [("desk_clerk", "Z-S", None)], DAY) is None
