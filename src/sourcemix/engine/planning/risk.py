"""How much weight bad futures get: conditional value at risk of the cost of a future.

minimise (1 - w)·E[C] + w·(η + 1/(1 - α) · Σ π(leaf)·z(leaf)), z(leaf) ≥ C(leaf) - η, z ≥ 0: at the
optimum the bracket is the mean cost of the worst 1 - α of the futures (Rockafellar and Uryasev
2000). At α = 1 it is the worst future, and there is no z. Its weights are the worst reweighting of
the leaves inside the risk envelope.
"""

from __future__ import annotations

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.running import Fee, fees_due
from sourcemix.engine.problem import TODAY, Problem


def add_risk(ledger: Ledger, fees: list[Fee]) -> None:
    """Put the weight on risk into the objective; nothing, where the weight is 0."""
    problem, builder = ledger.problem, ledger.builder
    risk = problem.case.appraisal.risk
    weight = float(risk.weight)
    if weight == 0.0:
        return
    builder.scale(1.0 - weight)
    costs = [_node_cost(ledger, fees, node) for node in range(problem.nodes)]
    threshold = builder.column(weight, -INFINITY, INFINITY)
    tail = float(1 - risk.level)
    for leaf in _leaves(problem):
        columns, values = [threshold], [1.0]
        if tail:
            share = float(problem.probability[leaf]) / tail
            columns.append(builder.column(weight * share, 0.0, INFINITY))
            values.append(1.0)
        at = leaf
        while at != TODAY:
            columns.append(costs[at])
            values.append(-float(problem.discount[problem.period[at]]))
            at = int(problem.parent[at])
        builder.row(0.0, INFINITY, columns, values)


def _node_cost(ledger: Ledger, fees: list[Fee], node: int) -> int:
    """A column that equals all that is charged at a node, in undiscounted pounds."""
    problem, builder = ledger.problem, ledger.builder
    terms = [(charge.column, charge.amount) for charge in ledger.by_node[node]]
    terms += fees_due(problem, fees, node)
    cost = builder.column(0.0, -INFINITY, INFINITY)
    constant = ledger.constant[node]
    columns = [cost, *(column for column, _ in terms)]
    values = [1.0, *(-amount for _, amount in terms)]
    builder.row(constant, constant, columns, values)
    return cost


def _leaves(problem: Problem) -> list[int]:
    last = problem.periods - 1
    return [node for node in range(problem.nodes) if problem.period[node] == last]
