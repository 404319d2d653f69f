"""Amounts, dates and answers as councils write them, read or refused with what would be right."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

from sourcemix.report.words import MONTHS

Outlook = Literal["steady", "changing"]
"""Whether the need for a service stays as it is."""

_UNKNOWN = frozenset(
    {"", "-", "?", "tbc", "tba", "tbd", "unknown", "not known", "n/a", "na", "none", "nk"}
)
_OPEN_ENDED = frozenset(
    {"ongoing", "on going", "rolling", "open", "open ended", "no end", "no end date", "permanent"}
)
_IN_HOUSE = frozenset(
    {"in house", "inhouse", "us", "ourselves", "internal", "own staff", "own team", "council",
     "the council", "our own staff"}
)  # fmt: skip
_STEADY = frozenset({"steady", "stable", "same", "no change", "unchanged", "flat"})
_CHANGING = frozenset(
    {"changing", "change", "changes", "growing", "rising", "falling", "uncertain", "volatile",
     "increasing", "decreasing"}
)  # fmt: skip


def is_unknown(text: str) -> bool:
    """Whether an answer says that it is not known: blank, `TBC`, `n/a`."""
    return plain(text) in _UNKNOWN


def is_in_house(text: str) -> bool:
    """Whether the answer to "who" means the authority's own staff."""
    return plain(text).replace("-", " ") in _IN_HOUSE


def money(text: str) -> Decimal:
    """Pounds from `£1,200,000`, `1.2m`, `450k` or `420000.50`.

    Raises:
        ValueError: it is not a figure above zero, with what would be right.
    """
    given = plain(text)
    if given in _UNKNOWN:
        shown = f"`{text.strip()}`" if text.strip() else "blank"
        raise ValueError(f"is {shown}; a rough figure will do, such as 120000")
    found = re.fullmatch(
        r"(?:£|gbp)?\s*(\d{1,3}(?:[, ]\d{3})+|\d+)?(\.\d+)?\s*(k|m|mn|million|thousand)?"
        r"(?:\s*(?:p\.?a\.?|a year|per year|per annum))?",
        given,
    )
    if not found or not (found[1] or found[2]):
        raise ValueError(f"`{text.strip()}` is not an amount; write it as 120000 or £120,000")
    amount = Decimal(re.sub("[, ]", "", found[1] or "0") + (found[2] or ""))
    amount *= {"k": 1000, "thousand": 1000, None: 1}.get(found[3], 1_000_000)
    amount = amount.quantize(Decimal("0.01"))
    if not 0 < amount <= Decimal(10) ** 10:
        raise ValueError(f"`{text.strip()}` should be more than £0 and at most £10,000 million")
    return amount


def outlook(text: str) -> Outlook:
    """Steady or changing; steady where nobody knows.

    Raises:
        ValueError: it is neither, with what would be right.
    """
    answer = plain(text)
    if answer in _UNKNOWN or answer in _STEADY:
        return "steady"
    if answer in _CHANGING:
        return "changing"
    close = get_close_matches(answer, [*_STEADY, *_CHANGING], n=1)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    raise ValueError(f"`{text.strip()}` should be `steady` or `changing`{hint}")


def ends(text: str) -> date | None:
    """The last day of an agreement; None where none is known.

    Raises:
        ValueError: it is not a date, with what would be right.
    """
    answer = plain(text)
    if answer in _UNKNOWN or answer.replace("-", " ") in _OPEN_ENDED:
        return None
    return last_day(text)


def last_day(text: str) -> date:
    """The day in `31/03/2028`, `31 March 2028`, `2028-03-31`, `Mar 2028` or `2028`; day first.

    A month means its last day, a year its 31 March if it is a financial year (`2027-28`, `2027/28`)
    or else its 31 December.

    Raises:
        ValueError: it is not a date, with what would be right.
    """
    found = _date_in(re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", plain(text)))
    if found is None or not 2000 <= found.year <= 2100:
        raise ValueError(
            f"`{text.strip()}` is not a date; write it as 31/03/2028, or `Ongoing` if it has no end"
        )
    return found


def _date_in(text: str) -> date | None:
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(
            r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})(?: 0?0:00.*)?", text
        ):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)[ ,-]+(\d{4}|\d{2})", text):
            return date(_year(found[3]), _month(found[2]), int(found[1]))
        if found := re.fullmatch(r"([a-z]+)[ -]+(\d{4}|\d{2})", text):
            return _month_end(_year(found[2]), _month(found[1]))
        if found := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
            return _month_end(int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{4})[/-](\d{2})", text):
            return date(int(found[1]) + 1, 3, 31)
        if found := re.fullmatch(r"\d{4}", text):
            return date(int(found[0]), 12, 31)
    except ValueError:
        return None
    return None


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(text: str) -> int:
    for number, name in enumerate(MONTHS, start=1):
        if len(text) >= 3 and (name.lower().startswith(text) or (text == "sept" and number == 9)):
            return number
    raise ValueError(text)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def plain(text: str) -> str:
    """A text without case and without spare spaces."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()).casefold()
