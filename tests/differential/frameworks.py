"""The optimum of a small case with a framework that is paid for once, or has a ceiling.

Both look back along the path to a node, so every policy of every offer is combined with each.
What is called off from a framework with a ceiling costs the same whoever serves how much: its
offers have no unit prices (see `priceless`).
"""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
from tests.differential.brute import Array, Brute, Policy, TooManyError, _along
from tests.differential.ground import ZERO, exact

MOST = 1_000_000
"""Most combinations of policies."""
NOISE = 1e-6


def best_with_framework(brute: Brute) -> float | None:
    """Least expected cost in pounds; None where no plan is possible."""
    ground, axes = brute.ground, len(brute.movers)
    policies = [list(brute._policies(axis, 0, 0).items()) for axis in range(axes)]
    size = [len(found) for found in policies]
    if prod(size) > MOST:
        raise TooManyError
    if not all(size):
        return None
    (framework,) = ground.case.frameworks
    total = np.zeros(size)
    for axis, found in enumerate(policies):
        total += _along(axis, axes, [float(cost) for _, cost in found])
    used: list[Array] = []
    spent: list[Array] = []
    for node in ground.nodes:
        before = np.zeros(size) if node.parent is None else used[node.parent]
        here, paid = before, np.zeros(size) if node.parent is None else spent[node.parent]
        for axis, found in enumerate(policies):
            standings = brute.choices[axis][node.id].standings
            taken = [standings[key[node.id]] for key, _ in found]
            here = np.maximum(here, _along(axis, axes, [float(s.calls) for s in taken]))
            paid = paid + _along(axis, axes, [float(s.called) for s in taken])
        used.append(here)
        spent.append(paid)
        due = exact(framework.procurement) * ground.with_bias("setup") * ground.weight(node)
        total += (here - before) * float(due)
        total += brute._joint(node)[np.ix_(*([k[node.id] for k, _ in p] for p in policies))]
        if framework.ceiling is not None and not brute.children[node.id]:
            total[paid > float(framework.ceiling) + NOISE] = np.inf
    best = float(total.min())
    return best if np.isfinite(best) else None


def framework_cost(brute: Brute, plan: list[Policy]) -> Fraction | None:
    """What a framework adds to the cost of a plan; None where more is spent than its ceiling."""
    ground = brute.ground
    (framework,) = ground.case.frameworks
    used: list[bool] = []
    spent: list[Fraction] = []
    cost = ZERO
    for node in ground.nodes:
        before = node.parent is not None and used[node.parent]
        standings = [policy[node.id].standing for policy in plan]
        used.append(before or any(s.calls for s in standings))
        above = ZERO if node.parent is None else spent[node.parent]
        spent.append(above + sum((s.called for s in standings), ZERO))
        if used[-1] and not before:
            due = exact(framework.procurement) * ground.with_bias("setup")
            cost += due * ground.weight(node)
        if framework.ceiling is not None and spent[-1] > exact(framework.ceiling):
            return None
    return cost
