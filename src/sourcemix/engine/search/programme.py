"""The best policy of one offer: an exact dynamic programme over the tree and its state machine.

Backwards over the nodes: the least cost from a node on, for every state that the offer may have
left the parent in. A decision with lead time or notice is part of the state below, so it is the
same for all nodes below, as it must be. Whoever calls says what being live is worth at each node
(`extra`, by node and class, in weighted pounds): a saving in dispatch, or a price.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.arrays import FAR, Flags, Floats, Ints, Machines, World
from sourcemix.engine.search.compiled import compiled

NEVER = 1e30
"""Cost of what cannot be."""


@compiled
def states_of(machines: Machines, offer: int) -> int:
    """Number of states of an offer."""
    variants = machines.ages[offer] + (1 if machines.given[offer] > 0 else 0)
    lives = 1 + variants * (machines.notice[offer] + 1)
    return int(lives * machines.patterns[offer])


@compiled
def first_state(machines: Machines, offer: int) -> int:
    """State before the first node."""
    if machines.given[offer] != 1:
        return 0
    live = 1 + machines.ages[offer] * (machines.notice[offer] + 1)
    return int(live * machines.patterns[offer])


@compiled
def variant_of(machines: Machines, offer: int, state: int) -> int:
    """Variant that is live in a state; -1 where none is."""
    live = state // machines.patterns[offer]
    return -1 if live == 0 else int((live - 1) // (machines.notice[offer] + 1))


@compiled
def _ending(
    machines: Machines, world: World, offer: int, node: int, variant: int, left: int
) -> tuple[int, float]:
    """Whether an agreement may go on at a node, and what it costs (weighted) to end there.

    The end costs `NEVER` where it may not end; neither may it go on where it is too late to end.
    """
    period = world.period[node]
    todays = variant == machines.ages[offer]
    age = period - machines.begins[offer] if todays else variant + 1
    if machines.forced[offer, node] or age >= machines.longest[offer]:
        return 0, 0.0
    told = todays and machines.ends[offer] < FAR
    if told and period >= machines.ends[offer]:
        return 0, 0.0
    if told:
        return 1, NEVER
    after = variant if todays else variant + 1
    fee = machines.fees[offer, period, after] * world.chance[node]
    if left == 1:
        return 0, fee
    if age >= machines.old[offer, node] and not (todays and machines.given[offer] == 1):
        return 0, (fee if machines.notice[offer] == 0 else NEVER)
    return 1, (fee if machines.notice[offer] == 0 else NEVER)


@compiled
def _can_tell(machines: Machines, offer: int, variant: int, age: int, period: int) -> bool:
    """Whether giving notice in a period would end an agreement of that age, and not its expiry."""
    notice = machines.notice[offer]
    if notice == 0 or age + notice >= machines.longest[offer]:
        return False
    if variant == machines.ages[offer] and machines.ends[offer] < FAR:
        return False
    return bool(period + notice < machines.fees.shape[1])


@compiled
def _onward(row: Floats, kept: int, joined: int, price: float) -> tuple[float, int]:
    """Cost below of a state, with or without procuring as well, and the state itself."""
    if joined >= 0 and price + row[joined] < row[kept]:
        return price + row[joined], joined
    return row[kept], kept


@compiled
def programme(
    machines: Machines,
    world: World,
    offer: int,
    first: int,
    last: int,
    state: int,
    extra: Floats,
    fresh: Floats,
    future: Floats,
    choice: Ints,
) -> float:
    """Least cost of an offer from a node on; the best next state of every state.

    Args:
        machines: the state machines.
        world: the tree.
        offer: which offer.
        first: node at which to begin.
        last: one more than the last node below it.
        state: state in which the parent of `first` was left.
        extra: by node and class, added to being live, weighted pounds.
        fresh: by node, added to a start where the offer was not live before, weighted pounds.
        future: room for a figure by node and state.
        choice: by node and state of the parent, the best state; written where it can be reached.

    Returns:
        Weighted pounds from `first` on; `NEVER` or more where no policy is possible.
    """
    patterns, width = machines.patterns[offer], machines.notice[offer] + 1
    ages, lead, base = machines.ages[offer], machines.lead[offer], machines.first_pattern[offer]
    lives = states_of(machines, offer) // patterns
    given, begins = machines.given[offer], machines.begins[offer]
    future[first:last, : lives * patterns] = 0.0
    value = NEVER
    for node in range(last - 1, first - 1, -1):
        period, weight, row = world.period[node], world.weight[node], future[node]
        gone = machines.gone[offer, node] != 0
        may = machines.may_procure[offer, node] != 0
        buy, start = machines.procure[offer] * weight, machines.setup[offer] * weight
        pending = given == 2 and period == begins and not gone
        if machines.old[offer, node] <= 0:
            start = NEVER
        above = world.parent[node]
        for live in range(lives):
            if node == first and live != state // patterns:
                continue
            variant, left = (live - 1) // width, (live - 1) % width
            if live > 0 and variant < ages and variant > period - 1:
                continue
            if live > 0 and variant == ages and begins > period - 1:
                continue
            goes, leaving, after, age = 0, 0.0, 0, 0
            if live > 0:
                goes, leaving = _ending(machines, world, offer, node, variant, left)
                after = variant if variant == ages else variant + 1
                age = period - begins if variant == ages else variant + 1
            anew = 0.0 if live > 0 else fresh[node]
            for pattern in range(patterns):
                if node == first and pattern != state % patterns:
                    continue
                kept = machines.shifted[base + pattern]
                joined = machines.joined[base + kept] if may and lead > 0 else -1
                due = machines.due[base + pattern] != 0 and not gone
                best, pick = 2.0 * NEVER, 0
                if not due and not pending:
                    cost, to = _onward(row, kept, joined, buy)
                    cost += leaving + (machines.transition[offer] * weight if live > 0 else 0.0)
                    if cost < best:
                        best, pick = cost, to
                    if goes:
                        mine = weight * machines.live[offer, node, after]
                        mine += extra[node, machines.classes[offer, node, after]]
                        at = (1 + after * width + max(left - 1, 0)) * patterns
                        more = at + joined if joined >= 0 else -1
                        cost, to = _onward(row, at + kept, more, buy)
                        if mine + cost < best:
                            best, pick = mine + cost, to
                        if left == 0 and _can_tell(machines, offer, after, age, period):
                            at += (width - 1) * patterns
                            more = at + joined if joined >= 0 else -1
                            cost, to = _onward(row, at + kept, more, buy)
                            if mine + cost < best:
                                best, pick = mine + cost, to
                if due or pending or (lead == 0 and may):
                    after = ages if pending else 0
                    mine = weight * machines.live[offer, node, after] + start + anew + leaving
                    mine += extra[node, machines.classes[offer, node, after]]
                    if not (due or pending):
                        mine += buy
                    if due and pending:
                        mine = NEVER
                    at = (1 + after * width) * patterns
                    more = at + joined if joined >= 0 else -1
                    cost, to = _onward(row, at + kept, more, buy)
                    if mine + cost < best:
                        best, pick = mine + cost, to
                    if _can_tell(machines, offer, after, 0, period):
                        at += (width - 1) * patterns
                        more = at + joined if joined >= 0 else -1
                        cost, to = _onward(row, at + kept, more, buy)
                        if mine + cost < best:
                            best, pick = mine + cost, to
                    after = variant if variant == ages else variant + 1
                choice[node, live * patterns + pattern] = pick
                if node == first:
                    value = best
                else:
                    future[above, live * patterns + pattern] += min(best, NEVER)
    return value


@compiled
def follow(world: World, first: int, last: int, state: int, choice: Ints, states: Ints) -> None:
    """The states that the choices lead to, from the state before `first` on."""
    for node in range(first, last):
        above = state if node == first else states[world.parent[node]]
        states[node] = choice[node, above]


@compiled
def spent(
    machines: Machines,
    world: World,
    offer: int,
    first: int,
    last: int,
    state: int,
    extra: Floats,
    fresh: Floats,
    states: Ints,
) -> float:
    """Weighted pounds of a policy from `first` on: what `programme` would make of its choices."""
    patterns, width = machines.patterns[offer], machines.notice[offer] + 1
    ages, lead, base = machines.ages[offer], machines.lead[offer], machines.first_pattern[offer]
    total = 0.0
    for node in range(first, last):
        weight = world.weight[node]
        above = state if node == first else states[world.parent[node]]
        was, now = above // patterns, states[node] // patterns
        before, here = -1, -1
        if was > 0:
            before = (was - 1) // width
        if now > 0:
            here = (now - 1) // width
        goes_on = before >= 0 and (before == here if here == ages else here == before + 1)
        if here >= 0:
            total += weight * machines.live[offer, node, here]
            total += extra[node, machines.classes[offer, node, here]]
            if not goes_on:
                total += machines.setup[offer] * weight
                if before < 0:
                    total += fresh[node]
                if lead == 0 and here != ages:
                    total += machines.procure[offer] * weight
        if lead > 0:
            kept = machines.shifted[base + above % patterns]
            if states[node] % patterns != kept:
                total += machines.procure[offer] * weight
        if before >= 0 and not goes_on:
            total += _ending(machines, world, offer, node, before, (was - 1) % width)[1]
            if here < 0:
                total += machines.transition[offer] * weight
    return total


def room(world: World, machines: Machines) -> tuple[Floats, Ints]:
    """Arrays that `programme` writes to."""
    size = max(states_of(machines, offer) for offer in range(len(machines.lead)))
    nodes = len(world.parent)
    return np.zeros((nodes, size)), np.zeros((nodes, size), dtype=np.int32)


__all__ = [
    "NEVER",
    "Flags",
    "first_state",
    "follow",
    "programme",
    "room",
    "spent",
    "states_of",
    "variant_of",
]
