"""Notices as the documentation shows them."""

ID = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c4"

NEW = {
    "title": "停水通知",
    "body_md": "因管网检修,**11 月 25 日 8:00–16:00** 停水,请提前储水。",
    "area_codes": ["DDHT-XQ"],
    "expires_at": "2030-11-25T08:00:00+00:00",
}

NOTICE = {
    "id": ID,
    "title": NEW["title"],
    "body_md": NEW["body_md"],
    "body_html": "<p>因管网检修,<strong>11 月 25 日 8:00–16:00</strong> 停水,请提前储水。</p>\n",
    "area_codes": ["DDHT-XQ"],
    "state": "draft",
    "version": 1,
    "drafted_at": "2026-11-23T01:00:00+00:00",
    "published_at": None,
    "publish_seq": None,
    "expires_at": "2030-11-25T08:00:00+00:00",
}

ITEM = {
    "id": ID,
    "title": NEW["title"],
    "published_at": "2026-11-23T01:00:00+00:00",
    "expires_at": "2030-11-25T08:00:00+00:00",
    "read_at": None,
}

READABLE = ITEM | {"body_md": NOTICE["body_md"], "body_html": NOTICE["body_html"]}
