"""Commands as an operator types them, and what they say."""

import json
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.sync.connectors.config import SourceConfig, read_configs


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and all it said."""

    code: int
    words: str

    @property
    def lines(self) -> list[str]:
        return self.words.splitlines()


class Desk:
    """Somebody at a terminal of the installation; sources are described in ``folder``."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    def describe(self, source: str, kind: str = "files", more: str = "", **options: object) -> None:
        """Write the TOML file of a source; ``more`` is what stands at the top of it."""
        own = kind if kind in ("files", "http") else "database"
        lines = [f'source = "{source}"', f'kind = "{kind}"', more, f"[{own}]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in options.items()]
        (self.folder / f"{source}.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def described(self) -> dict[str, SourceConfig]:
        """Return the sources as they are described now."""
        return read_configs(self.folder, {})

    def type(self, *words: str, answer: str | None = None) -> Said:
        """Type ``flask sync`` and these words; no fault may come through as one."""
        done = self.app.test_cli_runner().invoke(args=["sync", *words], input=answer)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.output)
