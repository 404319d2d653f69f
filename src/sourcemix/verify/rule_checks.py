"""Where a rule of a case holds: at every node, on average in each period, or over the plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver, driver_id
from sourcemix.model.plan import RuleCheck
from sourcemix.model.rules import Budget, Rule, rule_name
from sourcemix.verify.arithmetic import ZERO, number
from sourcemix.verify.facts import Facts
from sourcemix.verify.findings import Findings
from sourcemix.verify.rules import PREDICATES, unchecked
from sourcemix.verify.world import World

Named = tuple[str, Rule, str | None]
"""Name of a rule, the rule, and the policy driver that brings it, if any."""


def check_rules(
    world: World, facts: tuple[Facts, ...], findings: Findings
) -> tuple[RuleCheck, ...]:
    """Test every rule; one that does not hold is also a discrepancy."""
    checks = []
    for name, rule, policy in _rules(world.case):
        reason = unchecked(rule) or _stranger(world, rule)
        if reason is not None:
            check = RuleCheck(
                rule=name, holds=False, detail=f"{reason} is not checked by this version"
            )
        else:
            where = [at for at in facts if _applies(world, rule, policy, at.node)]
            broken = next(_broken(world, rule, where), "")
            check = RuleCheck(rule=name, holds=not broken, detail=broken)
        findings.expect(check.holds, f"rule `{name}`: {check.detail}")
        findings.checks += len(facts)
        checks.append(check)
    return tuple(checks)


def _rules(case: Case) -> Iterator[Named]:
    for position, rule in enumerate(case.rules):
        yield rule_name(rule, position), rule, None
    for driver in case.drivers:
        if isinstance(driver, PolicyDriver):
            yield driver.rule.id or driver_id(driver), driver.rule, driver_id(driver)


def _stranger(world: World, rule: Rule) -> str | None:
    """A service that a rule names and the case does not hold."""
    service = getattr(rule, "service", None)
    if service is not None and service not in world.services:
        return f"service `{service}`, which is not in `services`,"
    return None


def _applies(world: World, rule: Rule, policy: str | None, node: int) -> bool:
    """Whether a rule holds at a node: by its dates, and once its policy is in force."""
    at = world.tree.nodes[node]
    begins = world.case.horizon.begins(at.period)
    return (
        (policy is None or policy in at.in_force)
        and (rule.from_ is None or begins >= rule.from_)
        and (rule.until is None or begins <= rule.until)
    )


def _broken(world: World, rule: Rule, where: list[Facts]) -> Iterator[str]:
    """Sentences on where a rule is broken, the first place first."""
    predicate = PREDICATES[rule.kind]
    message = (predicate.__doc__ or rule.kind).strip().rstrip(".")
    # How long an agreement runs is not something that averages out.
    if rule.scope == "every_node" or rule.kind == "max_term":
        for at in where:
            for what, excess in sorted(predicate(rule, at).items()):
                if excess > 0:
                    yield f"{message}: node {at.node}, {what}, by {number(excess)}"
        return
    sums: dict[tuple[int, str], Fraction] = {}
    for at in where:
        period = 0 if rule.scope == "whole_plan" else world.tree.nodes[at.node].period
        for what, excess in predicate(rule, at).items():
            key = (period, what)
            sums[key] = sums.get(key, ZERO) + world.probability[at.node] * excess
    for (period, what), excess in sorted(sums.items()):
        if isinstance(rule, Budget) and rule.scope == "whole_plan":
            excess -= Fraction(rule.amount)
        if excess > 0:
            place = "over the plan" if rule.scope == "whole_plan" else f"in period {period}"
            yield f"{message}: on average {place}, {what}, by {number(excess)}"
