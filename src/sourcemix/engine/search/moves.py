"""Parts of a plan that the exact model looks at anew, while the rest stays as it is.

The arrays leave some terms and rules out, and prices on rules only point the way. A plan that holds
them all is bettered by the exact model itself, part by part: some services, or the tree below a
node (large neighbourhood search: Shaw 1998).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from sourcemix.engine.milp import Bools
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.polish import Kept, Polished, Procurements

SIZE = 200
"""Offers times nodes of a part, about."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the exact model looks at.

    Attributes:
        only: what may be procured where.
        kept: who stays live.
    """

    only: Procurements
    kept: Kept


class Moves:
    """Draws parts, each time others."""

    def __init__(self, problem: Problem, seed: int) -> None:
        """Nothing is drawn yet."""
        self._problem = problem
        self._rng = np.random.default_rng(seed)
        self._size = SIZE
        self._below = _below(problem)

    def part(self, plan: Polished, could: AbstractSet[tuple[int, int]]) -> Part:
        """The next part of a plan.

        Args:
            plan: the plan.
            could: what could be procured besides what it procures.
        """
        live, procured = plan.live, plan.procured
        problem, rng = self._problem, self._rng
        services = rng.permutation(len(problem.services))
        top = int(rng.integers(problem.nodes)) if rng.random() < 0.5 else 0
        while top > 0 and self._below[top].sum() * len(problem.offers) < self._size / 2:
            top = int(problem.parent[top])
        free = np.zeros(live.shape, dtype=np.bool_)
        for service in services:
            touching = [o for o, terms in enumerate(problem.offers) if service in terms.services]
            more = free.copy()
            more[touching] |= self._below[top]
            if free.any() and more.sum() > self._size:
                break
            free = more
        here = frozenset((offer, node) for offer, node in could if free[offer, node])
        return Part(procured | here, Kept(live, ~free))

    def judge(self, proven: bool) -> None:
        """Draw larger parts if the last was solved to the end, else smaller ones."""
        self._size = int(self._size * (1.25 if proven else 0.8)) + 1


def _below(problem: Problem) -> Bools:
    """By node, the nodes of the tree below it, itself among them."""
    below = np.eye(problem.nodes, dtype=np.bool_)
    for node in range(problem.nodes - 1, 0, -1):
        below[int(problem.parent[node])] |= below[node]
    return below
