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


def worth(world: World, outcome: Outcome) -> Fraction | None:
    """Pounds a year for a unit of improvement; None where the outcome has no price."""
    if outcome.value is not None:
        return Fraction(outcome.value)
    whole, swing = world.case.appraisal.swing_value, _swing(outcome)
    if outcome.swing_weight is None or whole is None or not swing:
        return None
    return Fraction(outcome.swing_weight) * Fraction(whole) / abs(swing)


def swing_share(world: World, levels: Mapping[str, Fraction]) -> Fraction | None:
    """Share of the weighted swings that is achieved; None where no outcome has a weight.

    Swing weights: von Winterfeldt and Edwards (1986).

    Args:
        world: case and tree.
        levels: the level of each outcome at a node, in its unit.
    """
    weights = achieved = ZERO
    for outcome in world.case.outcomes:
        swing = _swing(outcome)
        if outcome.swing_weight is None or not swing:
            continue
        share = min((levels[outcome.id] - Fraction(outcome.baseline)) / swing, Fraction(1))
        weights += Fraction(outcome.swing_weight)
        achieved += Fraction(outcome.swing_weight) * share
    return achieved / weights if weights else None


def _swing(outcome: Outcome) -> Fraction:
    """From baseline to target; negative where lower is better."""
    return Fraction(outcome.target) - Fraction(outcome.baseline)


def credit(world: World, served: Mapping[str, ServiceAt]) -> Fraction:
    """Pounds of a period for improvements over the baselines; none beyond the targets."""
    pounds = ZERO
    for outcome in world.case.outcomes:
        value = worth(world, outcome)
        if value is None:
            continue
        improvement = level(world, outcome, served) - Fraction(outcome.baseline)
        most = Fraction(outcome.target) - Fraction(outcome.baseline)
        if outcome.better == "lower":
            improvement, most = -improvement, -most
        pounds += value * world.year_share * min(improvement, most)
    return pounds
