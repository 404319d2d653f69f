"""Rules on money: the budget, what a supplier is paid, what leaving everything would cost."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.planning.ledger import Terms
from sourcemix.engine.planning.rules.exposure import exposure
from sourcemix.engine.planning.rules.parts import Excess, Parts
from sourcemix.engine.planning.rules.shares import spend_of
from sourcemix.engine.planning.running import fees_due
from sourcemix.model.components import AUTHORITY_COMPONENTS
from sourcemix.model.rules import Budget, MaxExitExposure, MaxValue


def budget(parts: Parts, rule: Budget, node: int) -> Iterator[Excess]:
    """Charges to the authority, less the period's budget where the rule states one by the year."""
    problem = parts.problem
    cash = 1.0 if rule.real else float(problem.deflator[problem.period[node]])
    terms = [(column, cash * amount) for column, amount in _authority_cost(parts, node)]
    constant = cash * parts.ledger.constant[node]
    if rule.scope != "whole_plan":
        factor = float(problem.tree.nodes[node].budget)
        constant -= float(rule.amount) * problem.year * factor
    yield Excess("cost", terms, constant)


def max_value(parts: Parts, rule: MaxValue, node: int) -> Iterator[Excess]:
    """Spend with each supplier; `limit_of` takes the amount off once for the plan."""
    problem = parts.problem
    paid: dict[str, Terms] = {}
    for offer, column, amount in spend_of(parts, node):
        supplier = problem.suppliers[problem.offers[offer].supplier]
        if rule.supplier in (None, supplier):
            paid.setdefault(supplier, []).append((column, amount))
    for supplier, terms in sorted(paid.items()):
        yield Excess(supplier, terms, 0.0)


def max_exit_exposure(parts: Parts, rule: MaxExitExposure, node: int) -> Iterator[Excess]:
    """Exposure - amount."""
    terms = exposure(parts.problem, parts.timelines, node)
    yield Excess("exposure", terms, -float(rule.amount))


def limit_of(rule: object) -> float:
    """Pounds that a rule allows for the whole plan, where it speaks of that."""
    if isinstance(rule, MaxValue) or (isinstance(rule, Budget) and rule.scope == "whole_plan"):
        return float(rule.amount)
    return 0.0


def _authority_cost(parts: Parts, node: int) -> Terms:
    """What a node costs the authority: columns with pounds."""
    charged = [
        (charge.column, charge.amount)
        for charge in parts.ledger.by_node[node]
        if charge.component in AUTHORITY_COMPONENTS
    ]
    return [*charged, *fees_due(parts.problem, parts.fees, node)]
