"""Texts told by their letters: said once, made into a pattern here and into tables elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters that may stand in a text, and how many of them at most; at least there is one.

    ``first`` may stand at its begin and ``last`` at its end, if not all may; they differ from the
    others in ASCII letters alone. All are written as in the brackets of a pattern.
    """

    within: str
    most: int
    first: str = ""
    last: str = ""

    @property
    def pattern(self) -> str:
        """Return the pattern of one such text."""
        first = self.first or self.within
        if not self.last:
            return f"[{first}][{self.within}]{{0,{self.most - 1}}}"
        return f"[{first}](?:[{self.within}]{{0,{self.most - 2}}}[{self.last}])?"
