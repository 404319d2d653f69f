"""Months beyond a `max_term` that has a price: part of what it costs to be live."""

from __future__ import annotations

from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.planning.rules.parts import matches
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.offers import Ledgers, ages_of, begun_of, given_to
from sourcemix.model.rules import MaxTerm


def add_overruns(
    problem: Problem, rules: list[ActiveRule], order: list[int], ledgers: Ledgers
) -> None:
    """Charge the months that agreements which start in the plan run too long, as they are run."""
    months = problem.case.horizon.months
    place = {node: index for index, node in enumerate(order)}
    for active in rules:
        rule = active.rule
        if not isinstance(rule, MaxTerm) or rule.soft is None:
            continue
        for offer in range(len(problem.offers)):
            if not matches(problem, rule.who, offer):
                continue
            ages = ages_of(problem, offer)
            for variant in range(ages + given_to(problem, offer)):
                begun = begun_of(problem, offer, variant)
                for node in active.nodes if variant != ages else ():
                    age = variant if begun is None else int(problem.period[node]) - begun
                    if (age + 1) * months > rule.months:
                        ledgers.live[offer][place[node], variant] += float(rule.soft) * months
