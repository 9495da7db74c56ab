"""What must not be used is refused by a name, and no refusal repeats what was sent."""

import logging
import resource
from pathlib import Path

import pytest

from app.sync.connectors.config import read_config
from app.sync.connectors.http.connector import configured
from app.sync.connectors.protocol import SourceAway, SourceRefused
from tests.exchange.district_process import KEY, KEY_VARIABLE, DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read

SECRET = "A-SID-THAT-IS-NOBODYS-BUSINESS"


@pytest.mark.parametrize(
    ("fault", "options", "code"),
    [
        ("not-json", {}, "NOT_JSON"),
        ("web-page", {}, "NOT_JSON"),
        ("huge", {"megabytes": 3}, "ANSWER_TOO_LARGE"),
        ("redirect", {}, "REDIRECTED"),
        ("error", {"status": 401}, "NOT_ADMITTED"),
        ("error", {"status": 404}, "NOT_FOUND"),
        ("error", {"status": 400}, "QUESTION_REFUSED"),
        ("error", {"status": 304}, "ANSWER_UNEXPECTED"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(
    answering: DistrictProcess, tmp_path: Path, fault: str, options: dict[str, int], code: str
) -> None:
    """Each wrong has its code; a person can look it up."""
    answering.put("residents", *made_up(3))
    answering.misbehave(fault, times=0, on="/records", **options)
    with pytest.raises(SourceRefused) as refused:
        read(connector_to(answering, tmp_path, largest_answer_mb=2))
    assert refused.value.code == code


def test_an_endless_answer_does_not_fill_the_memory(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """Of a gigabyte that nobody asked for, two megabytes are read."""
    answering.put("residents", *made_up(3))
    answering.misbehave("huge", times=0, on="/records", megabytes=1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SourceRefused):
        read(connector_to(answering, tmp_path, largest_answer_mb=2))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_another_key_is_not_let_in(answering: DistrictProcess, tmp_path: Path) -> None:
    """A wrong key is told by the check, in a sentence."""
    connector_to(answering, tmp_path)
    config = read_config(tmp_path / "district.toml", {KEY_VARIABLE: "x" * 40})
    (sentence,) = configured(config).check()
    assert sentence.startswith("NOT_ADMITTED: ")


def test_a_stream_in_the_file_that_is_not_offered_is_told(
    answering: DistrictProcess, tmp_path: Path
) -> None:
    """A slip of the pen in the name of a stream is found before the first night."""
    answering.put("residents", *made_up(1))
    connector_to(answering, tmp_path)
    path = tmp_path / "district.toml"
    path.write_text(path.read_text() + '[streams.resident]\noverlap = "1h"\n')
    assert configured(read_config(path, answering.environ)).check() == ["it has no stream resident"]


@pytest.mark.parametrize("fault", ["not-json", "error", "endless-page", "truncated-body"])
def test_no_key_of_a_record_stands_in_a_log_or_a_refusal(
    answering: DistrictProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """Not even at DEBUG, where libraries write down all that they ask."""
    caplog.set_level(logging.DEBUG)
    answering.put("residents", {"sid": SECRET, "name": SECRET}, *made_up(2))
    connector = connector_to(answering, tmp_path, patience="1s")
    pages = connector.pages("residents", {}, 1)
    assert next(pages).cursor["after"] == SECRET  # so that the next question names it
    answering.misbehave(fault, times=0, on="/records")
    with pytest.raises((SourceAway, SourceRefused)) as refused:
        list(pages)
    told = [*caplog.messages, str(refused.value), repr(refused.value.__cause__)]
    assert not [text for text in told if SECRET in text or KEY in text]
