"""The inbox as the documentation shows it."""

from notices.editing.examples import ID, NOTICE

ITEM = {
    "id": ID,
    "seq": 17,
    **{name: NOTICE[name] for name in ("revision", "kind", "priority", "drill", "pinned", "title")},
    **{name: NOTICE[name] for name in ("title_en", "change_note", "needs_ack", "ack_by")},
    "attached": 1,
    "published_at": "2026-11-23T01:00:00+00:00",
    "expires_at": NOTICE["expires_at"],
    "state": "published",
    "read": False,
    "read_at": None,
    "acked_at": None,
}

READABLE = {
    **ITEM,
    "root_id": ID,
    **{name: NOTICE[name] for name in ("body_md", "body_html", "body_en_md", "body_en_html")},
    **{name: NOTICE[name] for name in ("large_text", "read_aloud", "attachments")},
}
