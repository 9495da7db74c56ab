"""What the platform gathers about a person is under the person's own key, and ends with it."""

import os
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import read, statements_so_far, transaction, write
from app.privacy import (
    KeyDestroyed,
    KeyRing,
    Keyring,
    SealBroken,
    Vault,
    forget_subject_keys,
    vault,
)

FIELD, ROW, WORDS = "rating.words", 7, "谢谢网格员"
DESTROY = "UPDATE subject_key SET wrapped = NULL, destroyed_at = now() WHERE subject = %(s)s"


def destroy(subject: UUID) -> None:
    with transaction():
        write(DESTROY, {"s": subject})
    forget_subject_keys()


def test_words_under_a_subject_open_in_their_place_only(app: Flask) -> None:
    subject = uuid4()
    sealed = vault.seal(FIELD, ROW, WORDS, subject)
    forget_subject_keys()
    assert vault.open(FIELD, ROW, sealed) == WORDS
    assert vault.opened(FIELD, ROW, sealed) == WORDS
    assert vault.opened(FIELD, ROW, None) is None
    for field, row in (("rating.wordz", ROW), (FIELD, 8)):
        with pytest.raises(SealBroken):
            vault.open(field, row, sealed)
        with pytest.raises(SealBroken):
            vault.opened(field, row, sealed)  # altered is not the same as gone


def test_one_subject_cannot_be_made_another_by_changing_the_name_in_the_bytes(app: Flask) -> None:
    one, other = uuid4(), uuid4()
    sealed = vault.seal(FIELD, ROW, WORDS, one)
    vault.seal(FIELD, ROW, WORDS, other)
    with pytest.raises(SealBroken):
        vault.open(FIELD, ROW, sealed[:1] + other.bytes + sealed[17:])


def test_a_subject_that_never_had_a_key_is_a_broken_seal_and_not_a_closed_account(
    app: Flask,
) -> None:
    sealed = vault.seal(FIELD, ROW, WORDS)
    with pytest.raises(SealBroken) as broken:
        vault.opened(FIELD, ROW, b"\0" + sealed[1:])
    assert not isinstance(broken.value, KeyDestroyed)


def test_a_wrapped_key_moved_to_another_subject_opens_nothing(app: Flask) -> None:
    one, other = uuid4(), uuid4()
    sealed = vault.seal(FIELD, ROW, WORDS, one)
    vault.seal(FIELD, ROW, WORDS, other)
    with transaction():
        write(
            "UPDATE subject_key SET wrapped = (SELECT wrapped FROM subject_key WHERE subject ="
            " %(other)s) WHERE subject = %(one)s",
            {"one": one, "other": other},
        )
    forget_subject_keys()
    with pytest.raises(SealBroken):
        vault.open(FIELD, ROW, sealed)


def test_a_destroyed_key_takes_everything_with_it_and_nobody_gets_a_second_one(
    app: Flask,
) -> None:
    subject, other = uuid4(), uuid4()
    sealed = vault.seal(FIELD, ROW, WORDS, subject)
    kept = vault.seal(FIELD, ROW, WORDS, other)
    destroy(subject)
    assert vault.opened(FIELD, ROW, sealed) is None
    with pytest.raises(KeyDestroyed, match=FIELD):
        vault.open(FIELD, ROW, sealed)
    with pytest.raises(KeyDestroyed):
        vault.seal(FIELD, ROW, WORDS, subject)
    about = vault.seal_about(FIELD, ROW, WORDS, subject)
    assert vault.open(FIELD, ROW, about) == WORDS
    assert vault.open(FIELD, ROW, kept) == WORDS


def test_a_key_outlives_the_deed_in_which_it_was_drawn(app: Flask) -> None:
    """Another seal of the same request may stand although the first deed was undone."""
    subject = uuid4()
    with suppress(RuntimeError), transaction():
        vault.seal(FIELD, ROW, WORDS, subject)
        raise RuntimeError
    sealed = vault.seal(FIELD, ROW, WORDS, subject)
    forget_subject_keys()
    assert vault.open(FIELD, ROW, sealed) == WORDS


def test_the_table_holds_only_wrapped_keys(app: Flask) -> None:
    """Without the wrapping key of the environment the table opens nothing."""
    subject = uuid4()
    sealed = vault.seal(FIELD, ROW, WORDS, subject)
    forget_subject_keys()
    thief, own = Vault(), KeyRing.of({1: os.urandom(32)})
    thief.unlock(Keyring(own, own, own, os.urandom(32)))
    with pytest.raises(SealBroken):
        thief.open(FIELD, ROW, sealed)
    row = read("SELECT wrapped FROM subject_key WHERE subject = %(s)s", {"s": subject})[0]
    assert len(row.wrapped) == 1 + 12 + 32 + 16
    forget_subject_keys()


def test_a_page_of_subjects_costs_one_statement(app: Flask) -> None:
    subjects = [uuid4() for _ in range(20)]
    sealed = [vault.seal(FIELD, n, WORDS, each) for n, each in enumerate(subjects)]
    forget_subject_keys()
    before = statements_so_far()
    vault.subjects.fetch(subjects)
    assert [vault.open(FIELD, n, each) for n, each in enumerate(sealed)] == [WORDS] * 20
    assert statements_so_far() - before == 1
