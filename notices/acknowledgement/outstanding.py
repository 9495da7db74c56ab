"""Who has not acknowledged a notice: a set, asked of the registers grid by grid.

Children under 14 answer for nothing: their guardians do.
"""

from notices.audience.reached import IN_GRIDS, SINGLY

OPEN = """
coalesce(e.age_class, 'adult') <> 'child' AND NOT EXISTS (
  SELECT FROM notice_receipt rc
  WHERE rc.account_id = e.account_id AND rc.seq = %(seq)s AND rc.acked_at IS NOT NULL)
"""
"""SQL over ``e`` (somebody the notice reaches): an answer is owed, and has not been given."""

OUTSTANDING = f"SELECT e.* FROM ({IN_GRIDS}) e WHERE {OPEN}"  # noqa: S608  constants of ours
OUTSTANDING_SINGLY = f"SELECT e.* FROM ({SINGLY}) e WHERE {OPEN}"  # noqa: S608
