"""Prices on rules that the arrays cannot hold, and weights on futures: moved from plan to plan.

After some rounds it is looked at by how much the best plan so far breaks each row, and its price
rises or falls with that; a step is as long as would close a share of the gap (Polyak 1969). With a
weight on bad futures, futures that are among the worst in plan after plan get the weight of bad
ones: the mean of these weights is one of those that conditional value at risk takes the worst of
(Rockafellar and Uryasev 2000), so the bound holds at each of them.
"""

from __future__ import annotations

import numpy as np

from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.search.arrays import Floats, Ints
from sourcemix.engine.search.climb import STEP, Climb, climb_from
from sourcemix.engine.search.figures import Figures, costs_by_node, figures_of
from sourcemix.engine.search.response import Core
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.sums import Family, families_of
from sourcemix.engine.search.surcharges import surcharges_of
from sourcemix.engine.search.tables import Tables, compile_tables

TURNS = 40
"""Times that prices are moved, at most."""
ENOUGH = 3
"""Plans in a row that break no row without a price after which there is nothing to move."""
AHEAD = 0.02
"""Share of the cost that a step would close, were all to go by the straight line."""
FADING = 8.0
"""Turns after which steps are half as long."""
BROKEN = 1e-6
"""What a row is broken by at least."""
NOMINAL = 0.001
"""Share of a future's own probability in its weight, so that none is without any."""


class Pricing:
    """Prices on the rows of a case, and the weights of its futures."""

    def __init__(self, problem: Problem, rules: list[ActiveRule]) -> None:
        """All prices are 0, and futures weigh what they are likely."""
        self._problem, self._rules = problem, rules
        self._families = families_of(problem, rules)
        self._prices = [np.zeros(len(family.rows)) for family in self._families]
        self._risk = float(problem.case.appraisal.risk.weight)
        self._chance = problem.probability.copy()
        self._turns = self._held = 0

    @property
    def over(self) -> bool:
        """Whether there is nothing to move, or it has been moved often enough."""
        none = not (self._families or self._risk)
        return none or self._turns >= TURNS or self._held >= ENOUGH

    def turn(self, tables: Tables, states: Ints, cost: float) -> Tables:
        """Look at a plan and move the prices.

        Args:
            tables: the case at the prices so far.
            states: the plan.
            cost: pounds of it, about.
        """
        self._turns += 1
        step = AHEAD * abs(cost) / (1.0 + self._turns / FADING)
        weight, moved = self._weight(), self._risk > 0.0
        if self._families:
            figures = figures_of(tables, states)
            for family, prices in zip(self._families, self._prices, strict=True):
                beyond = breaches(family, figures)
                moved |= _move(prices, beyond, most_of(family, weight), step)
        self._held = 0 if moved else self._held + 1
        if self._risk:
            worst = worst_futures(self._problem, costs_by_node(tables, states))
            self._chance += (worst - self._chance) / (1.0 + self._turns)
        return self.tables()

    def tables(self) -> Tables:
        """The case at the prices of now."""
        weight = self._weight()
        capped = [
            np.minimum(prices, most_of(family, weight))
            for family, prices in zip(self._families, self._prices, strict=True)
        ]
        more = surcharges_of(self._problem, weight, self._families, capped)
        return compile_tables(self._problem, self._rules, self._chance, more)

    def _weight(self) -> Floats:
        return self._chance * self._problem.discount[self._problem.period]


def moved_to(core: Core, climb: Climb) -> Climb:
    """The search for split prices at other prices on rules."""
    rows = np.minimum(climb.prices.rows, core.counts.price)
    found = climb_from(core, Prices(climb.prices.split.copy(), rows))
    found.march.presence[:] = climb.march.presence
    found.march.figures[STEP] = climb.march.figures[STEP]
    return found


def _move(prices: Floats, beyond: Floats, most: Floats, step: float) -> bool:
    """Move the prices of a family's rows, those that stay at 0 left out; whether any did."""
    moves = np.where((prices > 0.0) | (beyond > BROKEN), beyond, 0.0)
    squares = float(moves @ moves)
    if squares == 0.0:
        return False
    prices[:] = np.clip(prices + step / squares * moves, 0.0, most)
    return True


def breaches(family: Family, figures: Figures) -> Floats:
    """By how much a plan is beyond each row of a family; below nothing where there is room."""
    added = family.added
    sums = np.zeros(len(figures.cost))
    if added.spend is not None:
        sums += figures.spend @ added.spend
    if added.cost is not None:
        sums += added.cost * figures.cost
    if added.exposed:
        sums += added.exposed * figures.exposed
    for key, each in added.units.items():
        if key in figures.units:
            sums += each * figures.units[key]
    for group, sign in added.signs.items():
        sums += sign * figures.live[:, sorted(group)].max(axis=1)
    return np.array([float(row.weights @ sums[row.nodes]) - row.limit for row in family.rows])


def most_of(family: Family, weight: Floats) -> Floats:
    """Highest price of each row: what a breach of 1 costs in all, weighted."""
    return np.array(
        [
            row.soft * float(weight[row.charged].sum()) if np.isfinite(row.soft) else np.inf
            for row in family.rows
        ]
    )


def worst_futures(problem: Problem, costs: Floats) -> Floats:
    """Weights of nodes that make the mean of these costs what the weight on risk makes of it.

    Args:
        problem: the compiled case.
        costs: by node, undiscounted pounds.
    """
    risk = problem.case.appraisal.risk
    totals = np.zeros(problem.nodes)
    for node in range(problem.nodes):
        above = int(problem.parent[node])
        totals[node] = costs[node] * problem.discount[problem.period[node]]
        totals[node] += 0.0 if above == TODAY else totals[above]
    leaves = [n for n in range(problem.nodes) if problem.period[n] == problem.periods - 1]
    leaves.sort(key=lambda leaf: (-totals[leaf], leaf))
    tail = np.array([float(problem.probability[leaf]) for leaf in leaves])
    most = float(1 - risk.level)
    if most:
        tail = np.diff(np.minimum(np.cumsum(tail), most), prepend=0.0) / most
    else:
        tail = np.eye(len(leaves))[0]
    share = (1.0 - NOMINAL) * float(risk.weight)
    weights = np.zeros(problem.nodes)
    for leaf, part in zip(leaves, tail, strict=True):
        weights[leaf] = (1.0 - share) * problem.probability[leaf] + share * part
    for node in range(problem.nodes - 1, 0, -1):
        weights[int(problem.parent[node])] += weights[node]
    return weights
