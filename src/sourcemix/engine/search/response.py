"""Best response: one offer after the other takes the policy that suits the others best.

With all other policies fixed, the best policy of one offer is a dynamic programme (`programme`),
and what being live is worth at a node is what it saves there (`dispatch`). Sweeping over the offers
until none moves is block-coordinate descent; every step lowers the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import (
    FAR,
    Counts,
    Entries,
    Flags,
    Floats,
    Ints,
    Machines,
    World,
)
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.dispatch import Live, nobody, node_cost, settle, worth
from sourcemix.engine.search.programme import first_state, follow, programme, room, spent, top
from sourcemix.engine.search.tables import Tables

BARRED = 1e12
"""Weighted pounds added to being live where it is not wanted at all."""
LEAST = 1e-7
"""Share of what an offer costs by which a response must be better to be taken."""


class Core(NamedTuple):
    """What the compiled functions below work on."""

    world: World
    machines: Machines
    entries: Entries
    counts: Counts


class Scratch(NamedTuple):
    """Room to work in; one for each worker."""

    extra: Floats
    buying: Floats
    barred: Floats
    future: Floats
    choice: Ints
    states: Ints
    gain: Floats


def core_of(tables: Tables) -> Core:
    """The arrays of a case."""
    return Core(tables.world, tables.machines, tables.entries, tables.counts)


def scratch_of(core: Core) -> Scratch:
    """Room to work in."""
    nodes = len(core.world.parent)
    entries = core.entries
    classes = int((np.diff(entries.first) // np.maximum(entries.services, 1)).max())
    future, choice = room(core.world, core.machines)
    return Scratch(
        extra=np.zeros((nodes, classes)),
        buying=np.zeros(nodes),
        barred=np.full((nodes, classes), BARRED),
        future=future,
        choice=choice,
        states=np.zeros(nodes, dtype=np.int64),
        gain=np.zeros(nodes),
    )


@compiled
def before(core: Core, live: Live, offer: int, first: int) -> int:
    """State of an offer before a node."""
    above = core.world.parent[first]
    if above < 0:
        return first_state(core.machines, offer)
    return int(live.states[offer, above])


@compiled
def buying_at(core: Core, offer: int, buying: Floats) -> None:
    """Weighted pounds of procuring an offer, by node."""
    procure, weight = core.machines.procure[offer], core.world.weight
    for node in range(len(buying)):
        buying[node] = procure * weight[node]


@compiled
def hopeless(core: Core, live: Live, scratch: Scratch, offer: int, first: int, last: int) -> bool:
    """Whether an idle offer could nowhere earn what it costs to start it."""
    world, machines, gain = core.world, core.machines, scratch.gain
    if machines.later[offer] < FAR:
        return False
    least_start = machines.procure[offer]
    if machines.lead[offer] == 0:
        least_start += machines.setup[offer]
    ages, mine, classes = machines.ages[offer], machines.live[offer], machines.classes[offer]
    states, extra, weight = live.states[offer], scratch.extra, world.weight
    parent, period = world.parent, world.period
    for node in range(first, last):
        if states[node] != 0:
            return False
        least = 0.0
        for variant in range(min(ages, period[node] + 1)):
            if mine[node, variant] < 1e30:
                cost = weight[node] * mine[node, variant] + extra[node, classes[node, variant]]
                least = min(least, cost)
        gain[node] = -least
    for node in range(last - 1, first - 1, -1):
        if gain[node] > least_start * weight[node]:
            return False
        if node > first:
            gain[parent[node]] += gain[node]
    return True


@compiled
def respond(
    core: Core, live: Live, scratch: Scratch, offer: int, first: int, last: int, bar: float
) -> float:
    """Let an offer respond below a node; how much that adds to the cost (weighted; negative: less).

    Args:
        core: the case.
        live: who is live; changed.
        scratch: room to work in.
        offer: who responds.
        first: from which node on.
        last: one more than the last node below it.
        bar: 0, or `BARRED` where it has to go wherever it can.
    """
    state, barred = before(core, live, offer, first), bar > 0.0
    worth(
        core.world,
        core.machines,
        core.entries,
        core.counts,
        live,
        offer,
        first,
        last,
        scratch.extra,
    )
    if state == 0 and not barred and hopeless(core, live, scratch, offer, first, last):
        return 0.0
    extra = scratch.barred if barred else scratch.extra
    buying_at(core, offer, scratch.buying)
    states = live.states[offer]
    old = spent(core.machines, core.world, offer, first, last, state, scratch.extra, states)
    new = programme(
        core.machines,
        core.world,
        offer,
        first,
        last,
        state,
        extra,
        scratch.buying,
        scratch.future,
        scratch.choice,
    )
    if not barred and new >= old - LEAST * (abs(old) + 1.0):
        return 0.0
    follow(core.world, first, last, state, scratch.choice, scratch.states)
    if barred:
        new = spent(
            core.machines,
            core.world,
            offer,
            first,
            last,
            state,
            scratch.extra,
            scratch.states,
        )
    settle(core.machines, core.entries, core.counts, live, offer, first, last, scratch.states)
    return new - old


@compiled
def sweep(core: Core, live: Live, scratch: Scratch, offers: Ints, first: int, last: int) -> float:
    """Let offers respond one after the other; what that adds to the cost (negative: less)."""
    moved = 0.0
    for offer in offers:
        moved += respond(core, live, scratch, offer, first, last, 0.0)
    return moved


@compiled
def total_cost(core: Core, live: Live, scratch: Scratch) -> float:
    """Weighted pounds of everything."""
    first, nodes = top(core.world), len(core.world.parent)
    total = node_cost(core.world, core.entries, core.counts, live, first, nodes)
    scratch.extra[:] = 0.0
    for offer in range(len(core.machines.lead)):
        total += spent(
            core.machines,
            core.world,
            offer,
            first,
            nodes,
            first_state(core.machines, offer),
            scratch.extra,
            live.states[offer],
        )
    return total


@dataclass(frozen=True, slots=True)
class Descent:
    """A plan that no single offer can better."""

    live: Live
    cost: float


def resting(core: Core, scratch: Scratch) -> Live:
    """Today's agreements leave as soon as they can, and nothing else is live."""
    live = nobody(*core)
    nodes = len(core.world.parent)
    for offer in range(len(core.machines.lead)):
        if core.machines.given[offer] > 0:
            respond(core, live, scratch, offer, 0, nodes, BARRED)
    return live


def descend(core: Core, live: Live, scratch: Scratch, rng: np.random.Generator) -> Descent:
    """Sweep in random orders until nothing moves."""
    nodes, offers = len(core.world.parent), len(core.machines.lead)
    cost = total_cost(core, live, scratch)
    for _ in range(12):
        order = rng.permutation(offers).astype(np.int64)
        moved = sweep(core, live, scratch, order, 0, nodes)
        cost += moved
        if moved > -1e-6 * abs(cost):
            break
    return Descent(live, cost)


__all__ = [
    "Core",
    "Descent",
    "Flags",
    "Scratch",
    "before",
    "core_of",
    "descend",
    "respond",
    "resting",
    "scratch_of",
    "sweep",
    "total_cost",
]
