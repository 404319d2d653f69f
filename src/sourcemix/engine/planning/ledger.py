"""Who pays what where: every charge of the model, once for the objective and once for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from sourcemix.engine.milp import Builder
from sourcemix.engine.problem import Problem
from sourcemix.model.plan import Component

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

    def __post_init__(self) -> None:
        """Begin with nothing at every node."""
        self.by_node = [[] for _ in range(self.problem.nodes)]
        self.constant = [0.0] * self.problem.nodes

    def charge(
        self, node: int, component: Component, column: int, amount: float, offer: int | None = None
    ) -> None:
        """Charge undiscounted pounds at a node for each unit of a column."""
        if amount == 0.0:
            return
        self.builder.charge(column, amount * self.problem.weight(node))
        self.by_node[node].append(Charge(component, offer, column, amount))

    def always(self, node: int, amount: float) -> None:
        """Charge pounds at a node whatever is decided (overhead that remains)."""
        self.builder.offset += amount * self.problem.weight(node)
        self.constant[node] += amount
