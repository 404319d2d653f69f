"""Prices of services: the Lagrangian of meeting demand, by subgradient over the offers' programmes.

A unit of a service gets a price at every node; every offer then takes up what pays at these prices.
Much cheaper than the split bound, and where its prices begin.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.arrays import Floats
from sourcemix.engine.search.climb import Climb, climb_from
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.response import Core, Scratch
from sourcemix.engine.search.split import Prices, Settled, Sides, Weights, take_up


@compiled
def split_at(core: Core, unit: Floats, split: Floats) -> None:
    """What an entry earns where a unit of its service has a price: its split price."""
    entries = core.entries
    service, paid, rest, prices = entries.service, entries.paid, entries.rest, entries.price
    for node in range(unit.shape[0]):
        for entry in range(len(service)):
            price = unit[node, service[entry]]
            earned = price * paid[node, entry]
            split[node, entry] = earned + max(0.0, price - prices[node, entry]) * rest[node, entry]


@compiled
def _slopes(core: Core, unit: Floats, sides: Sides, slope: Floats) -> None:
    """Demand less what is served, by node and service."""
    entries, live = core.entries, sides.live
    services, paid, rest, price = entries.service, entries.paid, entries.rest, entries.price
    demand = entries.demand
    for node in range(unit.shape[0]):
        for service in range(unit.shape[1]):
            slope[node, service] = demand[node, service]
        for entry in range(len(services)):
            if live[node, entry]:
                service = services[entry]
                slope[node, service] -= paid[node, entry]
                if unit[node, service] > price[node, entry]:
                    slope[node, service] -= rest[node, entry]


@compiled
def _unit_prices(
    core: Core,
    weights: Weights,
    prices: Prices,
    settled: Settled,
    sides: Sides,
    scratch: Scratch,
    unit: Floats,
    scale: Floats,
    cost: float,
    steps: int,
) -> float:
    """Move unit prices; `prices` is left at what the best of them make."""
    world, entries = core.world, core.entries
    nodes, services = unit.shape
    slope, moved = np.zeros((nodes, services)), np.zeros((nodes, services))
    kept = unit.copy()
    best, smooth, peak, stalled, length_of_step = -1e30, 0.0, -1e30, 0, 1.0
    for step in range(steps):
        split_at(core, unit, prices.split)
        bound = take_up(core, weights, prices, settled, sides, scratch)
        for node in range(nodes):
            paid = 0.0
            for service in range(services):
                paid += unit[node, service] * entries.demand[node, service]
            bound += world.weight[node] * paid
        if bound > best:
            best = bound
            kept[:] = unit
        smooth = bound if step == 0 else 0.9 * smooth + 0.1 * bound
        if smooth > peak + 1e-5 * abs(peak):
            peak, stalled = smooth, 0
        else:
            stalled += 1
            if stalled >= 8:
                length_of_step, stalled, peak = 0.7 * length_of_step, 0, smooth
        _slopes(core, unit, sides, slope)
        length = 0.0
        for node in range(nodes):
            for service in range(services):
                turn = slope[node, service]
                if (unit[node, service] <= 0.0 and turn < 0.0) or (
                    unit[node, service] >= entries.unmet[node, service] and turn > 0.0
                ):
                    turn = 0.0
                moved[node, service] += (1.0 if step == 0 else 0.5) * (turn - moved[node, service])
                length += world.weight[node] * moved[node, service] ** 2 * scale[service]
        goal = min(cost, max(best, bound) + 0.03 * abs(cost))
        size = length_of_step * max(goal - bound, 0.0) / max(length, 1e-12)
        for node in range(nodes):
            for service in range(services):
                price = unit[node, service] + size * scale[service] * moved[node, service]
                unit[node, service] = min(max(price, 0.0), entries.unmet[node, service])
    unit[:] = kept
    split_at(core, unit, prices.split)
    return best


def first_prices(core: Core, cost: float, steps: int) -> Climb:
    """Begin a search for split prices at those that unit prices make.

    Args:
        core: the case.
        cost: weighted pounds of a plan.
        steps: steps of the search for unit prices.
    """
    nodes, entries = core.entries.paid.shape
    prices = Prices(np.zeros((nodes, entries)), np.zeros((nodes, len(core.counts.limit))))
    climb = climb_from(core, prices)
    unit = core.entries.unmet * 0.25
    usual = np.maximum(core.entries.demand.mean(axis=0), 1e-6)
    scale = core.entries.unmet.mean(axis=0) / usual
    _unit_prices(
        core,
        climb.weights,
        prices,
        climb.settled,
        climb.sides,
        climb.scratch,
        unit,
        scale,
        cost,
        steps,
    )
    return climb
