"""What the routes of all rooms share: the blueprint, and a request as the answer."""

from app.http.blueprint import Blueprint
from app.http.versions import etag
from community.requests.view import RequestView

requests = Blueprint(
    "requests", __name__, url_prefix="/api/v1/requests", description="诉求 · Service requests"
)

Answer = tuple[RequestView, dict[str, str]]


def shown(view: RequestView) -> Answer:
    """Return a request with the tag of its version."""
    return view, etag(view.row.version)
