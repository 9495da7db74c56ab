"""A sensitive deed wants a proof by a second factor within the last five minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app

from app import clock
from app.http.blueprint import mark
from app.http.guard import current_actor
from app.http.refusals import StepUpNeeded
from app.policy import FRESH, lacking
from app.settings import Settings

STEP_UP = "x-step-up"


def stepped_up(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse whoever has not just proved who they are; stands above ``@idempotent``."""
    return _wanting(view, phone_enough=False)


def stepped_up_by_phone(view: Callable[..., Any]) -> Callable[..., Any]:
    """Take a code to the phone as proof in any installation.

    A first authenticator is enrolled by one, and nobody must have one for what is their own right.
    """
    return _wanting(view, phone_enough=True)


def _wanting(view: Callable[..., Any], phone_enough: bool) -> Callable[..., Any]:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        settings: Settings = current_app.extensions["linli.settings"]
        enough = phone_enough or settings.step_up_by_phone
        how = lacking(current_actor(), clock.now(), enough)
        if how is not None:
            raise StepUpNeeded(how=how, within=int(FRESH.total_seconds()))
        return view(*args, **kwargs)

    mark(wrapper, STEP_UP, True)
    return wrapper
