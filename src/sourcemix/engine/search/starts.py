"""Starts: plans grown from prices that fade into true costs.

Every offer responds first to what the split prices say that it is worth, then more and more to what
it saves; noise on the prices makes every start another one.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.dispatch import Live, settle, worth
from sourcemix.engine.search.programme import follow, programme, top
from sourcemix.engine.search.response import Core, Scratch, before, buying_at, resting, sweep
from sourcemix.engine.search.split import Prices, Weights, price_of

FADING = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1)
"""Share of the prices in what an offer responds to, sweep by sweep."""


@compiled
def _blended(
    core: Core,
    live: Live,
    scratch: Scratch,
    weights: Weights,
    prices: Prices,
    offer: int,
    share: float,
    noise: float,
) -> None:
    """An offer responds to prices and savings, whatever that does to the cost."""
    first, nodes = top(core.world), len(core.world.parent)
    state = before(core, live, offer, first)
    extra = scratch.extra
    price_of(core, weights, prices, offer, extra)
    priced = extra.copy()
    worth(core.world, core.machines, core.entries, core.counts, live, offer, first, nodes, extra)
    for node in range(nodes):
        for kind in range(extra.shape[1]):
            mixed = share * (1.0 + noise) * priced[node, kind] + (1.0 - share) * extra[node, kind]
            extra[node, kind] = mixed
    buying_at(core, offer, scratch.buying)
    programme(
        core.machines,
        core.world,
        offer,
        first,
        nodes,
        state,
        extra,
        scratch.buying,
        scratch.future,
        scratch.choice,
    )
    follow(core.world, first, nodes, state, scratch.choice, scratch.states)
    settle(core.machines, core.entries, core.counts, live, offer, first, nodes, scratch.states)


def grown(
    core: Core,
    scratch: Scratch,
    weights: Weights,
    prices: Prices,
    noise: float,
    rng: np.random.Generator,
) -> Live:
    """A plan grown from prices."""
    live = resting(core, scratch)
    offers, nodes = len(core.machines.lead), len(core.world.parent)
    moods = noise * rng.standard_normal(offers)
    for share in FADING:
        for offer in rng.permutation(offers):
            _blended(core, live, scratch, weights, prices, int(offer), share, float(moods[offer]))
    for _ in range(4):
        sweep(core, live, scratch, rng.permutation(offers).astype(np.int64), 0, nodes)
    return live
