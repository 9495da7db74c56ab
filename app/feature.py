"""What a feature hands to the factory; the factory imports none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import click

from app.database import Model
from app.http.blueprint import Blueprint
from app.policy import Actor, Rows
from app.privacy import Excused, Holding, Kept
from app.sync import Forget, Stream
from app.worker import Sweep

Closing = Callable[[Actor], None]
"""What a feature does in the transaction in which somebody closes their account."""

PersonOf = Callable[[Actor, UUID], UUID | None]
"""Whom a row is about (a resident's id), if the row is in the actor's sight."""


@dataclass(frozen=True)
class Feature:
    """All that one subject adds to the product.

    ``holdings``, ``closings``, ``kept`` and ``excused`` say what becomes of personal data;
    ``persons`` names the kinds of rows by which staff may ask to see a person's own data.
    """

    name: str
    models: tuple[type[Model], ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    policy: Rows = field(default_factory=dict)
    streams: tuple[Stream, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    commands: tuple[click.Command, ...] = ()
    holdings: tuple[Holding, ...] = ()
    closings: tuple[Closing, ...] = ()
    kept: tuple[Kept, ...] = ()
    excused: tuple[Excused, ...] = ()
    persons: Mapping[str, PersonOf] = field(default_factory=dict)
    forgets: tuple[Forget, ...] = ()
