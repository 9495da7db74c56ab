"""docs/problems.md, printed from the refusals themselves: one source, so that it cannot lag."""

import inspect

from app.errors import Refusal, every_refusal
from app.http.problems import status_of

HEAD = """# Problems

Every refusal of the API is an `application/problem+json` document (RFC 9457). Its `type` is
`urn:linli:problem:` and one of the names below; the name and the status never change, the words
follow `Accept-Language`. `instance` carries the request's id: quote it when you ask for help. No
problem ever repeats a value that was sent.

This page is written by `make openapi`; the words stand at each class in the code.
"""


def problem_pages() -> str:
    """Return the page: a table to look up, then a section for each slug."""
    kinds = sorted({kind for kind in every_refusal() if kind is not Refusal}, key=_order)
    rows = [
        f"| [`{k.slug}`](#{k.slug}) | {status_of(k)} | {k.title.en} | {k.title.zh} |" for k in kinds
    ]
    table = "\n".join(["| name | status | title | 标题 |", "|---|---|---|---|", *rows])
    return "\n".join([HEAD, table, "", *(_section(kind) for kind in kinds)])


def _order(kind: type[Refusal]) -> tuple[int, str]:
    return status_of(kind), kind.slug


def _section(kind: type[Refusal]) -> str:
    words = inspect.cleandoc(kind.__doc__ or "")
    return f"## {kind.slug}\n\n{kind.title.zh} · {kind.title.en} ({status_of(kind)})\n\n{words}\n"
