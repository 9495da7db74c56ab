"""A deadline in plain words: which days count, which do not, and why. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.calendar.days import DayKind, WorkingCalendar
from app.calendar.deadlines import Deadline, LimitUnit
from app.clock import SHANGHAI
from app.errors import Words
from community.requests.clock.reckoning import Terms

ZH = "一二三四五六日"
EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {
    LimitUnit.WORKING_DAYS: Words("个工作日", "working days"),
    LimitUnit.WORKING_HOURS: Words("个工作小时", "working hours"),
    LimitUnit.CALENDAR_DAYS: Words("个自然日", "calendar days"),
    LimitUnit.HOURS: Words("小时", "hours"),
}


def facts_of(terms: Terms, due: Deadline, calendar: WorkingCalendar) -> dict[str, Any]:
    """Return what a timeline entry keeps of a deadline: counts, codes and days only."""
    first = terms.start.astimezone(SHANGHAI).date()
    last = (due.due_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    odd = calendar.unusual(first + timedelta(days=1), last) if terms.unit != LimitUnit.HOURS else []
    facts: dict[str, Any] = {
        "from": terms.start.isoformat(timespec="seconds"),
        "count": terms.count,
        "unit": str(terms.unit),
        "due": due.due_at.isoformat(timespec="seconds"),
        "provisional": due.provisional,
        "odd": [[begin.isoformat(), end.isoformat(), str(kind)] for begin, end, kind in odd],
    }
    if terms.unit == LimitUnit.WORKING_DAYS:
        facts["day_one"] = _day_one(first, calendar).isoformat()
    if terms.extra:
        facts |= {"extra": terms.extra[0], "extra_unit": str(terms.extra[1])}
    if terms.paused_seconds:
        facts["paused_seconds"] = terms.paused_seconds
    return facts


def told(facts: Mapping[str, Any]) -> Words:
    """Return a deadline as a resident reads it, from what ``facts_of`` kept."""
    start = datetime.fromisoformat(facts["from"]).astimezone(SHANGHAI)
    zh, en = [_limit(facts, start)[0]], [_limit(facts, start)[1]]
    for begin, end, kind in facts["odd"]:
        spoken = _odd(date.fromisoformat(begin), date.fromisoformat(end), kind, facts)
        zh.append(spoken.zh)
        en.append(spoken.en)
    if facts.get("extra"):
        unit = UNITS[LimitUnit(facts["extra_unit"])]
        zh.append(f"经批准延长{facts['extra']}{unit.zh}。")
        en.append(f"An extension of {facts['extra']} {unit.en} was granted.")
    if facts.get("paused_seconds"):
        hours = round(facts["paused_seconds"] / 3600, 1)
        zh.append(f"等待补充期间不计时,共{hours:g}小时。")
        en.append(f"The clock stood still for {hours:g} hours.")
    until = ends(datetime.fromisoformat(facts["due"]))
    zh.append(f"应于{until.zh}前办结。")
    en.append(f"It is due by {until.en}.")
    if facts["provisional"]:
        zh.append("涉及尚未公布的放假安排,期限为暂定,公布后重算。")
        en.append("Holidays there are not published yet: this is provisional.")
    return Words("".join(zh), " ".join(en))


def _limit(facts: Mapping[str, Any], start: datetime) -> tuple[str, str]:
    unit, count = LimitUnit(facts["unit"]), facts["count"]
    spoken = UNITS[unit]
    if unit in (LimitUnit.HOURS, LimitUnit.WORKING_HOURS):
        return (
            f"自{_zh(start.date())}{start:%H:%M}起{count}{spoken.zh}。",
            f"{count} {spoken.en} from {start:%H:%M} on {_en(start.date())}.",
        )
    return (
        f"自{_zh(start.date())}次日起{count}{spoken.zh}。",
        f"{count} {spoken.en}, counted from the day after {_en(start.date())}.",
    )


def _odd(begin: date, end: date, kind: str, facts: Mapping[str, Any]) -> Words:
    if kind == DayKind.WORK:
        first = facts.get("day_one") == begin.isoformat()
        return Words(
            f"{_zh(begin)}是调休工作日" + (",因此第1天就是这一天。" if first else ",计入。"),
            f"{_en(begin)} is a working day"
            + (f", so day 1 is {begin:%A}." if first else " and counts."),
        )
    counted = facts["unit"] == LimitUnit.CALENDAR_DAYS
    zh = "放假" + ("。" if counted else ",不计。")
    en = "days of rest" + ("." if counted else " and do not count.")
    if begin == end:
        return Words(
            f"{_zh(begin)}{zh}",
            f"{_en(begin)} is a day of rest" + ("." if counted else " and does not count."),
        )
    return Words(f"{_zh(begin)}至{_zh(end)}{zh}", f"{_en(begin)} to {_en(end)} are {en}")


def ends(moment: datetime) -> Words:
    """Return when something ends: midnight is the end of the day before."""
    due = moment.astimezone(SHANGHAI)
    if (due.hour, due.minute, due.second) == (0, 0, 0):
        day = due.date() - timedelta(days=1)
        return Words(f"{_zh(day)}24时", f"the end of {_en(day)}")
    return Words(f"{_zh(due.date())}{due:%H:%M}", f"{due:%H:%M} on {_en(due.date())}")


def _day_one(first: date, calendar: WorkingCalendar) -> date:
    day = first + timedelta(days=1)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


def _zh(day: date) -> str:
    return f"{day.month}月{day.day}日(周{ZH[day.weekday()]})"


def _en(day: date) -> str:
    return f"{EN[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
