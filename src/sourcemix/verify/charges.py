"""What an agreement charges: prices, tiers and fixed charge, with index and price drivers."""

from __future__ import annotations

from fractions import Fraction

from sourcemix.model.common import MoneyValue, PriceValue
from sourcemix.model.offers import Offer, Tier
from sourcemix.verify.arithmetic import ZERO, thousandths, total
from sourcemix.verify.world import World, exact


def price_figure(world: World, offer: Offer, service: str, age: int) -> PriceValue:
    """The unit price of the agreement's year, as it stands in the case."""
    return _of_year(offer.services[service].price, world.agreement_year(age))


def fixed_figure(world: World, offer: Offer, age: int) -> MoneyValue:
    """The fixed charge of the agreement's year, as it stands in the case."""
    return _of_year(offer.fixed, world.agreement_year(age))


def volume_charge(
    world: World, offer: Offer, service: str, age: int, period: int, node: int, units: Fraction
) -> tuple[Fraction, Fraction]:
    """Pounds for units of a period: at the price of the agreement's year, and at those of tiers.

    Price drivers are as seen at a node. A threshold is reached by as many units as it names.
    """
    terms = offer.services[service]
    listed = exact(price_figure(world, offer, service, age))
    moved = world.real_growth(offer, period) * _moved(world, offer, node)
    tiers = sorted(terms.tiers, key=lambda tier: tier.from_)
    steps = [(threshold(world, tier), Fraction(tier.price)) for tier in tiers]
    reached = [step for step in steps if step[0] <= units]
    if not reached:
        return listed * units * moved, ZERO
    if terms.tier_kind == "all_units":
        return ZERO, reached[-1][1] * units * moved
    tops = [start for start, _ in reached[1:]] + [units]
    beyond = total(price * (top - start) for (start, price), top in zip(reached, tops, strict=True))
    return listed * reached[0][0] * moved, beyond * moved


def threshold(world: World, tier: Tier) -> Fraction:
    """Units of a period from which a tier's price holds."""
    return thousandths(Fraction(tier.from_) * world.year_share)


def fixed_charge(world: World, offer: Offer, age: int, period: int, node: int) -> Fraction:
    """Pounds of fixed charge of a period, with the price drivers as seen at a node."""
    factor = world.tree.nodes[node].prices.get(offer.id)
    moved = Fraction(factor.fixed) if factor is not None else Fraction(1)
    listed = exact(fixed_figure(world, offer, age))
    return listed * world.year_share * world.real_growth(offer, period) * moved


def _moved(world: World, offer: Offer, node: int) -> Fraction:
    """What price drivers have made of the offer's unit prices, as seen at a node."""
    factor = world.tree.nodes[node].prices.get(offer.id)
    return Fraction(factor.price) if factor is not None else Fraction(1)


def _of_year(values: MoneyValue | tuple[MoneyValue, ...], year: int) -> MoneyValue:
    """The figure of an agreement year; a list's last entry holds from then on."""
    return values[min(year, len(values) - 1)] if isinstance(values, tuple) else values
