"""Notices as the documentation shows them to staff."""

ID = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c4"

AUDIENCE = {
    "areas": ["DDHT-XQ"],
    "divisions": [],
    "polygon": None,
    "households": [],
    "residents": [],
    "people": ["all"],
    "matters": [],
}

NEW = {
    "title": "停水通知",
    "body_md": "因管网检修,**11 月 25 日 8:00–16:00** 停水,请提前储水。",
    "kind": "utilities",
    "audience": {"areas": ["DDHT-XQ"]},
    "expires_at": "2030-11-25T08:00:00+00:00",
}

CORRECTION = NEW | {"change_note": "停水时间改为 9:00"}

LINK = f"/api/v1/files/{ID}/full?until=1780000000&mark=0123456789abcdef0123456789abcdef"
ATTACHMENT = {
    "id": ID,
    "name": "停水范围图",
    "kind": "document",
    "media_type": "application/pdf",
    "bytes": 81234,
    "width": None,
    "height": None,
    "links": {"full": LINK, "thumbnail": None},
}

NOTICE = {
    "id": ID,
    "root_id": ID,
    "revision": 1,
    "state": "draft",
    "version": 1,
    "kind": "utilities",
    "priority": "ordinary",
    "drill": False,
    "pinned": False,
    "needs_ack": False,
    "ack_by": None,
    "title": NEW["title"],
    "body_md": NEW["body_md"],
    "body_html": "<p>因管网检修,<strong>11 月 25 日 8:00–16:00</strong> 停水,请提前储水。</p>\n",
    "title_en": None,
    "body_en_md": None,
    "body_en_html": None,
    "large_text": "因管网检修,11 月 25 日 8:00–16:00 停水,请提前储水。",
    "read_aloud": "停水通知。因管网检修,11 月 25 日 8:00–16:00 停水,请提前储水。",
    "change_note": None,
    "attachments": [ATTACHMENT],
    "audience": AUDIENCE,
    "area_codes": ["DDHT-XQ"],
    "drafted_at": "2026-11-23T01:00:00+00:00",
    "publish_at": None,
    "published_at": None,
    "publish_seq": None,
    "expires_at": "2030-11-25T08:00:00+00:00",
    "ended_at": None,
}

VERSION = {
    "version": 2,
    "step": "return",
    "state": "returned",
    "at": "2026-11-23T02:00:00+00:00",
    "reason": "请写明停水范围",
    "changed": [],
    "content": None,
}
