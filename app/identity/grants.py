"""What somebody holds today, as SQL: of their own by the register, added for a time, and lent.

Cover lends what a colleague holds of their own, but for the three administrators' roles. What was
added counts for members of staff alone: whoever has left the district's register holds nothing.
"""

from app.policy import APART

TODAY = "{0}.valid_from <= %(today)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(today)s)"
IN_OFFICE = f"""
EXISTS (SELECT FROM staff_grant o
  WHERE o.account_id = {{0}}.account_id AND {TODAY.format("o")})
"""
ADDED = f"{{0}}.state = 'standing' AND {TODAY} AND {IN_OFFICE}"
NEVER_LENT = ", ".join(f"'{role}'" for role in sorted(APART))

OWN = f"""
SELECT g.role, g.area_code, g.department_code FROM staff_grant g
WHERE g.account_id = {{who}} AND {TODAY.format("g")}
UNION ALL SELECT x.role, x.area_code, x.department_code FROM added_grant x
WHERE x.account_id = {{who}} AND x.kind = 'grant' AND {ADDED.format("x")}
"""  # noqa: S608  constants of ours
LENT = f"""
SELECT lent.role, lent.area_code, lent.department_code, away.id AS covering
FROM added_grant c JOIN account away ON away.id = c.covered_account_id
CROSS JOIN LATERAL ({OWN.format(who="away.id")}) lent
WHERE c.account_id = {{who}} AND c.kind = 'cover' AND away.status = 'active'
  AND lent.role NOT IN ({NEVER_LENT}) AND {ADDED.format("c")}
"""  # noqa: S608  constants of ours


def own_of(who: str) -> str:
    """Return SQL for (role, area_code, department_code) that an account holds of its own.

    ``who``: SQL for the account. The day is the parameter ``today``.
    """
    return OWN.format(who=who)


def lent_to(who: str) -> str:
    """Return SQL for what colleagues lend to an account, with whom it covers: ``covering``."""
    return LENT.format(who=who)


def held_by(who: str) -> str:
    """Return SQL for both, as one list; ``covering`` is NULL for what is one's own."""
    return f"""
    SELECT own.*, NULL::uuid AS covering FROM ({own_of(who)}) own UNION ALL {lent_to(who)}
    """  # noqa: S608  constants of ours
