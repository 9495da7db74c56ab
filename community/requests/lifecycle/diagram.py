"""The table as a diagram and as lines: what ``flask requests lifecycle`` and the docs show."""

from collections.abc import Iterable

from app.errors import Words
from community.requests.lifecycle.states import FLAGS, OPEN, PARTIES, STATES, STEPS, State
from community.requests.lifecycle.table import TABLE, Move

HEAD = """# The life of a service request

Written by `flask --app wsgi requests lifecycle`: the table that the product obeys. A step that
is not here is refused with `step-refused`, which names the legal ones.
"""


def page() -> str:
    """Return the page of the docs: the diagram, the steps, the states."""
    return "\n".join([HEAD, _diagram(), "## Steps", "", *_steps(), "", "## States", "", *_states()])


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    lines += [f"    {state}: {STATES[state].zh} {state}" for state in State]
    arrows: dict[tuple[str, str], list[str]] = {}
    for each in TABLE:
        for origin in each.origins or ("[*]",):
            if each.target and origin != each.target:
                arrows.setdefault((str(origin), str(each.target)), []).append(str(each.step))
    lines += [f"    {origin} --> {to}: {', '.join(by)}" for (origin, to), by in arrows.items()]
    return "\n".join([*lines, "```", ""])


def _steps() -> Iterable[str]:
    yield "| step | | from | to | by | only when | not when |"
    yield "|---|---|---|---|---|---|---|"
    for each in TABLE:
        target = f"`{each.target}`" if each.target else "stays"
        yield (
            f"| `{each.step}` | {_both(STEPS[each.step])} | {_from(each)} | {target} "
            f"| {_list(PARTIES[who] for who in each.by)} | {_list(FLAGS[f] for f in each.only)} "
            f"| {_list(FLAGS[f] for f in each.unless)} |"
        )


def _states() -> Iterable[str]:
    yield "| state | | open |"
    yield "|---|---|---|"
    for state in State:
        yield f"| `{state}` | {_both(STATES[state])} | {'yes' if state in OPEN else ''} |"
    yield ""


def _from(move: Move) -> str:
    if move.origins == OPEN:
        return "any open state"
    return ", ".join(f"`{each}`" for each in move.origins) or "-"


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"


def _list(words: Iterable[Words]) -> str:
    return ", ".join(each.en for each in words)
