"""Documents: their pages, without what they tell of their making and without what acts."""

from app.files.cleaning.apart import Spoilt, run_apart
from app.files.refusals import DocumentRefused

MOST_PAGES = 2000


def clean_document(content: bytes, pages: int = MOST_PAGES) -> bytes:
    """Return the PDF in ``content`` washed; the same document is washed to the same bytes.

    Raises:
        DocumentRefused: it has more than so many ``pages``, is locked, broken, or too heavy.
        Unavailable: as many uploads as this process cleans at once are being cleaned.
    """
    try:
        return run_apart("washer.py", content, pages)
    except Spoilt as fault:
        raise DocumentRefused(reason=str(fault)) from fault
