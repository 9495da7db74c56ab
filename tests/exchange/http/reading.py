"""How these tests read: through a configuration file, as an installation does."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app.settings.section import Section
from app.sync.connectors.config import read_config
from app.sync.connectors.http.connector import HttpConnector
from app.sync.connectors.opening import connector_of
from app.sync.outward import http as outward
from tests.exchange.district_process import DistrictProcess

Row = dict[str, Any]


@dataclass(frozen=True)
class Read:
    """What a reading brought: its rows, one after the other, and where it ended."""

    rows: list[Row]
    cursor: Mapping[str, Any]
    pages: int

    def sids(self) -> list[str]:
        return [row["sid"] for row in self.rows]


def toml(title: str, values: Mapping[str, object]) -> str:
    lines = [f"{name} = {orjson.dumps(value).decode()}" for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])


def connector_to(
    district: DistrictProcess, folder: Path, source: str = "district", **settings: object
) -> HttpConnector:
    """Return the connector that a file in ``folder`` describes."""
    text = f'source = "{source}"\nkind = "http"\n' + toml(
        "http", district.http_settings(**settings)
    )
    path = folder / "district.toml"
    path.write_text(text, "utf-8")
    connector = connector_of(read_config(path, district.environ))
    assert isinstance(connector, HttpConnector)
    return connector


def transport_to(district: DistrictProcess, **settings: object) -> outward.HttpOut:
    values = {"kind": "http", **district.http_settings(**settings)}
    return outward.configured(Section("out", values, district.environ))


def read(
    connector: HttpConnector,
    stream: str = "residents",
    cursor: Mapping[str, Any] | None = None,
    size: int = 1000,
) -> Read:
    """Read a stream to its end, with pages that went to another process and back."""
    rows: list[Row] = []
    cursor, pages = cursor or {}, 0
    for page in connector.pages(stream, cursor, size):
        rows += pickle.loads(pickle.dumps(page.read))().table.to_pylist()
        cursor, pages = orjson.loads(orjson.dumps(page.cursor)), pages + 1
    return Read(rows, cursor, pages)
