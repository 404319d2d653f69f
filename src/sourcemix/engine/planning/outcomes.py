"""What outcomes are worth: credit for the level reached, up to the target."""

from __future__ import annotations

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.serving import Serving
from sourcemix.engine.problem import Problem
from sourcemix.model.services import Outcome


def add_outcomes(ledger: Ledger, serving: Serving) -> None:
    """Add a credit column by node and outcome: credit ≤ improvement reached, ≤ target's."""
    for outcome in ledger.problem.case.outcomes:
        bearing = bearing_on(ledger.problem, outcome)
        if not bearing or not worth(ledger.problem, outcome):
            continue
        for node in range(ledger.problem.nodes):
            _credit(ledger, serving, outcome, bearing, node)


def worth(problem: Problem, outcome: Outcome) -> float:
    """Pounds a year for each unit of improvement; 0 where the outcome has no price.

    A weight of 1 is worth `swing_value` if the whole swing is achieved (swing weights: von
    Winterfeldt and Edwards 1986).
    """
    price = problem.case.appraisal.swing_value
    if outcome.swing_weight is None or price is None:
        return float(outcome.value or 0)
    swing = abs(outcome.target - outcome.baseline)
    return float(outcome.swing_weight) * float(price) / float(swing)


def bearing_on(problem: Problem, outcome: Outcome) -> list[int]:
    """Services for which any offer states a level of the outcome."""
    return sorted(
        {
            service
            for terms in problem.offers
            for service, entry in terms.services.items()
            if outcome.id in entry.levels
        }
    )


def _credit(
    ledger: Ledger, serving: Serving, outcome: Outcome, bearing: list[int], node: int
) -> None:
    problem, builder = ledger.problem, ledger.builder
    sign = 1.0 if outcome.better == "higher" else -1.0
    baseline = float(outcome.baseline)
    most = sign * (float(outcome.target) - baseline)
    columns, values = [], []
    for service in bearing:
        for piece in serving.pieces(node, service):
            level = problem.offers[piece.offer].services[service].levels.get(outcome.id)
            if level is not None:
                columns.append(piece.column)
                values.append(-sign * (level - baseline) / len(bearing))
    credit = builder.column(0.0, -INFINITY, most)
    builder.row(-INFINITY, 0.0, [credit, *columns], [1.0, *values])
    ledger.charge(node, "outcomes", credit, -worth(problem, outcome) * problem.year)
