"""Prices on rules that the arrays cannot hold, and weights on futures: moved from plan to plan.

After some rounds it is looked at by how much the best plan so far breaks each row, and its price
rises or falls with that, the more so the likelier its nodes. Were all rows broken as far as any has
been, a step would close a share of the cost (after Polyak 1969). At the prices that make the best
bound, plans break some row as often as not; by turns, plans are searched for at higher ones. With a
weight on bad futures, futures that are among the worst in plan after plan get the weight of bad
ones: the mean of these weights is one of those that conditional value at risk takes the worst of
(Rockafellar and Uryasev 2000), so the bound holds at each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.search.arrays import Floats, Ints
from sourcemix.engine.search.climb import STEP, Climb, climb_from
from sourcemix.engine.search.figures import Figures, costs_by_node, figures_of
from sourcemix.engine.search.neighbourhood import cost_of
from sourcemix.engine.search.response import Core, core_of
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.sums import Family
from sourcemix.engine.search.surcharges import surcharges_of
from sourcemix.engine.search.tables import Tables, compile_tables

TURNS = 40
"""Times that prices are moved, at most."""
ENOUGH = 3
"""Plans in a row that break no row without a price after which there is nothing to move."""
AHEAD = 0.05
"""Share of the cost that a step would close, were all to go by the straight line."""
FADING = 8.0
"""Turns after which steps are half as long."""
RISING, FALLING = 2.0, 0.8
"""What is on top of a price is multiplied by, where its row is still broken, and where all hold."""
BROKEN = 1e-6
"""What a row is broken by at least."""
NOMINAL = 0.001
"""Share of a future's own probability in its weight, so that none is without any."""


@dataclass(frozen=True, slots=True)
class Held:
    """A plan that breaks no row that must hold.

    Attributes:
        states: of its offers.
        cost: pounds, as the arrays reckon it without prices on rows.
    """

    states: Ints
    cost: float


class Pricing:
    """Prices on the rows of a case, and the weights of its futures.

    Attributes:
        held: the cheapest plan seen that breaks no row that must hold.
        hard: whether there are rows that must hold.
    """

    def __init__(
        self,
        problem: Problem,
        rules: list[ActiveRule],
        tables: Tables,
        families: tuple[Family, ...],
    ) -> None:
        """All prices are 0, and futures weigh what they are likely.

        Args:
            problem: the compiled case.
            rules: its rules.
            tables: the case as arrays, without prices.
            families: the rows.
        """
        self._problem, self._rules, self._plain = problem, rules, tables
        self.held: Held | None = None
        self._seen, self._holds = b"", True
        self._families = families
        self.hard = any(family.hard.any() for family in self._families)
        self._prices = [np.zeros(len(family.rows)) for family in self._families]
        self._risk = float(problem.case.appraisal.risk.weight)
        self._chance = problem.probability.copy()
        self._more = [np.zeros(len(family.rows)) for family in self._families]
        self._beyond: list[Floats] = []
        self._most: dict[str, float] = {}
        self._turns = self._quiet = 0

    @property
    def over(self) -> bool:
        """Whether there is nothing to move, or it has been moved often enough."""
        none = not (self._families or self._risk)
        return none or self._turns >= TURNS or self._quiet >= ENOUGH

    @property
    def pending(self) -> bool:
        """Whether plans that hold what must hold are still to be found."""
        return self.hard and not self._holds

    def look(self, tables: Tables, states: Ints) -> None:
        """Look at a plan: by how much it breaks each row, and whether it holds all that must."""
        seen = states.tobytes()
        if seen == self._seen:
            return
        self._seen = seen
        self._holds = True
        if self._families:
            figures = figures_of(tables, states)
            self._beyond = [breaches(family, figures) for family in self._families]
            for family, beyond in zip(self._families, self._beyond, strict=True):
                most = max(self._most.get(family.name, BROKEN), float(np.abs(beyond).max()))
                self._most[family.name] = most
            self._holds = not any(
                (beyond[family.hard] > BROKEN).any()
                for family, beyond in zip(self._families, self._beyond, strict=True)
            )
        if self._holds:
            cost = cost_of(core_of(self._plain), states) + self._plain.constant
            if self.held is None or cost < self.held.cost:
                self.held = Held(states.copy(), cost)

    def judge(self, cost: float) -> None:
        """More on top for rows that the plan last looked at broke and that must hold; else less.

        Args:
            cost: pounds of the plan, about.
        """
        weight = self._weight()
        for place, (family, more) in enumerate(zip(self._families, self._more, strict=True)):
            if self._holds:
                more *= FALLING
                continue
            broken = family.hard & (self._beyond[place] > BROKEN)
            first = self._step(family, weight, cost) * self._most[family.name]
            more[broken] = np.maximum(RISING * more, first)[broken]

    def _step(self, family: Family, weight: Floats, cost: float) -> Floats:
        """By row, weighted pounds for a breach of 1: a share of the cost if all are broken most."""
        scale, most = scale_of(family, weight), self._most[family.name]
        return AHEAD * abs(cost) / max(most * most * float(scale.sum()), 1e-300) * scale

    def turn(self, tables: Tables, states: Ints, cost: float) -> Tables:
        """Look at a plan and move the prices.

        Args:
            tables: the case at the prices so far.
            states: the plan.
            cost: pounds of it, about.
        """
        self.look(tables, states)
        self._turns += 1
        weight, moved = self._weight(), self._risk > 0.0
        for family, prices, beyond in zip(self._families, self._prices, self._beyond, strict=True):
            moves = np.where((prices > 0.0) | (beyond > BROKEN), beyond, 0.0)
            if moves.any():
                prices += self._step(family, weight, cost) / (1.0 + self._turns / FADING) * moves
                np.clip(prices, 0.0, most_of(family, weight), out=prices)
                moved = True
        self._quiet = 0 if moved else self._quiet + 1
        if self._risk:
            worst = worst_futures(self._problem, costs_by_node(tables, states))
            self._chance += (worst - self._chance) / (1.0 + self._turns)
        return self.tables()

    def tables(self, *, more: bool = False) -> Tables:
        """The case at the prices of now.

        Args:
            more: with what is on top, for plans that hold what must hold; no bound rests on that.
        """
        weight = self._weight()
        prices = [
            np.minimum(prices, most_of(family, weight)) + (above if more else 0.0)
            for family, prices, above in zip(self._families, self._prices, self._more, strict=True)
        ]
        charged = surcharges_of(self._problem, weight, self._families, prices)
        return compile_tables(self._problem, self._rules, self._chance, charged)

    def _weight(self) -> Floats:
        return self._chance * self._problem.discount[self._problem.period]


def moved_to(core: Core, climb: Climb) -> Climb:
    """The search for split prices at other prices on rules."""
    rows = np.minimum(climb.prices.rows, core.counts.price)
    found = climb_from(core, Prices(climb.prices.split.copy(), rows))
    found.march.presence[:] = climb.march.presence
    found.march.figures[STEP] = climb.march.figures[STEP]
    return found


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


def scale_of(family: Family, weight: Floats) -> Floats:
    """What the nodes of each row weigh."""
    return np.array([float(weight[row.charged].sum()) for row in family.rows])


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
