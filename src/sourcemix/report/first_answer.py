"""The first answer: what `sourcemix quick` has to say, before it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have a service delivered, kept for the whole time.

    Attributes:
        offer: id of the offer in the draft.
        title: the form, in words.
        cost: expected present value in pounds, at the central figures.
        low: the same with every indicative figure at its low end.
        high: the same with every indicative figure at its high end.
        worth_pursuing: whether it could turn out cheaper than the best one.
    """

    offer: str
    title: str
    cost: Decimal
    low: Decimal
    high: Decimal
    worth_pursuing: bool


@dataclass(frozen=True, slots=True)
class BreakEven:
    """By how much the price of a five-year contract must be below that of 2+1+1 to cost the same.

    Attributes:
        low: smallest cut over the ranges, as a share; below zero: it may be dearer by that.
        central: at the central figures.
        high: largest cut.
    """

    low: Decimal
    central: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Unknown:
    """An indicative figure, and what hangs on it.

    Attributes:
        service: name of the service.
        what: the figure in words.
        low: low end of its range.
        high: high end of its range.
        prior: what it rests on.
        change: how the cost of the best way changes, in pounds, at the end that matters more.
        best_instead: the way that is best at that end, where it is another one; else empty.
    """

    service: str
    what: str
    low: Decimal
    high: Decimal
    prior: str
    change: Decimal
    best_instead: str


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The answer for one service.

    Attributes:
        service: its name.
        annual_cost: pounds a year today.
        ends: last day of today's agreement, where it is known.
        best: the cheapest way, kept for the whole time.
        act_by: day by which to begin; None: nothing forces a date.
        last_safe: last day on which beginning is in time; None as above.
        late: whether that day has passed.
        ways: every way compared, by cost.
        break_even: of a five-year contract against 2+1+1.
        unknowns: the figures that matter most, first the one that matters more.
        bound: proven: no mix of these ways, however timed, costs less, in pounds.
        indicative_share: share of the best way's cost that rests on indicative figures.
        notes: what was taken to be so.
    """

    service: str
    annual_cost: Decimal
    ends: date | None
    best: Way
    act_by: date | None
    last_safe: date | None
    late: bool
    ways: tuple[Way, ...]
    break_even: BreakEven
    unknowns: tuple[Unknown, ...]
    bound: Decimal | None
    indicative_share: Decimal
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The answer for all services.

    Attributes:
        years: how many years the costs cover.
        price_base: financial year in whose prices they are.
        services: one answer each.
        unknowns: the three figures that matter most.
        indicative_share: share of the cost in all that rests on indicative figures.
    """

    years: int
    price_base: str
    services: tuple[ServiceAnswer, ...]
    unknowns: tuple[Unknown, ...]
    indicative_share: Decimal
