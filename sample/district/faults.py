"""How the district can misbehave, as real ones do, and how it is told to."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sample.district.books import Books

FAULTS: Final[Mapping[str, str]] = {
    "late-commit": "the next put carries a time `seconds` (300) ago: others were read meanwhile",
    "duplicate-page": "a page that is not a stream's first is the one before, once more",
    "endless-page": "each page is the stream's first, and there are always more",
    "empty-page": "a page holds no record and says that there are more",
    "unordered-page": "the records of a page stand in reverse order",
    "error": "the answer is `status` (500)",
    "busy": "the answer is `status` (429), with Retry-After: `after` (1)",
    "slow": "the answer comes `seconds` (2) later",
    "drip": "the body comes byte by byte, each `seconds` (0.2) after the other",
    "wrong-count": "the count of rows is `by` (1) too high",
    "wrong-digest": "one bucket's sum is wrong",
    "truncated-body": "the connection ends in the middle of the body",
    "truncated-drop": "the last file of the next drop is cut off, after its manifest was written",
    "not-json": "the body breaks off, and its length says that it is whole",
    "web-page": "the answer is a page in HTML, as of a portal that wants one to sign in",
    "huge": "the body has `megabytes` (80)",
    "redirect": "the answer is 302, to `location` (https://elsewhere.example/)",
    "decline": "an outcome is refused with `status` (422) and `code` (unknown-matter)",
    "no-receipt": "an outcome is taken, and the answer has no receipt",
    "cut-after-accept": "an outcome is taken, and the connection ends before the answer",
}
"""What it can do, and what that means; the defaults of options are in brackets."""

FOR_EVER: Final = 0


class Faults:
    """What the district is to do wrong, how often, and where."""

    def __init__(self, books: Books) -> None:
        """Keep them in the books, so that a running server minds them."""
        self._books = books

    def misbehave(self, kind: str, times: int = 1, on: str = "", **options: Any) -> None:
        """Do something wrong the next ``times`` times (0: always) where a path contains ``on``.

        Raises:
            ValueError: there is no such fault.
        """
        if kind not in FAULTS:
            raise ValueError(f"the district cannot {kind}; it can: {', '.join(FAULTS)}")
        with self._books.open() as db:
            db.execute(
                "INSERT INTO fault (kind, options, times) VALUES (?, ?, ?)",
                (kind, json.dumps({"on": on, **options}), times or None),
            )

    def behave(self) -> None:
        """Do everything right again."""
        with self._books.open() as db:
            db.execute("DELETE FROM fault")

    def left(self) -> list[str]:
        """Return what it was to do a number of times and has not yet done so often."""
        with self._books.open() as db:
            found = db.execute("SELECT kind FROM fault WHERE times IS NOT NULL ORDER BY id")
            return [kind for (kind,) in found]

    def take(self, kind: str, path: str = "") -> dict[str, Any] | None:
        """Return the options of a fault that is due here, and count that it was committed."""
        with self._books.open() as db:
            found = db.execute(
                "SELECT id, options FROM fault WHERE kind = ? ORDER BY id", (kind,)
            ).fetchall()
            for place, text in found:
                options: dict[str, Any] = json.loads(text)
                if options["on"] in path:
                    db.execute("UPDATE fault SET times = times - 1 WHERE id = ?", (place,))
                    db.execute("DELETE FROM fault WHERE id = ? AND times <= 0", (place,))
                    return options
        return None
