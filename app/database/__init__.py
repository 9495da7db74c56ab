"""The one database: model base, session, the only transaction, keyset pages, server checks."""

from app.database.model import Model
from app.database.paging import Cursor, CursorRefused, Page, sign_cursors_with
from app.database.server import UnsafeServer, check_server, dispose_after_fork
from app.database.session import apart, db, engine_options, queries_so_far, read, transaction, write

__all__ = [
    "Cursor",
    "CursorRefused",
    "Model",
    "Page",
    "UnsafeServer",
    "apart",
    "check_server",
    "db",
    "dispose_after_fork",
    "engine_options",
    "queries_so_far",
    "read",
    "sign_cursors_with",
    "transaction",
    "write",
]
