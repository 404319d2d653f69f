"""What branches: each driver as a source of possibilities at its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a source may do at one date.

    Attributes:
        label: as it stands in `seen` of a node.
        p: its exact probability.
        factors: what it multiplies, by driver.
    """

    label: str
    p: Fraction
    factors: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A driver, or trends that move together, as a source of branches.

    Attributes:
        names: the drivers, as in `seen` of a node, in order.
        at: what may happen in each period in which it is seen; probabilities above 0 only.
        once: whether nothing more happens after `yes`, as with a failure.
    """

    names: tuple[str, ...]
    at: Mapping[int, tuple[Option, ...]]
    once: bool = False

    def histories(self, periods: int) -> list[int]:
        """How many different pasts the source has in each period."""
        counts: list[int] = []
        open_, closed = 1, 0
        for period in range(periods):
            options = self.at.get(period, ())
            if options and self.once:
                ends = sum(option.label == "yes" for option in options)
                closed += open_ * ends
                open_ *= len(options) - ends
            elif options:
                open_ *= len(options)
            counts.append(open_ + closed)
        return counts


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened up to a node.

    Attributes:
        factors: product of what was seen, by moving driver.
        since: the period of the `yes`, by driver.
    """

    factors: Mapping[str, Fraction]
    since: Mapping[str, int]

    def after(self, source: Source, option: Option, period: int) -> Past:
        """The past with one thing more."""
        factors = dict(self.factors)
        for name, factor in option.factors.items():
            factors[name] = factors.get(name, Fraction(1)) * factor
        since = dict(self.since)
        if option.label == "yes":
            since.update((name, period) for name in source.names)
        return Past(factors, since)


def yes_or_no(chance: Fraction) -> tuple[Option, ...]:
    """The two ways of something that may happen; what cannot be is left out."""
    ways = (Option("yes", chance), Option("no", 1 - chance))
    return tuple(way for way in ways if way.p > 0)
