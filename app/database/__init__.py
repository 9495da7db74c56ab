"""The one database: model base, session, the only transaction, keyset pages, server checks."""

from app.database.kept import Kept
from app.database.model import Model
from app.database.paging import FIRST_ID, LAST_ID, Cursor, CursorRefused, Page, sign_cursors_with
from app.database.reading import apart, conninfo_of, read_from, statements_so_far
from app.database.server import UnsafeServer, check_server, dispose_after_fork
from app.database.session import db, engine_settings, read, together, transaction, write

__all__ = [
    "FIRST_ID",
    "LAST_ID",
    "Cursor",
    "CursorRefused",
    "Kept",
    "Model",
    "Page",
    "UnsafeServer",
    "apart",
    "check_server",
    "conninfo_of",
    "db",
    "dispose_after_fork",
    "engine_settings",
    "read",
    "read_from",
    "sign_cursors_with",
    "statements_so_far",
    "together",
    "transaction",
    "write",
]
