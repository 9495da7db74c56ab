"""Every code that a row may be put aside for has words, and stands in the exchange's page."""

import re

from app.sync.reasons import REASONS, reason
from tests.surroundings import ROOT

SOURCES = [ROOT / name for name in ("app", "community", "notices")]
DOCS = ROOT / "docs" / "exchange" / "README.md"
SAID = re.compile(
    r"(?:FieldRefused|_?[Uu]nreadable|Strange|_spelled|Reject|fault|Piece)\([^()]*?\"([A-Z]{2,}[A-Z_]+)\""
)


def codes_in_code() -> set[str]:
    """Return the codes that the product's sources name where they refuse a row."""
    found: set[str] = set()
    for path in (each for folder in SOURCES for each in folder.rglob("*.py")):
        found.update(SAID.findall(path.read_text("utf-8")))
    return found


def test_each_code_of_the_code_has_words() -> None:
    found = codes_in_code()
    assert len(found) > 20
    assert found <= REASONS.keys()


def test_each_code_stands_in_the_docs() -> None:
    listed = set(re.findall(r"`([A-Z][A-Z_]+)`", DOCS.read_text("utf-8")))
    assert REASONS.keys() <= listed


def test_words_are_in_two_languages() -> None:
    for code, (chinese, english) in REASONS.items():
        assert re.search("[一-鿿]", chinese), code
        assert not re.search("[一-鿿]", english), code


def test_a_code_of_an_older_edition_speaks_for_itself() -> None:
    assert reason("LONG_GONE", chinese=True) == "LONG_GONE"
