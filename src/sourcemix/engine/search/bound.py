"""A bound that floating point cannot have made too high.

Every figure of the bound is a sum of products. With ``u`` the unit roundoff and no more than ``k``
operations on the way of any term, such a sum is off by at most ``k·u / (1 - k·u)`` times the sum of
the sizes of its terms (Higham 2002, section 3.1; in the spirit of Neumaier and Shcherbina 2004). So
the bound is reckoned once more at the best prices, and that much is taken off.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.climb import Climb
from sourcemix.engine.search.programme import NEVER
from sourcemix.engine.search.response import scratch_of
from sourcemix.engine.search.split import bound_at
from sourcemix.engine.search.tables import Tables

UNIT = 2.0**-53
"""Unit roundoff."""
GIVEN = 40
"""Operations, at most, that lie behind a figure of the tables."""


def safe_bound(tables: Tables, climb: Climb) -> float:
    """A lower bound in pounds that holds in exact arithmetic; minus infinity without any."""
    core, prices = climb.core, climb.best
    scratch = scratch_of(core)
    bound = bound_at(core, climb.weights, prices, climb.settled, climb.sides, scratch, climb.items)
    if bound >= NEVER / 2 or not np.isfinite(bound):
        return float("-inf")
    size = _service_sizes(climb) + _offer_sizes(climb)
    size += abs(tables.constant) + float(
        (core.world.weight @ prices.rows) @ np.abs(core.counts.limit)
    )
    nodes, entries = prices.split.shape
    below = np.bincount(core.world.parent[1:], minlength=1).max() if nodes > 1 else 0
    periods = int(core.world.period.max()) + 1
    # The longest way of a term: through its problem, over nodes and services, over offers.
    steps = GIVEN + 4 * entries + nodes * core.entries.demand.shape[1]
    steps += periods * (int(below) + 8) + len(core.machines.lead) + nodes * len(core.counts.limit)
    share = steps * UNIT / (1.0 - steps * UNIT)
    return float(bound + tables.constant - 2.0 * share * size)


def _service_sizes(climb: Climb) -> float:
    """Sum of the sizes of all terms on the side of the services."""
    core, prices = climb.core, climb.best
    entries, weight = core.entries, core.world.weight
    each = np.abs(prices.split) + entries.price * entries.rest
    each += entries.unmet[:, entries.service] * (entries.paid + entries.rest)
    unmet = (entries.unmet * entries.demand).sum(axis=1)
    return float(weight @ (each.sum(axis=1) + unmet))


def _offer_sizes(climb: Climb) -> float:
    """Sum of the sizes of all terms on the side of the offers."""
    core, prices = climb.core, climb.best
    machines, world = core.machines, core.world
    live = np.where(np.isfinite(machines.live), np.abs(machines.live), 0.0).max(axis=2)
    one_off = machines.setup + machines.procure + machines.transition
    total = float(((live + 2.0 * one_off[:, None]) * world.weight).sum())
    total += float((machines.fees.max(axis=2)[:, world.period] * world.chance).sum())
    total += float(world.weight @ np.abs(prices.split).sum(axis=1))
    total += 2.0 * climb.settled.toll * np.count_nonzero(climb.settled.live)
    rows = (
        np.abs(climb.weights.value).sum() * np.abs(prices.rows).max() if prices.rows.size else 0.0
    )
    return total + float(rows) * float(world.weight.sum())
