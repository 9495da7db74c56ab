"""Numbers that a spreadsheet has rounded, and that look right all the same.

It keeps fifteen digits and writes noughts for the rest. Of eighteen digits with a check digit
(ISO 7064), ten of eleven rounded ones are refused for it, and the eleventh is somebody else's.
About one true number of a thousand ends in three noughts, too.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow.compute as pc

from app.sync.contract.kinds import ROUNDED
from app.sync.contract.records import Strings


def doubtful(raw: Strings, refused: Collection[int]) -> set[int]:
    """Return the places of a column's numbers that are right only by chance.

    ``refused`` are the places of those that are wrong. Where at least as many of the numbers that
    end in noughts are wrong as are right, none is believed: better a true one put aside until its
    sender is asked than somebody else's kept as one's own.
    """
    wrong = sorted(refused)
    failed = int(_rounded(raw.take(wrong)).sum())
    if not failed:
        return set()
    ending = set(np.flatnonzero(_rounded(raw)).tolist())
    return ending.difference(wrong) if 2 * failed >= len(ending) else set()


def _rounded(texts: Strings) -> Any:
    bare = pc.utf8_trim_whitespace(texts)
    found = pc.match_substring_regex(bare, f"^{ROUNDED}$")
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)
