"""The best plan of a case whose nodes are tied together: all plans, those first that may be best.

A plan costs at least what it costs node by node, with all that ties nodes together left out
(`Brute.values`). So plans are tried depth first, the most promising move first, and whatever
cannot end below the best plan so far is passed over. With weight on bad futures, probabilities
may be changed within the limits that the measure of risk sets (Rockafellar and Uryasev 2000); the
change that gives the highest least cost is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from tests.differential.brute import Array, Brute, Policy, TooManyError
from tests.differential.ground import ZERO, exact
from tests.differential.whole import Whole

NOISE = 1e-7
HALF_A_PENNY = 0.005
MOST = 1000
"""Most whole plans that are tried; one whose volumes are tied counts for `TIED`."""
TIED = 10
STEPS = 200_000
"""Most moves that are looked at on the way, each for what ties it to others."""
Indices = tuple[int, ...]


@dataclass
class Search:
    """The plans of a case.

    Attributes:
        most: most whole plans to try.
        tried: whole plans that were tried, weighted.
        steps: moves that were looked at for what ties them to others.
    """

    brute: Brute
    most: int = MOST
    tried: int = 0
    steps: int = 0
    _slices: dict[tuple[int, Indices], tuple[Array, list[list[int]]]] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Whole:
        """What ties the nodes of the case together."""
        return Whole(self.brute)

    @cached_property
    def best(self) -> float | None:
        """Least cost in pounds; None where no plan is possible."""
        if self.whole.separable:
            return self.brute.by_nodes
        found = self.found
        return None if found is None else found[0]

    @property
    def plan(self) -> list[Policy] | None:
        """A plan of least cost."""
        return None if self.found is None else self.found[1]

    @cached_property
    def found(self) -> tuple[float, list[Policy]] | None:
        """A best plan with its cost."""
        best: tuple[float, list[Policy]] | None = None
        limit = [np.inf]
        self.tried = self.steps = 0
        for plan in self._plans(limit, self._bounds):
            cost = self._cost(plan)
            if cost is not None and float(cost) < limit[0]:
                best = float(cost), plan
                limit[0] = float(cost)
        return best

    def tied(self) -> Iterator[list[Policy]]:
        """Every plan that costs no more than half a penny above the least.

        Raises `TooManyError` where whole plans have to be tried one by one and are too many.
        """
        best = self.best
        if best is None:
            return
        limit = best + HALF_A_PENNY
        self.tried = self.steps = 0
        for plan in self._plans([limit + NOISE], self._bounds):
            cost = self._cost(plan)
            if cost is not None and cost <= limit:
                yield plan

    def _cost(self, plan: list[Policy]) -> Fraction | float | None:
        before = self.whole.models
        cost = self.whole.cost(plan)
        self.tried += 1 + TIED * (self.whole.models - before)
        if self.tried > self.most:
            raise TooManyError
        return cost

    def exposure(self, plan: list[Policy]) -> Fraction:
        """Expected exposure of a plan; needs a `Brute` that is `exposed`."""
        return sum(
            (
                self.brute.ground.chance[at] * move.standing.exposure
                for policy in plan
                for at, move in policy.items()
            ),
            ZERO,
        )

    # ---- bounds

    @cached_property
    def _bounds(self) -> tuple[list[float] | None, list[Array]]:
        """What a pound counts at each node, and the least cost of what is below it."""
        plain = self.brute.plain
        risk = self.brute.ground.case.appraisal.risk
        if not risk.weight or not np.isfinite(float(plain[0].min())):
            return None, plain
        best: tuple[list[float] | None, list[Array]] = None, plain
        ratio: list[float] = [1.0] * len(self.brute.ground.nodes)
        for step in range(1, 9):
            values = best[1] if step == 1 else self.brute.values(ratio)
            if values[0].min() > best[1][0].min():
                best = list(ratio), values
            self._slices.clear()
            plan = next(self._plans([np.inf], (ratio, values)), None)
            if plan is None:
                break
            bad = self._worst(plan)
            ratio = [r + (b - r) / (step + 1) for r, b in zip(ratio, bad, strict=True)]
        self._slices.clear()
        return best

    def _worst(self, plan: list[Policy]) -> list[float]:
        """What a pound counts at each node with the worst change of probabilities for a plan."""
        ground = self.brute.ground
        weight, level = (exact(getattr(ground.case.appraisal.risk, n)) for n in ("weight", "level"))
        costs = self.whole.futures(plan)
        left, taken = 1 - level, {}
        for leaf in sorted(ground.leaves, key=lambda leaf: -costs[leaf]):
            taken[leaf] = min(left, ground.chance[leaf])
            left -= taken[leaf]
        if level == 1:
            first = max(ground.leaves, key=lambda leaf: costs[leaf])
            taken = {leaf: Fraction(leaf == first) for leaf in ground.leaves}
        whole = sum(taken.values(), ZERO)
        found = []
        for node in ground.nodes:
            below = sum((taken[lf] for lf in ground.leaves if node.id in ground.paths[lf]), ZERO)
            share = below / whole / ground.chance[node.id]
            found.append(float(1 - weight + weight * share))
        return found

    # ---- plans

    def _plans(
        self, limit: list[float], bounds: tuple[list[float] | None, list[Array]]
    ) -> Iterator[list[Policy]]:
        """Plans that may cost less than `limit`, which may fall meanwhile; promising ones first."""
        root: Indices = (0,) * len(self.brute.movers)
        taken: list[Indices] = []
        start = float(bounds[1][0][root])
        yield from self._down(0, {0: root}, start, taken, limit, bounds)

    def _down(
        self,
        at: int,
        states: dict[int, Indices],
        bound: float,
        taken: list[Indices],
        limit: list[float],
        bounds: tuple[list[float] | None, list[Array]],
    ) -> Iterator[list[Policy]]:
        if at == len(self.brute.ground.nodes):
            yield self._written(taken)
            return
        costs, options = self._slice(at, states[at], bounds)
        rest = bound - float(bounds[1][at][states[at]])
        flat = costs.ravel()
        for place in np.argsort(flat, kind="stable"):
            lowest = rest + float(flat[place])
            if not lowest < limit[0] - NOISE:
                return
            index = np.unravel_index(int(place), costs.shape)
            chosen = tuple(options[axis][int(k)] for axis, k in enumerate(index))
            afters = tuple(
                c[at].options[k].after for c, k in zip(self.brute.choices, chosen, strict=True)
            )
            if self.whole.watched[at]:
                lowest += self._more(at, [*taken, chosen], bounds[0])
                if not lowest < limit[0] - NOISE:
                    continue
            below = {**states, **dict.fromkeys(self.brute.children[at], afters)}
            taken.append(chosen)
            yield from self._down(at + 1, below, lowest, taken, limit, bounds)
            taken.pop()

    def _more(self, at: int, taken: list[Indices], ratio: list[float] | None) -> float:
        """What a node costs beyond what `Brute` knows, in expected present value."""
        ground = self.brute.ground
        along = [
            [c[n].options[k].move for c, k in zip(self.brute.choices, taken[n], strict=True)]
            for n in ground.paths[at]
        ]
        before = self.whole.models
        more = self.whole.more(at, along) * float(ground.weight(ground.nodes[at]))
        self.tried += TIED * (self.whole.models - before)
        self.steps += 1
        if self.tried > self.most or self.steps > STEPS:
            raise TooManyError
        return more if ratio is None or more == np.inf else more * ratio[at]

    def _slice(
        self, at: int, states: Indices, bounds: tuple[list[float] | None, list[Array]]
    ) -> tuple[Array, list[list[int]]]:
        """Least cost of each joint move from these states and of all below, and the moves."""
        if (at, states) in self._slices:
            return self._slices[at, states]
        ratio, values = bounds
        here = [c[at].options for c in self.brute.choices]
        options = [
            [k for k, o in enumerate(c) if o.state == state]
            for c, state in zip(here, states, strict=True)
        ]
        total = self.brute.here(self.brute.ground.nodes[at], options)
        if ratio is not None:
            total[np.isfinite(total)] *= ratio[at]
        afters = [[c[k].after for k in ks] for c, ks in zip(here, options, strict=True)]
        for child in self.brute.children[at]:
            total = total + values[child][np.ix_(*afters)]
        self._slices[at, states] = total, options
        return total, options

    def _written(self, taken: list[Indices]) -> list[Policy]:
        return [
            {at: choices[at].options[indices[axis]].move for at, indices in enumerate(taken)}
            for axis, choices in enumerate(self.brute.choices)
        ]
