"""One contract: extend, vary, re-procure, bring in or end; the cost of each, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sourcemix.errors import InputError
from sourcemix.evidence import forms, prior
from sourcemix.register.assumptions import assumed
from sourcemix.register.exposure import Exposure, Span, exposure, procurement
from sourcemix.register.held import Held, held, prepare
from sourcemix.register.store import look
from sourcemix.register.timing import act_by, before
from sourcemix.register.wording import duration, pounds, several, span

__all__ = ["Choice", "Choices", "choices", "find"]

_YEARS = 1
"""Years over which the choices are compared: all in pounds for one more year of service."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do with a contract.

    Attributes:
        name: what it is: `extend`, `vary`, `re-procure`, `bring in`, `end`.
        possible: whether it can be done by what the register says.
        cost: pounds beyond the present price over the next year of service; below nought a saving.
        last: last safe date to decide.
        late: whether that date is past.
        reason: how the figure is made, and what to mind.
    """

    name: str
    possible: bool
    cost: Span
    last: date | None
    late: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be done with one contract on a day."""

    contract: Held
    on: date
    exposure: Exposure | None
    choices: tuple[Choice, ...]

    def as_data(self) -> dict[str, Any]:
        """The answer as the documented JSON."""
        return {
            "contract": self.contract.id,
            "title": self.contract.title,
            "supplier": self.contract.supplier,
            "yearly": self.contract.yearly,
            "end": self.contract.end,
            "commercially_sensitive": True,
            "indicative": self.exposure.indicative if self.exposure else True,
            "options": [
                {
                    "name": choice.name,
                    "possible": choice.possible,
                    "cost_low": choice.cost.low,
                    "cost_central": choice.cost.central,
                    "cost_high": choice.cost.high,
                    "last_safe_date": choice.last,
                    "overdue": choice.late,
                    "reason": choice.reason,
                }
                for choice in self.choices
            ],
            "source": {"file": self.contract.file, "row": self.contract.row},
        }


def choices(store: Path, wanted: str, on: date) -> Choices:
    """The choices for one contract.

    Args:
        store: the register.
        wanted: short name of the contract, or words of its title or supplier.
        on: the day from which it is looked at.

    Raises:
        InputError: no contract, or several, are called that.
        FileError: the store cannot be opened.
    """
    with look(store) as con:
        prepare(con)
        contract = find(list(held(con)), wanted, on)
    found = exposure(contract, on)
    yearly = contract.yearly or Decimal(0)
    made = (_extend, _vary, _reprocure, _bring_in, _end)
    return Choices(contract, on, found, tuple(make(contract, yearly, found, on) for make in made))


def find(contracts: list[Held], wanted: str, on: date) -> Held:
    """The one contract of that name, or with those words.

    Raises:
        InputError: there is none, or several.
    """
    exact = [c for c in contracts if c.id.casefold() == wanted.casefold()]
    if len(exact) == 1:
        return exact[0]
    starts = [c for c in contracts if c.id.casefold().split("@")[0] == wanted.casefold()]
    words = wanted.casefold().split()
    like = starts or [
        c for c in contracts if all(w in f"{c.title} {c.supplier} {c.id}".casefold() for w in words)
    ]
    like = [c for c in like if c.live(on)] or like
    if len(like) == 1:
        return like[0]
    if not like:
        raise InputError(f"no contract on the register is called or says `{wanted}`")
    shown = "; ".join(f"{c.id} ({c.title[:50]})" for c in like[:10])
    more = f" and {len(like) - 10:,} more" if len(like) > 10 else ""
    raise InputError(f"{len(like):,} contracts say `{wanted}`; give the name of one: {shown}{more}")


_NONE = Span(Decimal(0), Decimal(0), Decimal(0))


def _late(last: date | None, on: date) -> bool:
    return last is not None and last < on


def _change_cost(yearly: Decimal) -> Span:
    """Premium on a year's changes: rate (P057) times mark-up (P051)."""
    rate, mark_up = prior("P057"), prior("P051")
    low, central, high = (
        yearly * (r or 0) / 100 * (m or 0) / 100
        for r, m in ((rate.low, mark_up.low), (rate.central, mark_up.central),
                     (rate.high, mark_up.high))
    )  # fmt: skip
    return Span(low, central, high).rounded()


def _extend(c: Held, yearly: Decimal, found: Exposure | None, on: date) -> Choice:
    notice = c.notice if c.notice is not None else 3.0
    last = before(c.end, notice) if c.end else None
    if not c.options:
        return Choice(
            "extend", False, _NONE, None, False,
            "No option is left on the register; a longer term is then a change (see vary).",
        )  # fmt: skip
    parts = several(c.options)
    assumed = "" if c.notice is not None else " (three months before the end, assumed)"
    cut = prior("P044")
    return Choice(
        "extend", True, _change_cost(yearly), last, _late(last, on),
        f"Left: {parts}{assumed}. At the present price; the range is the premium on "
        "changes over the year (P057, P051). At an extension, prices have been cut by "
        f"{cut.low}% to {cut.high}% (P044): ask.",
    )  # fmt: skip


def _vary(c: Held, yearly: Decimal, found: Exposure | None, on: date) -> Choice:
    last = before(c.end, 1) if c.end else None
    most = (prior("P061").high or Decimal(10)) / 100
    ceiling = f" ({pounds((c.total * most).quantize(Decimal(1)))})" if c.total else ""
    return Choice(
        "vary", True, _change_cost(yearly), last, _late(last, on),
        f"Changes of up to {most:.0%} of the value{ceiling} or of the term are allowed without "
        "more (P060, P061); beyond that another ground is needed and a notice must be published "
        "before.",
    )  # fmt: skip


def _reprocure(c: Held, yearly: Decimal, found: Exposure | None, on: date) -> Choice:
    due = act_by(c)
    run, rate = procurement(c.total or yearly), assumed("day_rate")
    moved = found.transition if found else _NONE
    gain = prior("P010")
    cost = run + moved
    saved = [yearly * (g or 0) / 100 for g in (gain.high, gain.central, gain.low)]
    net = Span(cost.low - saved[0], cost.central - saved[1], cost.high - saved[2]).rounded()
    last = due.day if due else None
    lead = f"{duration(due.lead)} {due.purpose}" if due else "its lead time"
    return Choice(
        "re-procure", True, net, last, _late(last, on),
        f"A procurement ({span(run.low, run.high)}) and a transition "
        f"({span(moved.low, moved.high)}, nothing if the same supplier wins), less what "
        f"competition saves in a year (P010). A day of staff is taken at £{rate.value}"
        f"{rate.doubt}. "
        f"Needs {lead}.",
    )  # fmt: skip


def _bring_in(c: Held, yearly: Decimal, found: Exposure | None, on: date) -> Choice:
    lead = forms()["in_house"].lead or 12
    last = before(c.end, lead) if c.end else None
    moved = found.transition if found else _NONE
    gap = prior("P122").central or Decimal(16)
    pay = assumed("pay_share")
    pension = yearly * gap / 100 * pay.value / 100
    return Choice(
        "bring in", True,
        Span(moved.low, moved.central + pension, moved.high + yearly * gap / 100).rounded(), last,
        _late(last, on),
        f"A transition, and pensions of staff who transfer ({gap:.0f} points of pay, P122; "
        f"{pay.value}% of the price taken as pay{pay.doubt}). A supplier's margin is saved in "
        f"return (P074). Needs {duration(lead)}.",
    )  # fmt: skip


def _end(c: Held, yearly: Decimal, found: Exposure | None, on: date) -> Choice:
    notice = c.notice if c.notice is not None else 3.0
    last = before(c.end, notice) if c.end else None
    fee = found.fee if found else _NONE
    basis = "indicative (P037)" if found is None or found.indicative else "from the contract"
    return Choice(
        "end", True, Span(-yearly, -yearly, -yearly).rounded(), last, _late(last, on),
        f"At its end it costs nothing and saves its price, if nobody needs the service. Before its "
        f"end: {span(fee.low, fee.high)}, {basis}.",
    )  # fmt: skip
