"""Commands about sources: what is wrong is said in words, and what is read is counted."""

import json

import pytest

from app.database import read
from tests.exchange.drops import District, Told, drifts, keys_of, one
from tests.exchange.operating.desk import Desk
from tests.exchange.records import household, resident


def sent(district: District, **records: list[dict[str, object]]) -> None:
    district.drop("", True, **records)


def test_a_contract_is_printed_in_both_forms(desk: Desk) -> None:
    table = json.loads(desk.type("contract", "residents").words)
    assert table["primaryKey"] == ["sid"]
    form = json.loads(desk.type("contract", "residents", "--form", "json-schema").words)
    assert form["title"] == "residents"
    wrong = desk.type("contract", "nonsense")
    assert wrong.code == 2
    assert "nonsense" in wrong.words


def test_of_a_good_source_nothing_is_wrong(desk: Desk, district: District) -> None:
    sent(district, households=[household()])
    said = desk.type("check", "try-out")
    assert (said.code, said.words) == (0, "try-out: nothing is wrong\n")
    assert keys_of("household") == [], "a check reads nothing"
    assert read("SELECT FROM sync_run WHERE source = 'try-out'") == []


def test_a_check_says_all_that_is_wrong(desk: Desk, district: District) -> None:
    """An operator mends everything at once, not one word after the other."""
    sent(district, households=[household()], residents=[resident()])
    (district.folder / "households.csv").unlink()
    (district.folder / "residents.csv").write_text("", "utf-8")
    desk.describe("try-out", folder=str(district.folder))
    said = desk.type("check", "try-out")
    assert said.code == 1
    assert [line for line in said.lines if line.startswith("- ") or "Error: - " in line]
    for word in ("households", "residents"):
        assert word in said.words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('kind = "carrier-pigeon"\n[database]\n', "kind must be one of files, http"),
        ('kind = "files"\nfolder = "x"\n', "does not know folder"),
        ('kind = "files"\n[files]\nfolder = "x"\npath = "y"\n', "does not know path"),
        ('kind = "files"\n[files]\n', "files.folder is missing"),
        ('kind = "files"\nevery = "often"\n[files]\nfolder = "x"\n', "must look like 90s"),
        ('kind = "files"\nreconcile = "late"\n[files]\nfolder = "x"\n', "must look like 02:30"),
        (
            'kind = "http"\n[http]\nurl = "https://x.example"\nkey_id = "k"\nkey_env = "NO_SUCH"\n',
            "NO_SUCH is not set in the environment",
        ),
        ("kind = \n", "cannot be read"),
    ],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_slip_of_the_pen_in_a_description_is_named(
    desk: Desk, command: str, content: str, words: str
) -> None:
    (desk.folder / "slip.toml").write_text(f'source = "slip"\n{content}', "utf-8")
    said = desk.type(command, "slip")
    assert said.code == 1
    assert words in said.words
    assert said.words.startswith("Error: ")


def test_a_source_that_nobody_described_is_not_known(desk: Desk) -> None:
    said = desk.type("run", "nowhere")
    assert said.code == 1
    assert "no source is called nowhere; there are try-out" in said.words


def test_a_reading_says_how_far_it_is_and_what_came_of_it(desk: Desk, settled: District) -> None:
    sent(settled, residents=[resident(1), resident(2, phone="12"), resident(3)])
    said = desk.type("run", "try-out")
    assert said.code == 0
    assert said.lines[0] == "  residents: 3 of 3 rows"
    assert said.lines[-1].startswith("read 3 rows, 1 in quarantine, ")
    again = desk.type("run", "try-out")
    assert again.lines[-1].startswith("read 0 rows, 0 in quarantine, ")


def test_what_cannot_be_read_is_said_and_the_rest_is_read(desk: Desk, settled: District) -> None:
    sent(settled, households=[household(1), household(2)], residents=[resident()])
    whole = (settled.folder / "residents.csv").read_text("utf-8")
    (settled.folder / "residents.csv").write_text(whole.replace("试行人", "别的人"), "utf-8")
    said = desk.type("run", "try-out")
    assert said.code == 1
    assert "not everything could be read:" in said.words
    assert "residents: WRONG_DIGEST" in said.words
    assert "别的人" not in said.words
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    assert keys_of("resident") == []


@pytest.mark.parametrize("command", ["run", "reconcile"])
def test_a_manifest_that_cannot_be_believed_is_no_crash(
    desk: Desk, district: District, command: str
) -> None:
    (district.folder / "manifest.json").write_text("[]", "utf-8")
    said = desk.type(command, "try-out")
    assert said.code == 1
    assert "BAD_MANIFEST" in said.words


def test_many_deletions_are_said_to_wait_and_are_no_fault(desk: Desk, settled: District) -> None:
    sent(settled, households=[household(n) for n in range(1, 61)])
    desk.type("run", "try-out")
    sent(settled, households=[household(1)])
    said = desk.type("run", "try-out")
    assert said.code == 0
    assert "households: many deletions wait for somebody's word (sync holds)" in said.words


def test_the_status_says_how_each_stream_stands(desk: Desk, settled: District) -> None:
    sent(settled, residents=[resident()])
    desk.type("run", "try-out")
    told = Told({"households": [[household(2)]]}, ends=True, note="broken off")
    assert settled.hear(told)["households"].status == "refused"
    lines = [line for line in desk.type("status").lines if line.startswith("try-out ")]
    found = {line.split()[1].rstrip(":"): line for line in lines}
    assert "done, 1 of 1 rows, fresh 20" in found["residents"]
    assert "refused" in found["households"]
    assert "LINE_CUT: the line went dead" in found["households"]


def test_the_status_is_that_of_the_last_reading_not_of_an_erasure(
    desk: Desk, settled: District
) -> None:
    sent(settled, residents=[resident(1), resident(2)])
    desk.type("run", "try-out")
    desk.type("suppress", "try-out", "residents", "--sid", "TRY-R2", "--reason", "asked")
    (line,) = [line for line in desk.type("status").lines if "try-out residents" in line]
    assert "done, 2 of 2 rows" in line


def test_a_reconciliation_writes_its_report(desk: Desk, settled: District) -> None:
    sent(settled, residents=[resident(1), resident(2)])
    desk.type("run", "try-out")
    out = desk.folder.parent / "reports"
    said = desk.type("reconcile", "try-out", "--out", str(out))
    assert said.code == 0, said.words
    assert [path.suffix for path in sorted(out.iterdir())] == [".html", ".json"]
    record = json.loads(next(out.glob("*.json")).read_text("utf-8"))
    assert (record["source"], record["equal"]) == ("try-out", True)
    assert one("SELECT count(*) FROM sync_report WHERE source = 'try-out'") == 1


def test_a_reconciliation_that_finds_a_difference_ends_with_it(
    desk: Desk, settled: District
) -> None:
    sent(settled, residents=[resident(1), resident(2)])
    desk.type("run", "try-out")
    sent(settled, residents=[resident(1), resident(2), resident(3, name="没有人")])
    said = desk.type("reconcile", "try-out")
    assert said.code == 1
    assert "1 missing" in said.words
    assert "the two sides differ" in said.words
    assert "没有人" not in said.words
    assert keys_of("resident") == ["TRY-R1", "TRY-R2"]
    mended = desk.type("reconcile", "try-out", "--repair")
    assert mended.code == 0, mended.words
    assert keys_of("resident") == ["TRY-R1", "TRY-R2", "TRY-R3"]


def test_nothing_of_this_is_odd_to_the_books(desk: Desk, settled: District) -> None:
    sent(settled, residents=[resident(1)])
    for _ in range(2):
        assert desk.type("run", "try-out").code == 0
    assert drifts() == {}


def test_a_stream_is_read_from_its_start_when_somebody_says_so(
    desk: Desk, settled: District
) -> None:
    """After a restore over there, or with other settings here; who said so and why is kept."""
    settled.drop("", True, residents=[resident(1)])
    assert desk.type("run", "try-out").lines[-1].startswith("read 1 rows")
    assert desk.type("run", "try-out").lines[-1].startswith("read 0 rows")
    assert desk.type("afresh", "try-out", "residents").code == 2, "without a reason nobody does"
    said = desk.type("afresh", "try-out", "residents", "--reason", "their backup was put back")
    assert said.words == "the next run reads residents of try-out from its start\n"
    assert desk.type("run", "try-out").lines[-1].startswith("read 1 rows")
    trail = read("SELECT deed, facts->>'why' AS why FROM audit_entry")
    assert [tuple(row) for row in trail] == [("sync.read-afresh", "their backup was put back")]


def test_a_stream_that_was_never_read_has_no_start_to_go_back_to(desk: Desk) -> None:
    said = desk.type("afresh", "try-out", "residents", "--reason", "x")
    assert (said.code, said.words) == (1, "Error: residents of try-out was never read\n")
    assert read("SELECT deed FROM audit_entry") == []
