"""The embedded server: in any path, after any death, and gone when it is stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database.embedded import EmbeddedServer, ServerNotStarted, command_line, start
from app.database.embedded.processes import postmaster


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = start(tmp_path / "a folder with 空格 in it's name")
    yield server
    server.delete()


def ask(server: EmbeddedServer, sql: str) -> object:
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def pid_of(server: EmbeddedServer) -> int:
    pid = postmaster(server._home)
    assert pid is not None
    return pid


def is_group_gone(group: int) -> bool:
    """Tell whether nobody of a process group is alive soon; the dead may wait to be reaped."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        listing = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True)
        rows = [line.split() for line in listing.stdout.splitlines()]
        if not any(int(pgid) == group and not state.startswith("Z") for pgid, state in rows):
            return True
        time.sleep(0.05)
    return False


def test_what_was_acknowledged_is_safe_by_its_settings(server: EmbeddedServer) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(server, f"SHOW {name}") == "on", name


def test_nobody_can_reach_it_by_network_and_its_log_holds_no_data(server: EmbeddedServer) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        ask(server, "SELECT 'a-secret-value'::uuid")
    assert b"a-secret-value" not in server._home.log.read_bytes()


def test_text_is_utf8_and_time_is_utc(server: EmbeddedServer) -> None:
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SELECT upper('é') || lower('Ж')") == "Éж"
    assert ask(server, "SHOW timezone") == "UTC"


def test_a_killed_server_comes_back_with_what_it_acknowledged(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE deeds (n int)")
    for n in range(3):
        ask(server, f"INSERT INTO deeds VALUES ({n})")
        os.kill(pid_of(server), signal.SIGKILL)
        server.start()
        assert ask(server, "SELECT count(*) FROM deeds") == n + 1


def test_a_stranger_with_the_number_of_a_dead_server_does_not_stop_the_start(
    server: EmbeddedServer,
) -> None:
    server.stop()
    lock = server._home.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{server._home.data}\n0\n5432\n\n\n0 0\nready\n")
    server.start()
    assert server.is_running()


def test_a_running_server_is_adopted(server: EmbeddedServer) -> None:
    other = start(server.folder)
    assert pid_of(other) == pid_of(server)
    assert ask(other, "SELECT 1") == 1


def test_it_does_not_hear_the_ctrl_c_of_our_terminal(server: EmbeddedServer) -> None:
    assert os.getsid(pid_of(server)) == pid_of(server) != os.getsid(0)


@pytest.mark.parametrize("urgent", [False, True])
def test_stop_leaves_no_process(server: EmbeddedServer, urgent: bool) -> None:
    pid = pid_of(server)
    server.stop(urgent=urgent)
    assert not server.is_running()
    assert command_line(pid) == ""
    assert is_group_gone(pid)
    server.stop()  # nothing to do is no error


def test_stop_ends_a_server_with_a_client_at_work(server: EmbeddedServer) -> None:
    client = psycopg.connect(server.url.replace("+psycopg", ""))
    client.execute("SELECT 1")
    server.stop()
    assert not server.is_running()
    client.close()


def test_half_a_database_is_made_anew(server: EmbeddedServer) -> None:
    server.stop()
    server._home.data.rename(server._home.root / "data.unfinished")
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_a_deleted_folder_is_a_new_database(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE deeds (n int)")
    old = pid_of(server)
    folder = server.folder
    shutil.rmtree(folder)
    again = start(folder)
    assert ask(again, "SELECT to_regclass('deeds')") is None
    assert is_group_gone(old)


def test_a_server_that_cannot_start_says_why(server: EmbeddedServer) -> None:
    server.stop()
    conf = server._home.data / "postgresql.conf"
    conf.write_text(conf.read_text() + "no_such_setting = on\n")
    with pytest.raises(ServerNotStarted, match="no_such_setting"):
        server.start()
