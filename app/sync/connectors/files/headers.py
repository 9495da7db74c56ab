"""The names of columns, in whatever form they come."""

from collections.abc import Sequence

from app.sync.connectors.protocol import SourceRefused

MOST_COLUMNS = 1000
LONGEST_NAME = 200


def checked_header(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a file, trimmed: each with a name of its own.

    The words of a refusal count columns and do not name them: in a file without a header they
    would be somebody's data.

    Raises:
        SourceRefused: BAD_HEADER
    """
    found = tuple(column.strip() for column in columns)
    if len(found) > MOST_COLUMNS:
        raise SourceRefused("BAD_HEADER", f"{name} has more than {MOST_COLUMNS} columns")
    for place, column in enumerate(found, start=1):
        if not column:
            raise SourceRefused("BAD_HEADER", f"{name}: column {place} has no name")
        if len(column) > LONGEST_NAME:
            raise SourceRefused("BAD_HEADER", f"{name}: the name of column {place} is too long")
        if (first := found.index(column) + 1) != place:
            words = f"{name}: columns {first} and {place} have the same name"
            raise SourceRefused("BAD_HEADER", words)
    return found
