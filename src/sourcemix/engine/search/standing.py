"""What is known at a moment of a search: the best plan and bound so far, and how they moved."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.polish import Polished
from sourcemix.model.plan import Progress

PROVEN = 1e-6
"""Gap that counts as none."""


@dataclass(slots=True)
class Standing:
    """What is known so far; costs in pounds.

    Attributes:
        exact: the best plan of the exact model; None while the best is one of the search.
        cost: cost of the best plan that holds everything.
        bound: best of the prices, not yet rounded safely.
        proven: best of the exact model.
        priced: best at earlier prices on rules, rounded safely.
        pool: procurements of good plans.
        trace: how cost and bound moved.
    """

    exact: Polished | None = None
    states: Ints | None = None
    cost: float = float("inf")
    bound: float = float("-inf")
    proven: float = float("-inf")
    priced: float = float("-inf")
    pool: set[tuple[int, int]] = field(default_factory=set)
    trace: list[Progress] = field(default_factory=list)

    @property
    def best_bound(self) -> float:
        """Best bound of all, not yet rounded safely."""
        return max(self.bound, self.proven)

    @property
    def gap(self) -> float:
        """Gap of what is known."""
        if not np.isfinite(self.cost):
            return float("inf")
        return (self.cost - self.best_bound) / max(abs(self.cost), 1e-9)
