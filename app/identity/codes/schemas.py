"""The wire shapes of codes."""

import unicodedata
from typing import Any

from app.http.shapes import Pattern


class SixDigits(Pattern):
    """A code as people type it: spaces between the digits and full width are all right."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"\s{0,3}(?:[0-9０-９]\s{0,3}){6}", **options)

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the six digits."""
        text = super().deserialize(value, *args, **kwargs)
        return "".join(unicodedata.normalize("NFKC", text).split()) if text else text
