"""What a whole plan costs, with all that ties its nodes together.

Rules on averages and on sums, budgets, frameworks and weight on risk cannot be told from one node
alone; nor can a node with several ties be served by `dispatch`. Each limit is a row on volumes
(see `rows`). Where no row depends on volumes, nodes are served one by one, and all is exact;
otherwise `tied` finds the volumes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tests.differential.beside import by_exposure, by_live, merged, paid_beside, takeover
from tests.differential.brute import Brute, Policy
from tests.differential.dispatch import serving, ties
from tests.differential.ground import ZERO, exact
from tests.differential.limits import price
from tests.differential.rows import LOCAL, Form, excess, spend_through
from tests.differential.states import Move, Standing
from tests.differential.tied import Future, Node, Row, least

from sourcemix.model.rules import Budget, MaxValue, Rule
from sourcemix.model.suppliers import Framework

Group = list[tuple[Node, Fraction]]
"""Nodes over which a rule sums, with their weights."""


@dataclass(frozen=True)
class Sum:
    """A rule, the nodes over which it sums, and those at which a breach is charged."""

    rule: Rule
    group: Group
    bearing: list[Node]


class Whole:
    """What ties the nodes of a case together."""

    def __init__(self, brute: Brute) -> None:
        self.brute, self.ground = brute, brute.ground
        self.sums: list[Sum] = []
        self.node_budgets: list[list[Rule]] = [[] for _ in self.ground.nodes]
        for rule, nodes in self.ground.plan_rules:
            if rule.kind == "budget" and rule.scope == "every_node":
                for node in nodes:
                    self.node_budgets[node.id].append(rule)
            else:
                self.sums += self._sums(rule, nodes)
        self.budgets = any(rule.kind == "budget" for rule, _ in self.ground.plan_rules)
        self.weight = exact(self.ground.case.appraisal.risk.weight)
        self.models = 0
        self._besides: dict[tuple[int, tuple[Standing, ...]], Fraction | None] = {}
        self._served: dict[tuple[int, tuple[Standing, ...]], Fraction | None] = {}
        self._limited: dict[tuple[int, tuple[Standing, ...], Fraction], Fraction | None] = {}

    @cached_property
    def separable(self) -> bool:
        """Whether every node can be told by itself."""
        frameworks = any(f.procurement or f.ceiling is not None for f in self.frameworks)
        several = any(t.several.any() for t in self.brute.tables)
        budgets = any(self.node_budgets)
        return not (self.sums or budgets or self.weight or frameworks or several)

    @cached_property
    def watched(self) -> list[bool]:
        """Nodes that may cost more by themselves than `Brute` knows."""
        tables = self.brute.tables
        return [
            bool(b) or bool(t.several.any()) for b, t in zip(self.node_budgets, tables, strict=True)
        ]

    def more(self, at: int, along: list[list[Move]]) -> float:
        """By how much a node costs more than `Brute` knows, undiscounted; infinite: not possible.

        `along`: the moves of all offers from the first node down to this one. What is paid for
        frameworks is left out, so that it may be less than it will be.
        """
        node = self.ground.nodes[at]
        now = {n: move.standing for n, move in zip(self.brute.names, along[-1], strict=True)}
        known = self._serving(node, now)
        full = None if known is None else self.served(node, now, self._paid(node, along))
        return float("inf") if known is None or full is None else float(full - known)

    @cached_property
    def frameworks(self) -> list[Framework]:
        """Frameworks that any offer is called off from."""
        used = {offer.framework for offer in self.ground.case.offers}
        return [f for f in self.ground.case.frameworks if f.id in used]

    def cost(self, plan: list[Policy]) -> Fraction | float | None:
        """What a plan costs, demand served at least cost; None where it is not allowed."""
        ground = self.ground
        standings = [
            {name: p[node.id].standing for name, p in zip(self.brute.names, plan, strict=True)}
            for node in ground.nodes
        ]
        called = self._called(standings)
        besides = [self._beside(node, standings[node.id]) for node in ground.nodes]
        paid = [
            self._paid(node, [[p[at] for p in plan] for at in ground.paths[node.id]])
            for node in ground.nodes
        ]
        rows = self._rows(standings, [p + c for p, c in zip(paid, called, strict=True)])
        if rows is None:
            return None
        tied = {at for row in rows for at in row.form.nodes}
        fixed: list[Fraction] = []
        for node, beside in zip(ground.nodes, besides, strict=True):
            now, due = standings[node.id], called[node.id]
            served = ZERO if node.id in tied else self.served(node, now, paid[node.id] + due)
            if beside is None or served is None:
                return None
            own = sum((p[node.id].cost for p in plan), ZERO) / ground.chance[node.id]
            fixed.append(own + (beside + due + served) * ground.discount[node.period])
        future = Future(ground, fixed)
        if not tied:
            for row in rows:
                for at, rate in row.bearing:
                    fixed[at] += ground.discount[ground.nodes[at].period] * rate * row.form.constant
            return future.cost()
        local = [
            row
            for at in sorted(tied)
            for row in self._local(ground.nodes[at], standings[at], paid[at] + called[at])
        ]
        self.models += 1
        return least(future, sorted(tied), dict(enumerate(standings)), [*rows, *local])

    def served(self, node: Node, now: dict[str, Standing], paid: Fraction) -> Fraction | None:
        """Serving a node with every limit on it alone, undiscounted; None where not possible."""
        rows = self._local(node, now, paid)
        budgets = [row for row in rows if row.budget]
        several = ties(self.ground, node, now).several
        if not budgets and not several:
            return self._serving(node, now)
        key = node.id, tuple(now.values()), paid
        if key not in self._limited:
            self._limited[key] = self._serve(node, now, rows, several)
        return self._limited[key]

    def _serve(
        self, node: Node, now: dict[str, Standing], rows: list[Row], several: bool
    ) -> Fraction | None:
        breaches = ZERO
        hard = [row for row in rows if not row.soft]
        if any(row.form.hopeless for row in hard):
            return None
        budgets = [row for row in rows if row.budget]
        if not several and not any(row.form.varies for row in budgets):
            served = self._serving(node, now)
            for row in budgets:
                breaches += sum((rate for _, rate in row.bearing), ZERO) * row.form.constant
            return None if served is None else served + breaches
        self.models += 1
        nothing = Future(self.ground, [ZERO for _ in self.ground.nodes])
        found = least(nothing, [node.id], {node.id: now}, rows, plain=True)
        return None if found is None else Fraction(found) / self.ground.weight(node)

    def futures(self, plan: list[Policy]) -> dict[int, Fraction]:
        """What each future costs at least, by its last node, with nothing that ties nodes."""
        fixed = []
        for node in self.ground.nodes:
            now = {n: p[node.id].standing for n, p in zip(self.brute.names, plan, strict=True)}
            beside, served = self._beside(node, now), self._serving(node, now)
            own = sum((p[node.id].cost for p in plan), ZERO) / self.ground.chance[node.id]
            shared = (beside or ZERO) + (served or ZERO)
            fixed.append(own + shared * self.ground.discount[node.period])
        return {
            leaf: sum((fixed[at] for at in self.ground.paths[leaf]), ZERO)
            for leaf in self.ground.leaves
        }

    # ---- the parts of it

    def _beside(self, node: Node, now: dict[str, Standing]) -> Fraction | None:
        key = node.id, tuple(now.values())
        if key not in self._besides:
            self._besides[key] = self._all_beside(node, now)
        return self._besides[key]

    def _all_beside(self, node: Node, now: dict[str, Standing]) -> Fraction | None:
        live, exposure = by_live(self.ground, node, now), by_exposure(self.ground, node, now)
        if live is None or exposure is None:
            return None
        return live + exposure + takeover(self.ground, now) + merged(self.ground, now)

    def _serving(self, node: Node, now: dict[str, Standing]) -> Fraction | None:
        key = node.id, tuple(now.values())
        if key not in self._served:
            self._served[key] = serving(self.ground, node, now)
        return self._served[key]

    def _paid(self, node: Node, along: list[list[Move]]) -> Fraction:
        """What the authority pays at a node whoever serves how much, frameworks left out.

        `along`: the moves of all offers from the first node down to this one.
        """
        if not self.budgets:
            return ZERO
        fees = (
            fee for moves in along for move in moves for due, fee in move.fees if due == node.period
        )
        own = sum((move.paid for move in along[-1]), ZERO)
        now = {n: move.standing for n, move in zip(self.brute.names, along[-1], strict=True)}
        return own + sum(fees, ZERO) + paid_beside(self.ground, now)

    def _called(self, standings: list[dict[str, Standing]]) -> list[Fraction]:
        """What is paid for frameworks: at the first node of a path at which one is used."""
        due = [ZERO for _ in standings]
        for framework in self.frameworks:
            uses = [
                any(
                    s.calls and self.ground.offers[o].framework == framework.id
                    for o, s in at.items()
                )
                for at in standings
            ]
            for node in self.ground.nodes:
                *above, here = self.ground.paths[node.id]
                if uses[here] and not any(uses[at] for at in above):
                    due[here] += exact(framework.procurement) * self.ground.with_bias("setup")
        return due

    def _rows(self, standings: list[dict[str, Standing]], paid: list[Fraction]) -> list[Row] | None:
        """Rows that may not hold: with what depends on volumes; None where one cannot hold."""
        found = []
        for one in self.sums:
            forms: dict[str, Form] = {}
            for node, weight in one.group:
                parts = excess(self.ground, node, one.rule, standings[node.id], paid[node.id])
                for what, form in parts.items():
                    forms.setdefault(what, Form()).add(form, weight)
            for form in forms.values():
                if isinstance(one.rule, MaxValue) or (
                    isinstance(one.rule, Budget) and one.rule.scope == "whole_plan"
                ):
                    form.constant -= exact(one.rule.amount)
                found.append(self._row(one, form))
        found += self._ceilings(standings)
        found = [row for row in found if not row.form.idle]
        return None if any(row.form.hopeless and not row.soft for row in found) else found

    def _row(self, one: Sum, form: Form) -> Row:
        if one.rule.soft is None:
            return Row(form)
        each = price(self.ground, one.rule)
        if one.rule.scope != "every_node":
            each /= sum((weight for _, weight in one.group), ZERO)
        return Row(form, [(node.id, each) for node in one.bearing], soft=True)

    def _local(self, node: Node, now: dict[str, Standing], paid: Fraction) -> list[Row]:
        """Rules on a node alone that speak of volumes or of what the authority pays."""
        rules = [r for r in self.ground.rules[node.id] if isinstance(r, LOCAL)]
        found = []
        for rule in (*rules, *self.node_budgets[node.id]):
            for form in excess(self.ground, node, rule, now, paid).values():
                bearing = [] if rule.soft is None else [(node.id, price(self.ground, rule))]
                if not form.idle:
                    found.append(Row(form, bearing, rule.soft is not None, rule.kind == "budget"))
        return found

    def _ceilings(self, standings: list[dict[str, Standing]]) -> list[Row]:
        found = []
        for framework in self.frameworks:
            if framework.ceiling is None:
                continue
            for leaf in self.ground.leaves:
                form = Form(-exact(framework.ceiling))
                for at in self.ground.paths[leaf]:
                    node = self.ground.nodes[at]
                    form.add(spend_through(self.ground, node, framework.id, standings[at]))
                found.append(Row(form))
        return found

    def _sums(self, rule: Rule, nodes: list[Node]) -> list[Sum]:
        """Every sum of a rule."""
        if rule.scope == "every_node":
            inside = {node.id for node in nodes}
            futures = {
                tuple(at for at in self.ground.paths[leaf] if at in inside)
                for leaf in self.ground.leaves
            }
            return [
                Sum(
                    rule,
                    [(self.ground.nodes[at], Fraction(1)) for at in f],
                    [self.ground.nodes[f[-1]]],
                )
                for f in sorted(futures)
                if f
            ]
        weighted = [(node, self.ground.chance[node.id]) for node in nodes]
        if rule.scope == "whole_plan":
            return [Sum(rule, weighted, nodes)]
        periods = sorted({node.period for node in nodes})
        groups = [[(n, w) for n, w in weighted if n.period == period] for period in periods]
        return [Sum(rule, group, [node for node, _ in group]) for group in groups]
