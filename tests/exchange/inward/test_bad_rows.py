"""A row that is no record is put aside, sealed and counted; the rows beside it go through."""

import csv
import hashlib
import json
from typing import Any

import pytest

from app.database import read
from app.privacy import vault
from tests.exchange.drops import District, one, tally
from tests.exchange.records import household, matter, number, resident

RIGHT = number(9)
WRONG_DIGIT = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")

BAD = {
    "a wrong check digit": ({"id_number": WRONG_DIGIT}, "id_number", "NOT_AN_ID_NUMBER"),
    "no name": ({"name": ""}, "name", "MISSING"),
    "only spaces for a name": ({"name": " \u3000"}, "name", "MISSING"),
    "a landline": ({"phone": "0415-1234567"}, "phone", "NOT_A_PHONE"),
    "a NUL": ({"name": "试\0行"}, "name", "NOT_A_NAME"),
    "a name without an end": ({"name": "长" * 5000}, "name", "NOT_A_NAME"),
    "a relation of its own": ({"relation": "lodger"}, "relation", "NOT_A_CHOICE"),
    "a key with spaces": ({"sid": "TRY R9"}, "sid", "NOT_A_KEY"),
    "a key without an end": ({"sid": "TRY" + "9" * 200}, "sid", "NOT_A_KEY"),
    "no key": ({"sid": ""}, "sid", "MISSING"),
    "a version that is none": ({"ver": "new"}, "ver", "NOT_A_NUMBER"),
    "a version of nought": ({"ver": 0}, "ver", "OUT_OF_BOUNDS"),
    "a version past all numbers": ({"ver": "9" * 30}, "ver", "NOT_A_NUMBER"),
}  # fmt: skip


def put_aside() -> list[Any]:
    return read("SELECT * FROM sync_quarantine WHERE source = 'try-out' ORDER BY first_seen")


@pytest.mark.parametrize(("changes", "field", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_put_aside_and_its_neighbours_are_taken(
    settled: District, changes: dict[str, object], field: str, code: str
) -> None:
    rows = [resident(1), resident(9, **changes), resident(2)]
    counts = settled.send(residents=rows)["residents"]
    assert tally(counts) == {"in": 3, "inserted": 2, "bad": 1}
    assert one("SELECT count(*) FROM resident WHERE sid LIKE 'TRY%%'") == 2
    (row,) = put_aside()
    assert (row.stream, row.field, row.code, row.times) == ("residents", field, code, 1)
    assert one("SELECT sum(n_bad) FROM sync_batch WHERE source = 'try-out'") == 1


def test_what_a_bad_row_says_of_a_person_is_sealed(district: District) -> None:
    """Nobody reads a name, number or phone out of the quarantine without the keys."""
    bad = resident(9, name="冯试行", id_number=WRONG_DIGIT)
    district.send(residents=[bad])
    (row,) = put_aside()
    plain = one("SELECT q::text FROM sync_quarantine q WHERE source = 'try-out'")
    for value in ("冯试行", WRONG_DIGIT, str(bad["phone"])):
        assert value not in plain
        assert value.encode().hex() not in plain
    raw = json.loads(vault.open("sync_quarantine.raw", row.digest, row.raw_sealed))
    assert (raw["name"], raw["id_number"]) == ("冯试行", WRONG_DIGIT)


def test_a_quarantined_row_cannot_be_guessed_from_its_digest(district: District) -> None:
    """Whoever holds a dump cannot try out numbers until the digest fits."""
    district.send(residents=[resident(9, id_number=WRONG_DIGIT)])
    (row,) = put_aside()
    raw = vault.open("sync_quarantine.raw", row.digest, row.raw_sealed).encode()
    guesses = [hashlib.blake2b(raw, digest_size=16).hexdigest(), hashlib.md5(raw).hexdigest()]
    assert row.digest not in guesses


def test_a_bad_row_seen_again_is_counted_not_kept_twice(settled: District) -> None:
    bad = resident(9, id_number=WRONG_DIGIT)
    settled.send(residents=[bad])
    first = put_aside()[0]
    settled.drop(note="sent again", residents=[bad, resident(1)])
    assert tally(settled.load()["residents"]) == {"in": 2, "inserted": 1, "bad": 1}
    (again,) = put_aside()
    assert (again.times, again.first_seen) == (2, first.first_seen)
    assert again.last_seen > first.last_seen


def test_a_row_that_was_mended_is_taken(settled: District) -> None:
    settled.send(residents=[resident(9, id_number=WRONG_DIGIT)])
    assert tally(settled.send(residents=[resident(9)])["residents"]) == {"in": 1, "inserted": 1}


def test_a_number_that_does_not_fit_its_column_is_a_bad_row(district: District) -> None:
    """One wild number must not keep the other matters of the page out, now and at every run."""
    rows = [matter("TRY-M"), matter("TRY-N", limit_count=10**12)]
    counts = district.send(matters=rows)["matters"]
    assert tally(counts) == {"in": 2, "inserted": 1, "bad": 1}


def test_a_document_that_the_database_cannot_hold_is_a_bad_row(district: District) -> None:
    polygons = [
        {"sid": f"TRY-{n}", "ver": 1, "code": f"TRY-{n}", "polygon": polygon, "crs": "wgs84"}
        | {"valid_from": "2024-01-01"}
        for n, polygon in enumerate(('{"type":"Polygon"}', '{"a":"\\u0000"}', "[NaN]", "[1e999]"))
    ]
    assert district.send(polygons=polygons)["polygons"]["bad"] >= 3


@pytest.mark.parametrize("points", [2, 3])
def test_an_outline_of_too_few_points_is_refused_by_name_and_not_written(
    district: District, points: int
) -> None:
    ring = [[124.0, 40.0], [124.1, 40.0], [124.0, 40.0]][:points]
    outline = json.dumps({"type": "Polygon", "coordinates": [ring]})
    record = {"sid": "TRY-2", "ver": 1, "code": "TRY-2", "polygon": outline, "crs": "wgs84"}
    counts = district.send(polygons=[record | {"valid_from": "2024-01-01"}])["polygons"]
    assert tally(counts) == {"in": 1, "bad": 1}
    assert "NOT_A_POLYGON" in str(read("SELECT * FROM sync_quarantine")[0])
    assert read("SELECT 1 FROM area_polygon WHERE code = 'TRY-2'") == []


def test_half_a_character_is_a_bad_row(addressed: District) -> None:
    """JSON can spell half of a pair; it is no text, and it stops nobody else."""
    lines = [household(1), household(2, tenure="\ud800"), household(3, sid="TRY-\udfff")]
    path = addressed.folder / "households.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    named = {"stream": "households", "file": path.name, "format": "jsonl", "rows": 3}
    addressed.manifest([named])
    assert tally(addressed.load()["households"]) == {"in": 3, "inserted": 1, "bad": 2}


def test_a_row_with_too_many_cells_is_a_bad_row(addressed: District) -> None:
    """A comma that nobody quoted has moved the cells: what stands where is not known."""
    path = addressed.folder / "households.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sid", "ver", "address_sid", "tenure"])
        writer.writerow(["TRY-H1", "1", "TRY-A1", "owner", "tenant"])
        writer.writerow(["TRY-H2", "1", "TRY-A1", "owner"])
    addressed.manifest([{"stream": "households", "file": path.name, "format": "csv", "rows": 2}])
    assert tally(addressed.load()["households"]) == {"in": 2, "inserted": 1, "bad": 1}
