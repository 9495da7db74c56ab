"""What a manifest and a configuration promise, and when they are not believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.settings.section import ConfigRefused
from app.sync.connectors.config import read_config
from app.sync.connectors.files import FileDrop, configured
from app.sync.connectors.protocol import Offer, SourceAway, SourceRefused
from tests.exchange.files.leaving import SOURCE, STREAM, describe, leave, take

GOOD = b"sid,ver\nR1,1\nR2,1\n"
NOBODY = "0" * 64


@pytest.mark.parametrize("name", ["../x.csv", "/etc/hostname", "in/x.csv", "..", ".", "link.csv"])
def test_a_file_outside_the_folder_is_never_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "dropped"
    folder.mkdir()
    (tmp_path / "x.csv").write_bytes(GOOD)
    (folder / "link.csv").symlink_to(tmp_path / "x.csv")
    entry = {"stream": STREAM, "file": name, "format": "csv", "rows": 2, "sha256": NOBODY}
    describe(folder, [entry])
    drop = FileDrop(folder)
    with pytest.raises(SourceRefused, match=r"OUTSIDE_FOLDER: manifest\.json"):
        drop.offers()
    with pytest.raises(SourceRefused, match=r"OUTSIDE_FOLDER: manifest\.json"):
        take(drop)
    assert drop.check()


def test_a_link_to_a_file_of_the_folder_is_a_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "of-today.csv").write_bytes(GOOD)
    (tmp_path / "residents.csv").symlink_to("of-today.csv")
    assert take(leave(tmp_path, GOOD, 2)).sids == ["R1", "R2"]


FILE = {"stream": STREAM, "file": "residents.csv", "format": "csv", "rows": 2, "sha256": NOBODY}
WRONG: dict[str, list[object]] = {
    "stream": [None, "", 3, "a stream", "../x"],
    "file": [None, "", 3, "a\u0000b"],
    "format": [None, 3],
    "encoding": ["latin-1", "utf-16", None],
    "rows": ["many", "2", -1, True, 2.5, None],
    "sha256": [None, "0", "g" * 64],
    "complete": ["yes", 1],
    "sheet": [1],
}
MANIFESTS = (
    {
        "not JSON": b"{",
        "not UTF-8": b'{"source": "\xff"}',
        "a list": b"[]",
        "nested without an end": b"[" * 100_000,
        "larger than any": b" " * (1 << 20) + b"{}",
        "no source": b'{"files": []}',
        "a source that is a path": b'{"source": "../x", "files": []}',
        "no files": b'{"source": "try-out"}',
        "a file that is a word": b'{"source": "try-out", "files": ["x"]}',
    }
    | {
        f"written at {moment!r}": json.dumps(
            {"source": SOURCE, "files": [FILE], "written_at": moment}
        ).encode()
        for moment in ("", "yesterday", "2026-11-23", "2026-11-23T02:00:00", 1763860000, True)
    }
    | {
        f"{name} of {value!r}": json.dumps(
            {"source": SOURCE, "files": [{**FILE, name: value}]}
        ).encode()
        for name, values in WRONG.items()
        for value in values
    }
)


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS.keys())
def test_a_manifest_that_cannot_be_believed_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    drop = FileDrop(tmp_path, SOURCE)
    with pytest.raises(SourceRefused, match=r"BAD_MANIFEST: manifest\.json"):
        drop.offers()
    assert len(drop.check()) == 1


def test_a_stream_that_is_named_twice_is_refused_not_halved(tmp_path: Path) -> None:
    describe(tmp_path, [FILE, {**FILE, "file": "more.csv"}])
    with pytest.raises(SourceRefused, match="names the stream residents twice"):
        FileDrop(tmp_path).offers()


def test_a_configured_source_waits_for_its_manifest(tmp_path: Path) -> None:
    drop = FileDrop(tmp_path, SOURCE)
    assert (drop.source, drop.offers()) == (SOURCE, [])
    assert drop.check() == ["manifest.json is not there, so that nothing is on offer"]
    leave(tmp_path, GOOD, 2)
    assert [offer.stream for offer in drop.offers()] == [STREAM]
    assert drop.check() == []


def test_a_folder_that_was_named_by_hand_must_have_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"FILE_MISSING: manifest\.json"):
        FileDrop(tmp_path).offers()


def test_a_share_that_is_not_mounted_is_away_not_empty(tmp_path: Path) -> None:
    with pytest.raises(SourceAway):
        FileDrop(tmp_path / "share", SOURCE).offers()


def test_records_of_another_source_are_refused(tmp_path: Path) -> None:
    leave(tmp_path, GOOD, 2)
    with pytest.raises(SourceRefused, match="is of try-out, this is district"):
        FileDrop(tmp_path, "district").offers()


def test_what_is_on_offer_is_what_the_manifest_says(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 2, sha256=NOBODY.replace("0", "A"), complete=True)
    assert drop.source == SOURCE
    offer = Offer(STREAM, 2, True, "a" * 64, told=False)
    assert drop.offers() == [offer]
    manifest = tmp_path / "manifest.json"
    said = json.loads(manifest.read_text()) | {"written_at": "2026-11-23T02:00:00+08:00"}
    manifest.write_text(json.dumps(said))
    assert drop.offers() == [replace(offer, as_of=datetime(2026, 11, 22, 18, tzinfo=UTC))]


def test_pages_keep_to_what_was_offered(tmp_path: Path) -> None:
    """A manifest that says "complete" must not lend its word to the file that came after it."""
    drop = leave(tmp_path, GOOD, 2, complete=True)
    drop.offers()
    leave(tmp_path, GOOD[:13], 1, complete=False)
    with pytest.raises(SourceRefused, match="WRONG_DIGEST"):
        take(drop)
    drop.offers()
    assert take(drop).sids == ["R1"]


def test_a_look_says_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"sid,sid\n")
    (tmp_path / "good.csv").write_bytes(GOOD)
    names = ["a.csv", "b.csv", "c.dbf", "good.csv"]
    files = [{**FILE, "stream": name[0], "file": name, "format": name[-3:]} for name in names]
    describe(tmp_path, files)
    found = FileDrop(tmp_path).check()
    assert [words.split(":")[0] for words in found] == [
        "FILE_MISSING",
        "BAD_HEADER",
        "UNKNOWN_FORMAT",
    ]


def settings_of(folder: Path, words: str) -> FileDrop:
    path = folder / "district.toml"
    path.write_text(f'source = "try-out"\nkind = "files"\n{words}', "utf-8")
    return configured(read_config(path, {}))


def test_a_drop_is_configured_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    leave(tmp_path / "in", GOOD, 2)
    drop = settings_of(tmp_path, '[files]\nfolder = "in"\n')
    assert take(drop).sids == ["R1", "R2"]


@pytest.mark.parametrize(
    "words",
    ["[files]\n", '[files]\nfolder = "in"\nfile = 1\n', '[files]\nfolder="in"\n[streams.a]\nb=1'],
)
def test_a_setting_that_means_nothing_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(ConfigRefused):
        settings_of(tmp_path, words)
