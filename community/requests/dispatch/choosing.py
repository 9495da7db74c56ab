"""A unit that a person names: whether there is one, and whether a clause makes it theirs."""

from typing import Any

import orjson

from app import clock
from app.database import read
from community.requests.refusals import ClauseUnknown, UnitUnknown
from community.rules import registers

DEPARTMENT = """
SELECT code FROM department WHERE code = %(code)s AND valid_from <= %(today)s
  AND (valid_to IS NULL OR valid_to > %(today)s)
"""


def department_named(code: str) -> None:
    """Do nothing if there is such a department today.

    Raises:
        UnitUnknown: there is none.
    """
    if not read(DEPARTMENT, {"code": code, "today": clock.today()}):
        raise UnitUnknown


def unit_named(row: Any, code: str) -> None:
    """Do nothing if a case may go to a department.

    Raises:
        UnitUnknown: there is none, it has the case already, or the case complains about it.
    """
    has_it = row.handled_by == "department" and row.department_code == code
    if has_it or code == row.against_department:
        raise UnitUnknown
    department_named(code)


def clause_of(code: str, department: str) -> None:
    """Do nothing if a clause of the duty list is a department's today.

    Raises:
        ClauseUnknown: it is not.
    """
    today = registers.valid(registers.clauses, clock.today())
    if not any(row.code == code and row.department_code == department for row in today):
        raise ClauseUnknown


def document(why: dict[str, Any]) -> str:
    """Return why a unit has a case as the column keeps it."""
    return orjson.dumps(why).decode()
