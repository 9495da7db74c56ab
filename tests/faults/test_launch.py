"""The supervisor of `make run`: it ends what it started, whatever happens."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.database.embedded import EmbeddedServer, command_line
from app.launch.banner import banner
from app.launch.keys import NAMES, development_keys
from app.launch.ledger import Ledger, alone
from app.launch.surroundings import (
    CHECKOUT,
    StartRefused,
    children_environment,
    demand_free_port,
    look_around,
    of_the_product,
)

SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
DIE = "import time; time.sleep(0.2); raise SystemExit(3)"
WITH_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])"

LAUNCH = """
import json, sys, time
from pathlib import Path
from app.launch.children import Child
from app.launch.ledger import Ledger, alone
from app.launch.signals import Signals
from app.launch.supervisor import Supervisor

state, plan = Path(sys.argv[1]), json.loads(sys.argv[2])
with alone(state), Signals() as signals:
    ledger = Ledger(state / "children.json")
    print("left:", *ledger.end_leftovers(), flush=True)
    supervisor = Supervisor(signals, note=ledger.write)
    if first := plan.pop("first", None):
        print("first:", supervisor.run_to_end(Child("first", [sys.executable, "-c", first])))
    children = [
        Child(name, [sys.executable, "-c", code], restarts=3 if name == "worker" else 0, patience=8)
        for name, code in plan.items()
    ]
    calm = time.monotonic() + 0.4
    sys.exit(supervisor.keep(
        children,
        ready=lambda: time.monotonic() > calm,
        announce=lambda: print("ready", flush=True),
        by=calm + 5,
    ))
"""


class Launch:
    """A supervisor of stand-ins, in a process and a folder of its own."""

    def __init__(self, state: Path, **plan: str) -> None:
        self.state = state
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(state), json.dumps(plan)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def read_until(self, words: str) -> str:
        assert self.process.stdout is not None
        seen = ""
        while words not in seen:
            line = self.process.stdout.readline()
            assert line, f"{words!r} did not come after {seen!r}"
            seen += line
        return seen

    def pids(self) -> dict[str, int]:
        rows = json.loads((self.state / "children.json").read_text())
        return {name: pid for pid, name, _ in rows}

    def await_child(self, name: str) -> int:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if (self.state / "children.json").exists() and name in self.pids():
                return self.pids()[name]
            time.sleep(0.02)
        raise AssertionError(f"{name} was not started")

    def end(self) -> tuple[int, str]:
        said, _ = self.process.communicate(timeout=20)
        return self.process.returncode, said


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "a state"
    Ledger(tmp_path / "a state" / "children.json").end_leftovers()


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


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_asked_to_end_ends_all_with_code_0(state: Path, order: signal.Signals) -> None:
    launch = Launch(state, web=WITH_CHILD, worker=SLEEP)
    launch.read_until("ready")
    pids = launch.pids()
    launch.process.send_signal(order)
    assert launch.end() == (0, "")
    assert set(pids) == {"web", "worker"}
    assert all(map(is_group_gone, pids.values()))


def test_ctrl_c_reaches_the_supervisor_alone(state: Path) -> None:
    launch = Launch(state, web=SLEEP)
    launch.read_until("ready")
    assert os.getpgid(launch.pids()["web"]) != os.getpgid(launch.process.pid)
    os.killpg(launch.process.pid, signal.SIGINT)
    assert launch.end()[0] == 0


def test_second_ctrl_c_does_not_wait_for_the_stubborn(state: Path) -> None:
    launch = Launch(state, web=STUBBORN, worker=STUBBORN)
    launch.read_until("ready")
    pids = launch.pids()
    launch.process.send_signal(signal.SIGINT)
    time.sleep(0.7)
    assert launch.process.poll() is None
    since = time.monotonic()
    launch.process.send_signal(signal.SIGINT)
    assert launch.end()[0] == 0
    assert time.monotonic() - since < 4
    assert all(map(is_group_gone, pids.values()))


def test_one_ctrl_c_heard_twice_is_one(state: Path) -> None:
    launch = Launch(
        state,
        web="import signal, time\n"
        "def end(*_): time.sleep(1); print('web ended well', flush=True); raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end); time.sleep(600)",
    )
    launch.read_until("ready")
    for _ in range(2):
        launch.process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    assert launch.end() == (0, "web ended well\n")


def test_a_dead_web_ends_the_rest_and_is_named(state: Path) -> None:
    launch = Launch(state, worker=SLEEP, web=DIE)
    worker = launch.await_child("worker")
    code, said = launch.end()
    assert code == 1
    assert "Linli stops: web ended with 3." in said
    assert is_group_gone(worker)


def test_a_killed_child_leaves_none_of_its_own(state: Path) -> None:
    launch = Launch(state, web=WITH_CHILD)
    launch.read_until("ready")
    web = launch.pids()["web"]
    os.kill(web, signal.SIGKILL)
    code, said = launch.end()
    assert (code, "web was killed by SIGKILL" in said) == (1, True)
    assert is_group_gone(web)


def test_a_dead_worker_is_started_again(state: Path) -> None:
    launch = Launch(state, web=SLEEP, worker=SLEEP)
    launch.read_until("ready")
    os.kill(launch.pids()["worker"], signal.SIGKILL)
    launch.read_until("worker was killed by SIGKILL; it is started again.")
    launch.process.send_signal(signal.SIGINT)
    assert launch.end()[0] == 0


def test_a_worker_that_keeps_dying_is_given_up(state: Path) -> None:
    code, said = Launch(state, web=SLEEP, worker=DIE).end()
    assert said.count("worker ended with 3; it is started again.") == 3
    assert "Linli stops: worker ended with 3." in said
    assert code == 1


def test_ctrl_c_while_it_prepares_starts_nothing(state: Path) -> None:
    launch = Launch(state, first=SLEEP, web=SLEEP)
    first = launch.await_child("first")
    launch.process.send_signal(signal.SIGINT)
    code, said = launch.end()
    assert (code, "first: False" in said) == (0, True)
    assert is_group_gone(first)


def test_the_next_start_ends_what_a_killed_one_left(state: Path) -> None:
    launch = Launch(state, web=WITH_CHILD, worker=SLEEP)
    launch.read_until("ready")
    pids = launch.pids()
    launch.process.kill()
    launch.process.wait()
    assert command_line(pids["web"])
    again = Launch(state, web=SLEEP)
    assert "left: web worker" in again.read_until("left:")
    again.read_until("ready")
    assert all(map(is_group_gone, pids.values()))
    again.process.send_signal(signal.SIGINT)
    assert again.end()[0] == 0


def test_a_number_that_is_another_process_now_is_left_alone(state: Path) -> None:
    state.mkdir()
    with subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True) as stranger:
        row = [stranger.pid, "web", [sys.executable, "-m", "gunicorn", "wsgi:app"]]
        (state / "children.json").write_text(json.dumps([row]))
        assert Ledger(state / "children.json").end_leftovers() == []
        assert stranger.poll() is None
        stranger.kill()


def test_two_starts_of_one_folder_are_refused_in_words(state: Path) -> None:
    with alone(state), pytest.raises(StartRefused, match=f"already runs .* {os.getpid()}"):
        alone(state).__enter__()


def test_a_port_in_use_is_refused_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartRefused, match=f"port {port} cannot be used: another program"):
            demand_free_port(port)


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "８０００"])
def test_a_port_that_is_none_is_refused_in_words(port: str) -> None:
    with pytest.raises(StartRefused, match="PORT must be a whole number"):
        look_around({"PORT": port})


def test_the_port_of_open_pages_is_one_whatever_the_other_is() -> None:
    ports = [look_around({"PORT": port}).live_port for port in ("8000", "8001", "65535")]
    assert ports == [8500, 8501, 65035]


def test_development_keys_are_drawn_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "state" / "secrets.env"
    keys = development_keys(file)
    assert set(keys) == set(NAMES)
    assert len(set(keys.values())) == len(NAMES)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert development_keys(file) == keys


def test_the_product_enters_an_embedded_server_by_a_role_of_its_own(tmp_path: Path) -> None:
    """Also where the server's socket lies in a folder with spaces."""
    url = EmbeddedServer(tmp_path / "my city").url
    made = make_url(of_the_product(url))
    assert (made.drivername, made.username) == ("postgresql", "linli_app")
    assert made.query["host"] == make_url(url).query["host"]


def test_the_callers_own_words_win_but_only_this_machine_is_served(tmp_path: Path) -> None:
    own = {"LINLI_STATE": str(tmp_path), "LINLI_JWT_KEY": "mine", "BIND": "0.0.0.0:80"}
    told = children_environment(own, look_around(own), "postgresql://db")
    assert told["LINLI_JWT_KEY"] == "mine"
    assert told["BIND"] == "127.0.0.1:8000"
    assert told["LIVE_BIND"] == "127.0.0.1:8500"
    assert told["DATABASE_URL"] == "postgresql://linli_app@db"
    assert told["LINLI_OWNER_URL"] == "postgresql://db"
    assert told["LINLI_ENV"] == "development"
    assert Path(told["LINLI_EXCHANGE_OUT"]).is_dir()


def test_the_banner_names_people_to_sign_in_as(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"resident": {"phone": "13900000001", "name": "林晓"}}))
    assert "resident  13900000001  林晓" in banner("http://127.0.0.1:8000", people, 1.0)
    assert "/docs" in banner("http://127.0.0.1:8000", tmp_path / "missing.json", 1.0)
