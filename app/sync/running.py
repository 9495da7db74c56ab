"""What the commands of the exchange do. Loads the columnar library: for commands and tests only."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app

from app.settings import Settings
from app.settings.section import ConfigRefused
from app.sync.connectors.config import SourceConfig, read_configs
from app.sync.connectors.files import FileDrop
from app.sync.connectors.opening import connector_of
from app.sync.connectors.protocol import Connector, SourceAway, SourceRefused
from app.sync.contract.stream import Stream
from app.sync.inward.engine import Outcome, Progress, run_source

SLOW = 5.0  # seconds after which people want to know how long it will take


def configured_sources() -> Mapping[str, SourceConfig]:
    """Return the sources of this installation (LINLI_SOURCES), by name."""
    settings: Settings = current_app.extensions["linli.settings"]
    try:
        return read_configs(settings.sources, os.environ)
    except ConfigRefused as fault:
        raise click.ClickException(str(fault)) from fault


def opened(name: str) -> tuple[SourceConfig, Connector]:
    """Return a configured source, ready to be read."""
    sources = configured_sources()
    if name not in sources:
        known = ", ".join(sources) or "none: LINLI_SOURCES names a folder of TOML files"
        raise click.ClickException(f"no source is called {name}; there are {known}")
    try:
        return sources[name], connector_of(sources[name])
    except (ConfigRefused, SourceRefused) as fault:
        raise click.ClickException(str(fault)) from fault


def load_folder(folder: Path, streams: Sequence[Stream], processes: int = 0) -> None:
    """Read what was dropped in a folder, and say what came of it."""
    try:
        connector = FileDrop(folder)
    except SourceRefused as fault:
        raise click.ClickException(str(fault)) from fault
    read_all(connector, streams, processes)


def run_configured(
    source: str, streams: Sequence[Stream], processes: int, progress: Progress | None = None
) -> None:
    """Read all that a configured source has new."""
    read_all(opened(source)[1], streams, processes, progress)


def check_source(source: str, streams: Sequence[Stream]) -> None:
    """Say what is wrong with a source; end with 1 if anything is."""
    config, connector = opened(source)
    known = {stream.name for stream in streams}
    wrong = [f"nobody knows the stream {name}" for name in config.streams if name not in known]
    wrong += connector.check()
    if wrong:
        raise click.ClickException("\n".join(f"- {each}" for each in wrong))
    click.echo(f"{source}: nothing is wrong")


def read_all(
    connector: Connector,
    streams: Sequence[Stream],
    processes: int,
    progress: Progress | None = None,
) -> None:
    """Read a source to its end, with progress; a stream that could not be read ends it with 1."""
    began = time.monotonic()
    try:
        outcomes = run_source(connector, streams, progress or Terminal(), processes=processes)
    except (SourceRefused, SourceAway) as fault:
        raise click.ClickException(str(fault)) from fault
    rows = sum(outcome.counts.get("in", 0) for outcome in outcomes)
    bad = sum(outcome.counts.get("bad", 0) for outcome in outcomes)
    click.echo(f"read {rows:,} rows, {bad:,} in quarantine, {time.monotonic() - began:.1f} s")
    complain(outcomes)


def complain(outcomes: Sequence[Outcome]) -> None:
    """Say which streams were not read, or not wholly; end with 1 if there are any.

    Raises:
        ClickException
    """
    for outcome in outcomes:
        if outcome.status == "held":
            click.echo(f"  {outcome.stream}: many deletions wait for somebody's word (sync holds)")
    wrong = [each for each in outcomes if each.status not in ("done", "held")]
    if wrong:
        words = "\n".join(f"  {each.stream}: {each.message or each.status}" for each in wrong)
        raise click.ClickException(f"not everything could be read:\n{words}")


@dataclass(slots=True)
class _Walk:
    """A walk through a stream: since when, and from which row on, we are told of it."""

    began: float
    first: int
    told: int = 0


class Terminal:
    """Shows how far a reading is: rows of the whole, its own rate, and what remains."""

    def __init__(self) -> None:
        self._walks: dict[str, _Walk] = {}

    def __call__(self, stream: str, done: int, expected: int | None) -> None:
        """Print a line."""
        walk = self._walks.get(stream)
        if walk is None or done < walk.told:  # a walk that begins at its start again is another
            walk = self._walks[stream] = _Walk(time.monotonic(), done)
        walk.told = done
        spent, got = time.monotonic() - walk.began, done - walk.first
        of = f" of {expected:,}" if expected is not None else ""
        pace = ""
        if spent > SLOW and got:
            pace = f", {got / spent:,.0f} a second"
            if expected:
                pace += f", {spent / got * max(0, expected - done):.0f} s left"
        click.echo(f"  {stream}: {done:,}{of} rows{pace}")
