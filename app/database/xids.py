"""In which order transactions become visible, as the server knows it.

Numbers are drawn when a row is written and rows are seen when their transaction commits, so
neither a sequence nor a time says what is new to somebody who has read before: a later number may
be seen first. ``pg_current_xact_id`` and snapshots do say it (PostgreSQL 13 and newer).
"""

from typing import Any

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[str]):
    """The ``xid8`` type: a transaction's number, which never wraps; text on our side."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the type's name."""
        return "xid8"


ischema_names["xid8"] = Xid8  # so that a table that is read back knows its column
