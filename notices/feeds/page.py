"""The page of a public notice: where text messages, feeds and alerts lead. No script, no cookie."""

from html import escape
from typing import Any

from app.clock import SHANGHAI
from notices.model.attachments import public_path

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{{font:1.1rem/1.7 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}}
</style>
</head><body><h1>{title}</h1><p><time datetime="{iso}">{shown}</time>{state}</p>
{changed}{body}{files}{english}</body></html>
"""
FILE = '<li><a href="{path}">{name}</a> ({kind}, {size} kB)</li>'
ENGLISH = '<hr><section lang="en"><h2>{title}</h2>{body}</section>'
CHANGED = "<p><strong>更正 Correction:{note}</strong></p>"
STATES = {"withdrawn": " · 已撤回 Withdrawn", "expired": " · 已失效 Expired"}


def page_of(row: Any) -> str:
    """Return the HTML; a withdrawn notice says so and keeps its words to itself."""
    withdrawn = row.state == "withdrawn"
    english = ""
    if row.title_en and not withdrawn:
        title = escape(row.title_en)
        english = ENGLISH.format(title=title, body=row.body_en_html or "")
    at = row.published_at.astimezone(SHANGHAI)
    return PAGE.format(
        title=escape(row.title),
        iso=at.isoformat(timespec="seconds"),
        shown=at.strftime("%Y-%m-%d %H:%M"),
        state=STATES.get(row.state, ""),
        changed="" if withdrawn else said_of(row.change_note),
        body="" if withdrawn else row.body_html,
        files="" if withdrawn else _files(row),
        english=english,
    )


def said_of(change_note: str | None) -> str:
    """Return, as HTML, what a correction changed; nothing for what corrects nothing."""
    return CHANGED.format(note=escape(change_note)) if change_note else ""


def _files(row: Any) -> str:
    lines = [
        FILE.format(
            path=escape(public_path(row.root_id, each)),
            name=escape(each["name"]),
            kind=escape(each["media_type"].partition("/")[2]),
            size=-(-each["bytes"] // 1000),
        )
        for each in row.attachments
    ]
    return f"<ul>{''.join(lines)}</ul>" if lines else ""
