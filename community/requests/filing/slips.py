"""The slip (回执) that somebody takes home from a desk: number, matter, deadline and a QR code."""

import html
from datetime import datetime, timedelta
from uuid import UUID

import segno

from app import clock
from app.policy import Actor
from community.catalogue.service import matters_of_today
from community.requests.steps_taken import seen

SCALE = 4

PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{number}</title>
<style>
body {{ font: 18px/1.6 sans-serif; max-width: 80mm; margin: 0 auto; color: #000 }}
h1 {{ font-size: 26px }} svg {{ width: 36mm; height: 36mm }}
dt {{ font-weight: bold }} dd {{ margin: 0 0 .4em }}
</style></head>
<body>
<h1>诉求回执 · Receipt</h1>
<dl>
<dt>编号 · Number</dt><dd>{number}</dd>
<dt>事项 · Matter</dt><dd>{matter}</dd>
<dt>登记时间 · Filed</dt><dd>{filed}</dd>
<dt>办理期限 · Due</dt><dd>{due}</dd>
</dl>
{code}
<p>查询、催办、评价请凭编号拨打 12345 或到任一便民服务点。<br>
Ask by this number at 12345 or at any service point.</p>
</body></html>
"""


def slip_of(actor: Actor, request_id: UUID) -> dict[str, str]:
    """Return the slip of a request as a page of HTML that prints on 80 mm paper.

    It says nothing of the person, and nothing that was written: it may be lost on the way home.

    Raises:
        NotFound: the request is out of sight.
    """
    row = seen(actor, request_id)
    matter = matters_of_today.get().get(row.matter_code)
    named = f"{matter.name} {matter.name_en or ''}" if matter else row.matter_code
    code = segno.make(row.number, micro=False).svg_inline(scale=SCALE, omitsize=True)
    due = row.deadline_at - timedelta(microseconds=1)
    note = "(暂定 provisional)" if row.deadline_provisional else ""
    page = PAGE.format(
        number=html.escape(row.number),
        matter=html.escape(named.strip()),
        filed=_shown(row.filed_at),
        due=f"{_shown(due)} {note}".strip(),
        code=code,
    )
    return {"number": row.number, "html": page}


def _shown(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
