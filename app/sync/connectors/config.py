"""A source is configured by one TOML file; secrets stay in the environment, named by the file.

source = "district"
kind = "http"            # files, http, postgresql, mysql, oracle, kingbase, dameng
every = "1h"             # how often the worker reads it; left out: only when told
fresh_within = "26h"     # older than this, people are told that it is old
reconcile = "02:30"      # when both sides are counted and compared, Shanghai time; or "never"

[http]                   # the settings of the kind; the databases share [database]
url = "https://exchange.example/api"
key_id = "linli"
key_env = "DISTRICT_KEY" # the name of an environment variable, never the key

[streams.residents]      # what the kind wants to know of a stream, if anything

[out]                    # how outcomes go back, if this source takes them
kind = "http"
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from app.settings.section import ConfigRefused, Section

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
FRESH_WITHIN = timedelta(hours=26)  # a night's run and two hours to be late


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """What the file says; ``folder`` is where it lies, for paths relative to it."""

    source: str
    kind: str
    folder: Path
    every: timedelta | None
    fresh_within: timedelta
    reconcile_at: time | None
    options: Section
    streams: Mapping[str, Section]
    out: Section | None


def read_config(path: Path, environ: Mapping[str, str]) -> SourceConfig:
    """Read one file.

    Raises:
        ConfigRefused: it cannot be read, lacks something, or says something unknown.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigRefused(f"{path.name} cannot be read: {fault}") from fault
    top = Section(path.name, content, environ)
    kind = top.text("kind")
    own = kind if kind in ("files", "http") else "database"
    top.only("source", "kind", "every", "fresh_within", "reconcile", "streams", "out", own)
    source = top.text("source")
    if not NAME.fullmatch(source):
        raise ConfigRefused(f"{path.name}.source must be small letters, digits and hyphens")
    streams = top.table("streams")
    return SourceConfig(
        source=source,
        kind=kind,
        folder=path.parent,
        every=top.period("every") if "every" in content else None,
        fresh_within=top.period("fresh_within", FRESH_WITHIN),
        reconcile_at=_time_of_day(top.text("reconcile", "02:30")),
        options=top.table(own),
        streams={name: streams.table(name) for name in streams.values},
        out=top.table("out") if "out" in content else None,
    )


def read_configs(folder: Path | None, environ: Mapping[str, str]) -> dict[str, SourceConfig]:
    """Read all files of a folder, by the name of the source.

    Raises:
        ConfigRefused: a file is wrong, or two name one source, or two take outcomes.
    """
    found: dict[str, SourceConfig] = {}
    for path in sorted(folder.glob("*.toml")) if folder else ():
        config = read_config(path, environ)
        if config.source in found:
            raise ConfigRefused(f"{path.name}: another file is the source {config.source} already")
        found[config.source] = config
    if sum(config.out is not None for config in found.values()) > 1:
        raise ConfigRefused("outcomes go one way: only one source may have [out]")
    return found


def _time_of_day(text: str) -> time | None:
    if text == "never":
        return None
    try:
        return time.fromisoformat(text)
    except ValueError as fault:
        raise ConfigRefused('reconcile must look like 02:30, or be "never"') from fault
