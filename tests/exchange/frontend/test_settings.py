"""A source's file says exactly what is read, and cannot say anything that reaches into SQL."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings.section import ConfigRefused
from app.sync.connectors.config import read_config
from app.sync.connectors.frontend import DIALECTS, dialect_of
from app.sync.connectors.frontend.dialect import Query
from app.sync.connectors.frontend.queries import later, selection
from app.sync.connectors.frontend.settings import NAME, read_settings
from app.sync.connectors.opening import connector_of
from tests.exchange.frontend.residents import SETTINGS, toml

URL = "mysql://reader:s3cret@10.0.0.1/qzk"


def _read(folder: Path, url: str = URL, options: Any = None, **stream: Any) -> Any:
    content = {
        "source": "district",
        "kind": "mysql",
        "database": {"url_env": "DB", **(options or {})},
        "streams": {"residents": {**SETTINGS, **stream}},
    }
    path = folder / "district.toml"
    path.write_text(toml(content), "utf-8")
    return read_config(path, {"DB": url})


WRONG: list[dict[str, Any]] = [
    {"table": "t_rkxx; DROP TABLE x"},
    {"table": "a.b.c"},
    {"table": "`t`"},
    {"changed": "gxsj DESC"},
    {"changed_kind": "number"},
    {"columns": {"sid": "ryid"}},
    {"columns": {"sid": "ryid", "ver": "bb", "name": "xm, sfzh"}},
    {"columns": {"sid": "ryid", "ver": "bb", "name": "@changed"}},
    {"columns": {"sid": "ryid", "ver": "bb", "Name": "xm"}},
    {"columns": {"sid": "ryid", "ver": "bb", "op": "cz"}},
    {"columns": {"sid": "ryid", "ver": 7}},
    {"deleted_is": "1"},
    {"overlap_rows": 10},
    {"where": "1 = 1"},
    {"ack_table": "x y"},
    {"options": {"late_commit": "0s"}},
    {"options": {"late_commit": "soon"}},
    {"options": {"utc_offset": "Shanghai"}},
    {"options": {"password": "s3cret"}},
    {"url": "postgresql://reader:s3cret@10.0.0.1/qzk"},
    {"url": "mysql://reader:s3cret@10.0.0.1:port/qzk"},
    {"url": "mysql://reader:s3cret@10.0.0.1/qzk?ssl_verify=no"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: json.dumps(wrong)[:60])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    """With words about the setting, and never with the password."""
    with pytest.raises(ConfigRefused) as refused:
        connector_of(_read(tmp_path, **wrong))
    assert "s3cret" not in str(refused.value)


def test_columns_may_be_named_in_chinese(tmp_path: Path) -> None:
    """Some front-end tables are."""
    config = _read(tmp_path, columns={"sid": "人员编号", "ver": "版本", "name": "姓名"})
    _, streams = read_settings(config, dialect_of("mysql"))
    query = Query(dialect_of("mysql"))
    said = selection(query, streams["residents"])
    assert said == "SELECT `人员编号`, `版本`, `姓名`, 0, `gxsj` FROM `t_rkxx`"


@given(st.text(max_size=20))
def test_no_name_leaves_its_quotes(name: str) -> None:
    """A name that is taken holds nothing that ends a quote, a word or a mark."""
    if NAME.fullmatch(name):
        assert not set(name) & set("\"'`;%:?. \t\n\\-()")


def test_a_missing_driver_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants Oracle learns what to install."""
    monkeypatch.setitem(DIALECTS, "oracle", ("nowhere:ORACLE", "oracledb"))
    with pytest.raises(ConfigRefused, match="pip install oracledb"):
        dialect_of("oracle")
    with pytest.raises(ConfigRefused, match="kind must be one of"):
        dialect_of("sqlserver")


@pytest.mark.parametrize("kind", [*DIALECTS])
def test_each_kind_marks_values_in_their_order(kind: str, tmp_path: Path) -> None:
    """A value never stands in the SQL, and marks are counted as the driver counts them."""
    try:
        dialect = dialect_of(kind)
    except ConfigRefused as fault:
        pytest.skip(str(fault))
    _, streams = read_settings(_read(tmp_path, deleted="scbz", deleted_is="X"), dialect_of("mysql"))
    table = streams["residents"]
    query = later(dialect, table, 41, 43, 7)
    assert query.values == ["X", 41, 43]
    assert not {"X", "41", "43"} & set(query.words.split())
    for template in (dialect.catalogue.leading, dialect.catalogue.unique, dialect.catalogue.writes):
        filled = Query(dialect).filled(template, {"schema": None, "table": "T"})
        marks = [filled.dialect.mark.format(n + 1) for n in range(len(filled.values))]
        assert all(mark in filled.words for mark in marks)
        assert "{" not in filled.words
