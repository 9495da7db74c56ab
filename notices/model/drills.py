"""A drill says that it is one, wherever some of its words are read or heard."""

from app.errors import Words

DRILL = Words("【演练】", "[DRILL] ")


def marked(text: str, mark: str, drill: bool) -> str:
    """Return words that begin with the mark once, if they are a drill's."""
    return mark + text if text and drill and not text.startswith(mark) else text
