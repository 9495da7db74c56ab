"""``sync check`` says what is wrong with a source of any kind; ``sync contract`` is the file."""

from collections.abc import Iterator

import pytest

from app.database import read
from app.sync.contract.publish import FORMS
from tests.exchange.district_process import KEY, KEY_VARIABLE, DistrictProcess
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.residents import SETTINGS, Residents, toml
from tests.exchange.frontend.servers import database
from tests.exchange.http.reading import connector_to
from tests.exchange.operating.desk import Desk, Said
from tests.exchange.records import household
from tests.surroundings import ROOT

CONTRACTS = ROOT / "docs" / "contracts"
URL = "DISTRICT_DB"


@pytest.fixture(params=["postgresql", "mysql"])
def residents(request: pytest.FixtureRequest) -> Iterator[Residents]:
    """Return the district's table of residents, on a real server of each kind."""
    with database(request.param) as server:
        found = Residents(server)
        found.make()
        found.put("A", changed=NOON)
        yield found


@pytest.fixture
def service(
    desk: Desk, answering: DistrictProcess, monkeypatch: pytest.MonkeyPatch
) -> DistrictProcess:
    """Return a district that answers, and is described at the desk as ``district``."""
    answering.put("households", household())
    connector_to(answering, desk.folder, patience="1s")
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    return answering


def checked(desk: Desk) -> Said:
    """Check the source, and see that nothing of it was read."""
    said = desk.type("check", "district")
    assert read("SELECT FROM sync_run WHERE source = 'try-out'") == []
    assert "Traceback" not in said.words
    return said


def describe(desk: Desk, residents: Residents, **stream: object) -> None:
    told = {
        "source": "district",
        "kind": residents.server.kind,
        "database": {"url_env": URL, "timeout": "20s"},
        "streams": {"residents": {**SETTINGS, **stream}},
    }
    (desk.folder / "district.toml").write_text(toml(told), "utf-8")


def test_of_a_good_service_nothing_is_wrong(desk: Desk, service: DistrictProcess) -> None:
    assert checked(desk) == Said(0, "district: nothing is wrong\n")


def test_a_service_with_another_key_is_told(
    desk: Desk, service: DistrictProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "x" * 40)
    said = checked(desk)
    assert said.code == 1
    assert "- NOT_ADMITTED: it does not accept our key or signature" in said.words
    assert "x" * 40 not in said.words


def test_a_service_that_is_not_there_is_told(desk: Desk, service: DistrictProcess) -> None:
    service.stop()
    said = checked(desk)
    assert (said.code, said.words.startswith("Error: - ")) == (1, True)
    assert "the line failed" in said.words


def test_a_stream_of_no_name_is_told_beside_all_else(desk: Desk, service: DistrictProcess) -> None:
    path = desk.folder / "district.toml"
    path.write_text(path.read_text("utf-8") + '[streams.resident]\noverlap = "1h"\n', "utf-8")
    assert checked(desk).words.splitlines() == [
        "Error: - nobody knows the stream resident",
        "- it has no stream resident",
    ]


def test_of_a_good_database_nothing_is_wrong(
    desk: Desk, residents: Residents, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(desk, residents)
    with residents.server.reader("SELECT ON t_rkxx") as url:
        monkeypatch.setenv(URL, url)
        assert checked(desk) == Said(0, "district: nothing is wrong\n")


def test_all_that_is_wrong_with_a_database_is_told_at_once(
    desk: Desk, residents: Residents, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"sid": "ryid", "ver": "banben", "name": "mingzi"}
    describe(desk, residents, columns=columns)
    with residents.server.reader("SELECT ON t_rkxx") as url:
        monkeypatch.setenv(URL, url)
        said = checked(desk)
    assert said.code == 1
    assert said.words.splitlines() == [
        "Error: - residents: t_rkxx has no column banben.",
        "- residents: t_rkxx has no column mingzi.",
    ]


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    desk: Desk, residents: Residents, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(desk, residents)
    with residents.server.reader("SELECT ON t_rkxx") as url:
        wrong = url.replace("Reads-0nly", "Wr0ng-w0rd").replace(residents.server.name, "nowhere")
        monkeypatch.setenv(URL, wrong)
        said = checked(desk)
    assert said.code == 1
    assert "The database cannot be connected to:" in said.words
    assert "Wr0ng" not in said.words


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_contract_that_is_printed_is_the_file_that_is_published(desk: Desk, form: str) -> None:
    """To the letter, so that who is sent one and who asks for it hold the same."""
    published = {path.name: path.read_text("utf-8") for path in CONTRACTS.glob(f"*.{form}.json")}
    known = {stream.name for stream in desk.app.extensions["linli.streams"]}
    assert published.keys() == {f"{name}.{form}.json" for name in known}
    for name in known:
        said = desk.type("contract", name, "--form", form)
        assert said == Said(0, published[f"{name}.{form}.json"]), name
