"""What leaving a contract today would cost, and what staying may cost, in ranges.

Leaving: an early termination payment (P037, as a share of the annual value, and never more than
what is left to pay), the transition to someone else (P036) and a new procurement (P002, P008, P001
and P007, by size). Staying: requirements change at a rate a year (P057), and changes under a
contract cost a mark-up on what they would cost in a competition (P051). A change once made is paid
for to the end, so over t years at rate r and mark-up m the expected premium is

    yearly × r × m × t² / 2

which is the integral of r × m × (t - s) over the years s from 0 to t. Every figure rests on few
cases: it is a range, and indicative until the contract's own clause has been entered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from sourcemix.evidence import Prior, prior
from sourcemix.register.assumptions import assumed
from sourcemix.register.held import Held

__all__ = ["Exposure", "Span", "cases", "exposure", "procurement"]

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_POUND = Decimal(1)
_SMALL, _LARGE = Decimal(200_000), Decimal(20_000_000)
"""Whole-life values between which a procurement is of the medium size of the priors."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of money, in pounds."""

    low: Decimal
    central: Decimal
    high: Decimal

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.central + other.central, self.high + other.high)

    def capped(self, most: Decimal) -> Span:
        """The range, nowhere above a most."""
        return Span(min(self.low, most), min(self.central, most), min(self.high, most))

    def rounded(self) -> Span:
        """The range to the pound."""
        one, two, three = (
            amount.quantize(_POUND, rounding=ROUND_HALF_EVEN)
            for amount in (self.low, self.central, self.high)
        )
        return Span(one, two, three)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Lock-in of one contract.

    Attributes:
        fee: early termination payment.
        transition: moving to someone else.
        procurement: a new procurement.
        staying: expected premium on changes to the end.
        indicative: whether the fee is a default, not the contract's own clause.
        cases: number of cases behind the default of the fee.
    """

    fee: Span
    transition: Span
    procurement: Span
    staying: Span
    indicative: bool
    cases: int

    @property
    def leaving(self) -> Span:
        """What leaving today would cost in all."""
        return (self.fee + self.transition + self.procurement).rounded()


def exposure(contract: Held, on: date) -> Exposure | None:
    """Lock-in of a contract on a day; None where its value a year is not known.

    A contract without an end counts as one that runs for another year.
    """
    if contract.yearly is None or contract.yearly <= 0:
        return None
    yearly = contract.yearly
    left = Decimal(str(round((contract.months_left(on) if contract.end else 12.0) / 12, 4)))
    fee, transition = contract.clause
    fee_span = Span(fee, fee, fee) if fee is not None else _share(prior("P037"), yearly)
    fee_span = fee_span if fee is not None else fee_span.capped(yearly * left)
    moved = _share(prior("P036"), yearly)
    if transition is not None:
        moved = Span(transition, transition, transition)
    return Exposure(
        fee_span.rounded(),
        moved.rounded(),
        procurement(contract.total or yearly),
        _staying(yearly, left).rounded(),
        fee is None,
        cases(prior("P037")),
    )


def procurement(total: Decimal) -> Span:
    """What a procurement of this whole-life value costs the authority."""
    mean = prior("P002").central or _ZERO
    if total < _SMALL:
        # Few bids, at P003 each, up to the mean of all competitions.
        each = prior("P003")
        return Span(each.low or _ZERO, (each.central or _ZERO) * 4, mean).rounded()
    if total < _LARGE:
        days = (prior("P008").high or _ZERO) * assumed("day_rate").value
        return Span(mean, days, prior("P001").central or mean).rounded()
    most = (prior("P007").high or _ZERO) / _HUNDRED * total
    return Span(most / 5, most / 2, most).rounded()


def _share(of: Prior, yearly: Decimal) -> Span:
    low, central, high = ((v or _ZERO) / _HUNDRED * yearly for v in (of.low, of.central, of.high))
    return Span(low, central, high)


def _staying(yearly: Decimal, years: Decimal) -> Span:
    rate, mark_up = prior("P057"), prior("P051")
    low, central, high = (
        yearly * (r or _ZERO) / _HUNDRED * (m or _ZERO) / _HUNDRED * years * years / 2
        for r, m in (
            (rate.low, mark_up.low),
            (rate.central, mark_up.central),
            (rate.high, mark_up.high),
        )
    )
    return Span(low, central, high)


def cases(of: Prior) -> int:
    """How many cases are behind a prior: the n of its note, else its sources."""
    found = re.search(r"n=([\d,]+)", of.note)
    return int(found[1].replace(",", "")) if found else len(of.sources)
