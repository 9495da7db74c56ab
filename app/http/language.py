"""Two languages at the edge: Chinese unless the caller prefers English."""

from flask import request

OFFERED = {"zh-CN": "zh", "zh": "zh", "en": "en"}


def language() -> str:
    """Return "zh" or "en", as ``Accept-Language`` asks; codes and slugs never change."""
    header = request.headers.get("Accept-Language", "")
    if not header or len(header) > 200:
        return "zh"
    return OFFERED[request.accept_languages.best_match(OFFERED, default="zh-CN") or "zh-CN"]
