"""Large neighbourhood search: ruin a part of the plan, let offers respond, keep what is better.

A part is the tree below a node, and some services: offers that hold them leave, as far as they may,
and those with support in the averaged answer to the prices come back one by one by best response
(ruin and recreate: Schrimpf and others 2000). What is worse is undone, save by a small chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import Flags, Floats, Ints
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.dispatch import Live, settle
from sourcemix.engine.search.programme import top
from sourcemix.engine.search.response import (
    BARRED,
    Core,
    Scratch,
    respond,
    resting,
    scratch_of,
    total_cost,
)

ROUNDS = 6
"""Most rounds of responses in one repair."""
ALWAYS = 0.02
"""Chance that an offer without support takes part all the same."""


class Undo(NamedTuple):
    """What was there before; `touched` lists offers, `size` says how many."""

    states: Ints
    touched: Ints
    flag: Flags
    size: Ints


class Aim(NamedTuple):
    """Where to search.

    Attributes:
        score: by offer, how often it should be the first of a neighbourhood; adds up to 1.
        support: by offer and node, whether it has support there.
        settings: chance to take a part of the tree (else all of it), and temperature in weighted
            pounds: how much worse a plan may be and still be kept now and then.
    """

    score: Floats
    support: Flags
    settings: Floats


def undo_for(core: Core) -> Undo:
    """Room to undo."""
    offers, nodes = len(core.machines.lead), len(core.world.parent)
    return Undo(
        states=np.zeros((offers, nodes), dtype=np.int64),
        touched=np.zeros(offers, dtype=np.int64),
        flag=np.zeros(offers, dtype=np.uint8),
        size=np.zeros(1, dtype=np.int64),
    )


@compiled
def _save(live: Live, undo: Undo, offer: int, first: int, last: int) -> None:
    if undo.flag[offer] == 0:
        undo.flag[offer] = 1
        undo.touched[undo.size[0]] = offer
        undo.size[0] += 1
        undo.states[offer, first:last] = live.states[offer, first:last]


@compiled
def _forget(undo: Undo) -> None:
    for place in range(undo.size[0]):
        undo.flag[undo.touched[place]] = 0
    undo.size[0] = 0


@compiled
def _restore(core: Core, live: Live, undo: Undo, scratch: Scratch, first: int, last: int) -> None:
    # All leave before any comes back, so that no list overflows on the way.
    scratch.states[first:last] = 0
    for place in range(undo.size[0]):
        offer = undo.touched[place]
        settle(core.machines, core.entries, core.counts, live, offer, first, last, scratch.states)
    for place in range(undo.size[0]):
        offer = undo.touched[place]
        states = undo.states[offer]
        settle(core.machines, core.entries, core.counts, live, offer, first, last, states)
    _forget(undo)


@compiled
def _below(core: Core, chance: float) -> int:
    """The node below which to search: any size of subtree is as likely as any other."""
    nodes = len(core.world.parent)
    if np.random.random() >= chance:
        return 0
    node = np.random.randint(nodes)
    size = 2.0 ** (np.random.random() * np.log2(nodes))
    while node > 0 and core.world.end[node] - node < size:
        node = core.world.parent[node]
    return int(node)


@compiled
def _drawn(aim: Aim, first: int, last: int) -> int:
    """An offer, by score; one with support below the node, if a few draws find one."""
    offers, offer = len(aim.score), 0
    for _ in range(6):
        left, offer = np.random.random(), 0
        while offer < offers - 1 and left >= aim.score[offer]:
            left -= aim.score[offer]
            offer += 1
        for node in range(first, last):
            if aim.support[offer, node]:
                return int(offer)
    return int(offer)


@compiled
def _touches(core: Core, offer: int, services: Flags) -> bool:
    entries = core.entries
    for entry in range(entries.first[offer], entries.first[offer] + entries.services[offer]):
        if services[entries.service[entry]]:
            return True
    return False


@compiled
def _mark(core: Core, offer: int, services: Ints, value: int) -> None:
    entries = core.entries
    for entry in range(entries.first[offer], entries.first[offer] + entries.services[offer]):
        services[entries.service[entry]] = value


@compiled
def _ruin(
    core: Core,
    live: Live,
    scratch: Scratch,
    undo: Undo,
    leader: int,
    services: Flags,
    removed: Flags,
    first: int,
    last: int,
) -> float:
    """Offers of the services leave below a node; what that adds to the cost."""
    added, part = 0.0, 0.2 + 0.8 * np.random.random()
    begun = services.copy()
    for offer in range(len(removed)):
        if offer == leader:
            continue
        draw = np.random.random()
        if not ((draw < part and _touches(core, offer, begun)) or draw < ALWAYS):
            continue
        held, states = False, live.states[offer]
        for node in range(first, last):
            if states[node] > 0:
                held = True
                break
        if held:
            _save(live, undo, offer, first, last)
            added += respond(core, live, scratch, offer, first, last, BARRED)
            removed[offer] = 1
            entries = core.entries
            for entry in range(
                entries.first[offer], entries.first[offer] + entries.services[offer]
            ):
                services[entries.service[entry]] = 1
    return added


@compiled
def _candidates(
    core: Core, aim: Aim, services: Flags, removed: Flags, order: Ints, first: int, last: int
) -> int:
    """Offers that take part in the repair, into `order`; how many."""
    count, often = 0, ALWAYS + (0.1 if np.random.random() < 0.1 else 0.0)
    for offer in range(len(removed)):
        if not _touches(core, offer, services):
            continue
        joins = removed[offer] != 0 or np.random.random() < often
        if not joins:
            support = aim.support[offer]
            for node in range(first, last):
                if support[node]:
                    joins = True
                    break
        if joins:
            order[count] = offer
            count += 1
    return count


@compiled
def _repair(
    core: Core,
    live: Live,
    scratch: Scratch,
    undo: Undo,
    order: Ints,
    count: int,
    services: Flags,
    first: int,
    last: int,
    worse: float,
    limit: float,
) -> float:
    """Offers respond in random orders until nothing moves; what the cost has become."""
    changed = np.zeros(len(services), dtype=np.int64)
    asked = np.zeros(len(core.machines.lead), dtype=np.int64)
    for service in range(len(services)):
        changed[service] = 1 if services[service] else 0
    entries, clock, skipped = core.entries, 1, np.random.random() * 0.6
    for turn in range(ROUNDS):
        for place in range(count - 1, 0, -1):
            other = np.random.randint(place + 1)
            order[place], order[other] = order[other], order[place]
        moved = 0.0
        for place in range(count):
            offer = order[place]
            if turn == 0 and np.random.random() < skipped:
                continue
            stale = False
            start = entries.first[offer]
            for entry in range(start, start + entries.services[offer]):
                if changed[entries.service[entry]] > asked[offer]:
                    stale = True
                    break
            if not stale:
                continue
            _save(live, undo, offer, first, last)
            step = respond(core, live, scratch, offer, first, last, 0.0)
            if step < 0.0:
                moved += step
                clock += 1
                _mark(core, offer, changed, clock)
            asked[offer] = clock
        worse += moved
        if turn > 0 and (moved > -1e-6 or worse > limit):
            break
    return worse


@compiled
def explore(
    core: Core,
    live: Live,
    scratch: Scratch,
    undo: Undo,
    aim: Aim,
    best: Ints,
    cost: float,
    record: float,
    tries: int,
    seed: int,
) -> tuple[float, float]:
    """Try some neighbourhoods; the cost of the plan that it ends with, and of the best seen.

    Args:
        core: the case.
        live: the plan; changed.
        scratch: room to work in.
        undo: likewise.
        aim: where to search.
        best: states of the best plan; replaced where a better one is found.
        cost: weighted pounds of `live`.
        record: weighted pounds of `best`.
        tries: how many.
        seed: of the random numbers, which are this thread's own.
    """
    np.random.seed(seed)
    offers, kinds = len(core.machines.lead), core.entries.demand.shape[1]
    order = np.zeros(offers, dtype=np.int64)
    services = np.zeros(kinds, dtype=np.uint8)
    removed = np.zeros(offers, dtype=np.uint8)
    for _ in range(tries):
        first = _below(core, aim.settings[0])
        last = core.world.end[first]
        leader = _drawn(aim, first, last)
        services[:] = 0
        removed[:] = 0
        entries = core.entries
        for entry in range(entries.first[leader], entries.first[leader] + entries.services[leader]):
            services[entries.service[entry]] = 1
        if np.random.random() < 0.3:
            services[np.random.randint(kinds)] = 1
        worse = _ruin(core, live, scratch, undo, leader, services, removed, first, last)
        _save(live, undo, leader, first, last)
        bar = BARRED if np.random.random() < 0.4 else 0.0
        worse += respond(core, live, scratch, leader, first, last, bar)
        count = _candidates(core, aim, services, removed, order, first, last)
        heat = aim.settings[1]
        limit = 30.0 * heat + 0.01 * abs(cost)
        worse = _repair(
            core, live, scratch, undo, order, count, services, first, last, worse, limit
        )
        if worse <= -heat * np.log(np.random.random() + 1e-12):
            cost += worse
            _forget(undo)
            if cost < record - 1e-7 * abs(record):
                record = cost
                best[:] = live.states
        else:
            _restore(core, live, undo, scratch, first, last)
    return cost, record


@compiled
def adopt(core: Core, live: Live, scratch: Scratch, states: Ints) -> None:
    """Make a plan the one of `live`."""
    first, nodes = top(core.world), len(core.world.parent)
    scratch.states[:] = 0
    for offer in range(states.shape[0]):
        settle(core.machines, core.entries, core.counts, live, offer, first, nodes, scratch.states)
    for offer in range(states.shape[0]):
        settle(core.machines, core.entries, core.counts, live, offer, first, nodes, states[offer])


@dataclass(slots=True)
class Explorer:
    """A search with a plan of its own."""

    core: Core
    live: Live
    scratch: Scratch
    undo: Undo
    best: Ints
    cost: float
    record: float

    def explore(self, aim: Aim, tries: int, seed: int) -> None:
        """Try some neighbourhoods."""
        self.cost, self.record = explore(
            self.core,
            self.live,
            self.scratch,
            self.undo,
            aim,
            self.best,
            self.cost,
            self.record,
            tries,
            seed,
        )

    def adopt(self, states: Ints) -> None:
        """Go on from a plan."""
        adopt(self.core, self.live, self.scratch, states)
        self.cost = total_cost(self.core, self.live, self.scratch)
        if self.cost < self.record:
            self.record = self.cost
            self.best[:] = states


def explorer_from(core: Core, live: Live, scratch: Scratch) -> Explorer:
    """Begin at a plan."""
    cost = total_cost(core, live, scratch)
    return Explorer(core, live, scratch, undo_for(core), live.states.copy(), cost, cost)


def cost_of(core: Core, states: Ints) -> float:
    """Weighted pounds of a plan."""
    scratch = scratch_of(core)
    explorer = explorer_from(core, resting(core, scratch), scratch)
    explorer.adopt(states)
    return explorer.cost


def supported(core: Core, presence: Floats, part: float, heat: float) -> Aim:
    """Offers that the averaged answer to the prices takes up, where it does."""
    often = presence.max(axis=1)
    score = 0.002 + np.where(often > 0.03, often, 0.0)
    return Aim(
        score=score / score.sum(),
        support=(presence > 0.05).astype(np.uint8),
        settings=np.array([part, heat]),
    )


__all__ = ["Aim", "Explorer", "cost_of", "explorer_from", "supported"]
