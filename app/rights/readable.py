"""A copy as a page that people read and print: two languages, no script, nothing from elsewhere."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

STYLE = """
body{font:16px/1.6 "PingFang SC","Noto Sans CJK SC",system-ui,sans-serif;max-width:52rem;
margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;
border-bottom:2px solid #1a1a1a}
.en,.note{color:#555}.en{font-weight:normal;font-size:.9em}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1rem}
th,td{border:1px solid #bbb;padding:.35rem .6rem;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
th{width:32%;background:#f3f3f3;font-weight:600}
@media print{body{margin:0;max-width:none;font-size:11pt}table,h2{break-inside:avoid}
h2{break-after:avoid}}
@page{margin:18mm}
"""

EMPTY = "无 <span class=en>none</span>"
MORE = (
    "记录过多,未全部列出,其余可到窗口申请 "
    '<span class="en" lang="en">not all are listed; ask a service desk for the rest</span>'
)


def page_of(document: Mapping[str, Any]) -> str:
    """Return the HTML page of a copy; every value is escaped."""
    sections = "".join(_section(each) for each in document["sections"])
    kept = "".join(_kept(each) for each in document["kept_by_law"])
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>我的个人信息 · My personal data</title>"
        f"<style>{STYLE}</style></head><body><main>"
        '<h1>我的个人信息 <span class="en" lang="en">My personal data</span></h1>'
        f'<p class="note">生成时间 <span lang="en">made at</span> {_text(document["made_at"])} · '
        f'账户 <span lang="en">account</span> {_text(document["account_id"])}</p>'
        f"{sections}"
        '<h2>注销后依法保留的内容 <span class="en" lang="en">Kept by law after closing</span></h2>'
        f"<table>{kept}</table>"
        "</main></body></html>"
    )


def _section(section: Mapping[str, Any]) -> str:
    title = (
        f'<h2>{_text(section["title_zh"])} <span class="en" lang="en">'
        f"{_text(section['title_en'])}</span></h2>"
    )
    records = section["records"]
    listed = "".join(_record(each) for each in records) if records else f"<p>{EMPTY}</p>"
    return title + listed + ("" if section["complete"] else f'<p class="note">{MORE}</p>')


def _record(record: Mapping[str, Any]) -> str:
    return f"<table>{''.join(_rows(record.items()))}</table>"


def _rows(items: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for name, value in items:
        yield f'<tr><th scope="row">{_text(name)}</th><td>{_value(value)}</td></tr>'


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "<br>".join(_value(each) for each in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{_text(name)}: {_value(each)}" for name, each in value.items()) or "–"
    return "–" if value is None else _text(value)


def _kept(kept: Mapping[str, Any]) -> str:
    what = f'{_text(kept["what_zh"])}<br><span class="en" lang="en">{_text(kept["what_en"])}</span>'
    term = f'{_text(kept["term_zh"])} <span class="en" lang="en">{_text(kept["term_en"])}</span>'
    return f'<tr><th scope="row">{what}</th><td>{term}<br>{_text(kept["basis"])}</td></tr>'


def _text(value: object) -> str:
    return escape(str(value))
