"""Tells the walk in a terminal, in colours where there is somebody to see them."""

import json
import sys

from tests.walk.phone import Answer, Asked, Phone

BOLD, DIM, GREEN, YELLOW, PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[33m", "\033[0m"
TOLD = ("Idempotency-Key", "If-Match")
MARGIN = " " * 18


class Terminal:
    """Prints each step, what was asked with the headers that matter, and what came back.

    Never prints a token, a code or a phone number.
    """

    def __init__(self) -> None:
        self.asked, self._steps, self._colours = 0, 0, sys.stdout.isatty()

    def step(self, zh: str, en: str) -> None:
        """Announce a step."""
        self._steps += 1
        print(f"\n{self._in(BOLD, f'{self._steps}. {zh}')}  {self._in(DIM, en)}")

    def came(self, phone: Phone, answer: Answer, show: object = None) -> None:
        """Tell what was asked and what came back: ``show``, or the problem if it was refused."""
        self._ask(phone, answer.asked)
        status = self._in(GREEN if answer.status < 400 else YELLOW, str(answer.status))
        refused = answer.problem if answer.status >= 400 else ""
        words = [word for word in (refused, _written(show)) if word]
        print(f"{MARGIN}→ {status}  {' · '.join(words)}".rstrip())

    def lost(self, phone: Phone, asked: Asked) -> None:
        """Tell what was asked when the network failed."""
        self._ask(phone, asked)
        print(f"{MARGIN}→ {self._in(YELLOW, '✂')}    the line is cut before the answer is read")

    def note(self, words: str) -> None:
        """Add a remark."""
        print(f"{MARGIN}{self._in(DIM, words)}")

    def _ask(self, phone: Phone, asked: Asked) -> None:
        self.asked += 1
        print(f"   {phone.owner:<14} {self._in(BOLD, asked.method)} {asked.path}")
        for name in TOLD:
            if name in asked.headers:
                self.note(f"{name}: {asked.headers[name]}")

    def _in(self, colour: str, words: str) -> str:
        return f"{colour}{words}{PLAIN}" if self._colours else words


def _written(show: object) -> str:
    if isinstance(show, dict):
        return "  ".join(f"{name}: {_word(value)}" for name, value in show.items())
    if isinstance(show, list):
        return ", ".join(map(_word, show))
    return "" if show is None else str(show)


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
