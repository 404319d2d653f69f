"""The true optimum of a small case with rules on the plan as a whole: on averages, or on sums.

Every policy of every offer is combined with each. What a rule without volumes is broken by is
then a sum over nodes. A rule on volumes ties the nodes that it sums over together: it is priced
with `λ` from 0 up (to the price of a breach, where it has one), as in `dispatch`, and the largest
over `λ` of the sum over these nodes is what serving them costs.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
from tests.differential.brute import Array, Brute, Policy, TooManyError, _along
from tests.differential.dispatch import apart, cheapest, kinks, takeover
from tests.differential.ground import ZERO, exact
from tests.differential.limits import COUNTED, broken, price
from tests.differential.moves import Standing
from tests.differential.shares import SHARES

from sourcemix.model.rules import MaxValue, Rule
from sourcemix.model.tree import Node

MOST = 60_000
"""Most combinations of policies."""
NOISE = 1e-7
Group = list[tuple[Node, Fraction]]
"""Nodes over which a rule sums, with their weights."""


class Plans:
    """A small case with every plan that there is."""

    def __init__(self, brute: Brute) -> None:
        self.brute, self.ground = brute, brute.ground
        self.axes = len(brute.movers)
        if prod(self._count(axis, 0, 0) for axis in range(self.axes)) > 20 * MOST:
            raise TooManyError
        self.policies = [list(brute._policies(axis, 0, 0).items()) for axis in range(self.axes)]
        self.size = [len(found) for found in self.policies]
        if prod(self.size) > MOST:
            raise TooManyError

    @cached_property
    def best(self) -> float | None:
        """Least expected cost in pounds; None where no plan is possible."""
        if not all(self.size):
            return None
        total = np.zeros(self.size)
        for axis, found in enumerate(self.policies):
            total += _along(axis, self.axes, [float(cost) for _, cost in found])
        tied: set[int] = set()
        for rule, nodes in self.ground.plan_rules:
            for group in self.groups(rule, nodes):
                if isinstance(rule, COUNTED):
                    total += self._counted(rule, group)
                else:
                    assert isinstance(rule, SHARES)
                    assert tied.isdisjoint(node.id for node, _ in group), "one tie at a node"
                    tied |= {node.id for node, _ in group}
                    total += self._tied(rule, group)
        for node in self.ground.nodes:
            if node.id not in tied:
                total += self.brute._joint(node)[self._at(node)]
        best = float(total.min())
        return best if np.isfinite(best) else None

    def groups(self, rule: Rule, nodes: list[Node]) -> list[Group]:
        """Nodes over which a rule sums, with their weights."""
        if rule.scope == "every_node":
            assert len({node.period for node in nodes}) == len(nodes), "one future only"
            return [[(node, Fraction(1)) for node in nodes]]
        weighted = [(node, self.ground.chance[node.id]) for node in nodes]
        if rule.scope == "whole_plan":
            return [weighted]
        periods = sorted({node.period for node in nodes})
        return [[(n, w) for n, w in weighted if n.period == period] for period in periods]

    def charged(self, rule: Rule, group: Group) -> Fraction:
        """What a breach of 1 in the sum over a group costs, in present value."""
        whole = sum((weight for _, weight in group), ZERO)
        bearing = [node for node, _ in group]
        if rule.scope == "every_node":
            bearing, whole = bearing[-1:], Fraction(1)
        each = price(self.ground, rule) / whole
        return sum((each * self.ground.weight(node) for node in bearing), ZERO)

    def permitted(self, plan: list[Policy]) -> Fraction | None:
        """What a plan pays for breaches of rules without volumes; None where it is not allowed."""
        cost = ZERO
        for rule, nodes in self.ground.plan_rules:
            for group in self.groups(rule, nodes):
                sums: dict[str, Fraction] = {}
                for node, weight in group:
                    now = {
                        name: policy[node.id].standing
                        for name, policy in zip(self.brute.names, plan, strict=True)
                    }
                    for what, excess in broken(self.ground, node, rule, now).items():
                        sums[what] = sums.get(what, ZERO) + weight * excess
                beyond = sum((max(ZERO, excess) for excess in sums.values()), ZERO)
                if beyond and rule.soft is None:
                    return None
                cost += beyond * self.charged(rule, group)
        return cost

    def _count(self, axis: int, node: int, state: int) -> int:
        """How many policies an offer has from a node down."""
        below = self.brute.children[node]
        return sum(
            prod(self._count(axis, child, option.after) for child in below)
            for option in self.brute.choices[axis][node].options
            if option.state == state
        )

    def _at(self, node: Node) -> tuple[np.ndarray, ...]:
        """Index of a table by standings, for every combination of policies."""
        return np.ix_(*(np.array([key[node.id] for key, _ in found]) for found in self.policies))

    def _combinations(self, node: Node) -> list[tuple[tuple[int, ...], dict[str, Standing]]]:
        here = [choices[node.id].standings for choices in self.brute.choices]
        return [
            (at, {n: here[i][k] for i, (n, k) in enumerate(zip(self.brute.names, at, strict=True))})
            for at in product(*(range(len(standings)) for standings in here))
        ]

    def _shape(self, node: Node) -> list[int]:
        return [len(choices[node.id].standings) for choices in self.brute.choices]

    def _counted(self, rule: Rule, group: Group) -> Array:
        """Cost of breaches by combination of policies; infinite where it is not allowed."""
        sums: dict[str, Array] = {}
        for node, weight in group:
            tables: dict[str, Array] = {}
            for at, now in self._combinations(node):
                for what, excess in broken(self.ground, node, rule, now).items():
                    table = tables.setdefault(what, np.zeros(self._shape(node)))
                    table[at] = float(weight * excess)
            for what, table in tables.items():
                sums[what] = sums.get(what, np.zeros(self.size)) + table[self._at(node)]
        beyond = sum((np.maximum(found, 0) for found in sums.values()), np.zeros(self.size))
        if rule.soft is None:
            return np.where(beyond > NOISE, np.inf, 0.0)
        return beyond * float(self.charged(rule, group))

    def _tied(self, rule: SHARES, group: Group) -> Array:
        """Cost of the nodes of a group, tied together by a rule on volumes."""
        ground = self.ground
        parts = {
            node.id: [
                (at, now, apart(ground, node, rule, now)) for at, now in self._combinations(node)
            ]
            for node, _ in group
        }
        most = None if rule.soft is None else self.charged(rule, group)
        found = {ZERO}
        for node, weight in group:
            scale = ground.weight(node) / weight
            for _, _, part in parts[node.id]:
                if part is not None:
                    found |= {at * scale for at in kinks(part[1], None)}
        tried = sorted(at for at in found if most is None or at < most)
        tried += [tried[-1] + 1, tried[-1] + 2] if most is None else [most]
        limit = exact(rule.amount) if isinstance(rule, MaxValue) else ZERO
        totals = []
        for at in tried:
            total = np.full(self.size, -float(at * limit))
            for node, weight in group:
                table = np.full(self._shape(node), np.inf)
                ratio = at * weight / ground.weight(node)
                for index, now, part in parts[node.id]:
                    cost = None if part is None else cheapest(part[1], ratio)
                    if part is not None and cost is not None:
                        here = cost + part[0] + takeover(ground, now)
                        table[index] = float(here * ground.weight(node) + at * weight * part[2])
                total += table[self._at(node)]
            totals.append(total)
        best: Array = np.maximum.reduce(totals)
        if most is None:
            with np.errstate(invalid="ignore"):
                best = np.where(totals[-1] - totals[-2] > NOISE, np.inf, best)
        return best
