"""Both stores keep bytes whole, find them by content, and say when they cannot."""

import dataclasses
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from app.files.stores import BlobMissing, Store, StoreAway, s3, store_of
from app.files.stores.folder import FolderStore
from app.settings import Settings, SettingsRefused, from_environment
from tests.files.fake_s3 import BUCKET, KEY, SECRET, World, fake_s3
from tests.surroundings import environment

CONTENT = b"bytes of a photo" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
URL = "postgresql://nobody@localhost/none"


def settings_of(place: str, secret: str = SECRET) -> Settings:
    plain = from_environment(environment(URL, Path("nowhere")))
    return dataclasses.replace(plain, files=place, files_key=KEY, files_secret=secret)


@pytest.fixture
def bucket() -> Iterator[tuple[str, World]]:
    with fake_s3() as (address, world):
        yield f"s3+http://{address}/{BUCKET}?region=cn-east-1", world


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return store_of(settings_of(str(tmp_path / "a folder")))
    place, _ = request.getfixturevalue("bucket")
    return store_of(settings_of(place))


def test_what_is_put_is_got_again_and_deleted_for_good(store: Store) -> None:
    with pytest.raises(BlobMissing):
        store.get(DIGEST)
    for _ in range(2):
        store.put(DIGEST, CONTENT)
    assert store.get(DIGEST) == CONTENT
    for _ in range(2):
        store.delete(DIGEST)
    with pytest.raises(BlobMissing):
        store.get(DIGEST)


def test_a_folder_fans_out_and_shows_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space left")))
    with pytest.raises(StoreAway, match="no space left"):
        store.put(DIGEST, CONTENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    store.put(DIGEST, CONTENT)
    assert (tmp_path / DIGEST[:2] / DIGEST[2:4] / DIGEST).read_bytes() == CONTENT
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [DIGEST]


def test_many_may_put_the_same_at_once(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=FolderStore(tmp_path).put, args=(DIGEST, CONTENT)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert FolderStore(tmp_path).get(DIGEST) == CONTENT
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_altered_bytes_are_missing_not_served(store: Store, tmp_path: Path) -> None:
    store.put(DIGEST, CONTENT)
    other = hashlib.sha256(b"other").hexdigest()
    store.put(other, CONTENT)  # as a broken disk would have it
    with pytest.raises(BlobMissing):
        store.get(other)


def test_a_wrong_secret_is_refused_by_the_far_side(bucket: tuple[str, World]) -> None:
    """And so the fake checks what it claims to check."""
    place, world = bucket
    with pytest.raises(StoreAway):
        store_of(settings_of(place, "another-secret")).put(DIGEST, CONTENT)
    assert world.blobs == {}
    assert world.asked


def test_a_store_that_stumbles_is_asked_again_and_one_that_is_down_is_away(
    bucket: tuple[str, World],
) -> None:
    place, world = bucket
    store = store_of(settings_of(place))
    world.fail = [500, 503]
    store.put(DIGEST, CONTENT)
    assert store.get(DIGEST) == CONTENT
    for deed in (
        lambda: store.put(DIGEST, CONTENT),
        lambda: store.get(DIGEST),
        lambda: store.delete(DIGEST),
    ):
        world.fail = [500] * 3
        with pytest.raises(StoreAway):
            deed()
        world.fail = []


def test_a_store_that_says_nothing_is_not_waited_for(
    bucket: tuple[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "WAITS", urllib3.Timeout(connect=0.2, read=0.2))
    monkeypatch.setattr(s3, "TRIES", 0)
    place, world = bucket
    world.silent_s = 1.0
    with pytest.raises(StoreAway):
        store_of(settings_of(place)).get(DIGEST)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"LINLI_FILES": "s3+https://host"}, "s3"),
        ({"LINLI_FILES": "s3+ftp://host/b"}, "s3"),
        ({"LINLI_FILES": "s3+https://host/b"}, "LINLI_FILES_KEY"),
        ({"LINLI_ENV": "production", "LINLI_SMS": "off"}, "LINLI_FILES"),
        (
            {
                "LINLI_ENV": "production",
                "LINLI_SMS": "off",
                "LINLI_FILES": "s3+http://h/b",
                "LINLI_FILES_KEY": "k",
                "LINLI_FILES_SECRET": "s",
            },
            "plain http",
        ),
    ],
)
def test_a_store_that_is_half_configured_refuses_the_start(
    given: dict[str, str], word: str
) -> None:
    with pytest.raises(SettingsRefused, match=word):
        from_environment({**environment(URL, Path("nowhere")), **given})
