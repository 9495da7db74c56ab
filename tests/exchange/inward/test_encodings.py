"""What a district writes in either encoding, in either format, is the same text here."""

import csv
import io
import json
from collections.abc import Callable, Mapping

import pytest

from tests.exchange.drops import District, one

NAME = "试行办㛃𠮷·é㊣,内"
"""Characters of two bytes and of four in GB18030, and a comma."""

Record = Mapping[str, object]
OFFICE: Record = {
    "sid": "TRY-D1",
    "ver": "1",
    "code": "TRY-D1",
    "name": NAME,
    "name_en": "Trial",
    "credit_code": "11210600MB0HT0012X",
    "valid_from": "2024-01-01",
    "valid_to": "",
}


def _csv(record: Record) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([record.keys(), record.values()])
    return out.getvalue()


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(("form", "written"), [("csv", _csv), ("jsonl", _line)])
def test_a_name_in_either_encoding_stands_as_it_was_written(
    district: District, form: str, written: Callable[[Record], str], encoding: str
) -> None:
    file = f"departments.{form}"
    (district.folder / file).write_bytes(written(OFFICE).encode(encoding))
    entry = {"stream": "departments", "file": file, "format": form, "rows": 1}
    district.manifest([{**entry, "encoding": encoding}])
    assert district.load()["departments"]["inserted"] == 1
    assert one("SELECT name FROM department WHERE code = %(code)s", code=OFFICE["code"]) == NAME
