"""A folder into which a sender drops its records, with a manifest written last.

The sender's files are only ever read. A file is trusted when its bytes have the digest that the
manifest gives and its rows are as many; a digest that was read to its end is not read again.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.sync.connectors.files import apart, csv_rows, json_lines
from app.sync.connectors.files.manifest import MANIFEST, DroppedFile, Manifest, read_manifest
from app.sync.connectors.files.opening import opened
from app.sync.connectors.files.survey import Format, survey
from app.sync.connectors.files.walk import CHUNK
from app.sync.connectors.protocol import Cursor, Offer, Page, SourceAway, SourceRefused

CUT_FORMATS = {"csv": csv_rows.FORMAT, "jsonl": json_lines.FORMAT}
FORMATS = (*CUT_FORMATS, "xlsx")


class FileDrop:
    """A folder with ``manifest.json`` and the files that it names: CSV, JSON Lines, workbooks.

    Given a ``source``, a manifest of another one is refused, and a folder without a manifest
    offers nothing yet; without, the manifest says whose records these are and must be there.
    """

    def __init__(self, folder: Path, source: str | None = None) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._source = source
        self._manifest: Manifest | None = None

    @property
    def source(self) -> str:
        """The name under which the records are kept.

        Raises:
            SourceRefused, SourceAway: only the manifest could say it, and does not.
        """
        return self._source or self._needed().source

    def check(self) -> Sequence[str]:
        """Return what is wrong with the manifest and each file as far as it begins.

        Digests and counts are not compared: that means to read all, and reading does it.
        """
        try:
            manifest = self._read()
        except (SourceRefused, SourceAway) as fault:
            return [str(fault)]
        if manifest is None:
            return [f"{MANIFEST} is not there, so that nothing is on offer"]
        return [words for file in manifest.files.values() if (words := _wrong_with(file))]

    def offers(self) -> Sequence[Offer]:
        """Return the streams in the order of the manifest as it is now; none without one.

        ``pages`` keeps to the manifest that was offered last.

        Raises:
            SourceRefused, SourceAway
        """
        self._manifest = self._read() if self._source else self._needed(anew=True)
        if not self._manifest:
            return []
        as_of = self._manifest.written_at
        return [
            Offer(each.stream, each.rows, each.complete, each.sha256, told=False, as_of=as_of)
            for each in self._manifest.files.values()
        ]

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        """Yield the pages of a stream's file behind the cursor; none if it was read to its end.

        Nothing is yielded of a file whose digest or count is not what the manifest says.

        Raises:
            SourceRefused, SourceAway
        """
        file = self._needed().files.get(stream)
        if not file:
            raise SourceRefused("NOT_ON_OFFER", f"{MANIFEST} does not name the stream {stream}")
        known = cursor if cursor.get("sha256") == file.sha256 else {}
        done = int(known.get("row", 0))
        if known and done >= file.rows:
            return
        if file.format in CUT_FORMATS:
            yield from _cut_pages(file, CUT_FORMATS[file.format], known, size)
        elif file.format == "xlsx":
            yield from apart.pages(file, done, size)
        else:
            raise _unknown(file)

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Do nothing: who drops files does not wait for an answer here."""

    def _needed(self, anew: bool = False) -> Manifest:
        if anew or not self._manifest:
            self._manifest = self._read()
        if not self._manifest:
            raise SourceRefused("FILE_MISSING", f"{MANIFEST} is not there")
        return self._manifest

    def _read(self) -> Manifest | None:
        manifest = read_manifest(self._folder)
        if manifest and self._source and manifest.source != self._source:
            words = f"{MANIFEST} is of {manifest.source}, this is {self._source}"
            raise SourceRefused("BAD_MANIFEST", words)
        return manifest


def _cut_pages(file: DroppedFile, form: Format, cursor: Cursor, size: int) -> Iterator[Page]:
    done = int(cursor.get("row", 0))
    opening, spans = survey(file, form, int(cursor.get("offset", 0)), done, size)
    for span in spans:
        done += span.rows
        after = {"sha256": file.sha256, "offset": span.end, "row": done}
        yield Page(form.reader(file, opening, span), after)


def _wrong_with(file: DroppedFile) -> str | None:
    try:
        if file.format not in FORMATS:
            raise _unknown(file)
        with opened(file.path) as content:
            start = content.read(CHUNK)
        if file.format in CUT_FORMATS:
            CUT_FORMATS[file.format].opening(file, start, len(start) < CHUNK)
    except (SourceRefused, SourceAway) as fault:
        return str(fault)
    return None


def _unknown(file: DroppedFile) -> SourceRefused:
    words = f"{file.path.name}: there is no reader for this format, only for {', '.join(FORMATS)}"
    return SourceRefused("UNKNOWN_FORMAT", words)
