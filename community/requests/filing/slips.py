"""The slip (回执) that somebody takes home from a desk: number, matter, deadline and a QR code."""

import html
from datetime import datetime, timedelta
from uuid import UUID

import segno

from app import clock
from app.policy import Actor
from community.catalogue.service import matters_of_today
from community.requests.lifecycle import State
from community.requests.steps_taken import seen

SCALE = 4

STYLE = """
@page { margin: 8mm }
body { font: 16px/1.5 sans-serif; max-width: 72mm; margin: 0 auto; color: #000; background: #fff }
h1 { font-size: 22px; margin: 0 0 .4em } svg { display: block; width: 36mm; height: 36mm }
dt { font-weight: bold } dd { margin: 0 0 .4em; overflow-wrap: anywhere }
@media screen { body { padding: 8mm; margin: 8mm auto; box-shadow: 0 0 6px #999 } }
@media print { dl, svg, p { break-inside: avoid } }
"""

PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{number}</title><style>{style}</style></head>
<body>
<h1>诉求回执 · Receipt</h1>
<dl>
<dt>编号 · Number</dt><dd>{number}</dd>
<dt>事项 · Matter</dt><dd>{matter}</dd>
<dt>登记时间 · Filed</dt><dd>{filed}</dd>
<dt>{until}</dt><dd>{due}</dd>
</dl>
{code}
<p>查询、催办、评价请凭编号拨打 12345 或到任一便民服务点。<br>
Ask by this number at 12345 or at any service point.</p>
</body></html>
"""
DUE = "办理期限 · Due"
NOT_TAKEN = "不予受理,可提出异议至 · Not taken; you may object until"


def slip_of(actor: Actor, request_id: UUID) -> dict[str, str]:
    """Return the slip of a request as a page of HTML that prints on 80 mm paper or A4.

    It says nothing of the person, and nothing that was written: it may be lost on the way home.

    Raises:
        NotFound: the request is out of sight.
    """
    row = seen(actor, request_id)
    matter = matters_of_today.get().get(row.matter_code)
    named = f"{matter.name} {matter.name_en or ''}" if matter else row.matter_code
    code = segno.make(row.number, micro=False).svg_inline(scale=SCALE, omitsize=True)
    declined = row.state == State.DECLINED
    due = (row.reopen_until if declined else row.deadline_at) - timedelta(microseconds=1)
    note = "(暂定 provisional)" if row.deadline_provisional and not declined else ""
    page = PAGE.format(
        number=html.escape(row.number),
        matter=html.escape(named.strip()),
        filed=_shown(row.filed_at),
        style=STYLE,
        until=NOT_TAKEN if declined else DUE,
        due=f"{_shown(due)} {note}".strip(),
        code=code,
    )
    return {"number": row.number, "html": page}


def _shown(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
