"""What an action of a document may do: lead within the document or to the web."""

from typing import Any

from pikepdf import Array, Dictionary, Name

KEPT = ("/GoTo", "/URI", "/Named", "/Hide", "/ResetForm", "/SetOCGState", "/Trans")
WEB = ("http://", "https://", "mailto:", "tel:")
HOLDERS = (Name.A, Name.PA, Name.Next)


def without_deeds(part: Any) -> None:
    """Take the actions away that do more than lead somewhere, also those that follow others."""
    for name in HOLDERS:
        held = part.get(name)
        if acts(held):
            del part[name]
        elif isinstance(held, Array) and any(acts(each) or _nested(each) for each in held):
            left = [each for each in held if not acts(each) and not _nested(each)]
            part[name] = Array(left)


def acts(value: Any) -> bool:
    """Tell whether an action does more than lead somewhere."""
    if not isinstance(value, Dictionary) or Name.S not in value:
        return False  # an outline's next line, or how a paragraph is set
    kind = str(value.S)
    if kind == "/URI":
        return not str(value.get(Name.URI, "")).strip().lower().startswith(WEB)
    return kind not in KEPT


def _nested(value: Any) -> bool:
    return isinstance(value, Array)
