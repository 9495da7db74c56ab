"""Markdown into safe HTML: no scripts, no styles, links that lead where people expect."""

import nh3
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "hr", "a", "code", "pre"),
    *("h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def html_of(markdown: str) -> str:
    """Return the HTML of a notice's text."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
