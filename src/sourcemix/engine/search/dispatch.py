"""Service at a node at least cost: what is paid for first, then by price, then unmet.

At every node each service has a list of the live entries, dearest last. What an offer is worth at a
node is what its entries save there; nothing else of the node has to be looked at.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import Counts, Entries, Floats, Ints, Machines, World
from sourcemix.engine.search.compiled import compiled


class Live(NamedTuple):
    """Who is live where; changed in place.

    Attributes:
        states: by offer and node, the state of the offer.
        listed: by node, service and place, entries by price.
        length: by node and service, how many are listed.
        members: by node and group, how many of its offers are live.
        sums: by node and row, the sum of the signs of its live groups.
    """

    states: Ints
    listed: Ints
    length: Ints
    members: Ints
    sums: Floats


def nobody(world: World, machines: Machines, entries: Entries, counts: Counts) -> Live:
    """The state in which nothing is live anywhere."""
    nodes, services = entries.demand.shape
    # An offer has one live entry for a service at most.
    pairs = {(int(s), int(o)) for s, o in zip(entries.service, entries.owner, strict=True)}
    room = max(Counter(service for service, _ in pairs).values())
    return Live(
        states=np.zeros((len(machines.lead), nodes), dtype=np.int64),
        listed=np.zeros((nodes, services, room), dtype=np.int64),
        length=np.zeros((nodes, services), dtype=np.int64),
        members=np.zeros((nodes, max(1, int(counts.groups[0]))), dtype=np.int64),
        sums=np.zeros((nodes, len(counts.limit))),
    )


@compiled
def served_at(
    demand: float,
    unmet: float,
    listed: Ints,
    length: int,
    paid: Floats,
    rest: Floats,
    price: Floats,
) -> float:
    """Pounds of serving one service at a node, beyond what being live costs."""
    left = demand
    for place in range(length):
        left -= paid[listed[place]]
    cost = 0.0
    for place in range(length):
        if left <= 0.0:
            return cost
        entry = listed[place]
        units = min(left, rest[entry])
        cost += units * price[entry]
        left -= units
    return cost + max(left, 0.0) * unmet


@compiled
def saved_at(
    demand: float,
    unmet: float,
    listed: Ints,
    length: int,
    owner: Ints,
    paid: Floats,
    rest: Floats,
    price: Floats,
    entry: int,
) -> float:
    """Pounds that an entry saves at a node, whether or not its offer is listed already."""
    mine = owner[entry]
    without = demand
    for place in range(length):
        if owner[listed[place]] != mine:
            without -= paid[listed[place]]
    if without <= 0.0:
        return 0.0
    beyond = without - paid[entry]
    saved, placed = 0.0, False
    for place in range(length):
        other = listed[place]
        if owner[other] == mine:
            continue
        if not placed and price[entry] <= price[other]:
            placed = True
            if beyond > 0.0:
                units = min(beyond, rest[entry])
                saved -= units * price[entry]
                beyond -= units
        if without <= 0.0:
            break
        units = min(without, rest[other])
        saved += units * price[other]
        without -= units
        if beyond > 0.0:
            units = min(beyond, rest[other])
            saved -= units * price[other]
            beyond -= units
    if without > 0.0:
        saved += without * unmet
    if beyond > 0.0:
        if not placed:
            units = min(beyond, rest[entry])
            saved -= units * price[entry]
            beyond -= units
        if beyond > 0.0:
            saved -= beyond * unmet
    return saved


@compiled
def excess_price(amount: float, limit: float, flat: int, price: float) -> float:
    """Pounds of a row whose sum is an amount."""
    beyond = amount - limit
    if beyond <= 1e-9:
        return 0.0
    return price if flat else price * beyond


@compiled
def counted_at(counts: Counts, live: Live, offer: int, node: int, here: int) -> float:
    """Pounds that rows cost more at a node where an offer is live (`here`: it is so already)."""
    cost, member, last = 0.0, counts.first[offer], counts.first[offer + 1]
    rows, groups, signs, limits = counts.row, counts.group, counts.sign, counts.limit
    flats, prices, members, sums = counts.flat, counts.price, live.members, live.sums
    while member < last:
        row = rows[member]
        moved = 0.0
        while member < last and rows[member] == row:
            if members[node, groups[member]] == here:
                moved += signs[member]
            member += 1
        price = prices[node, row]
        if moved != 0.0 and price != 0.0:
            without = sums[node, row] - (moved if here else 0.0)
            cost += excess_price(without + moved, limits[row], flats[row], price)
            cost -= excess_price(without, limits[row], flats[row], price)
    return cost


@compiled
def worth(
    world: World,
    machines: Machines,
    entries: Entries,
    counts: Counts,
    live: Live,
    offer: int,
    first: int,
    last: int,
    extra: Floats,
) -> None:
    """What being live is worth at each node and class, negative, weighted, into `extra`."""
    start, end, held = entries.first[offer], entries.first[offer + 1], entries.services[offer]
    of, owner, lists, lengths = entries.service, entries.owner, live.listed, live.length
    demands, unmets, weights = entries.demand, entries.unmet, world.weight
    pays, rests, prices, states = entries.paid, entries.rest, entries.price, live.states[offer]
    patterns, counted = machines.patterns[offer], counts.first[offer] < counts.first[offer + 1]
    for node in range(first, last):
        here = 1 if states[node] >= patterns else 0
        base = counted_at(counts, live, offer, node, here) if counted else 0.0
        entry, kind = start, 0
        while entry < end:
            saved = 0.0
            for _ in range(held):
                service = of[entry]
                length = lengths[node, service]
                saved += saved_at(
                    demands[node, service],
                    unmets[node, service],
                    lists[node, service],
                    length,
                    owner,
                    pays[node],
                    rests[node],
                    prices[node],
                    entry,
                )
                entry += 1
            extra[node, kind] = weights[node] * (base - saved)
            kind += 1


@compiled
def _list(entries: Entries, live: Live, node: int, entry: int) -> None:
    service, price = entries.service[entry], entries.price[node]
    listed, place = live.listed[node, service], live.length[node, service]
    while place > 0 and price[listed[place - 1]] > price[entry]:
        listed[place] = listed[place - 1]
        place -= 1
    listed[place] = entry
    live.length[node, service] += 1


@compiled
def _unlist(entries: Entries, live: Live, node: int, entry: int) -> None:
    service = entries.service[entry]
    listed, length = live.listed[node, service], live.length[node, service]
    place = 0
    while listed[place] != entry:
        place += 1
    for at in range(place, length - 1):
        listed[at] = listed[at + 1]
    live.length[node, service] = length - 1


@compiled
def _count(counts: Counts, live: Live, offer: int, node: int, step: int) -> None:
    for member in range(counts.first[offer], counts.first[offer + 1]):
        group, row, seen = counts.group[member], counts.row[member], False
        before = live.members[node, group]
        for other in range(counts.first[offer], member):
            seen = seen or counts.group[other] == group
        if seen:
            # The group was counted with an earlier row: was it empty before that?
            before -= step
        else:
            live.members[node, group] = before + step
        if before == 0 or before + step == 0:
            live.sums[node, row] += step * counts.sign[member]


@compiled
def settle(
    machines: Machines,
    entries: Entries,
    counts: Counts,
    live: Live,
    offer: int,
    first: int,
    last: int,
    states: Ints,
) -> None:
    """Give an offer new states from `first` on, and bring the lists in step."""
    held, base, patterns = entries.services[offer], entries.first[offer], machines.patterns[offer]
    width, classes, current = (
        machines.notice[offer] + 1,
        machines.classes[offer],
        live.states[offer],
    )
    for node in range(first, last):
        old, new = current[node] // patterns, states[node] // patterns
        current[node] = states[node]
        was, now = -1, -1
        if old > 0:
            was = classes[node, (old - 1) // width]
        if new > 0:
            now = classes[node, (new - 1) // width]
        if was == now:
            continue
        if was >= 0:
            for entry in range(base + was * held, base + (was + 1) * held):
                _unlist(entries, live, node, entry)
        if now >= 0:
            for entry in range(base + now * held, base + (now + 1) * held):
                _list(entries, live, node, entry)
        if was < 0:
            _count(counts, live, offer, node, 1)
        if now < 0:
            _count(counts, live, offer, node, -1)


@compiled
def node_cost(
    world: World, entries: Entries, counts: Counts, live: Live, first: int, last: int
) -> float:
    """Weighted pounds of dispatch and rows over a range of nodes."""
    total = 0.0
    for node in range(first, last):
        cost = 0.0
        for service in range(entries.demand.shape[1]):
            cost += served_at(
                entries.demand[node, service],
                entries.unmet[node, service],
                live.listed[node, service],
                live.length[node, service],
                entries.paid[node],
                entries.rest[node],
                entries.price[node],
            )
        for row in range(len(counts.limit)):
            price = counts.price[node, row]
            if price != 0.0:
                amount = live.sums[node, row]
                cost += excess_price(amount, counts.limit[row], counts.flat[row], price)
        total += world.weight[node] * cost
    return total
