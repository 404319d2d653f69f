"""What prices on rows make dearer or cheaper: spend, units, cost and exposure, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sourcemix.engine.planning.rules.exposure import leaving
from sourcemix.engine.planning.timeline import Line
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Floats
from sourcemix.engine.search.counting import Group
from sourcemix.engine.search.sums import Family


@dataclass(slots=True)
class Surcharges:
    """Pounds by node of the problem, on top of what the case charges.

    Attributes:
        spend: by node and offer, for each pound of spend.
        units: by offer and service: by node, for each unit served.
        cost: by node, for each pound of cost to the authority.
        exposed: by node, for each pound of exposure.
        rows: groups with their signs, and by node the pounds for each.
        constant: weighted pounds, whatever is decided.
    """

    spend: Floats
    cost: Floats
    exposed: Floats
    units: dict[tuple[int, int], Floats] = field(default_factory=dict)
    rows: list[tuple[dict[Group, float], Floats]] = field(default_factory=list)
    constant: float = 0.0


def surcharges_of(
    problem: Problem, weight: Floats, families: Sequence[Family], prices: Sequence[Floats]
) -> Surcharges:
    """What some prices come to.

    Args:
        problem: the compiled case.
        weight: by node of the problem, chance times discount factor.
        families: the rows.
        prices: by family and row, weighted pounds for 1 of its sum.
    """
    nothing = np.zeros(problem.nodes)
    found = Surcharges(np.zeros((problem.nodes, len(problem.offers))), nothing, nothing.copy())
    for family, price in zip(families, prices, strict=True):
        each = np.zeros(problem.nodes)
        for row, pounds in zip(family.rows, price, strict=True):
            each[row.nodes] += pounds * row.weights
            found.constant -= pounds * row.limit
        each /= np.maximum(weight, 1e-300)
        added = family.added
        if added.spend is not None:
            found.spend += each[:, None] * added.spend
        if added.cost is not None:
            found.cost += each * added.cost
        found.exposed += each * added.exposed
        for key, units in added.units.items():
            found.units[key] = found.units.get(key, 0.0) + each * units
        if added.signs:
            found.rows.append((added.signs, each))
    return found


def least_exposure(problem: Problem, line: Line, node: int) -> float:
    """What an agreement adds to the exposure at a node at least, in whatever notice it may be."""
    if line.told is not None:
        return leaving(problem, line, node, line.told - int(problem.period[node]), free=True)
    notice = problem.offers[line.offer].notice
    return min(leaving(problem, line, node, left) for left in range(min(1, notice), notice + 1))
