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
def top(world: World) -> int:
    """The first node: 0, but what is called with a plain 0 would be compiled once more for it."""
    return int(world.end[0] - len(world.parent))


@compiled
def states_of(machines: Machines, offer: int) -> int:
    """Number of states of an offer."""
    variants = machines.ages[offer] + machines.given[offer]
    lives = 1 + variants * (machines.notice[offer] + 1)
    return int(lives * machines.patterns[offer])


@compiled
def first_state(machines: Machines, offer: int) -> int:
    """State before the first node."""
    if machines.begins[offer] == FAR:
        return 0
    live = 1 + machines.ages[offer] * (machines.notice[offer] + 1)
    return int(live * machines.patterns[offer])


@compiled
def variant_of(machines: Machines, offer: int, state: int) -> int:
    """Variant that is live in a state; -1 where none is."""
    live = state // machines.patterns[offer]
    return -1 if live == 0 else int((live - 1) // (machines.notice[offer] + 1))


@compiled
def _fate(
    variant: int,
    left: int,
    ages: int,
    period: int,
    begins: int,
    ends: int,
    later: int,
    longest: int,
    old: int,
    forced: bool,
    notice: int,
) -> tuple[int, int, bool, bool, bool, bool]:
    """What may become of an agreement that was live at the parent of a node.

    Args:
        variant: of the agreement, at the parent.
        left: periods until it ends, as the parent was left; 0 where no notice was given.
        ages: variant of today's agreement.
        period: of the node.
        begins: period in which today's agreement began.
        ends: period in which it ends by a notice already given.
        later: period in which the one begins that is signed and not live today.
        longest: age at which an agreement expires.
        old: age from which a rule wants it to have been left.
        forced: whether it ends without a decision.
        notice: periods of notice.

    Returns:
        Its variant at the node (-1: it cannot have been live); its age there; whether it may go on;
        whether it may end; whether that end has a fee; whether its end is settled already.
    """
    todays, age, after = variant == ages, variant + 1, variant + 1
    if variant >= ages:
        age, after = period - (begins if todays else later), variant
    # Today's may be of age 0 at the first node; all others were live at the parent for a period.
    if age < 0 or (not todays and not 0 < age <= period):
        return -1, 0, False, False, False, False
    tied = todays and ends < FAR
    if forced or age >= longest or (tied and period >= ends):
        return after, age, False, True, False, tied
    if tied:
        return after, age, True, False, False, tied
    if left == 1:
        return after, age, False, True, True, tied
    if age >= old and not todays:
        return after, age, False, notice == 0, True, tied
    return after, age, True, notice == 0, True, tied


@compiled
def _onward(row: Floats, kept: int, joined: int, price: float) -> tuple[float, int]:
    """Cost below of a state, with or without procuring as well, and the state itself."""
    if joined >= 0 and price + row[joined] < row[kept]:
        return price + row[joined], joined
    return row[kept], kept


@compiled
def _live_on(
    row: Floats, at: int, told: int, kept: int, joined: int, price: float
) -> tuple[float, int]:
    """Cost below of being live from the state `at` on, or with notice given from `told` on."""
    cost, to = _onward(row, at + kept, at + joined if joined >= 0 else -1, price)
    if told >= 0:
        other, there = _onward(row, told + kept, told + joined if joined >= 0 else -1, price)
        if other < cost:
            return other, there
    return cost, to


@compiled
def _kept(
    row: Floats,
    kept: int,
    joined: int,
    buy: float,
    free: bool,
    leaving: float,
    goes: bool,
    going: float,
    at: int,
    told: int,
) -> tuple[float, int]:
    """Cost from a node on where nothing starts: being idle, or going on; and the state."""
    best, pick = 2.0 * NEVER, 0
    if free:
        cost, to = _onward(row, kept, joined, buy)
        best, pick = cost + leaving, to
    if goes:
        cost, to = _live_on(row, at, told, kept, joined, buy)
        if going + cost < best:
            best, pick = going + cost, to
    return best, pick


@compiled
def programme(
    machines: Machines,
    world: World,
    offer: int,
    first: int,
    last: int,
    state: int,
    extra: Floats,
    buying: Floats,
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
        buying: by node, weighted pounds of procuring there.
        future: room for a figure by node and state.
        choice: by node and state of the parent, the best state; written where it can be reached.

    Returns:
        Weighted pounds from `first` on; `NEVER` or more where no policy is possible.
    """
    patterns, notice, lead = machines.patterns[offer], machines.notice[offer], machines.lead[offer]
    width, ages, longest = notice + 1, machines.ages[offer], machines.longest[offer]
    begins, ends, later = machines.begins[offer], machines.ends[offer], machines.later[offer]
    base, lives = machines.first_pattern[offer], states_of(machines, offer) // patterns
    setup, transition = machines.setup[offer], machines.transition[offer]
    shifted, joins, dues = machines.shifted, machines.joined, machines.due
    mine, fees, classes = machines.live[offer], machines.fees[offer], machines.classes[offer]
    may_procure, gones, olds = (
        machines.may_procure[offer],
        machines.gone[offer],
        machines.old[offer],
    )
    forces, parents, periods = machines.forced[offer], world.parent, world.period
    weights, chances, horizon = world.weight, world.chance, machines.fees.shape[1]
    future[first:last, : lives * patterns] = 0.0
    value = NEVER
    for node in range(last - 1, first - 1, -1):
        period, weight, row, above = periods[node], weights[node], future[node], parents[node]
        gone, may = gones[node] != 0, may_procure[node] != 0
        buy, tells = buying[node], period + notice < horizon and notice > 0
        pending = period == later and not gone
        # What a start costs, whether decided now or before; `starts` is the variant.
        starts, begin = ages + 1 if pending else 0, NEVER
        if olds[node] > 0 and (pending or mine[node, 0] < NEVER):
            begin = weight * (mine[node, starts] + setup) + extra[node, classes[node, starts]]
        begun = (1 + starts * width) * patterns
        told_begun = -1
        if tells and notice < longest:
            told_begun = begun + notice * patterns
        for live in range(lives):
            if node == first and live != state // patterns:
                continue
            goes, free, leaving, going, at, told = False, True, 0.0, 0.0, 0, -1
            if live > 0:
                variant, left = (live - 1) // width, (live - 1) % width
                old, forced = olds[node], forces[node] != 0
                after, age, goes, free, fee, tied = _fate(
                    variant, left, ages, period, begins, ends, later, longest, old, forced, notice
                )
                if after < 0:
                    continue
                leaving = fees[period, after] * chances[node] if fee else 0.0
                if goes:
                    going = weight * mine[node, after] + extra[node, classes[node, after]]
                    at = (1 + after * width + max(left - 1, 0)) * patterns
                    if tells and left == 0 and age + notice < longest and not tied:
                        told = at + notice * patterns
            end = transition * weight if live > 0 else 0.0
            anew = begin + leaving
            for pattern in range(patterns):
                if node == first and pattern != state % patterns:
                    continue
                kept = shifted[base + pattern]
                joined = joins[base + kept] if may and lead > 0 else -1
                due = dues[base + pattern] != 0 and not gone
                best, pick = 2.0 * NEVER, 0
                if not due and not pending:
                    best, pick = _kept(
                        row, kept, joined, buy, free, leaving + end, goes, going, at, told
                    )
                if free and (due or pending or (lead == 0 and may)) and not (due and pending):
                    cost, to = _live_on(row, begun, told_begun, kept, joined, buy)
                    cost += anew if due or pending else anew + buy
                    if cost < best:
                        best, pick = cost, to
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
    states: Ints,
) -> float:
    """Weighted pounds of a policy from `first` on: what `programme` would make of its choices."""
    patterns, notice, lead = machines.patterns[offer], machines.notice[offer], machines.lead[offer]
    width, ages, longest = notice + 1, machines.ages[offer], machines.longest[offer]
    base, ends = machines.first_pattern[offer], machines.ends[offer]
    begins, later = machines.begins[offer], machines.later[offer]
    procure, setup = machines.procure[offer], machines.setup[offer]
    transition, shifted = machines.transition[offer], machines.shifted
    mine, fees, classes = machines.live[offer], machines.fees[offer], machines.classes[offer]
    forces, parents, periods = machines.forced[offer], world.parent, world.period
    weights, chances = world.weight, world.chance
    total = 0.0
    for node in range(first, last):
        weight, period = weights[node], periods[node]
        above = state if node == first else states[parents[node]]
        was, now = above // patterns, states[node] // patterns
        before, here = -1, -1
        if was > 0:
            before = (was - 1) // width
        if now > 0:
            here = (now - 1) // width
        goes_on = before >= 0 and (before == here if here >= ages else here == before + 1)
        if here >= 0:
            total += weight * mine[node, here] + extra[node, classes[node, here]]
            if not goes_on:
                total += setup * weight
                if lead == 0 and here < ages:
                    total += procure * weight
        if lead > 0 and states[node] % patterns != shifted[base + above % patterns]:
            total += procure * weight
        if before >= 0 and not goes_on:
            todays, age, after = before == ages, before + 1, before + 1
            if before >= ages:
                age, after = period - (begins if todays else later), before
            if not (forces[node] != 0 or age >= longest or (todays and period >= ends)):
                total += fees[period, after] * chances[node]
            if here < 0:
                total += transition * weight
    return total


def room(world: World, machines: Machines) -> tuple[Floats, Ints]:
    """Arrays that `programme` writes to."""
    size = max(states_of(machines, offer) for offer in range(len(machines.lead)))
    nodes = len(world.parent)
    return np.zeros((nodes, size)), np.zeros((nodes, size), dtype=np.int64)


__all__ = [
    "NEVER",
    "Flags",
    "first_state",
    "follow",
    "programme",
    "room",
    "spent",
    "states_of",
    "top",
    "variant_of",
]
