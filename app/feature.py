"""What a feature hands to the factory; the factory imports none."""

from dataclasses import dataclass, field

import click

from app.database import Model
from app.http.blueprint import Blueprint
from app.policy import Rows
from app.sync import Stream
from app.worker import Sweep


@dataclass(frozen=True)
class Feature:
    """All that one subject adds to the product."""

    name: str
    models: tuple[type[Model], ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    policy: Rows = field(default_factory=dict)
    streams: tuple[Stream, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    commands: tuple[click.Command, ...] = ()
