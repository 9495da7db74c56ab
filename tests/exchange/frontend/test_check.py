"""Before the first night somebody is told what is wrong with the database and its settings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.sync.connectors.frontend import dialect_of
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.frontend.settings import read_settings
from tests.exchange.frontend.clocked import NOON
from tests.exchange.frontend.residents import Residents, config_of, reader


def test_a_sound_database_with_an_account_that_reads_has_no_faults(residents: Residents) -> None:
    """Nothing to say is what a good front-end database hears."""
    residents.put("A", changed=NOON - timedelta(days=400))
    with residents.server.reader("SELECT ON t_rkxx") as url:
        assert reader(residents.server, url).check() == []


def test_an_account_that_may_write_is_told(residents: Residents) -> None:
    """We never write to the sender's tables, and should not be able to."""
    with residents.server.reader("SELECT ON t_rkxx", "DELETE ON t_rkxx") as url:
        (sentence,) = reader(residents.server, url).check()
    assert "may write to t_rkxx (DELETE)" in sentence


def test_each_missing_column_is_named(residents: Residents) -> None:
    """All of them at once, so that one letter to the district is enough."""
    columns = {"sid": "ryid", "ver": "banben", "name": "mingzi"}
    found = reader(residents.server, columns=columns, deleted="shanchu").check()
    assert found == [
        "residents: t_rkxx has no column banben.",
        "residents: t_rkxx has no column mingzi.",
        "residents: t_rkxx has no column shanchu.",
    ]


def test_a_missing_table_is_told_once(residents: Residents) -> None:
    """Not once a column."""
    (sentence,) = reader(residents.server, table="t_nobody").check()
    assert "t_nobody cannot be read: NO_SUCH_TABLE" in sentence


def test_a_missing_index_is_told(residents: Residents) -> None:
    """Without it every page scans two million rows at somebody else's server."""
    if residents.server.kind == "postgresql":
        residents.server.do("DROP INDEX ix_t_rkxx")
    else:
        residents.server.do("DROP INDEX ix_t_rkxx ON t_rkxx")
    with residents.server.reader("SELECT ON t_rkxx") as url:
        (sentence,) = reader(residents.server, url).check()
    assert "no index that begins with gxsj" in sentence


def test_a_schema_may_be_named(residents: Residents) -> None:
    """The same is said of a table in a schema of its own."""
    schema = "public" if residents.server.kind == "postgresql" else residents.server.name
    with residents.server.reader("SELECT ON t_rkxx") as url:
        assert reader(residents.server, url, table=f"{schema}.t_rkxx").check() == []


def test_rows_stamped_in_the_future_are_told(residents: Residents) -> None:
    """The usual cause is a server whose wall shows another time than the settings say."""
    residents.put("A", changed=NOON + timedelta(days=4000))
    with residents.server.reader("SELECT ON t_rkxx") as url:
        (sentence,) = reader(residents.server, url).check()
    assert "lies in the future" in sentence


def test_rows_without_a_change_are_told(residents: Residents) -> None:
    """They are not seen to change."""
    residents.server.do("INSERT INTO t_rkxx VALUES ('A', 1, '张三', NULL, '0')")
    with residents.server.reader("SELECT ON t_rkxx") as url:
        (sentence,) = reader(residents.server, url).check()
    assert "some rows have no gxsj" in sentence


def test_a_clock_that_differs_is_told(residents: Residents) -> None:
    """Their clock decides what has settled; if it is wrong, somebody has to know."""
    config = config_of(residents.server)
    database, streams = read_settings(config, dialect_of(config.kind))
    wrong = replace(database.dialect, clock="SELECT told FROM clock")
    source = FrontEnd("district", replace(database, dialect=wrong), streams)
    assert any("clock of the database differs" in sentence for sentence in source.check())


@pytest.mark.parametrize("exists", [False, True])
def test_the_table_of_acknowledgements_is_looked_at(residents: Residents, exists: bool) -> None:
    """If the settings name one it has to be there."""
    if exists:
        residents.server.do("CREATE TABLE linli_ack (stream varchar(40), place varchar(400))")
    sentences = reader(residents.server, ack_table="linli_ack").check()
    assert any("ack_table" in sentence for sentence in sentences) is not exists


def test_the_address_is_never_told(residents: Residents) -> None:
    """A wrong password is told without the password and without the host."""
    with residents.server.reader("SELECT ON t_rkxx") as url:
        wrong = url.replace("Reads-0nly", "Wr0ng-w0rd").replace(residents.server.name, "nowhere")
        (sentence,) = reader(residents.server, wrong).check()
    assert sentence.startswith("The database cannot be connected to:")
    assert "Wr0ng" not in sentence
    assert "127.0.0.1" not in sentence
