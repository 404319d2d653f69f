"""Branch and bound on who is live where, over the split bound.

At the best prices an offer is often live only in part of the answers, and no prices change that. So
the case is halved: in one part the offer is live at a node, in the other it is not. Each part has
prices of its own, which begin at those of the whole, and the part with the least bound is halved
next. The least bound of all parts is one of the case (Land and Doig 1960; with Lagrangian bounds:
Fisher 1981).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from sourcemix.engine.search.arrays import Floats
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.climb import Climb, climb_from, step_for
from sourcemix.engine.search.node_problem import BARRED, FREE, HELD
from sourcemix.engine.search.response import Core
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.tables import Tables

STEPS = 50
"""Steps towards better prices in each part."""
STEP = 0.001
"""By how much the first of them aims to lift the bound, as a share of the cost."""
PIECE = 10
"""Steps after which it is asked whether a part can be closed."""
WHOLE = 0.01
"""Share of the answers in which an offer may be live, or not, and count as never, or always."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the case.

    Attributes:
        bound: pounds that no plan in it undercuts, rounded safely.
        prices: the best ones found, in single precision: there may be many parts.
        settled: offer, node and `HELD` or `BARRED`.
        pick: offer and node to halve it by; None where no answer is in doubt.
    """

    bound: float
    prices: Prices
    settled: tuple[tuple[int, int, int], ...] = ()
    pick: tuple[int, int] | None = None


class Branching:
    """A branch and bound that goes on in pieces.

    Attributes:
        climb: the search for prices of the part in hand.
        closed: least bound of the parts that cost too much.
    """

    def __init__(self, tables: Tables, climb: Climb) -> None:
        """Begin where a search for prices of the whole case has come to."""
        self.tables, self._stake = tables, _stakes(climb.core)
        self.closed = float("inf")
        self.climb = climb_from(climb.core, _copied(climb.best))
        first = Part(safe_bound(tables, climb), climb.best, (), self._picked(climb))
        self._open = [(first.bound, 0, first)]
        self._waiting: list[Part] = []
        self._now: Part | None = None
        self._left, self._count = 0, 1

    @property
    def bound(self) -> float:
        """Pounds that no plan undercuts."""
        parts = [self.closed, *(part.bound for part in self._waiting)]
        if self._open:
            parts.append(self._open[0][0])
        if self._now is not None:
            parts.append(self._now.bound)
        return min(parts)

    def work(self, record: float, cost: float, steps: int) -> None:
        """Take so many steps, in one part after the other.

        Args:
            record: weighted pounds of the best plan on the arrays; it sizes the steps.
            cost: pounds of the best plan that holds everything; infinite without one.
            steps: how many.
        """
        while steps > 0:
            if self._now is None and not self._begin(record):
                return
            assert self._now is not None
            piece = min(steps, self._left, PIECE)
            self.climb.go(record, piece)
            steps -= piece
            self._left -= piece
            if self._left <= 0 or self.climb.bound + self.tables.constant >= cost:
                self._end(self._now, cost)
                self._now = None

    def _begin(self, record: float) -> bool:
        """Take up the next part; whether there is one."""
        if not self._waiting:
            if not self._open:
                return False
            self._waiting = self._halves(self._open[0][2])
            heapq.heappop(self._open)
        # A part is always somewhere, so that the bound holds whenever it is asked for.
        part = self._waiting[-1]
        room = record + self.tables.constant - part.bound
        self.climb.begin_again(part.prices, step_for(STEP * abs(record), room, record))
        live = self.climb.settled.live
        live[:] = FREE
        for offer, node, flag in part.settled:
            live[offer, node] = flag
        self._now, self._left = part, STEPS
        self._waiting.pop()
        return True

    def _end(self, part: Part, cost: float) -> None:
        """Put the part in hand where it belongs."""
        bound = max(part.bound, safe_bound(self.tables, self.climb))
        if bound >= cost:
            self.closed = min(self.closed, bound)
            return
        found = Part(bound, _thinned(self.climb.best), part.settled, self._picked(self.climb))
        heapq.heappush(self._open, (bound, self._count, found))
        self._count += 1

    def _picked(self, climb: Climb) -> tuple[int, int] | None:
        """Offer and node that are most in doubt, by what hangs on them."""
        often = climb.march.presence
        doubt = np.minimum(often, 1.0 - often)
        doubt[(doubt < WHOLE) | (climb.settled.live != FREE)] = 0.0
        doubt *= self._stake
        offer, node = np.unravel_index(int(doubt.argmax()), doubt.shape)
        return (int(offer), int(node)) if doubt[offer, node] > 0.0 else None

    def _halves(self, part: Part) -> list[Part]:
        """Both halves of a part; the part itself, to go on with, where all is settled."""
        pick = part.pick or self._free(part)
        if pick is None:
            return [part]
        return [
            Part(part.bound, part.prices, (*part.settled, (*pick, flag))) for flag in (HELD, BARRED)
        ]

    def _free(self, part: Part) -> tuple[int, int] | None:
        """Where no answer is in doubt: of what is not settled, that on which most hangs."""
        stake = self._stake.copy()
        for offer, node, _ in part.settled:
            stake[offer, node] = 0.0
        most = np.unravel_index(int(stake.argmax()), stake.shape)
        return (int(most[0]), int(most[1])) if stake[most] > 0.0 else None


def _copied(prices: Prices) -> Prices:
    return Prices(prices.split.copy(), prices.rows.copy())


def _thinned(prices: Prices) -> Prices:
    return Prices(prices.split.astype(np.float32), prices.rows.astype(np.float32))


def _stakes(core: Core) -> Floats:
    """By offer and node, about what it would charge from there on, in weighted pounds."""
    world, entries, machines = core.world, core.entries, core.machines
    below = world.weight.copy()
    for node in range(len(below) - 1, 0, -1):
        below[world.parent[node]] += below[node]
    possible = np.isfinite(machines.live)
    charge = np.where(possible, machines.live, 0.0).sum(axis=(1, 2))
    charge = np.abs(charge) / np.maximum(possible.sum(axis=(1, 2)), 1)
    volume = (entries.price * entries.rest).mean(axis=0)
    np.add.at(charge, entries.owner, volume)
    stakes = charge[:, None] * below[None, :]
    return np.where(possible.any(axis=2), stakes, 0.0)
