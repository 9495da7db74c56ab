"""Deletions that somebody approved, and people who were erased for good."""

import json

from flask import Flask

from app.database import read, transaction, write
from app.privacy import vault
from app.sync.inward.holds import carry_out_approved
from tests.exchange.drops import District, keys_of, mirrored, one
from tests.exchange.inward.telling import tell
from tests.exchange.operating.deciding import CROWD, KEPT, decide, status_of
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household, number, resident
from tests.people import WORKER, Caller, Person, account_of, bearer, staff_with


def test_what_waits_is_listed(desk: Desk, held: str) -> None:
    said = desk.type("holds")
    assert said.lines == [f"{held}  try-out households: 60 of 60 missing, held"]


def test_nothing_is_deleted_before_somebody_says_so(desk: Desk, held: str) -> None:
    assert desk.type("carry-out").words == "0 records deleted\n"
    assert sorted(keys_of("household")) == sorted(KEPT)


def test_what_was_approved_is_deleted_once(desk: Desk, held: str, operator: Caller) -> None:
    decide(operator, held)
    assert desk.type("holds").lines[0].endswith("approved")
    assert desk.type("carry-out").words == "60 records deleted\n"
    assert keys_of("household") == []
    assert status_of(held) == "done"
    assert read("SELECT FROM sync_held_key") == []
    assert desk.type("carry-out").words == "0 records deleted\n"
    (entry,) = read("SELECT * FROM audit_entry WHERE deed = 'sync.hold.carried_out'")
    assert entry.account_id == account_of(staff_with("sync_operator"))
    assert entry.facts == {"stream": "households", "deleted": 60}
    assert (
        one("SELECT sum(n) FROM sync_bucket WHERE stream = 'households' AND source = 'try-out'")
        == 0
    )


def test_what_was_refused_stays(desk: Desk, held: str, operator: Caller) -> None:
    decide(operator, held, approve=False)
    assert desk.type("carry-out").words == "0 records deleted\n"
    assert len(keys_of("household")) == 60
    assert desk.type("holds").words == ""


def test_what_changed_since_and_what_is_new_stays(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    """The word was given on a list; who has been heard of since is not on it any more."""
    tell(settled, "households", household(7, ver=2), household(99))
    decide(operator, held)
    assert desk.type("carry-out").words == "59 records deleted\n"
    assert keys_of("household") == ["TRY-H7", "TRY-H99"]


def test_a_hold_that_a_newer_list_undid_cannot_be_approved(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    settled.drop("they are back", True, households=CROWD)
    assert desk.type("run", "try-out").code == 0
    answer = operator.post(f"/api/v1/sync/holds/{held}/decision", {"approve": True})
    assert (answer.status_code, (answer.json or {})["state"]) == (409, "lapsed")
    assert desk.type("carry-out").words == "0 records deleted\n"


def test_while_a_reader_is_at_the_source_it_waits(
    desk: Desk, settled: District, held: str, operator: Caller
) -> None:
    """A reading would be broken off by it; it comes when the reader is done."""
    decide(operator, held)
    with transaction():
        write(
            "INSERT INTO sync_source (source, kind, fresh_within_s, reader_until)"
            " VALUES ('try-out', 'files', 1, now() + interval '1 minute')"
        )
    streams = {stream.name: stream for stream in settled.streams}
    assert carry_out_approved(streams) == 0
    with transaction():
        write("UPDATE sync_source SET reader_until = NULL")
    assert carry_out_approved(streams) == 60


ERASE = ("suppress", "try-out", "residents", "--reason", "asked for by the person")


def everything_of(district: District) -> str:
    """Return what the mirrors, the product and the books of what was put aside hold, as text."""
    tables = [stream.mirror.name for stream in district.streams]
    tables += ["resident", "sync_quarantine", "sync_held_key", "sync_suppressed", "audit_entry"]
    rows = [row[0] for table in tables for row in read(f"SELECT t::text FROM {table} t")]
    return "\n".join(rows)


def test_who_was_erased_is_nowhere_and_does_not_come_back(desk: Desk, settled: District) -> None:
    rows = [resident(1), resident(2)]
    settled.drop("", True, residents=[*rows, resident(2, ver=3, phone="no number")])
    assert desk.type("run", "try-out").code == 0
    assert len(mirrored("residents", "sid")) == 2
    said = desk.type(*ERASE, "--sid", "TRY-R2")
    assert (said.code, said.words) == (0, "erased, and kept out from now on\n")
    for note in ("", "the next", "and the next"):
        if note:
            settled.drop(note, True, residents=[resident(1), resident(2, ver=9)])
            assert desk.type("run", "try-out").code == 0
        content = everything_of(settled)
        assert "TRY-R2" not in content
        for name, value in (("id_number", number(2)), ("phone", "19999980002")):
            assert vault.index(name, value).hex() not in content
        assert keys_of("resident") == ["TRY-R1"]
    (batch,) = read(
        "SELECT n_in, n_same, n_suppressed FROM sync_batch WHERE stream = 'residents'"
        " AND source = 'try-out' ORDER BY id DESC LIMIT 1"
    )
    assert tuple(batch) == (2, 1, 1)


def test_an_erasure_is_audited_without_the_key(desk: Desk, settled: District) -> None:
    settled.send_all(residents=[resident(1)])
    desk.type(*ERASE, "--sid", "TRY-R1")
    (entry,) = read("SELECT * FROM audit_entry WHERE deed = 'sync.suppressed'")
    index = vault.index("sid", "TRY-R1").hex()
    assert (entry.subject_id, entry.facts["index"]) == ("residents", index)
    assert entry.facts["why"] == "asked for by the person"
    assert "TRY-R1" not in json.dumps(entry.facts)


def test_the_key_is_asked_for_so_that_no_shell_remembers_it(desk: Desk, settled: District) -> None:
    settled.send_all(residents=[resident(1)])
    said = desk.type(*ERASE, answer="TRY-R1\n")
    assert said.code == 0
    assert keys_of("resident") == []


def test_who_is_not_here_is_kept_out_all_the_same(desk: Desk, settled: District) -> None:
    settled.send_all(residents=[resident(1)])
    said = desk.type(*ERASE, "--sid", "TRY-R5")
    assert (said.code, said.words) == (0, "not here; kept out from now on\n")
    settled.send_all(residents=[resident(5)])
    assert keys_of("resident") == []


def test_who_waits_for_somebody_else_is_erased_as_well(desk: Desk, settled: District) -> None:
    """A record that the product never saw lies in the mirror with all that it says."""
    tell(settled, "residents", resident(1, household_sid="TRY-H9"))
    assert [row.waits_for for row in mirrored("residents", "waits_for")] != [None]
    desk.type(*ERASE, "--sid", "TRY-R1")
    assert mirrored("residents", "sid") == []
    tell(settled, "households", household(9))
    assert keys_of("resident") == []


def test_whose_deletion_is_held_is_not_on_the_list_any_more(
    desk: Desk, settled: District, held: str
) -> None:
    said = desk.type("suppress", "try-out", "households", "--sid", "TRY-H3", "--reason", "x")
    assert said.code == 0
    assert "TRY-H3" not in [row.sid for row in read("SELECT sid FROM sync_held_key")]


def test_an_account_of_somebody_erased_keeps_its_phone_and_loses_its_name(
    desk: Desk, settled: District
) -> None:
    settled.send_all(residents=[resident(1)])
    person = Person("19999980001", verified=False)
    account = account_of(person)
    with transaction():
        write(
            "UPDATE account SET level = 2, resident_id = (SELECT id FROM resident"
            " WHERE sid = 'TRY-R1') WHERE id = %(id)s",
            {"id": account},
        )
    desk.type(*ERASE, "--sid", "TRY-R1")
    (row,) = read("SELECT level, resident_id FROM account WHERE id = %(id)s", {"id": account})
    assert tuple(row) == (1, None)


def test_a_source_that_nobody_heard_of_is_a_slip_of_the_pen(desk: Desk, settled: District) -> None:
    """It would keep out nobody, and whoever asked for it would think that it does."""
    settled.send_all(residents=[resident(1)])
    said = desk.type("suppress", "tryout", "residents", "--sid", "TRY-R1", "--reason", "x")
    assert said.code == 1
    assert "no records ever came from tryout" in said.words
    assert "try-out" in said.words
    assert read("SELECT FROM sync_suppressed") == []
    assert keys_of("resident") == ["TRY-R1"]


def test_what_was_asked_about_somebody_erased_is_forgotten_too(
    app: Flask, desk: Desk, settled: District
) -> None:
    """The ticket goes, and what was told of it: what waits leaves empty, in its order."""
    settled.send_all(residents=[resident(1)])
    asked = {"stream": "residents", "record": "TRY-R1", "wanted": "x", "reason": "错字"}
    worker = Caller(app, bearer(WORKER))
    for field, wanted in (("name", "试行仁"), ("relation", "child")):
        answer = worker.post("/api/v1/corrections", asked | {"field": field, "wanted": wanted})
        assert answer.status_code == 201
    with transaction():
        write(
            "UPDATE outbox SET sent_at = now(), due_at = NULL WHERE id ="
            " (SELECT min(id::text)::uuid FROM outbox)"
        )
    assert desk.type(*ERASE, "--sid", "TRY-R1").code == 0
    assert read("SELECT FROM correction") == []
    sent, waiting = read("SELECT * FROM outbox ORDER BY sent_at NULLS LAST")
    assert (sent.payload_sealed, waiting.sent_at) == (None, None)
    assert vault.open("outbox.payload", waiting.id, bytes(waiting.payload_sealed)) == "{}"
