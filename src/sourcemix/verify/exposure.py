"""What it would cost to leave everything at a node."""

from __future__ import annotations

from fractions import Fraction

from sourcemix.verify.agreements import Live
from sourcemix.verify.arithmetic import total
from sourcemix.verify.charges import fixed_charge, volume_charge
from sourcemix.verify.fees import fee_a_period, missing_periods
from sourcemix.verify.lines import Place
from sourcemix.verify.world import World, exact


def exposure_at(place: Place) -> Fraction:
    """Pounds, undiscounted, of ending every live agreement as early as its terms allow.

    Notice is taken to be given at the node, before the period is served. For each agreement that
    is: the charges of the notice (fixed charge and committed volume of each period up to the end),
    the fee for the periods then missing, and the transition. An agreement already in notice ends
    when that ends, one that expires earlier ends then, and one that is not binding ends at once.
    Price drivers stay as seen at the node; periods beyond the horizon are reckoned like its last.
    Fees already owed and starts not yet begun are left out.
    """
    return total(_of_agreement(place, agreement) for agreement in place.standing.live.values())


def _of_agreement(place: Place, agreement: Live) -> Fraction:
    world = place.world
    offer = world.offers[agreement.offer]
    to_expiry = world.longest(offer) - agreement.age
    binding = world.binding(offer)
    if agreement.ends is not None:
        left = agreement.ends - place.period
    else:
        left = world.notice(offer) if binding else 0
    left = min(left, to_expiry)
    amount = exact(offer.exit.transition)
    for later in range(left):
        amount += _charge(world, place, agreement, later)
    if binding and not agreement.noticed_before and left < to_expiry:
        missing = missing_periods(world, offer, agreement.age + left)
        amount += missing * fee_a_period(world, offer)
    return amount


def _charge(world: World, place: Place, agreement: Live, later: int) -> Fraction:
    """Fixed charge and committed volume of a period of the notice."""
    offer = world.offers[agreement.offer]
    period = min(place.period + later, world.periods - 1)
    age = agreement.age + later
    amount = fixed_charge(world, offer, age, period, place.node)
    for service in offer.services:
        units = world.committed(offer, service, period)
        amount += total(volume_charge(world, offer, service, age, period, place.node, units))
    return amount
