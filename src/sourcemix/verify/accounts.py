"""A plan recomputed in exact arithmetic from case, tree and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.components import AUTHORITY_COMPONENTS, Component
from sourcemix.model.plan import (
    FinancialYear,
    Leaf,
    PartyFigure,
    PlanNode,
    RuleCheck,
    Verification,
)
from sourcemix.model.tree import Tree
from sourcemix.verify.agreements import Live, Standing, decisions_of, follow
from sourcemix.verify.arithmetic import ZERO, pence, to_places, total
from sourcemix.verify.costs import lines_at
from sourcemix.verify.facts import Facts, facts_of
from sourcemix.verify.fees import Owed, owed_for
from sourcemix.verify.findings import Findings
from sourcemix.verify.frameworks import check_ceilings
from sourcemix.verify.lines import Line, Place, by_component
from sourcemix.verify.parties import party_figures
from sourcemix.verify.rule_checks import check_rules
from sourcemix.verify.serving import check_volumes, served_at
from sourcemix.verify.totals import (
    as_leaves,
    expected,
    financial_years,
    indicative_share,
    leaf_costs,
    spread,
    swing_score,
    tail_mean,
)
from sourcemix.verify.world import World

COMPONENTS: tuple[Component, ...] = (*AUTHORITY_COMPONENTS, "unmet", "outcomes", "breach")


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a plan comes to. Money in pounds, each figure summed exactly and rounded once.

    Attributes:
        nodes: the plan's nodes in the order of the tree, with costs and exposure filled in.
            Components of nothing are left out.
        expected: expected present value of each component that occurs.
        cost: what is minimised: `mean`, with the weight that the case gives to bad futures.
        mean: expected present value of all components.
        cvar: mean cost of the worst futures; None where risk has no weight.
        authority_cost: the same without `unmet`, `outcomes` and `breach`.
        low: tenth percentile of `leaves`.
        high: ninetieth percentile of `leaves`.
        leaves: every future.
        outcome_levels: level of each outcome at each node, in its unit, to six decimals.
        financial_years: expected cost to the authority by financial year.
        swing_score: share of the weighted swings that is achieved, to four decimals; None where
            no outcome has a swing weight.
        parties: what the plan is worth to each party.
        indicative_share: share of the cost to the authority that rests on indicative figures, to
            four decimals.
        rules: each rule.
        discrepancies: all that is not as it should be, in words.
        checks: how many statements were checked.
    """

    nodes: tuple[PlanNode, ...]
    expected: dict[Component, Decimal]
    cost: Decimal
    mean: Decimal
    cvar: Decimal | None
    authority_cost: Decimal
    low: Decimal
    high: Decimal
    leaves: tuple[Leaf, ...]
    outcome_levels: tuple[dict[str, Decimal], ...]
    financial_years: tuple[FinancialYear, ...]
    swing_score: Decimal | None
    parties: tuple[PartyFigure, ...]
    indicative_share: Decimal
    rules: tuple[RuleCheck, ...]
    discrepancies: tuple[str, ...]
    checks: int

    @property
    def verification(self) -> Verification:
        """The record of the check, as a result holds it."""
        return Verification(checks=self.checks, discrepancies=self.discrepancies, rules=self.rules)


def account(case: Case, tree: Tree, nodes: tuple[PlanNode, ...]) -> Accounts:
    """Recompute a plan from its decisions and volumes, and check all that it states.

    Agreements are followed from the decisions alone; costs and rules rest on them. The tree is
    taken as it is: `tree_faults` checks it against the drivers.

    Args:
        case: the case, defaults filled in.
        tree: the tree that the plan was made for.
        nodes: decisions, live agreements, volumes and unmet demand at every node. Costs and
            exposure that they may state are not looked at; `plan_document` compares those.

    Raises:
        InputError: the case lacks a default or refers to something that it does not hold.
    """
    world = World(case, tree)
    findings = Findings()
    plan = _in_order(tree, nodes, findings)
    standings, wrong = follow(world, decisions_of(plan))
    findings.report(wrong, checks=sum(len(node.decisions) for node in plan))
    places = places_of(world, plan, standings)
    lines = tuple(lines_at(place) for place in places)
    for place, node in zip(places, plan, strict=True):
        _check_positions(node, place.standing, findings)
        check_volumes(world, node, place.standing, place.served, findings)
        _check_providers(place, findings)
    facts = tuple(facts_of(place, here) for place, here in zip(places, lines, strict=True))
    check_ceilings(world, lines, findings)
    rules, prices = check_rules(world, facts, findings)
    lines = tuple((*here, *more) for here, more in zip(lines, prices, strict=True))
    return _accounts(world, plan, places, facts, lines, rules, findings)


def _accounts(
    world: World,
    plan: tuple[PlanNode, ...],
    places: tuple[Place, ...],
    facts: tuple[Facts, ...],
    lines: tuple[tuple[Line, ...], ...],
    rules: tuple[RuleCheck, ...],
    findings: Findings,
) -> Accounts:
    parts = expected(world, lines)
    futures = leaf_costs(world, lines)
    low, high = spread(world, futures)
    mean = total(parts.values())
    risk = world.case.appraisal.risk
    weight = Fraction(risk.weight)
    bad = tail_mean(world, futures, Fraction(risk.level)) if weight else ZERO
    filled = tuple(
        node.model_copy(update={"costs": _costs(here), "exposure": pence(at.exposure)})
        for node, at, here in zip(plan, facts, lines, strict=True)
    )
    score = swing_score(world, (at.levels for at in facts))
    levels = tuple({name: to_places(level, 6) for name, level in at.levels.items()} for at in facts)
    return Accounts(
        nodes=filled,
        expected={name: pence(parts[name]) for name in COMPONENTS if name in parts},
        cost=pence((1 - weight) * mean + weight * bad),
        mean=pence(mean),
        cvar=pence(bad) if weight else None,
        authority_cost=pence(total(parts[c] for c in AUTHORITY_COMPONENTS if c in parts)),
        low=pence(low),
        high=pence(high),
        leaves=as_leaves(world, futures),
        outcome_levels=levels,
        financial_years=financial_years(world, lines),
        swing_score=None if score is None else to_places(score, 4),
        parties=party_figures(world, places, lines),
        indicative_share=to_places(indicative_share(world, lines), 4),
        rules=rules,
        discrepancies=tuple(findings.discrepancies),
        # Each line of cost, exposure and level is a figure recomputed.
        checks=findings.checks + sum(len(here) + 1 for here in lines) + sum(map(len, levels)),
    )


def _costs(lines: tuple[Line, ...]) -> dict[Component, Decimal]:
    amounts = by_component(lines)
    return {name: pence(amounts[name]) for name in COMPONENTS if name in amounts}


def _in_order(tree: Tree, nodes: tuple[PlanNode, ...], findings: Findings) -> tuple[PlanNode, ...]:
    """The plan's nodes in the order of the tree; one that is missing does nothing."""
    given = {node.node: node for node in nodes}
    findings.expect(len(given) == len(nodes), "the plan states a node more than once")
    strangers = sorted(set(given) - {node.id for node in tree.nodes})
    findings.expect(not strangers, f"the plan has nodes that the tree does not: {strangers}")
    missing = [node.id for node in tree.nodes if node.id not in given]
    findings.expect(not missing, f"the plan says nothing for the nodes {missing}")
    return tuple(given.get(node.id, PlanNode(node=node.id)) for node in tree.nodes)


def places_of(
    world: World, plan: tuple[PlanNode, ...], standings: tuple[Standing, ...]
) -> tuple[Place, ...]:
    """Every node with all that its costs follow from, in the order of the tree."""
    owed: list[tuple[Owed, ...]] = []
    places = []
    for node, decided, standing in zip(world.tree.nodes, plan, standings, strict=True):
        above = () if node.parent is None else owed[node.parent]
        new = (owed_for(world, ended, node.period) for ended in standing.ended)
        owed.append((*above, *(fee for fee in new if fee is not None and fee.periods)))
        places.append(
            Place(
                world=world,
                node=node.id,
                period=node.period,
                standing=standing,
                served=served_at(world, decided, standing),
                owed=owed[-1],
            )
        )
    return tuple(places)


def _check_positions(node: PlanNode, standing: Standing, findings: Findings) -> None:
    """Compare the live agreements that a plan states with those that its decisions lead to."""
    stated = {position.offer: position for position in node.positions}
    where = f"node {node.node}"
    findings.expect(len(stated) == len(node.positions), f"{where}: two positions of the same offer")
    for name in sorted(set(stated) | set(standing.live)):
        if name not in standing.live:
            findings.expect(
                False, f"{where}: `{name}` is stated as live; by the decisions it is not"
            )
        elif name not in stated:
            findings.expect(
                False, f"{where}: `{name}` is live by the decisions and is not stated as live"
            )
        else:
            position, agreement = stated[name], standing.live[name]
            findings.expect(
                (position.since, position.age, position.ends)
                == (agreement.since, agreement.age, agreement.ends),
                f"{where}: `{name}` is stated as {_life(position.since, position.age)}"
                f"{_end(position.ends)}; by the decisions it is {_live(agreement)}",
            )


def _live(agreement: Live) -> str:
    return _life(agreement.since, agreement.age) + _end(agreement.ends)


def _life(since: int | None, age: int) -> str:
    start = "live since before the case" if since is None else f"live since node {since}"
    return f"{start}, {age} periods old"


def _end(ends: int | None) -> str:
    return "" if ends is None else f", ending with period {ends}"


def _check_providers(place: Place, findings: Findings) -> None:
    world = place.world
    for service in world.case.services:
        holders = {
            world.offers[name].supplier
            for name in place.standing.live
            if service.id in world.offers[name].services
        }
        most = service.max_providers
        findings.expect(
            most is None or len(holders) <= most,
            f"node {place.node}: {len(holders)} suppliers hold live agreements for "
            f"`{service.id}`; `max_providers` is {most}",
        )
