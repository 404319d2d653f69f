"""How long a new arrangement takes, and so when to act."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sourcemix.evidence import forms, prior
from sourcemix.register.held import Held

__all__ = ["ActBy", "act_by", "before", "form_of", "is_direct"]

_CALL_OFF = re.compile(r"(?i)call[- ]?off|framework|mini[- ]?comp|further competition")
_DYNAMIC = re.compile(r"(?i)dynamic|\bdps\b")
_QUOTE = re.compile(r"(?i)\brfq\b|quotation|\bquote|below threshold")
_DIRECT = re.compile(
    r"(?i)single (?:tender|source)|direct award|^direct\b(?! call)|waiver|exception|exempt|"
    r"without (?:prior )?(?:publication|competition)|negotiated procedure without|sole (?:source|"
    r"supplier)|non[- ]?competitive|^limited\b|no competition|single quote"
)

_COMPETED = re.compile(r"(?i)mini[- ]?comp|(?<!non-)(?<!non )competitive|open procedure|restricted")


@dataclass(frozen=True, slots=True)
class ActBy:
    """The day by which to start on what comes after a contract.

    Attributes:
        day: that day.
        form: form of agreement that is taken to come after it.
        lead: months that it needs.
        notice: months of notice.
        assumed: whether the notice is a default.
        short: whether the whole term is shorter than notice and lead: then the day is the first.
    """

    day: date
    form: str
    lead: int
    notice: float
    assumed: bool
    short: bool

    @property
    def purpose(self) -> str:
        """What the lead time is for, in words that follow a length of time."""
        return _PURPOSES[self.form]


_PURPOSES = {
    "contract": "to put a new contract in place",
    "framework_call_off": "to call off from a framework",
    "dynamic_market_award": "to award in a dynamic market",
}


def is_direct(procedure: str) -> bool:
    """Whether a way of awarding is one without competition."""
    return bool(_DIRECT.search(procedure)) and not _COMPETED.search(procedure)


def form_of(contract: Held) -> str:
    """The form of agreement that is taken to come after a contract: that of its own award."""
    if _DYNAMIC.search(contract.procedure):
        return "dynamic_market_award"
    if _CALL_OFF.search(contract.procedure):
        return "framework_call_off"
    return "contract"


def act_by(contract: Held) -> ActBy | None:
    """When to act: the end, less notice, less the time that the next arrangement needs.

    The time is that of the form in the library of forms, but no less than the shortest transition
    that was observed (P033); a quotation below the threshold needs no more than that.
    """
    if contract.end is None:
        return None
    form = form_of(contract)
    shortest = int(prior("P033").low or 3)
    lead = max(forms()[form].lead or 0, shortest)
    if form == "contract" and _QUOTE.search(contract.procedure):
        lead = shortest
    notice, assumed = contract.notice, False
    if notice is None:
        weeks = prior("P039").central or Decimal(12)
        notice, assumed = round(float(weeks) * 12 / 52.1775, 1), True
    day = before(contract.end, lead + notice)
    # Nobody can act on the end of a contract before there is one.
    short = contract.start is not None and day < contract.start <= contract.end
    if short and contract.start is not None:
        day = contract.start
    return ActBy(day, form, lead, notice, assumed, short)


def before(day: date, months: float) -> date:
    """The day so many months before another; parts of a month count by days."""
    whole = int(months)
    number = day.year * 12 + day.month - 1 - whole
    year, month = divmod(number, 12)
    year = max(year, 1)
    last = calendar.monthrange(year, month + 1)[1]
    found = date(year, month + 1, min(day.day, last))
    return date.fromordinal(max(1, found.toordinal() - round((months - whole) * 30.4375)))
