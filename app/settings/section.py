"""A table of a TOML file, read key by key; secrets stay in the environment, named by the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

T = TypeVar("T")


class ConfigRefused(Exception):
    """A file does not describe what it should; the words say what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the file, read key by key; what nobody asked for is refused at the end."""

    title: str
    values: Mapping[str, Any]
    environ: Mapping[str, str] = field(repr=False)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        return self._found(name, str, default)

    def whole(self, name: str, default: int | None = None, low: int = 0, high: int = 2**31) -> int:
        """Return a whole number in bounds."""
        value = self._found(name, int, default)
        if not low <= value <= high:
            raise ConfigRefused(f"{self.title}.{name} must be from {low} to {high}")
        return value

    def yes(self, name: str, default: bool | None = None) -> bool:
        """Return a true or false."""
        return self._found(name, bool, default)

    def table(self, name: str) -> "Section":
        """Return a table inside; an empty one if there is none."""
        return Section(f"{self.title}.{name}", self._found(name, dict, {}), self.environ)

    def period(self, name: str, default: timedelta | None = None) -> timedelta:
        """Return a length of time: "90s", "15m", "26h", "2d"."""
        if name not in self.values and default is not None:
            return default
        match = re.fullmatch(r"([0-9]{1,6})([smhd])", self.text(name))
        if not match:
            raise ConfigRefused(f"{self.title}.{name} must look like 90s, 15m, 26h or 2d")
        return timedelta(seconds=int(match[1]) * SECONDS[match[2]])

    def secret(self, name: str) -> str:
        """Return what the environment variable holds that this key names."""
        variable = self.text(name)
        if not self.environ.get(variable):
            raise ConfigRefused(f"{self.title}.{name}: {variable} is not set in the environment")
        return self.environ[variable]

    def only(self, *names: str) -> None:
        """Refuse keys that mean nothing here: a slip of the pen must not pass for a setting."""
        if strange := sorted(self.values.keys() - set(names)):
            raise ConfigRefused(f"{self.title} does not know {', '.join(strange)}")

    def _found(self, name: str, kind: type[T], default: T | None) -> T:
        value = self.values.get(name, default)
        if value is None:
            raise ConfigRefused(f"{self.title}.{name} is missing")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ConfigRefused(f"{self.title}.{name} must be a {kind.__name__}")
        return value
