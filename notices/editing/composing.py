"""A text as it is stored: safe HTML, words for large print and for a voice, and what finds it."""

from datetime import datetime
from typing import Any

from app.errors import FieldFault, Invalid, Words
from notices.model.body import (
    grams_of,
    html_of,
    large_text_of,
    links_refused,
    read_aloud_of,
)
from notices.model.drills import DRILL, marked
from notices.model.lifecycle import Priority
from notices.model.refusals import (
    AnswerByRefused,
    ExpiryBeforeStart,
    ExpiryRefused,
    LinkRefused,
    StartRefused,
)

NOT_ALLOWED = Words("链接只能是网址、邮箱或电话", "Links lead to the web, to mail or to a phone")
BOTH = Words("英文标题与正文须同时填写", "An English title and text come together")


def composed(content: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that follow from the words of a draft; each of a drill says so.

    Raises:
        LinkRefused: a link leads where no notice may.
        Invalid: one of the English title and text is missing.
    """
    _check_links(content)
    if (content["title_en"] is None) != (content["body_en_md"] is None):
        missing = "title_en" if content["title_en"] is None else "body_en_md"
        raise Invalid([FieldFault(f"/{missing}", "required", BOTH)])
    drill, body, body_en = content["drill"], content["body_md"], content["body_en_md"]
    title = marked(content["title"], DRILL.zh, drill)
    title_en = content["title_en"] and marked(content["title_en"], DRILL.en, drill)
    return {
        "title": title,
        "body_md": body,
        "body_html": html_of(body),
        "title_en": title_en,
        "body_en_md": body_en,
        "body_en_html": html_of(body_en) if body_en else None,
        "large_text": marked(content["large_text"] or large_text_of(body), DRILL.zh, drill),
        "read_aloud": marked(content["read_aloud"] or read_aloud_of(title, body), DRILL.zh, drill),
        "own_words": bool(content["large_text"] or content["read_aloud"]),
        "kind": content["kind"],
        "priority": int(Priority[content["priority"].upper()]),
        **{name: content[name] for name in ("drill", "pinned", "needs_ack", "ack_by")},
        **{name: content[name] for name in ("publish_at", "expires_at")},
        "grams": grams_of(
            *(title, large_text_of(body), content["large_text"]),
            *(title_en, large_text_of(body_en or "")),
        ),
    }


def check_times(row: Any, now: datetime, *, at_once: bool = False) -> None:
    """Refuse times that do not fit each other, or that have passed.

    ``at_once``: it is published now, whatever was planned.

    Raises:
        ExpiryRefused, ExpiryBeforeStart, StartRefused, AnswerByRefused: what does not fit.
    """
    start = now if at_once else row["publish_at"] or now
    if start < now:
        raise StartRefused
    if row["expires_at"] and row["expires_at"] <= now:
        raise ExpiryRefused
    if row["expires_at"] and row["expires_at"] <= start:
        raise ExpiryBeforeStart
    by = row["ack_by"]
    if row["needs_ack"] != (by is not None):
        raise AnswerByRefused
    if by and (by <= start or (row["expires_at"] and by > row["expires_at"])):
        raise AnswerByRefused


def _check_links(content: dict[str, Any]) -> None:
    faults = [
        FieldFault(f"/{name}", "link", NOT_ALLOWED)
        for name in ("body_md", "body_en_md")
        if content[name] and links_refused(content[name])
    ]
    if faults:
        raise LinkRefused(faults)
