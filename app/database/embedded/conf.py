"""The server's settings: what was acknowledged is never lost, and no one's data is in the log."""

from pathlib import Path

NAME = "linli.conf"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors go to the one who caused them; with values in them, they are not for the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_checkpoints": "off",
}


def write_settings(data: Path, sockets: Path) -> None:
    """Write our settings beside the server's own, which is told once to include them."""
    directory = str(sockets).replace('"', '""')
    settings = {**SETTINGS, "unix_socket_directories": f'"{directory}"'}
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    ours = data / NAME
    ours.write_text("# Written at every start.\n" + "\n".join(lines) + "\n")
    ours.chmod(0o644)  # read by the server's user, in a folder that only that user enters
    main, include = data / "postgresql.conf", f"include_if_exists '{NAME}'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)


def _quoted(value: str) -> str:
    """Write a value between single quotes, where the file also takes a backslash for an escape."""
    return value.replace("\\", "\\\\").replace("'", "''")
