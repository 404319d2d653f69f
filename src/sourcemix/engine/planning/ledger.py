"""Who pays what where: every charge of the model, once for the objective and once for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from sourcemix.engine.milp import Builder
from sourcemix.engine.problem import Problem
from sourcemix.model.case import BiasClass
from sourcemix.model.components import BIAS_CLASS, Component

SPEND: tuple[Component, ...] = ("fixed", "volume", "change")
"""Lines of what suppliers are paid for services."""
Terms = list[tuple[int, float]]
"""A linear expression: columns with their coefficients."""


@dataclass(slots=True)
class Charge:
    """Pounds at a node for each unit of a column; `offer` is None where nobody is paid."""

    component: Component
    offer: int | None
    column: int
    amount: float


@dataclass(slots=True)
class Ledger:
    """Charges by node. What is charged here is in the objective, weighted by the node."""

    problem: Problem
    builder: Builder
    by_node: list[list[Charge]] = field(default_factory=list)
    constant: list[float] = field(default_factory=list)
    uplift: dict[BiasClass, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing at every node."""
        self.by_node = [[] for _ in range(self.problem.nodes)]
        self.constant = [0.0] * self.problem.nodes
        bias = self.problem.case.appraisal.optimism_bias
        self.uplift = {name: float(rate) for name, rate in bias.items()}

    def charge(
        self,
        node: int,
        component: Component,
        column: int,
        amount: float,
        offer: int | None = None,
        *,
        capital: bool = False,
    ) -> None:
        """Charge undiscounted pounds at a node for each unit of a column.

        What follows from them is charged with them: optimism bias, and VAT that is not recovered.
        """
        if amount == 0.0:
            return
        self.builder.charge(column, amount * self.problem.weight(node))
        self.by_node[node].append(Charge(component, offer, column, amount))
        found = BIAS_CLASS.get(component)
        if found is not None:
            rate = self.uplift.get("capital" if capital else found, 0.0)
            self.charge(node, "optimism_bias", column, amount * rate, offer)
        if component in SPEND and offer is not None:
            self.charge(node, "vat", column, amount * self.problem.offers[offer].vat, offer)

    def always(self, node: int, amount: float) -> None:
        """Charge pounds of overhead at a node whatever is decided, with its optimism bias."""
        amount *= 1.0 + self.uplift.get("operating", 0.0)
        self.builder.offset += amount * self.problem.weight(node)
        self.constant[node] += amount
