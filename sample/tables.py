"""Reads the tables beside the generator: real facts, and the district as written by hand."""

import csv
import json
from pathlib import Path

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
FACTS = HERE / "facts"
ZONE = HERE / "zone"

Row = dict[str, str]


def read_table(path: Path) -> list[Row]:
    """Return the rows of a UTF-8 CSV file, by column name; lines that begin with '#' are notes."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def county_outlines() -> dict[str, BaseGeometry]:
    """Return the outline of each county the zone lies over, by 12-digit code, in WGS-84 degrees."""
    collection = json.loads((FACTS / "counties.geojson").read_text(encoding="utf-8"))
    return {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in collection["features"]
    }
