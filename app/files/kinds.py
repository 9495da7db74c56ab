"""What a file is, by its first bytes; what its sender calls it does not count."""

from enum import StrEnum

MEBIBYTE = 1024 * 1024
LARGEST = 10 * MEBIBYTE
PDF_TAIL = 2048  # readers look for the end mark in the last bytes


class Kind(StrEnum):
    """What the platform takes."""

    IMAGE = "image"
    DOCUMENT = "document"


JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"

KIND_OF = {JPEG: Kind.IMAGE, PNG: Kind.IMAGE, WEBP: Kind.IMAGE, PDF: Kind.DOCUMENT}


def media_type_of(content: bytes) -> str | None:
    """Return the media type that the content itself shows, or None for what is not taken."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-PDF_TAIL:]:
        return PDF
    return None
