"""Dates as people write them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

__all__ = ["Order", "order_of", "read_date"]

Order = Literal["dmy", "mdy"]
"""Which of day and month stands first where both are numbers."""

FIRST, LAST = 1950, 2200
"""Years outside of these are mistakes."""

_LAST_SERIAL = 2100
"""Last year of a day number: larger numbers are something else."""

_EPOCH = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].casefold(), calendar.month_abbr[number].casefold())
} | {"sept": 9, "july": 7, "june": 6, "agust": 8, "febuary": 2}
_WELSH = ("ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf", "awst", "medi",
          "hydref", "tachwedd", "rhagfyr")  # fmt: skip
_MONTHS |= {name: number for number, name in enumerate(_WELSH, 1)}
_CLOCK = re.compile(
    r"[ T]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*"
    r"(?:z|gmt|bst|utc|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_DAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.I)
_YMD = re.compile(r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$")
_NUM = re.compile(r"^(\d{1,2})[-/. \\](\d{1,2})[-/. \\](\d{2}|\d{4})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_WORDY = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[- /.]*(?:of )?([a-z]{3,10})\.?,?[- /.]*(\d{4}|\d{2})$"
)
_AMERICAN = re.compile(r"^([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_MONTH = re.compile(r"^(?:end (?:of )?|mid[- ]|early |late )?([a-z]{3,10})\.?[- /,]*(\d{4}|\d{2})$")
_MONTH_NUM = re.compile(r"^(?:(\d{1,2})[-/](\d{4})|(\d{4})[-/](\d{1,2}))$")


def order_of(cells: Iterable[str]) -> Order:
    """Which comes first in a column, day or month: what more of its cells rule out."""
    month_first = day_first = 0
    for cell in cells:
        found = _NUM.match(_CLOCK.sub("", cell.strip()))
        if found:
            month_first += int(found[2]) > 12 >= int(found[1])
            day_first += int(found[1]) > 12 >= int(found[2])
    return "mdy" if month_first > day_first else "dmy"


def read_date(text: str, order: Order = "dmy", last_day: bool = False) -> tuple[date, str] | None:
    """A date, and why it is not what stands there (empty for a plain date); None for no date."""
    shown = text.strip()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", shown):
        return _serial(int(float(shown)))
    shown = _CLOCK.sub("", shown).rstrip("Z").strip()
    shown = _DAY.sub("", shown.casefold()).strip(" ,")
    if (found := _YMD.match(shown) or _COMPACT.match(shown)) is not None:
        year, month, day = (int(part) for part in found.groups())
        return _made(year, month, day, "" if shown == text else "read as a date")
    if (found := _NUM.match(shown)) is not None:
        return _numeric(found, order)
    if (found := _WORDY.match(shown)) is not None and found[2] in _MONTHS:
        return _made(_year(found[3]), _MONTHS[found[2]], int(found[1]), "read as a date")
    if (found := _AMERICAN.match(shown)) is not None and found[1] in _MONTHS:
        return _made(int(found[3]), _MONTHS[found[1]], int(found[2]), "read as a date")
    return _month(shown, last_day)


def _numeric(found: re.Match[str], order: Order) -> tuple[date, str] | None:
    first, second, year = int(found[1]), int(found[2]), _year(found[3])
    day, month = (first, second) if order == "dmy" else (second, first)
    if month > 12 >= day:
        return _made(year, day, month, "day and month the other way round")
    why = "month first" if order == "mdy" else "read as a date"
    return _made(year, month, day, why)


def _month(shown: str, last_day: bool) -> tuple[date, str] | None:
    year = month = 0
    if (found := _MONTH.match(shown)) is not None and found[1] in _MONTHS:
        year, month = _year(found[2]), _MONTHS[found[1]]
    elif (found := _MONTH_NUM.match(shown)) is not None:
        year, month = int(found[2] or found[3]), int(found[1] or found[4])
    if not 1 <= month <= 12 or not FIRST <= year <= LAST:
        return None
    day = calendar.monthrange(year, month)[1] if last_day else 1
    return date(year, month, day), f"a month: its {'last' if last_day else 'first'} day"


def _year(text: str) -> int:
    year = int(text)
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _made(year: int, month: int, day: int, why: str) -> tuple[date, str] | None:
    if not 1 <= month <= 12 or not FIRST <= year <= LAST or day < 1:
        return None
    longest = calendar.monthrange(year, month)[1]
    if day > longest:
        # 31 June and 29 February of a plain year mean the end of the month.
        return (
            (date(year, month, longest), "the month has no such day: its last")
            if day <= 31
            else None
        )
    return date(year, month, day), why


def _serial(number: int) -> tuple[date, str] | None:
    """A day number of a spreadsheet: days from the end of 1899."""
    value = _EPOCH + timedelta(days=number)
    return (value, "a spreadsheet's day number") if FIRST <= value.year <= _LAST_SERIAL else None
