"""Procurements that no better plan can hold: fixed by reduced cost.

At any prices the bound grows by what it costs an offer's programme to be made to procure at a node.
Where that lifts the bound above the cost of a known plan, no better plan procures there, and the
exact model can do without it.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.arrays import Floats
from sourcemix.engine.search.climb import Climb
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.programme import first_state, programme, top
from sourcemix.engine.search.response import Core, Scratch, buying_at, scratch_of
from sourcemix.engine.search.split import Prices, Weights, price_of

REWARD = 1e10
"""Weighted pounds for procuring at a node: no policy that can do so does not."""
SLACK = 1e-7
"""Share of the cost that the bound must exceed it by."""


@compiled
def _lifted(core: Core, weights: Weights, prices: Prices, scratch: Scratch, lift: Floats) -> None:
    """By offer and node: weighted pounds by which being made to procure there lifts the bound."""
    first, nodes = top(core.world), len(core.world.parent)
    for offer in range(len(core.machines.lead)):
        price_of(core, weights, prices, offer, scratch.extra)
        buying_at(core, offer, scratch.buying)
        state = first_state(core.machines, offer)
        free = 0.0
        for node in range(-1, nodes):
            if node >= 0:
                if not core.machines.may_procure[offer, node]:
                    continue
                scratch.buying[node] -= REWARD
            value = programme(
                core.machines,
                core.world,
                offer,
                first,
                nodes,
                state,
                scratch.extra,
                scratch.buying,
                scratch.future,
                scratch.choice,
            )
            if node < 0:
                free = value
            else:
                scratch.buying[node] += REWARD
                lift[offer, node] = value + REWARD - free


def still_open(climb: Climb, cost: float, order: list[int]) -> frozenset[tuple[int, int]]:
    """Procurements that a better plan may hold, as offer and node of the problem.

    Args:
        climb: the search for prices.
        cost: weighted pounds of a known plan, as the exact model reckons it.
        order: node of the problem by node of the arrays.
    """
    core = climb.core
    lift = np.full((len(core.machines.lead), len(core.world.parent)), np.inf)
    room = cost - climb.bound
    _lifted(core, climb.weights, climb.best, scratch_of(core), lift)
    spare = SLACK * abs(cost) + 1e-3
    return frozenset(
        (int(offer), order[node])
        for offer, node in zip(*np.nonzero(lift <= room + spare), strict=True)
    )
