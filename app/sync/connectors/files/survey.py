"""Surveying a file before any of it is read: its digest, its count, and where its pages lie.

One pass over the bytes does all three. So nothing is taken of a file that is not what the
manifest says; and each page carries the digest of its own bytes, so that whoever reads it later,
in whatever process, reads those bytes or none.
"""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.sync.connectors.files.encodings import RAW_LIMIT, WIDEST
from app.sync.connectors.files.grammar import Block, Grammar, pieces, tidy_ends
from app.sync.connectors.files.manifest import DroppedFile
from app.sync.connectors.files.opening import opened
from app.sync.connectors.files.walk import Walk
from app.sync.connectors.protocol import Rows, SourceRefused


@dataclass(frozen=True, slots=True)
class Span:
    """Some rows of a file: ``length`` bytes from ``start`` to read, up to ``end``.

    ``tidy``: all of them are rows as the grammar has them. ``fault`` names a single line that is
    too long to be read whole.
    """

    start: int
    length: int
    end: int
    rows: int
    digest: bytes
    tidy: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a file begins with: the columns, if it names them, and where the first row is."""

    header: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Format:
    """How files of a format are cut and read: what they begin with, and the form of their rows.

    ``reader`` returns what reads a span, for a page.
    """

    opening: Callable[[DroppedFile, Block, bool], Opening]
    grammar: Grammar
    reader: Callable[[DroppedFile, Opening, Span], Callable[[], Rows]]


def survey(
    file: DroppedFile, form: Format, offset: int, done: int, size: int
) -> tuple[Opening, list[Span]]:
    """Return the opening of a file and its pages of about ``size`` rows from ``offset`` on.

    ``done`` is how many rows lie before the offset. Memory: two or three chunks of 12 MiB,
    whatever the file.

    Raises:
        SourceRefused: WRONG_DIGEST, WRONG_COUNT, BAD_HEADER, FILE_MISSING
        SourceAway
    """
    spans: list[Span] = []
    fault: SourceRefused | None = None
    opening = Opening((), 0)
    with opened(file.path) as content, ThreadPoolExecutor(1) as beside:
        walk = Walk(content, beside)
        walk.more()
        try:
            opening = form.opening(file, walk.buffer, walk.final)
            walk.skip_to(max(offset, opening.start))
            spans = list(_spans(walk, form.grammar, size))
        except SourceRefused as refused:  # if the file is another one, that is what to say
            fault = refused
            walk.skip_to_end()
    if walk.digest != file.sha256:
        words = f"{file.path.name} does not have the digest of the manifest"
        raise SourceRefused("WRONG_DIGEST", words)
    if fault:
        raise fault
    found = done + sum(span.rows for span in spans)
    if found != file.rows:
        words = f"{file.path.name} has not the {file.rows} rows of the manifest but {found}"
        raise SourceRefused("WRONG_COUNT", words)
    return opening, spans


def read_span(path: Path, span: Span) -> bytes:
    """Return the bytes that were surveyed.

    Raises:
        SourceRefused: FILE_CHANGED, they are no longer there.
        SourceAway
    """
    try:
        with opened(path) as content:
            content.seek(span.start)
            found = content.read(span.length)
    except SourceRefused as fault:
        raise SourceRefused("FILE_CHANGED", f"{path.name} was taken away meanwhile") from fault
    if hashlib.sha256(found).digest() != span.digest:
        raise SourceRefused("FILE_CHANGED", f"{path.name} was changed while it was read")
    return found


def _spans(walk: Walk, grammar: Grammar, size: int) -> Iterator[Span]:
    while walk.buffer or not walk.final:
        ends, tidy, too_large = _ends(walk.buffer, walk.final, grammar)
        whole = walk.final or too_large is not None
        cuts = list(range(size, len(ends) + 1, size))
        if len(ends) and (not cuts or (whole and cuts[-1] != len(ends))):
            cuts.append(len(ends))
        yield from _cut(walk, ends, cuts, tidy)
        if too_large is not None:
            yield _oversized(walk, too_large - (int(ends[-1]) if len(ends) else 0))
        elif walk.final:
            return
        if not walk.final:
            walk.more()


def _ends(block: Block, final: bool, grammar: Grammar) -> tuple[Any, bool, int | None]:
    """Return where rows end, whether all are tidy, and where one begins that is too large."""
    ends = tidy_ends(block, final, grammar)
    if ends is not None:
        return ends, True, None
    found = list(pieces(block, final, grammar))
    too_large = found.pop().start if found and found[-1].end == found[-1].start else None
    return [piece.end for piece in found], False, too_large


def _cut(walk: Walk, ends: Any, cuts: list[int], tidy: bool) -> Iterator[Span]:
    begin, before = 0, 0
    for cut in cuts:
        end = int(ends[cut - 1])
        with memoryview(walk.buffer) as whole, whole[begin:end] as rows:
            digest = hashlib.sha256(rows).digest()
        at = walk.at + begin
        yield Span(at, end - begin, walk.at + end, cut - before, digest, tidy)
        begin, before = end, cut
    walk.drop(begin)


def _oversized(walk: Walk, place: int) -> Span:
    """Pass over a line too long to be held; some of it is kept to be shown."""
    walk.drop(place)
    shown = walk.buffer[: RAW_LIMIT * WIDEST]
    start, digest = walk.at, hashlib.sha256(shown).digest()
    walk.skip_line()
    return Span(start, len(shown), walk.at, 1, digest, fault="CELL_TOO_LARGE")
