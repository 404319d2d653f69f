"""Volumes that are tied together across a plan: a small model for one plan, solved by SCIP.

Who is live is given; only who serves how much is left. SCIP, because the engine's solver is
another one. Futures and their risk are here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pyscipopt import Model, quicksum
from tests.differential.brute import TooManyError
from tests.differential.dispatch import can_reach, to_serve, unmet_price
from tests.differential.ground import ZERO, Ground, exact
from tests.differential.rows import Form, Spot, credits
from tests.differential.states import Served, Standing

from sourcemix.model.tree import Node

__all__ = ["Future", "Node", "Row", "least"]


@dataclass
class Row:
    """A limit; where it is soft, what a unit of breach costs at which nodes, undiscounted."""

    form: Form
    bearing: list[tuple[int, Fraction]] = field(default_factory=list)
    soft: bool = False
    budget: bool = False


@dataclass
class Future:
    """Present value of what is fixed at each node, as a future that passes it bears it."""

    ground: Ground
    fixed: list[Fraction]

    def cost(self) -> Fraction:
        """Expectation, with the weight of the worst futures."""
        ground = self.ground
        mean = sum((ground.chance[i] * cost for i, cost in enumerate(self.fixed)), ZERO)
        risk = ground.case.appraisal.risk
        if not risk.weight:
            return mean
        weight = exact(risk.weight)
        return (1 - weight) * mean + weight * self.worst(1 - exact(risk.level))

    def worst(self, part: Fraction) -> Fraction:
        """Mean cost of the worst part of the futures; of the worst one if the part is none."""
        ground = self.ground
        costs = [
            (sum((self.fixed[at] for at in ground.paths[leaf]), ZERO), ground.chance[leaf])
            for leaf in ground.leaves
        ]
        costs.sort(key=lambda pair: -pair[0])
        if part == 0:
            return costs[0][0]
        left, total = part, ZERO
        for cost, chance in costs:
            taken = min(left, chance)
            total += taken * cost
            left -= taken
        return total / part


class _Volumes:
    """The model of one plan."""

    def __init__(self, future: Future) -> None:
        self.future, self.ground = future, future.ground
        self.model = Model()
        self.model.hideOutput()
        self.model.setParam("numerics/feastol", 1e-9)
        self.model.setParam("limits/gap", 0)
        self.units: dict[Spot, Any] = {}
        self.pounds: dict[Spot, Any] = {}
        self.at: list[list[Any]] = [[float(cost)] for cost in future.fixed]

    def column(self, lower: float | None = 0.0, upper: float | None = None, kind: str = "C") -> Any:
        return self.model.addVar(lb=lower, ub=upper, vtype=kind)

    def charge(self, at: int, rate: Fraction, column: Any) -> None:
        """Put a cost at a node, undiscounted, into the futures that pass it."""
        discount = self.ground.discount[self.ground.nodes[at].period]
        self.at[at].append(float(rate * discount) * column)

    def serve(self, node: Node, now: dict[str, Standing]) -> None:
        """Demand of a node, and what serving it costs."""
        ground = self.ground
        for service in ground.case.services:
            demand = to_serve(ground, node, service.id, now)
            sources = []
            for name, standing in now.items():
                for part in standing.serves:
                    if part.service == service.id:
                        sources.append(self._offer(node, name, part, demand))
            unmet = unmet_price(ground, node, service.id)
            if unmet is not None:
                left = self.column()
                self.charge(node.id, unmet, left)
                sources.append(left)
            if sources:
                self.model.addCons(quicksum(sources) == float(demand))
            elif demand:
                never = self.column(0.0, 0.0)
                self.model.addCons(never == 1)
        live = [ground.offers[name] for name, s in now.items() if s.live]
        for outcome in ground.case.outcomes:
            worth = ground.worth(outcome)
            form = credits(ground, node, outcome, live)
            if not worth or not form.varies:
                continue
            credit = self.column(None)
            self.model.addCons(credit <= self.value(form))
            if can_reach(ground, outcome):
                top = abs(exact(outcome.target) - exact(outcome.baseline))
                self.model.addCons(credit <= float(top))
            self.charge(node.id, -worth * ground.part, credit)

    def _offer(self, node: Node, name: str, part: Served, demand: Fraction) -> Any:
        """Volume of an offer and its charge, one of the ways of serving taken."""
        ground, spot = self.ground, (node.id, name, part.service)
        paid = part.paid if part.most is None else min(part.paid, part.most)
        ways: list[tuple[Any, Any]] = []
        taken = []
        pieces: list[tuple[Fraction, Fraction, Fraction | None, Fraction]]
        pieces = [(ZERO, ZERO, paid, ZERO)]
        if paid == part.paid:
            pieces += [
                (w.least, w.pounds, w.most, w.price) for w in part.prices.ways(part.paid, part.most)
            ]
        for start, pounds, top, price in pieces:
            if start > demand:
                continue
            used = self.column(kind="B")
            units = self.column()
            most = demand if top is None else min(top, demand)
            self.model.addCons(units <= float(most) * used)
            self.model.addCons(units >= float(start) * used)
            taken.append(used)
            ways.append((units, float(pounds - price * start) * used + float(price) * units))
        self.model.addCons(quicksum(taken) == 1)
        served, cost = self.column(), self.column(None)
        self.model.addCons(served == quicksum(units for units, _ in ways))
        self.model.addCons(cost == quicksum(pounds for _, pounds in ways))
        offer = ground.offers[name]
        self.charge(node.id, ground.with_bias("operating") + ground.vat(offer), cost)
        self.units[spot], self.pounds[spot] = served, cost
        return served

    def value(self, form: Form) -> Any:
        """A linear form in the volumes."""
        terms = [float(a) * self.units[spot] for spot, a in form.units.items() if a]
        terms += [float(b) * self.pounds[spot] for spot, b in form.pounds.items() if b]
        return quicksum(terms) + float(form.constant)

    def limit(self, row: Row) -> None:
        """A row: held, or its breach charged."""
        if not row.soft:
            self.model.addCons(self.value(row.form) <= 0)
            return
        breach = self.column()
        self.model.addCons(breach >= self.value(row.form))
        for at, rate in row.bearing:
            self.charge(at, rate, breach)

    def solve(self, plain: bool) -> float | None:
        """Least cost; `plain`: in expectation, whatever weight bad futures have."""
        ground, risk = self.ground, self.ground.case.appraisal.risk
        weight, part = 0.0 if plain else float(risk.weight), float(1 - risk.level)
        mean = [float(ground.chance[i]) * term for i, terms in enumerate(self.at) for term in terms]
        objective = (1 - weight) * quicksum(mean)
        if weight:
            edge = self.column(None)
            objective += weight * edge
            for leaf in ground.leaves:
                above = [term for at in ground.paths[leaf] for term in self.at[at]]
                beyond: Any = 0.0
                if part:
                    beyond = self.column()
                    objective += weight * float(ground.chance[leaf]) / part * beyond
                self.model.addCons(edge + beyond >= quicksum(above))
        total = self.column(None)
        self.model.addCons(total >= objective)
        self.model.setObjective(total, "minimize")
        try:
            self.model.optimize()
        except Exception as error:  # what the solver raises where its own arithmetic fails
            raise TooManyError from error
        status = self.model.getStatus()
        if status == "infeasible":
            return None
        assert status == "optimal", status
        return float(self.model.getObjVal())


def least(
    future: Future,
    tied: list[int],
    standings: Mapping[int, dict[str, Standing]],
    rows: list[Row],
    plain: bool = False,
) -> float | None:
    """Least cost of a plan whose nodes `tied` still have to be served; None: not possible."""
    model = _Volumes(future)
    for at in tied:
        model.serve(future.ground.nodes[at], standings[at])
    for row in rows:
        model.limit(row)
    return model.solve(plain)
