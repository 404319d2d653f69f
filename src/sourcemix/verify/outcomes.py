"""Levels of outcomes at a node, and the credit for them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sourcemix.model.services import Outcome
from sourcemix.verify.arithmetic import ZERO, total
from sourcemix.verify.serving import ServiceAt
from sourcemix.verify.world import World


def level(world: World, outcome: Outcome, served: Mapping[str, ServiceAt]) -> Fraction:
    """The level of an outcome: the plain mean over the services that bear on it.

    A service bears on an outcome if any offer of the case states a level for it.
    """
    baseline = Fraction(outcome.baseline)
    bearing = [
        service
        for service in world.services
        if any(
            outcome.id in offer.services[service].outcomes
            for offer in world.case.offers
            if service in offer.services
        )
    ]
    if not bearing:
        return baseline
    return total(_of_service(world, outcome, served[name], name) for name in bearing) / len(bearing)


def _of_service(world: World, outcome: Outcome, at: ServiceAt, service: str) -> Fraction:
    """Mean over the demand: served units at their offer's level, all else at the baseline."""
    baseline = Fraction(outcome.baseline)
    if not at.demand:
        return baseline
    gained = ZERO
    for name, units in at.served.items():
        stated = world.offers[name].services[service].outcomes.get(outcome.id)
        if stated is not None:
            gained += units * (Fraction(stated) - baseline)
    return baseline + gained / at.demand


def credit(world: World, served: Mapping[str, ServiceAt]) -> Fraction:
    """Pounds of a period for improvements over the baselines; none beyond the targets."""
    pounds = ZERO
    for outcome in world.case.outcomes:
        if outcome.value is None:
            continue
        improvement = level(world, outcome, served) - Fraction(outcome.baseline)
        most = Fraction(outcome.target) - Fraction(outcome.baseline)
        if outcome.better == "lower":
            improvement, most = -improvement, -most
        pounds += Fraction(outcome.value) * world.year_share * min(improvement, most)
    return pounds
