"""The search for the best split prices: along averaged subgradients.

Steps shrink when the smoothed bound stalls (after Camerini, Fratta and Maffioli 1975). Going back
to the best prices seen would stop all progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import Floats, Ints, Machines
from sourcemix.engine.search.compiled import compiled
from sourcemix.engine.search.node_problem import Items, room_for
from sourcemix.engine.search.programme import NEVER
from sourcemix.engine.search.response import Core, Scratch, scratch_of
from sourcemix.engine.search.split import Prices, Settled, Sides, Weights, bound_at, weights_of


class March(NamedTuple):
    """How far the search for prices has come.

    Attributes:
        split: averaged direction of `prices.split`.
        rows: averaged direction of `prices.rows`.
        scale: by entry, how far its prices should move.
        row_scale: by row, likewise.
        presence: by offer and node, how often it is live of late.
        figures: length of step, smoothed bound, its best, steps without a better one, best bound,
            steps so far.
    """

    split: Floats
    rows: Floats
    scale: Floats
    row_scale: Floats
    presence: Floats
    figures: Floats


STEP, SMOOTH, PEAK, STALLED, BEST, DONE = range(6)
LONGEST = 0.3
"""Longest step with which a search begins that is near its best."""
AHEAD = 0.01
"""How far beyond the best bound a step may aim, as a share of the cost."""


@compiled
def _turn(core: Core, sides: Sides, prices: Prices, march: March, memory: float) -> float:
    """Average the subgradient into the direction; the squared length of the direction."""
    nodes, length = len(core.world.parent), 0.0
    share = 1.0 if march.figures[DONE] == 0.0 else 1.0 - memory
    served, live, used, limits = sides.served, sides.live, sides.used, core.counts.limit
    highest, rows, weights = core.counts.price, prices.rows, core.world.weight
    split_turn, row_turn = march.split, march.rows
    scale, row_scale = march.scale, march.row_scale
    for node in range(nodes):
        squares = 0.0
        for entry in range(len(scale)):
            slope = float(served[node, entry]) - float(live[node, entry])
            moved = split_turn[node, entry]
            moved += share * (slope - moved)
            split_turn[node, entry] = moved
            squares += moved * moved * scale[entry]
        for row in range(len(limits)):
            slope = used[node, row] - limits[row]
            price, most = rows[node, row], highest[node, row]
            if most == 0.0 or (price <= 0.0 and slope < 0.0) or (price >= most and slope > 0.0):
                slope = 0.0
            moved = row_turn[node, row]
            moved += share * (slope - moved)
            row_turn[node, row] = moved
            squares += moved * moved * row_scale[row]
        length += weights[node] * squares
    return length


@compiled
def _step(core: Core, prices: Prices, march: March, size: float) -> None:
    splits, rows, highest = prices.split, prices.rows, core.counts.price
    split_turn, row_turn = march.split, march.rows
    scale, row_scale = march.scale, march.row_scale
    for node in range(splits.shape[0]):
        for entry in range(len(scale)):
            splits[node, entry] += size * split_turn[node, entry] * scale[entry]
        for row in range(len(row_scale)):
            price = rows[node, row] + size * row_turn[node, row] * row_scale[row]
            rows[node, row] = min(max(price, 0.0), highest[node, row])


@compiled
def _remember(machines: Machines, states: Ints, presence: Floats, fading: float) -> None:
    """Fade the memory of where offers were live, and add where they are."""
    for offer in range(states.shape[0]):
        patterns = machines.patterns[offer]
        for node in range(states.shape[1]):
            here = 1.0 if states[offer, node] >= patterns else 0.0
            presence[offer, node] += fading * (here - presence[offer, node])


@compiled
def climb(
    core: Core,
    weights: Weights,
    prices: Prices,
    best: Prices,
    settled: Settled,
    sides: Sides,
    march: March,
    scratch: Scratch,
    items: Items,
    cost: float,
    steps: int,
) -> float:
    """Take steps towards better prices; the best bound so far.

    Args:
        core: the case.
        weights: its rows on offers.
        prices: where it stands; moved.
        best: the best prices so far; replaced.
        settled: who is live where, whatever the prices.
        sides: room for the answers.
        march: direction and figures; moved.
        scratch: room to work in.
        items: likewise.
        cost: weighted pounds of the best plan; it sizes the steps.
        steps: how many.
    """
    figures = march.figures
    for _ in range(steps):
        bound = bound_at(core, weights, prices, settled, sides, scratch, items)
        if bound > figures[BEST]:
            figures[BEST] = bound
            best.split[:] = prices.split
            best.rows[:] = prices.rows
        fading = max(0.02, 1.0 / (1.0 + figures[DONE]))
        _remember(core.machines, sides.states, march.presence, fading)
        length = _turn(core, sides, prices, march, 0.5)
        if figures[DONE] == 0.0:
            figures[SMOOTH] = bound
        figures[SMOOTH] = 0.9 * figures[SMOOTH] + 0.1 * bound
        if figures[SMOOTH] > figures[PEAK] + 1e-6 * abs(figures[PEAK]):
            figures[PEAK], figures[STALLED] = figures[SMOOTH], 0.0
        else:
            figures[STALLED] += 1.0
            if figures[STALLED] >= 10.0:
                figures[STEP] *= 0.7
                figures[PEAK], figures[STALLED] = figures[SMOOTH], 0.0
        goal = min(cost, max(figures[BEST], bound) + AHEAD * abs(cost))
        _step(core, prices, march, figures[STEP] * max(goal - bound, 0.0) / max(length, 1e-12))
        figures[DONE] += 1.0
    return float(figures[BEST])


@dataclass(frozen=True, slots=True)
class Climb:
    """A search for prices, ready to go on."""

    core: Core
    weights: Weights
    prices: Prices
    best: Prices
    settled: Settled
    sides: Sides
    march: March
    scratch: Scratch
    items: Items

    def go(self, cost: float, steps: int) -> float:
        """Take some steps, given the cost of the best plan; the best bound so far."""
        return climb(
            self.core,
            self.weights,
            self.prices,
            self.best,
            self.settled,
            self.sides,
            self.march,
            self.scratch,
            self.items,
            cost,
            steps,
        )

    def begin_again(self, prices: Prices, step: float) -> None:
        """Forget how far it has come, and go on from other prices with steps of this length."""
        self.prices.split[:] = prices.split
        # Kept in single precision, they may have been rounded to above what they may be.
        self.prices.rows[:] = np.minimum(prices.rows, self.core.counts.price)
        self.march.figures[:] = (step, 0.0, -NEVER, 0.0, -NEVER, 0.0)

    @property
    def bound(self) -> float:
        """The best bound so far, in weighted pounds."""
        return float(self.march.figures[BEST])


def step_for(lift: float, room: float, cost: float) -> float:
    """Length of step that aims to lift the bound by so much.

    Args:
        lift: weighted pounds.
        room: weighted pounds between bound and cost.
        cost: weighted pounds of the best plan.
    """
    return min(LONGEST, lift / max(min(room, AHEAD * abs(cost)), 1e-9))


def _toll(core: Core) -> float:
    """Several times what it costs if nobody serves anything."""
    unserved = (core.entries.demand * core.entries.unmet).sum(axis=1)
    return 10.0 * float(core.world.weight @ unserved) + 1.0


def climb_from(core: Core, prices: Prices) -> Climb:
    """Begin at some prices."""
    nodes, entries = prices.split.shape
    offers = len(core.machines.lead)
    held = np.diff(core.entries.first_of)
    units = np.maximum(core.entries.paid, core.entries.rest).mean(axis=0)
    unmet = core.entries.unmet.mean(axis=0)
    usual = (core.entries.demand * core.entries.unmet).mean(axis=0) * 0.25
    services = core.entries.service
    scale = np.minimum(units * unmet[services] * 0.25, usual[services]) + 1e-9
    figures = np.array([0.3, 0.0, -NEVER, 0.0, -NEVER, 0.0])
    usually = np.where(np.isfinite(core.machines.live), core.machines.live, 0.0)
    row_scale = np.full(len(core.counts.limit), max(1.0, float(np.abs(usually).mean())))
    return Climb(
        core=core,
        weights=weights_of(core),
        prices=prices,
        best=Prices(prices.split.copy(), prices.rows.copy()),
        settled=Settled(np.zeros((offers, nodes), dtype=np.uint8), _toll(core)),
        sides=Sides(
            served=np.zeros((nodes, entries), dtype=np.uint8),
            live=np.zeros((nodes, entries), dtype=np.uint8),
            used=np.zeros((nodes, len(core.counts.limit))),
            states=np.zeros((offers, nodes), dtype=np.int64),
            value=np.zeros(offers),
        ),
        march=March(
            split=np.zeros((nodes, entries)),
            rows=np.zeros((nodes, len(core.counts.limit))),
            scale=scale,
            row_scale=row_scale,
            presence=np.zeros((offers, nodes)),
            figures=figures,
        ),
        scratch=scratch_of(core),
        items=room_for(int(held.max())),
    )
