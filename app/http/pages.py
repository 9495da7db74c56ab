"""A page for people where an operation has one beside its JSON: for whoever accepts HTML rather."""

from flask import Response, request

JSON, HTML = "application/json", "text/html"

# Such a page has a style and perhaps a drawing of its own and nothing else.
ONLY_SHOWN = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "no-store",
    "Vary": "Accept",
}


def wants_page() -> bool:
    """Tell whether the caller would rather look than parse."""
    return request.accept_mimetypes.best_match([JSON, HTML]) == HTML


def page(html: str) -> Response:
    """Return a page that stands alone: no script runs in it, and nothing is fetched or kept."""
    return Response(html, content_type=f"{HTML}; charset=utf-8", headers=ONLY_SHOWN)
