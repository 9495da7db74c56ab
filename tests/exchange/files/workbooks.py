"""Workbooks made for these tests: good ones, and such as would hurt a careless reader."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter

Fill = Callable[[Any, Any], None]


def book(fill: Fill, name: str | None = None) -> bytes:
    """Return a workbook; ``fill`` is given it and its first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        fill(workbook, workbook.add_worksheet(name))
    return out.getvalue()


def rows(*cells: list[Any]) -> Fill:
    def fill(_: Any, sheet: Any) -> None:
        for place, row in enumerate(cells):
            sheet.write_row(place, 0, row)

    return fill


HEADER = ["sid", "ver", "name"]
GOOD = book(rows(HEADER, ["R1", 1, "张三"], ["R2", 2, ""], [], ["R3", 3, "007"]))


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lying() -> bytes:
    """Return a workbook with an entry that says it is 10 bytes long, and is 10 million."""
    content = bytearray(packed(unpacked(GOOD) | {"xl/x.xml": b"x" * 10_000_000}))
    true = (10_000_000).to_bytes(4, "little")
    while (place := content.find(true)) >= 0:
        content[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(content)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "packed too well": (lambda: packed(unpacked(GOOD) | {"x": bytes(50 << 20)}), "ZIP_BOMB"),
    "too many entries": (lambda: packed({str(n): b"" for n in range(1001)}), "ZIP_BOMB"),
    "an entry that lies": (lying, "ZIP_BOMB"),
    "no archive": (lambda: b"sid,ver\n", "NOT_A_WORKBOOK"),
    "half an archive": (lambda: GOOD[: len(GOOD) // 2], "NOT_A_WORKBOOK"),
    "an archive of something": (lambda: packed({"a.txt": b"a"}), "NOT_A_WORKBOOK"),
    "a sheet that is none": (
        lambda: packed(
            unpacked(GOOD) | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}
        ),
        "NOT_A_WORKBOOK",
    ),
    "an old or a locked one": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") * 100, "NOT_A_WORKBOOK"),
    "two cells in opposite corners": (
        lambda: book(lambda _, s: (s.write(0, 0, "sid"), s.write(1_048_575, 16_383, "x"))[0]),
        "WORKBOOK_TOO_LARGE",
    ),
}
