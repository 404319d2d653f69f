"""The split bound: a price on every copy of every offer (Guignard and Kim 1987).

Every service at every node gets its own copy of whether an offer is live, and the difference has a
price. One side then falls apart into a small problem for each node and service (`node_problem`),
the other into a programme for each offer (`programme`). Rules that count are priced as well. Any
prices give a valid bound; `climb` looks for the best ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import Flags, Floats, Ints
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.node_problem import FREE, HELD, Items, solve_node
from sourcemix.engine.search.programme import (
    NEVER,
    first_state,
    follow,
    programme,
    top,
)
from sourcemix.engine.search.response import Core, Scratch, buying_at

NODES = 1000
"""Nodes of a search at one node and service after which its relaxation counts."""


class Prices(NamedTuple):
    """Prices in unweighted pounds.

    Attributes:
        split: by node and entry, of the offer's being live there for that service.
        rows: by node and row, of one more in its sum.
    """

    split: Floats
    rows: Floats


class Settled(NamedTuple):
    """What is settled in a part of the case (`branching`).

    Attributes:
        live: by offer and node: `FREE`, `BARRED` (it is not live there) or `HELD` (it is).
        toll: weighted pounds for doing otherwise. The bound holds with any; it should be more than
            anything earns.
    """

    live: Flags
    toll: float


class Sides(NamedTuple):
    """What both sides answer to prices.

    Attributes:
        served: by node and entry, whether its service wants it.
        live: by node and entry, whether its offer is live.
        used: by node and row, its sum, relaxed.
        states: by offer and node, the state of the offer's answer.
        value: by offer, weighted pounds of its answer.
    """

    served: Flags
    live: Flags
    used: Floats
    states: Ints
    value: Floats


class Weights(NamedTuple):
    """Rows on groups of offers as linear ones on offers, which they imply.

    Attributes:
        first: by offer, where its terms begin; one more than offers.
        row: by term.
        value: by term, what the offer adds to the row at least.
    """

    first: Ints
    row: Ints
    value: Floats


def weights_of(core: Core) -> Weights:
    """A group counts for a share of each of its offers: all of them are live for it to count once.

    With a minus sign each counts in full: together they count for more than the group.
    """
    counts, offers = core.counts, len(core.machines.lead)
    members = np.zeros((int(counts.groups[0]) + 1, len(counts.limit)))
    for group, row in zip(counts.group, counts.row, strict=True):
        members[group, row] += 1.0
    first, rows, values = [0], [], []
    for offer in range(offers):
        sums: dict[int, float] = {}
        for member in range(int(counts.first[offer]), int(counts.first[offer + 1])):
            row, group = int(counts.row[member]), int(counts.group[member])
            if counts.flat[row]:
                continue
            sign = float(counts.sign[member])
            share = sign / members[group, row] if sign > 0.0 else sign
            sums[row] = sums.get(row, 0.0) + share
        rows += list(sums)
        values += list(sums.values())
        first.append(len(rows))
    return Weights(
        np.array(first, dtype=np.int64), np.array(rows, dtype=np.int64), np.array(values)
    )


@compiled
def serve(
    core: Core, prices: Prices, settled: Settled, sides: Sides, items: Items
) -> tuple[float, int]:
    """The side of the services: weighted pounds, and nodes searched in all."""
    entries, total, seen = core.entries, 0.0, 0
    firsts, order, demands, unmets = (
        entries.first_of,
        entries.of_service,
        entries.demand,
        entries.unmet,
    )
    pays, rests, costs, weights = entries.paid, entries.rest, entries.price, core.world.weight
    splits, served, chosen = prices.split, sides.served, items.chosen
    owners, begins, helds = entries.owner, entries.first, entries.services
    flags, fixed = settled.live, items.fixed
    paid, rest, price, split = items.paid, items.rest, items.price, items.split
    for node in range(len(weights)):
        cost = 0.0
        for service in range(demands.shape[1]):
            first, last = firsts[service], firsts[service + 1]
            for place in range(first, last):
                entry, at = order[place], place - first
                paid[at] = pays[node, entry]
                rest[at] = rests[node, entry]
                price[at] = costs[node, entry]
                split[at] = splits[node, entry]
                owner = owners[entry]
                flag = flags[owner, node]
                if flag == HELD and begins[owner + 1] - begins[owner] != helds[owner]:
                    # Live, but in which class is open.
                    flag = FREE
                fixed[at] = flag
            value, searched = solve_node(
                items, last - first, demands[node, service], unmets[node, service], NODES
            )
            cost += value
            seen += searched
            for place in range(first, last):
                served[node, order[place]] = chosen[place - first]
        total += weights[node] * cost
    return total, seen


@compiled
def price_of(core: Core, weights: Weights, prices: Prices, offer: int, extra: Floats) -> None:
    """What being live costs an offer at these prices, weighted, by node and class."""
    entries, weight = core.entries, core.world.weight
    first, last, held = entries.first[offer], entries.first[offer + 1], entries.services[offer]
    begin, end, row, value = (
        weights.first[offer],
        weights.first[offer + 1],
        weights.row,
        weights.value,
    )
    splits, rows = prices.split, prices.rows
    for node in range(len(weight)):
        counted = 0.0
        for term in range(begin, end):
            counted += value[term] * rows[node, row[term]]
        entry, kind = first, 0
        while entry < last:
            paid = 0.0
            for _ in range(held):
                paid += splits[node, entry]
                entry += 1
            extra[node, kind] = weight[node] * (counted - paid)
            kind += 1


@compiled
def _note(core: Core, weights: Weights, sides: Sides, offer: int) -> None:
    """Write down where an offer's answer is live."""
    machines, entries = core.machines, core.entries
    held, base, patterns = entries.services[offer], entries.first[offer], machines.patterns[offer]
    width, classes, states = (
        machines.notice[offer] + 1,
        machines.classes[offer],
        sides.states[offer],
    )
    begin, end, row, value = (
        weights.first[offer],
        weights.first[offer + 1],
        weights.row,
        weights.value,
    )
    live, used = sides.live, sides.used
    for node in range(len(states)):
        part = states[node] // patterns
        if part == 0:
            continue
        start = base + classes[node, (part - 1) // width] * held
        for entry in range(start, start + held):
            live[node, entry] = 1
        for term in range(begin, end):
            used[node, row[term]] += value[term]


@compiled
def idle_is_best(core: Core, offer: int, extra: Floats, gain: Floats) -> bool:
    """Whether an offer without an agreement today could nowhere earn what it costs to start it."""
    world, machines = core.world, core.machines
    if machines.given[offer] != 0:
        return False
    start = machines.procure[offer]
    if machines.lead[offer] == 0:
        start += machines.setup[offer]
    ages, mine, classes = machines.ages[offer], machines.live[offer], machines.classes[offer]
    weight, parent = world.weight, world.parent
    for node in range(len(parent)):
        least = 0.0
        for variant in range(min(ages, world.period[node] + 1)):
            if mine[node, variant] < NEVER:
                cost = mine[node, variant] * weight[node] + extra[node, classes[node, variant]]
                least = min(least, cost)
        gain[node] = -least
    for node in range(len(parent) - 1, -1, -1):
        if gain[node] > start * weight[node]:
            return False
        if node > 0:
            gain[parent[node]] += gain[node]
    return True


@compiled
def _tolls(settled: Settled, offer: int, extra: Floats) -> float:
    """Add the tolls to what being live costs; weighted pounds that all of `HELD` have to pay."""
    owed, flags = 0.0, settled.live[offer]
    for node in range(len(flags)):
        if flags[node] == FREE:
            continue
        toll = settled.toll
        if flags[node] == HELD:
            toll = -toll
            owed += settled.toll
        for kind in range(extra.shape[1]):
            extra[node, kind] += toll
    return owed


@compiled
def take_up(
    core: Core, weights: Weights, prices: Prices, settled: Settled, sides: Sides, scratch: Scratch
) -> float:
    """The side of the offers: weighted pounds."""
    first, nodes = top(core.world), len(core.world.parent)
    sides.live[:] = 0
    sides.used[:] = 0.0
    total = 0.0
    for offer in range(len(core.machines.lead)):
        price_of(core, weights, prices, offer, scratch.extra)
        total += _tolls(settled, offer, scratch.extra)
        if idle_is_best(core, offer, scratch.extra, scratch.gain):
            sides.states[offer, :] = 0
            sides.value[offer] = 0.0
            continue
        state = first_state(core.machines, offer)
        buying_at(core, offer, scratch.buying)
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
        follow(core.world, first, nodes, state, scratch.choice, sides.states[offer])
        _note(core, weights, sides, offer)
        sides.value[offer] = value
        total += value
    return total


@compiled
def bound_at(
    core: Core,
    weights: Weights,
    prices: Prices,
    settled: Settled,
    sides: Sides,
    scratch: Scratch,
    items: Items,
) -> float:
    """The bound that some prices give, in weighted pounds; not yet rounded safely."""
    total = serve(core, prices, settled, sides, items)[0]
    total += take_up(core, weights, prices, settled, sides, scratch)
    for node in range(len(core.world.parent)):
        for row in range(len(core.counts.limit)):
            paid = prices.rows[node, row] * core.counts.limit[row]
            total -= core.world.weight[node] * paid
    return total
