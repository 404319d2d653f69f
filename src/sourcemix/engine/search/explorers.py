"""The search for plans: many starts from prices, and longer walks from the best plan."""

from __future__ import annotations

import numpy as np

from sourcemix.engine.search.arrays import Floats, Ints
from sourcemix.engine.search.climb import Climb
from sourcemix.engine.search.neighbourhood import Explorer, explorer_from, supported
from sourcemix.engine.search.response import (
    Core,
    Scratch,
    descend,
    resting,
    scratch_of,
)
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.starts import grown

NOISE = (0.02, 0.0)
"""Noise on the prices of the starts, by turns."""
WALKS = 3
"""Walks from the best plan between two starts: the first may go up, the others may not."""
HEAT = 0.001
"""Temperature of the first, as a share of the cost."""
TRIES = 60
"""Neighbourhoods of the first episodes; each turn of all kinds makes them longer."""
LONGER = 1.3
DESCENTS = 4
"""Best responses, in other orders, of which the best begins."""


def part_of_tree(nodes: int) -> float:
    """How often a neighbourhood is a part of the tree only: the larger the tree, the more."""
    return 0.3 if nodes < 200 else 0.6


class Explorers:
    """A search for plans that goes on in pieces.

    Attributes:
        record: weighted pounds of the best plan.
        best: its states.
    """

    def __init__(self, core: Core, seed: int) -> None:
        """Nothing is searched yet."""
        self.core = core
        self.record = float("inf")
        self.best: Ints = np.zeros((0, 0), dtype=np.int64)
        self._scratch: Scratch = scratch_of(core)
        self._rng = np.random.default_rng(seed)
        self._part = part_of_tree(len(core.world.parent))
        self._now: Explorer | None = None
        self._left, self._episode = 0, 0
        self._heat = 0.0

    def begin(self, start: Ints | None = None) -> None:
        """Make the first plans, from an earlier one if there is one."""
        for _ in range(DESCENTS):
            found = descend(self.core, resting(self.core, self._scratch), self._scratch, self._rng)
            self._note(explorer_from(self.core, found.live, self._scratch))
        if start is not None:
            again = explorer_from(self.core, resting(self.core, self._scratch), self._scratch)
            again.adopt(start)
            found = descend(self.core, again.live, self._scratch, self._rng)
            self._note(explorer_from(self.core, found.live, self._scratch))

    def work(self, climb: Climb, prices: Prices, presence: Floats, tries: int) -> None:
        """Try so many neighbourhoods.

        Args:
            climb: the search for prices.
            prices: a copy of its prices.
            presence: a copy of how often offers are live in its answers.
            tries: how many.
        """
        while tries > 0:
            if self._now is None or self._left <= 0:
                self._next(climb, prices)
            assert self._now is not None
            piece = min(tries, self._left)
            aim = supported(self.core, presence, self._part, self._heat)
            self._now.explore(aim, piece, int(self._rng.integers(2**31)))
            self._note(self._now)
            tries -= piece
            self._left -= piece

    def move(self, core: Core) -> None:
        """Go on from the best plan where charges are others."""
        self.core, self._scratch, self._now = core, scratch_of(core), None
        again = explorer_from(core, resting(core, self._scratch), self._scratch)
        again.adopt(self.best)
        self.record = again.cost

    def _next(self, climb: Climb, prices: Prices) -> None:
        """Begin the next episode."""
        turn, kind = divmod(self._episode, 1 + WALKS)
        self._episode += 1
        self._left = int(TRIES * LONGER**turn)
        if kind == 0:
            self._heat, noise = 0.0, NOISE[turn % len(NOISE)]
            live = grown(self.core, self._scratch, climb.weights, prices, noise, self._rng)
            self._now = explorer_from(self.core, live, self._scratch)
            self._note(self._now)
            return
        self._heat = HEAT * abs(self.record) if kind == 1 else 0.0
        self._now = explorer_from(self.core, resting(self.core, self._scratch), self._scratch)
        self._now.adopt(self.best)

    def _note(self, explorer: Explorer) -> None:
        if explorer.record < self.record:
            self.record = explorer.record
            self.best = explorer.best.copy()
