"""What a view can come to: the functions and classes of ours that a way of calls leads to."""

import dis
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

OURS = ("app.", "community.", "notices.")


def reached_from(view: Any) -> Iterator[Any]:
    """Yield every function and class that a way of names leads to, through code of ours.

    More than can happen, not less: a class is entered by all of its methods, and a name counts as
    called wherever it stands. What is held by an object only is not seen.
    """
    seen: set[int] = set()
    waiting: list[Any] = [view]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list | tuple):
            waiting += each
        each = each.__func__ if isinstance(each, MethodType) else each
        if not isinstance(each, type | FunctionType) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if not each.__module__.startswith(OURS):
            continue
        if isinstance(each, FunctionType):
            waiting += _used_by(each)
        else:
            waiting += [part for part in vars(each).values() if isinstance(part, FunctionType)]


def _used_by(function: FunctionType) -> Iterator[Any]:
    yield from (cell.cell_contents for cell in function.__closure__ or ())
    yield from function.__defaults__ or ()
    for code in _codes(function.__code__):
        found: Any = None
        for step in dis.get_instructions(code):
            if step.opname == "LOAD_GLOBAL":
                yield found
                found = function.__globals__.get(step.argval)
            elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(
                found, ModuleType | type
            ):
                found = getattr(found, step.argval, None)
            elif found is not None:
                yield found
                found = None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
