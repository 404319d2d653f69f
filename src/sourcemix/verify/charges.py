"""What an agreement charges: price and fixed charge of its year, with index and price drivers."""

from __future__ import annotations

from fractions import Fraction

from sourcemix.model.common import MoneyValue, PriceValue
from sourcemix.model.offers import Offer
from sourcemix.verify.world import World, exact


def price_figure(world: World, offer: Offer, service: str, age: int) -> PriceValue:
    """The unit price of the agreement's year, as it stands in the case."""
    return _of_year(offer.services[service].price, world.agreement_year(age))


def fixed_figure(world: World, offer: Offer, age: int) -> MoneyValue:
    """The fixed charge of the agreement's year, as it stands in the case."""
    return _of_year(offer.fixed, world.agreement_year(age))


def unit_price(
    world: World, offer: Offer, service: str, age: int, period: int, node: int
) -> Fraction:
    """Pounds a unit in a period, with the price drivers as seen at a node."""
    factor = world.tree.nodes[node].prices.get(offer.id)
    moved = Fraction(factor.price) if factor is not None else Fraction(1)
    listed = exact(price_figure(world, offer, service, age))
    return listed * world.real_growth(offer, period) * moved


def fixed_charge(world: World, offer: Offer, age: int, period: int, node: int) -> Fraction:
    """Pounds of fixed charge of a period, with the price drivers as seen at a node."""
    factor = world.tree.nodes[node].prices.get(offer.id)
    moved = Fraction(factor.fixed) if factor is not None else Fraction(1)
    listed = exact(fixed_figure(world, offer, age))
    return listed * world.year_share * world.real_growth(offer, period) * moved


def _of_year(values: MoneyValue | tuple[MoneyValue, ...], year: int) -> MoneyValue:
    """The figure of an agreement year; a list's last entry holds from then on."""
    return values[min(year, len(values) - 1)] if isinstance(values, tuple) else values
