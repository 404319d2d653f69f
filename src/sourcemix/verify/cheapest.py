"""Which offers are the cheapest today, service by service."""

from __future__ import annotations

from fractions import Fraction

from sourcemix.model.offers import Offer
from sourcemix.verify.arithmetic import total
from sourcemix.verify.charges import fixed_charge, volume_charge
from sourcemix.verify.world import World


def cheapest(world: World) -> dict[str, frozenset[str]]:
    """By service, the offers with the lowest charge today; of equal ones the longest terms.

    More than one where charge and term are the same. Services that no offer may start for within
    the horizon are left out.
    """
    found = {}
    for service in world.services:
        ranked = {
            offer.id: (*_charge(world, offer, service), -world.longest(offer))
            for offer in world.case.offers
            if service in offer.services and _may_start_at_all(world, offer)
        }
        if ranked:
            least = min(ranked.values())
            found[service] = frozenset(name for name, rank in ranked.items() if rank == least)
    return found


def may_start(world: World, offer: Offer, period: int) -> bool:
    """Whether its terms allow an offer to start in a period: lead, window and framework."""
    decided = period - world.lead(offer)
    begins = world.case.horizon.begins(period)
    first, last = offer.available.from_, offer.available.until
    return (
        decided >= 0
        and (first is None or begins >= first)
        and (last is None or begins <= last)
        and not world.expired(offer, decided)
    )


def _may_start_at_all(world: World, offer: Offer) -> bool:
    return any(may_start(world, offer, period) for period in range(world.periods))


def _charge(world: World, offer: Offer, service: str) -> tuple[bool, Fraction]:
    """Pounds a unit of the first period, in the first agreement year; last what serves nothing."""
    demand = world.undriven(world.services[service], 0)
    capacity = world.capacity(offer, service, 0)
    units = demand if capacity is None else min(demand, capacity)
    if not units:
        return True, Fraction(0)
    paid = max(units, world.committed(offer, service, 0))
    # At the first node no index has grown and no driver has moved anything.
    fixed = fixed_charge(world, offer, 0, 0, 0) / len(offer.services)
    volume = total(volume_charge(world, offer, service, 0, 0, 0, paid))
    return False, (fixed + volume) / units
