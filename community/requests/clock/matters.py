"""The matter of a case, also of one that has ended since."""

from typing import Any

from community.catalogue.service import matters_of_today


def matter_of(row: Any) -> Any:
    """Return the matter, or the limits that the case kept of one that has ended."""
    return matters_of_today.get().get(row.matter_code) or _Kept(row)


class _Kept:
    """A matter that is over, as far as a case remembers it."""

    def __init__(self, row: Any) -> None:
        self.code: str = row.matter_code
        self.limit_count: int = row.limit_count or 1
        self.limit_unit: str = row.limit_unit or "working_days"
        self.legal_basis = ""
