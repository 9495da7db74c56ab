"""Two faults on purpose, so that `make fuzz` can show that it would find them. Tests only.

``LINLI_PLANTED_FAULTS=yes`` is refused outside ``LINLI_ENV=test``: see app/settings.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Flask, g, request

from app.database import see_as
from app.http.guard import sight_of
from app.policy import Actor, Grant, Role

View = Callable[..., Any]


def plant(app: Flask) -> None:
    """Break two views of the assembled ``app``: one answers 500, one tells too much."""
    _before(app, "matters.list_matters", _stumble_at_the_bound)
    _before(app, "requests.show_request", _mistake_a_resident_for_staff)


def _before(app: Flask, endpoint: str, fault: Callable[[], None]) -> None:
    view: View = app.view_functions[endpoint]

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        fault()
        return view(*args, **kwargs)

    app.view_functions[endpoint] = wrapper


def _stumble_at_the_bound() -> None:
    if request.args.get("limit") == "100":
        raise KeyError("planted")


def _mistake_a_resident_for_staff() -> None:
    actor: Actor = g.actor
    if actor.area_path:
        zone = Grant(Role.DISTRICT_STAFF, area_code=actor.area_path[0])
        g.actor = replace(actor, grants=(zone,))
        see_as(sight_of(g.actor))  # as the guard would, if it were mistaken
