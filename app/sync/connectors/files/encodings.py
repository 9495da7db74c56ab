"""The two encodings in which districts write: UTF-8 and GB18030, both strict.

Nothing is replaced or left out to make a text readable: a resident whose name lost a character
is another resident. In both encodings the bytes of comma, quote, CR and LF stand for nothing
else, so that rows can be told apart before they are decoded.
"""

import struct

import pyarrow as pa

RAW_LIMIT = 20_000
WIDEST = 4  # bytes of a character, at most

MARKS = {"utf-8": "\ufeff".encode(), "gb18030": "\ufeff".encode("gb18030")}
"""The byte order mark that a file of each encoding may begin with."""


def encoding_named(name: str) -> str | None:
    """Return the encoding that a manifest names, None if it is not one of the two."""
    plain = name.strip().lower().replace("_", "-")
    plain = {"utf8": "utf-8", "utf-8-sig": "utf-8", "gb-18030": "gb18030"}.get(plain, plain)
    return plain if plain in MARKS else None


def utf8(content: bytes, encoding: str) -> bytes | None:
    """Return the same text in UTF-8, None if some byte of it means nothing."""
    try:
        if encoding != "utf-8":
            return content.decode(encoding).encode()
        # this check alone is five times as fast as decoding
        ends = pa.py_buffer(struct.pack("=ii", 0, len(content)))
        whole = pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(content)])
        whole.cast(pa.string())
    except (UnicodeError, pa.ArrowInvalid):
        return None
    return content


def raw_text(content: bytes, encoding: str) -> str:
    r"""Return what can be shown of an unreadable row: bytes without a meaning as ``\xff``."""
    return content[: RAW_LIMIT * WIDEST].decode(encoding, "backslashreplace")[:RAW_LIMIT]
