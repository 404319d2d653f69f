"""Where rules hold: by their dates, and once a policy is in force."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.engine.planning.rules.parts import matches
from sourcemix.engine.problem import Problem
from sourcemix.model.drivers import PolicyDriver, driver_id
from sourcemix.model.rules import MaxShare, MaxTerm, MinShare, Rule, rule_name


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule with its name and the nodes at which it holds."""

    name: str
    rule: Rule
    nodes: tuple[int, ...]


def active_rules(problem: Problem) -> list[ActiveRule]:
    """Every rule of the case and of its policy drivers, with the nodes at which it holds."""
    found = []
    for rule in problem.case.rules:
        nodes = [n for n in range(problem.nodes) if _within(problem, rule, n)]
        found.append(ActiveRule(rule_name(rule), rule, tuple(nodes)))
    for driver in problem.case.drivers:
        if isinstance(driver, PolicyDriver):
            name = driver_id(driver)
            nodes = [
                node.id
                for node in problem.tree.nodes
                if name in node.in_force and _within(problem, driver.rule, node.id)
            ]
            found.append(ActiveRule(name, driver.rule, tuple(nodes)))
    return found


def spending_helps(rules: list[ActiveRule]) -> bool:
    """Whether any rule may be held by spending more: one on a share of spend."""
    return any(
        isinstance(active.rule, MinShare | MaxShare) and active.rule.of == "spend"
        for active in rules
    )


def longest_terms(problem: Problem, rules: list[ActiveRule]) -> dict[tuple[int, int], int]:
    """By node and offer: periods after which `max_term` ends what starts in the plan.

    A rule with a price does not end anything.
    """
    longest: dict[tuple[int, int], int] = {}
    for active in rules:
        if not isinstance(active.rule, MaxTerm) or active.rule.soft is not None:
            continue
        limit = active.rule.months // problem.case.horizon.months
        for offer in range(len(problem.offers)):
            if matches(problem, active.rule.who, offer):
                for node in active.nodes:
                    longest[node, offer] = min(limit, longest.get((node, offer), limit))
    return longest


def _within(problem: Problem, rule: Rule, node: int) -> bool:
    begins = problem.case.horizon.begins(int(problem.period[node]))
    return (rule.from_ is None or rule.from_ <= begins) and (
        rule.until is None or begins <= rule.until
    )
