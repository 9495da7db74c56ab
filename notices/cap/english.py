"""What an alert says in English: its writer's words, or what it is and where the Chinese ones are.

Nobody translates in the minutes before an emergency is published. Who reads no Chinese is told at
least that there is one, where, and whom to ask.
"""

from typing import Any

from notices.cap.message import SEVERITY, Info, Kind
from notices.model.body import large_text_of
from notices.model.drills import DRILL, marked

EVENTS = {
    "general": "Emergency",
    "utilities": "Utilities emergency",
    "safety": "Public safety emergency",
    "health": "Public health emergency",
    "policy": "Emergency measures",
    "activity": "Emergency at a public event",
}
"""By what the notice is about."""

STANDS = "There is an emergency notice for {area}. It is {severity}. Read it in Chinese: {web}"
OVER = "The emergency notice for {area} is over. Read it in Chinese: {web}"
ALL_CLEAR = "[ALL CLEAR] "


def english_of(row: Any, kind: Kind, area: str, web: str) -> Info:
    """Return the English words of a notice's alert; a voice may read them, so they are no Markdown.

    ``area`` names its areas, ``web`` is the address of its page.
    """
    over = kind is Kind.CANCEL
    headline, said = row.title_en, large_text_of(row.body_en_md or "") or row.title_en
    if not headline:
        headline, form = EVENTS[row.about], OVER if over else STANDS
        said = form.format(area=area, severity=SEVERITY[kind].lower(), web=web)
    headline, said = (marked(words, DRILL.en, row.drill) for words in (headline, said))
    return Info("en", f"{ALL_CLEAR if over else ''}{headline}", said, area)
