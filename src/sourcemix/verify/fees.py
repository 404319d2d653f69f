"""What leaving early costs: the periods of a commitment that are not run."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sourcemix.model.offers import Offer
from sourcemix.verify.agreements import Ended
from sourcemix.verify.world import World, exact


@dataclass(frozen=True, slots=True)
class Owed:
    """Fees owed from an end on.

    Attributes:
        offer: the offer that was left.
        since: first missing period.
        periods: how many periods are missing.
    """

    offer: str
    since: int
    periods: int

    def due(self, period: int, last: int) -> int:
        """How many missing periods are paid for in a period; the last one takes all later ones."""
        if period < self.since or self.periods == 0:
            return 0
        end = self.since + self.periods
        if period == last:
            return max(0, end - last)
        return 1 if period < end else 0


def missing_periods(world: World, offer: Offer, age: int) -> int:
    """Periods of the commitment that are not run if an agreement ends at an age.

    With a break, those up to it; without, those up to the end of the block that holds the period
    of that age, none at the end of a block.
    """
    term = offer.term
    if term.break_from is not None:
        return max(0, term.break_from // world.months - age)
    end = 0
    for months in (term.initial, *term.extensions):
        end += months // world.months
        if age <= end:
            return end - age
    return 0


def owed_for(world: World, ended: Ended, period: int) -> Owed | None:
    """What an end in a period leaves to pay; None where no fee is due."""
    offer = world.offers[ended.offer]
    if ended.why != "decided" or not world.binding(offer):
        return None
    return Owed(ended.offer, period, missing_periods(world, offer, ended.age))


def fee_a_period(world: World, offer: Offer) -> Fraction:
    """Pounds for each missing period."""
    return exact(offer.exit.fee_per_missing_year) * world.year_share
