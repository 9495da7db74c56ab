"""Photos in the streams of a document, however often they are packed."""

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from app.files.cleaning.programs.photos import bare_jpeg, bare_jpeg2000

BARE: dict[str, Callable[[bytes], bytes]] = {
    "/DCTDecode": bare_jpeg,
    "/DCT": bare_jpeg,
    "/JPXDecode": bare_jpeg2000,
}
SEALED = "/Crypt"  # opened already by whoever opened the document


def bare(stream: Stream) -> None:
    """Take out of a photo what does not draw it, and the packings around it."""
    filters = listed(stream.get(Name.Filter))
    if not any(str(each) in BARE for each in filters):
        return
    parameters = listed(stream.get(Name.DecodeParms, stream.get(Name.DP)))
    data, filters, parameters = bared(stream.read_raw_bytes(), filters, parameters)
    kept = [plain(each) for each in parameters]
    stream.write(data, filter=Array(filters), decode_parms=Array(kept) if any(kept) else None)


def listed(value: Any) -> list[Any]:
    """Return what is one thing or a list of them as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def bared(
    raw: bytes, filters: list[Any], parameters: list[Any]
) -> tuple[bytes, list[Any], list[Any]]:
    """Return a photo unpacked and bare, and the filters that are left with their parameters."""
    first = next(place for place, each in enumerate(filters) if str(each) in BARE)
    parameters = parameters + [None] * (len(filters) - len(parameters))
    outer = [place for place in range(first) if str(filters[place]) != SEALED]
    data = unpacked(raw, [filters[n] for n in outer], [parameters[n] for n in outer])
    return BARE[str(filters[first])](data), filters[first:], parameters[first:]


def unpacked(raw: bytes, filters: list[Any], parameters: list[Any]) -> bytes:
    """Return what is packed by filters that lose nothing."""
    if not filters:
        return raw
    with pikepdf.new() as bench:
        packed = Stream(bench, raw)
        packed.Filter = Array([Name(str(each)) for each in filters])
        packed.DecodeParms = Array([plain(each) for each in parameters])
        return packed.read_bytes()


def plain(parameters: Any) -> Dictionary | None:
    """Return the parameters of a filter as they may stand in another document."""
    numbers = parameters.items() if isinstance(parameters, Dictionary) else ()
    found = {name: value for name, value in numbers if isinstance(value, int)}
    return Dictionary(found) if found else None  # some filters bear none, not even empty ones
