"""A drop that is not what it says is refused in words that name the file, and nothing is taken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.sync.connector import SourceRefused
from tests.exchange.drops import District, one
from tests.exchange.records import household

Spoil = Callable[[Path], None]

HEADER = "sid,ver,address_sid,tenure\n"
ROW = "TRY-H1,1,TRY-A1,owner\n"


def named(content: bytes, **changes: object) -> Callable[[District], None]:
    """Return what leaves households.csv with that content, and a manifest that fits or not."""

    def leave(district: District) -> None:
        (district.folder / "households.csv").write_bytes(content)
        entry: dict[str, Any] = {"stream": "households", "file": "households.csv"}
        district.manifest([entry | {"format": "csv", "rows": 1} | changes])

    return leave


GOOD = (HEADER + ROW).encode()

SPOILT = {
    "a column is missing": (named(b"sid,ver,tenure\nTRY-H1,1,owner\n"), "address_sid"),
    "a column too many": (named(b"sid,ver,address_sid,tenure,age\nTRY-H1,1,A,owner,3\n"), "age"),
    "no line at all": (named(b""), "columns"),
    "more rows than promised": (named((HEADER + ROW * 3).encode(), rows=2), "2 rows"),
    "another digest": (named(GOOD, sha256="0" * 64), "digest"),
    "not UTF-8": (named(HEADER.encode() + "TRY-H1,1,试,owner\n".encode("gb18030")), "Unicode"),
    "an open quote": (named(HEADER.encode() + b'TRY-H1,1,"A,owner\n'), "Error"),
    "a format nobody reads": (named(GOOD, format="xlsx"), "xlsx"),
}


def nothing_taken() -> bool:
    return bool(
        one(
            "SELECT NOT EXISTS (SELECT FROM src_households WHERE source = 'try-out')"
            " AND NOT EXISTS (SELECT FROM household WHERE sid LIKE 'TRY%%')"
            " AND NOT EXISTS (SELECT FROM sync_batch WHERE source = 'try-out')"
            " AND NOT EXISTS (SELECT FROM sync_checkpoint"
            "                 WHERE source = 'try-out' AND cursor <> '{}')"
        )
    )


@pytest.mark.parametrize(("leave", "word"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_file_is_refused_by_name(
    district: District, leave: Callable[[District], None], word: str
) -> None:
    leave(district)
    with pytest.raises(SourceRefused, match=r"households\.csv") as refusal:
        district.load()
    assert word in str(refusal.value)
    assert nothing_taken()


def test_a_file_with_fewer_rows_than_promised_is_refused_at_every_run(district: District) -> None:
    """Its pages are records all right and stay; that some are missing is said until they come."""
    named(GOOD, rows=2)(district)
    for _ in range(2):
        with pytest.raises(SourceRefused, match=r"households\.csv has not the 2 rows"):
            district.load()
        assert one("SELECT n_in FROM sync_batch WHERE source = 'try-out'") == 1
        assert one("SELECT fresh_at FROM sync_checkpoint WHERE source = 'try-out'") is None


def test_a_file_cut_short_on_its_way_is_refused(district: District) -> None:
    district.drop(households=[household(n) for n in range(1, 40)])
    path = district.folder / "households.csv"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceRefused, match=r"households\.csv does not have the digest"):
        district.load()
    assert nothing_taken()


def test_a_file_that_did_not_arrive_is_refused(district: District) -> None:
    district.drop(households=[household()])
    (district.folder / "households.csv").unlink()
    with pytest.raises(SourceRefused, match=r"households\.csv"):
        district.load()
    assert nothing_taken()


@pytest.mark.parametrize("name", ["../households.csv", "/etc/hostname", "in/households.csv", ".."])
def test_a_file_outside_the_folder_is_never_opened(district: District, name: str) -> None:
    entry = {"stream": "households", "file": name, "format": "csv", "rows": 1, "sha256": "0"}
    (district.folder / "manifest.json").write_text(
        json.dumps({"source": "try-out", "files": [entry]}), "utf-8"
    )
    with pytest.raises(SourceRefused):
        district.load()
    assert nothing_taken()


MANIFESTS = {
    "none at all": None,
    "not JSON": b"{",
    "not UTF-8": b'{"source": "\xff"}',
    "a list": b"[]",
    "no source": b'{"files": []}',
    "no files": b'{"source": "try-out"}',
    "a file without a name": b'{"source": "try-out", "files": [{"stream": "households"}]}',
    "a count that is none": b'{"source": "try-out", "files": [{"stream": "households",'
    b' "file": "households.csv", "format": "csv", "rows": "many", "sha256": "0"}]}',
}


def test_a_manifest_nested_without_an_end_is_refused(district: District) -> None:
    (district.folder / "manifest.json").write_bytes(b"[" * 100_000)
    with pytest.raises(SourceRefused, match=r"manifest\.json"):
        district.load()


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS.keys())
def test_a_manifest_that_cannot_be_read_is_refused(
    district: District, content: bytes | None
) -> None:
    path = district.folder / "manifest.json"
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceRefused, match=r"manifest\.json"):
        district.load()
    assert nothing_taken()


def test_a_stream_that_is_named_twice_is_refused_not_halved(district: District) -> None:
    """Two files for one stream: reading only the second would lose the first without a word."""
    district.drop(households=[household(1)])
    (district.folder / "more.csv").write_text(HEADER + "TRY-H2,1,TRY-A1,owner\n", "utf-8")
    entry = {"stream": "households", "format": "csv", "rows": 1}
    district.manifest([entry | {"file": "households.csv"}, entry | {"file": "more.csv"}])
    try:
        district.load()
    except SourceRefused:
        assert nothing_taken()
    else:
        assert one("SELECT count(*) FROM household WHERE sid LIKE 'TRY%%'") == 2


def test_a_column_that_is_named_twice_is_refused(district: District) -> None:
    named(b"sid,ver,address_sid,tenure,tenure\nTRY-H1,1,A,owner,tenant\n")(district)
    with pytest.raises(SourceRefused, match=r"households\.csv"):
        district.load()
    assert nothing_taken()


def test_a_line_that_is_not_json_is_named_by_its_number(district: District) -> None:
    path = district.folder / "households.jsonl"
    lines = [json.dumps({"note": "made up"}), json.dumps(household()), "{"]
    path.write_text("\n".join(lines), "utf-8")
    entry = {"stream": "households", "file": path.name, "format": "jsonl", "rows": 2}
    district.manifest([entry])
    with pytest.raises(SourceRefused, match=r"households\.jsonl: line 3"):
        district.load()
    assert nothing_taken()


def test_the_streams_before_a_spoilt_one_stay_whole(district: District) -> None:
    """What was committed before stays; the spoilt file leaves nothing."""
    district.drop(households=[household(1), household(2)], residents=[])
    manifest = json.loads((district.folder / "manifest.json").read_text("utf-8"))
    manifest["files"][1]["rows"] = 1
    (district.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(SourceRefused, match=r"residents\.csv"):
        district.load()
    assert one("SELECT count(*) FROM household WHERE sid LIKE 'TRY%%'") == 2
    assert one("SELECT count(*) FROM src_residents WHERE source = 'try-out'") == 0
