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
        in_running: whether it could be the cheapest: no other way is cheaper over all its range.
        last_safe: last day on which beginning is in time; None: nothing forces a date.
        indicative_share: share of the cost that rests on indicative figures.
        sources: rows of the priors that it rests on; `assumption` where none does.
    """

    offer: str
    title: str
    cost: Decimal
    low: Decimal
    high: Decimal
    in_running: bool
    last_safe: date | None
    indicative_share: Decimal
    sources: tuple[str, ...]


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
        low: low end of its range, in pounds or as a share.
        central: the figure that the costs use.
        high: high end of its range.
        at: the end of the range that matters more.
        prior: what it rests on.
        change: how the lowest cost of all ways changes there, in pounds.
        comes_first: the way that comes first there.
        instead: the way that comes first now, where that is another one; else empty.
        find_out: how to find the figure out.
    """

    service: str
    what: str
    low: Decimal
    central: Decimal
    high: Decimal
    at: Decimal
    prior: str
    change: Decimal
    comes_first: str
    instead: str
    find_out: str


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The answer for one service.

    Attributes:
        service: its name.
        annual_cost: pounds a year today.
        ends: last day of today's agreement, where it is known.
        settled: whether one way is the cheapest whatever its figures are in their ranges; if not,
            it is too close to call.
        act_by: day by which to decide, so that every way in the running stays open; None: nothing
            forces a date.
        last_safe: last day on which the quickest of them can still begin in time; None as above.
        ways: every way compared, by cost at the central figures.
        break_even: of a five-year contract against 2+1+1.
        unknowns: the figures that matter most, first the one that matters more.
        gap: the plans behind it are proven to be the cheapest within this share.
        notes: what was taken to be so.
    """

    service: str
    annual_cost: Decimal
    ends: date | None
    settled: bool
    act_by: date | None
    last_safe: date | None
    ways: tuple[Way, ...]
    break_even: BreakEven
    unknowns: tuple[Unknown, ...]
    gap: Decimal
    notes: tuple[str, ...]

    @property
    def first(self) -> Way:
        """The way of least cost at the central figures."""
        return self.ways[0]

    @property
    def running(self) -> tuple[Way, ...]:
        """The ways that could be the cheapest."""
        return tuple(way for way in self.ways if way.in_running)


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The answer for all services.

    Attributes:
        today: the day of asking.
        years: how many years the costs cover.
        price_base: financial year in whose prices they are.
        services: one answer each.
        unknowns: the three figures that matter most.
        indicative_share: share of the cost of all ways in the running that rests on indicative
            figures.
    """

    today: date
    years: int
    price_base: str
    services: tuple[ServiceAnswer, ...]
    unknowns: tuple[Unknown, ...]
    indicative_share: Decimal
