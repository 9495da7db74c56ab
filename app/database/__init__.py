"""The one database: model base, session, the only transaction, keyset pages, server checks."""

from app.database.kept import Kept, kept_rows
from app.database.listening import Ear, hear
from app.database.model import Model
from app.database.paging import FIRST_ID, LAST_ID, Cursor, CursorRefused, Page, sign_cursors_with
from app.database.reading import apart, conninfo_of, goes_on_in, read_from, statements_so_far
from app.database.roles import RoleWanted, as_owner, let_in
from app.database.server import (
    UnsafeServer,
    check_role,
    check_server,
    dispose_after_fork,
    engine_of,
)
from app.database.session import (
    beyond,
    db,
    engine_settings,
    read,
    see_as,
    together,
    transaction,
    write,
)
from app.database.sight import NOBODY, Kind, Sight, look_as, look_back

__all__ = [
    "FIRST_ID",
    "LAST_ID",
    "NOBODY",
    "Cursor",
    "CursorRefused",
    "Ear",
    "Kept",
    "Kind",
    "Model",
    "Page",
    "RoleWanted",
    "Sight",
    "UnsafeServer",
    "apart",
    "as_owner",
    "beyond",
    "check_role",
    "check_server",
    "conninfo_of",
    "db",
    "dispose_after_fork",
    "engine_of",
    "engine_settings",
    "goes_on_in",
    "hear",
    "kept_rows",
    "let_in",
    "look_as",
    "look_back",
    "read",
    "read_from",
    "see_as",
    "sign_cursors_with",
    "statements_so_far",
    "together",
    "transaction",
    "write",
]
