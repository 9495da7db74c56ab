"""Markdown into safe HTML and into words: no scripts, links that lead where people expect."""

from collections.abc import Iterator, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "hr", "a", "code", "pre"),
    *("h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto", "tel"}
ENDS = "。!?;:,、,.!?;:…"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")
_every_link = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")
_every_link.validateLink = bool  # type: ignore[method-assign, assignment]  # to be named


def html_of(markdown: str) -> str:
    """Return the HTML of a notice's text."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def links_refused(markdown: str) -> bool:
    """Tell whether a link or an image leads elsewhere than by http, https, mailto or tel."""
    return any(
        url.partition(":")[0].strip().lower() not in SCHEMES
        for url in _links(_every_link.parse(markdown))
    )


def large_text_of(markdown: str) -> str:
    """Return the words alone, a line for each part: for large print. Numbers stay as they are."""
    return "\n".join(_lines(_markdown.parse(markdown)))


def read_aloud_of(title: str, markdown: str) -> str:
    """Return what a voice reads out: the title, then each part as a sentence.

    Numbers and abbreviations are kept as they are written: how they sound is the voice's matter.
    """
    parts = [title, *_lines(_markdown.parse(markdown))]
    return "".join(part if part[-1] in ENDS else part + "。" for part in parts if part)


def grams_of(*texts: str | None) -> list[str]:
    """Return the pairs of neighbouring characters by which a text is found, each once.

    Chinese writes no spaces, so pairs stand for words; one that is searched has all its pairs.
    """
    found: set[str] = set()
    for text in texts:
        for run in (text or "").lower().split():
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return sorted(found)


def _links(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for name in ("href", "src"):
            if (url := token.attrGet(name)) is not None:
                yield str(url)
        yield from _links(token.children or ())


def _lines(tokens: Sequence[Token]) -> list[str]:
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            words = "".join(
                "\n" if each.type in ("softbreak", "hardbreak") else each.content
                for each in token.children or ()
            )
            lines += words.split("\n")
        elif token.type in ("fence", "code_block"):
            lines += token.content.split("\n")
    return [line.strip() for line in lines if line.strip()]
