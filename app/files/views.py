"""A file as it is shown to somebody in whose sight it is: with links that hold for five minutes."""

from typing import Any

from app.files.links import FULL, THUMBNAIL, link_to


def shown(row: Any) -> dict[str, Any]:
    """Return what is told of a file's row."""
    return {
        "id": row.id,
        "kind": row.kind,
        "media_type": row.media_type,
        "bytes": row.size,
        "width": row.width,
        "height": row.height,
        "links": {
            "full": link_to(row.id, FULL),
            "thumbnail": link_to(row.id, THUMBNAIL) if row.thumbnail else None,
        },
    }
