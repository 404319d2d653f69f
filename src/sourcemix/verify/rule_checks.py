"""Where a rule of a case holds: at every node, on average in each period, or over the plan.

What a rule with a price costs where it is broken is a line of cost like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver, driver_id
from sourcemix.model.plan import RuleCheck
from sourcemix.model.rules import STATES, Rule, rule_name
from sourcemix.verify.arithmetic import ZERO, number, total
from sourcemix.verify.facts import Facts
from sourcemix.verify.findings import Findings
from sourcemix.verify.lines import Line
from sourcemix.verify.rules import PREDICATES, limit_of, unchecked
from sourcemix.verify.world import World

Named = tuple[str, Rule, str | None]
"""Name of a rule, the rule, and the policy driver that brings it, if any."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold somewhere.

    Attributes:
        where: place and thing, in words.
        nodes: the nodes that it concerns.
        excess: by how much, in the unit of the limit; over several nodes the mean, save for
            amounts of the whole plan.
        each: the same for each of `nodes`, as a price counts it.
    """

    where: str
    nodes: tuple[int, ...]
    excess: Fraction
    each: Fraction


def check_rules(
    world: World, facts: tuple[Facts, ...], findings: Findings
) -> tuple[tuple[RuleCheck, ...], tuple[tuple[Line, ...], ...]]:
    """Test every rule; what is broken without a price is also a discrepancy.

    Returns:
        Each rule, and the lines of cost of each node for rules that are broken at a price.
    """
    checks = []
    prices: list[list[Line]] = [[] for _ in facts]
    for name, rule, policy in all_rules(world.case):
        reason = unchecked(rule) or _stranger(world, rule)
        if reason is not None:
            detail = f"{reason} is not checked by this version"
            findings.expect(False, f"rule `{name}`: {detail}")
            checks.append(RuleCheck(rule=name, holds=False, detail=detail))
            continue
        where = [at for at in facts if applies(world, rule, policy, at.node)]
        breaches = list(_breaches(world, rule, where))
        detail = _message(rule, breaches[0]) if breaches else ""
        if rule.soft is None:
            findings.expect(not breaches, f"rule `{name}`: {detail}")
        elif breaches:
            detail += "; the rule may be broken at a price"
            for breach in breaches:
                for node in breach.nodes:
                    prices[node].append(Line("breach", breach.each * _price(world, rule)))
        findings.checks += len(facts)
        checks.append(RuleCheck(rule=name, holds=not breaches, detail=detail))
    return tuple(checks), tuple(tuple(lines) for lines in prices)


def all_rules(case: Case) -> Iterator[Named]:
    """Every rule of a case, those that a policy may bring included."""
    for rule in case.rules:
        yield rule_name(rule), rule, None
    for driver in case.drivers:
        if isinstance(driver, PolicyDriver):
            yield driver_id(driver), driver.rule, driver_id(driver)


def _stranger(world: World, rule: Rule) -> str | None:
    """A service or outcome that a rule names and the case does not hold."""
    service = getattr(rule, "service", None)
    if service is not None and service not in world.services:
        return f"service `{service}`, which is not in `services`,"
    outcome = getattr(rule, "outcome", None)
    if outcome is not None and outcome not in {found.id for found in world.case.outcomes}:
        return f"outcome `{outcome}`, which is not in `outcomes`,"
    return None


def applies(world: World, rule: Rule, policy: str | None, node: int) -> bool:
    """Whether a rule holds at a node: by its dates, and once its policy is in force."""
    at = world.tree.nodes[node]
    begins = world.case.horizon.begins(at.period)
    return (
        (policy is None or policy in at.in_force)
        and (rule.from_ is None or begins >= rule.from_)
        and (rule.until is None or begins <= rule.until)
    )


def _price(world: World, rule: Rule) -> Fraction:
    """Pounds for a unit of breach at a node."""
    soft = Fraction(rule.soft or 0)
    return soft * world.year_share if rule.kind in STATES else soft


def _message(rule: Rule, breach: Breach) -> str:
    what = (PREDICATES[rule.kind].__doc__ or rule.kind).strip().rstrip(".")
    return f"{what}: {breach.where}, by {number(breach.excess)}"


def _breaches(world: World, rule: Rule, where: list[Facts]) -> Iterator[Breach]:
    """Where a rule is broken, the first place first."""
    if rule.kind == "max_value" and rule.scope == "every_node":
        yield from _along_paths(world, rule, where)
    elif rule.scope == "every_node":
        for at in where:
            for what, excess in sorted(PREDICATES[rule.kind](rule, at).items()):
                if excess > 0:
                    # Months beyond a term are counted as they are run.
                    each = Fraction(world.months) if rule.kind == "max_term" else excess
                    yield Breach(f"node {at.node}, {what}", (at.node,), excess, each)
    else:
        periods = {at.node: world.tree.nodes[at.node].period for at in where}
        if rule.scope == "whole_plan":
            periods = dict.fromkeys(periods, 0)
        for period in sorted(set(periods.values())):
            group = [at for at in where if periods[at.node] == period]
            place = "over the plan" if rule.scope == "whole_plan" else f"in period {period}"
            yield from _on_average(world, rule, group, place)


def _on_average(world: World, rule: Rule, group: list[Facts], place: str) -> Iterator[Breach]:
    """Excess of some nodes, weighted by probability."""
    sums = _sums(rule, [(at, world.probability[at.node]) for at in group])
    weight = total(world.probability[at.node] for at in group)
    for what, excess in sorted(sums.items()):
        if excess > 0:
            each = excess / weight
            shown = excess if limit_of(rule) else each
            nodes = tuple(at.node for at in group)
            yield Breach(f"on average {place}, {what}", nodes, shown, each)


def _along_paths(world: World, rule: Rule, where: list[Facts]) -> Iterator[Breach]:
    """Excess of each future, at the last node at which the rule holds."""
    by_node = {at.node: at for at in where}
    above = {world.tree.nodes[node].parent for node in by_node}
    for last in sorted(by_node.keys() - above):
        path: list[tuple[Facts, Fraction]] = []
        node: int | None = last
        while node is not None and node in by_node:
            path.append((by_node[node], Fraction(1)))
            node = world.tree.nodes[node].parent
        for what, excess in sorted(_sums(rule, path).items()):
            if excess > 0:
                yield Breach(f"by node {last}, {what}", (last,), excess, excess)


def _sums(rule: Rule, weighted: list[tuple[Facts, Fraction]]) -> dict[str, Fraction]:
    """Weighted sum of the excess of some nodes, less what the rule allows for the plan."""
    sums: dict[str, Fraction] = {}
    for at, weight in weighted:
        for what, excess in PREDICATES[rule.kind](rule, at).items():
            sums[what] = sums.get(what, ZERO) + weight * excess
    return {what: excess - limit_of(rule) for what, excess in sums.items()}
