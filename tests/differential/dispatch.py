"""What a node costs beside the offers' own lines, given which agreements are live there.

Serving is solved exactly. Every unit of demand goes to the cheapest source, net of what outcomes
are worth. Two things tie units together, and a node may have one of them:

- An outcome that can reach its target: the credit `min(I, cap)` is the least of
  `λ I + (1 - λ) cap` over `λ` from 0 to 1.
- A rule on shares: a row `a·x + b ≤ 0` is priced with `λ` from 0 up.

In both the cost of serving is the largest, over `λ`, of problems without a tie (duality of linear
programmes). As a function of `λ` that is concave, with kinks only where two sources cost the
same, and all of those are tried.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from tests.differential.ground import ZERO, Ground, below, exact
from tests.differential.shares import SHARES, Problem, Source, Standings, priced

from sourcemix.model.offers import Offer
from sourcemix.model.rules import (
    Excludes,
    KeepInHouse,
    MaxLive,
    MaxShare,
    MaxSuppliers,
    MaxTerm,
    MinShare,
    MinSuppliers,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
)
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node


def shared(ground: Ground, node: Node, standings: Standings) -> Fraction | None:
    """Lines that depend on who else is live here, undiscounted; None where it is not allowed."""
    live = [ground.case.offer(name) for name, s in standings.items() if s.live]
    if not _providers(ground, live):
        return None
    if not all(_holds(ground, node, rule, live) for rule in ground.rules[node.id]):
        return None
    served = _serving(ground, node, live, standings)
    return None if served is None else served + _joint(ground, live)


def _providers(ground: Ground, live: list[Offer]) -> bool:
    for service in ground.case.services:
        suppliers = {offer.supplier for offer in live if service.id in offer.services}
        if service.max_providers is not None and len(suppliers) > service.max_providers:
            return False
    return True


def _holds(ground: Ground, node: Node, rule: Rule, live: list[Offer]) -> bool:
    """Whether a rule on who is live holds at a node."""
    names = {offer.id for offer in live}
    outside = [offer for offer in live if ground.kinds[offer.supplier] != "in_house"]
    match rule:
        case MaxSuppliers():
            counted = {o.supplier for o in outside if rule.service in (None, *o.services)}
            return len(counted) <= rule.limit
        case MinSuppliers():
            wanted = [s.id for s in ground.case.services if rule.service in (None, s.id)]
            return all(
                node.demand[name] == 0
                or len({o.supplier for o in live if name in o.services}) >= rule.limit
                for name in wanted
            )
        case MaxLive():
            return len(outside) <= rule.limit
        case MustUse():
            return _used(rule, live)
        case MustNotUse():
            return not _used(rule, live)
        case Excludes():
            return len(names & set(rule.offers)) <= 1
        case Requires():
            return rule.offer not in names or names >= set(rule.needs)
        case MaxTerm():
            return True  # a rule of each agreement: see `moves`
        case KeepInHouse() | MaxShare() | MinShare():
            return True  # rows on volumes: see `shares`
        case _:
            raise NotImplementedError(rule.kind)


def _used(rule: MustUse | MustNotUse, live: list[Offer]) -> bool:
    return any(rule.offer == o.id or rule.supplier == o.supplier for o in live)


def takeover(ground: Ground, standings: Standings) -> Fraction:
    """What starts here pays for taking over from suppliers that were live at the parent."""
    cost = ZERO
    for name, standing in standings.items():
        if not standing.starts or standing.before:
            continue
        offer = ground.case.offer(name)
        held = {
            other.supplier
            for other in ground.case.offers
            if standings[other.id].before and set(other.services) & set(offer.services)
        }
        cost += sum((exact(e.cost) for e in offer.takeover if e.from_ in held), ZERO)
    return cost


def _joint(ground: Ground, live: list[Offer]) -> Fraction:
    """Interfaces and overheads."""
    cost = ZERO
    for link in ground.case.links:
        if len({o.supplier for o in live if set(o.services) & set(link.services)}) > 1:
            cost += exact(link.interface)
    for service in ground.case.services:
        cost += exact(service.overhead.remaining)
        if any(ground.kinds[o.supplier] == "in_house" and service.id in o.services for o in live):
            cost += exact(service.overhead.avoidable)
    return cost * ground.part


def volumes(
    ground: Ground, node: Node, standings: Standings
) -> tuple[dict[str, dict[str, Fraction]], dict[str, Fraction]]:
    """Who serves how much of each service, and what stays unmet, where no credit stops early."""
    live = [ground.case.offer(name) for name, s in standings.items() if s.live]
    by_offer: dict[str, dict[str, Fraction]] = {offer.id: {} for offer in live}
    unmet: dict[str, Fraction] = {}
    for service in ground.case.services:
        demand, sources = _problem(ground, node, service.id, live, standings)
        taken, left = _taken(demand, sources, Fraction(1))
        unmet[service.id] = left
        for source, amount in taken:
            if source.offer is None:
                unmet[service.id] += amount
            else:
                served = by_offer[source.offer]
                served[service.id] = served.get(service.id, ZERO) + amount
    return by_offer, unmet


def _serving(
    ground: Ground, node: Node, live: list[Offer], standings: Standings
) -> Fraction | None:
    """Volume beyond the committed, unmet demand, less the value of outcomes."""
    problems = [_problem(ground, node, s.id, live, standings) for s in ground.case.services]
    capped = [o for o in ground.case.outcomes if o.value and can_reach(ground, o)]
    rows = [r for r in ground.rules[node.id] if isinstance(r, SHARES)]
    assert len(capped) + len(rows) <= 1, "one tie at a node"
    if rows:
        tied, constant = priced(ground, node, rows[0], problems, standings)
        return _largest(tied, constant, None)
    if not capped:
        return _cheapest(problems, ZERO)
    top = exact(capped[0].value) * ground.part
    top *= abs(exact(capped[0].target) - exact(capped[0].baseline))
    found = _largest(problems, top, Fraction(1))
    return None if found is None else found - top


def _largest(problems: list[Problem], constant: Fraction, most: Fraction | None) -> Fraction | None:
    """Largest over `λ` of the least cost of serving plus `λ` times a constant.

    None where demand cannot be served, or where it grows without end: then no volumes hold the
    row.
    """
    kinks = _kinks(problems, most)
    if most is None:
        kinks += [kinks[-1] + 1, kinks[-1] + 2]
    found = []
    for at in kinks:
        cost = _cheapest(problems, at)
        if cost is None:
            return None
        found.append(cost + at * constant)
    if most is None and found[-1] > found[-2]:
        return None
    return max(found)


def _problem(
    ground: Ground, node: Node, service: str, live: list[Offer], standings: Standings
) -> Problem:
    demand = exact(node.demand[service])
    shares = (exact(o.reduces[service]) for o in live if service in o.reduces)
    avoided = sum((below(share * demand) for share in shares), ZERO)
    sources = []
    for offer in live:
        if service in offer.services:
            sources += _sources(ground, node, offer, service, standings)
    unmet = _unmet_price(ground, node, service)
    if unmet is not None:
        sources.append(Source(unmet, None))
    return max(ZERO, demand - avoided), sources


def _sources(
    ground: Ground, node: Node, offer: Offer, service: str, standings: Standings
) -> list[Source]:
    part = next(s for s in standings[offer.id].serves if s.service == service)
    plain, towards = _worth(ground, node, offer, service)
    rest = None if part.most is None else part.most - part.paid
    return [
        Source(-plain, part.paid, towards, offer.id),
        Source(part.price - plain, rest, towards, offer.id, part.price),
    ]


def _worth(ground: Ground, node: Node, offer: Offer, service: str) -> tuple[Fraction, Fraction]:
    """What a unit adds through outcomes: those that cannot reach their target, the one that can."""
    plain = towards = ZERO
    demand = exact(node.demand[service])
    for outcome in ground.case.outcomes:
        level = offer.services[service].outcomes.get(outcome.id)
        if not outcome.value or level is None or demand == 0:
            continue
        better = exact(level) - exact(outcome.baseline)
        better = better if outcome.better == "higher" else -better
        counted = [
            s.id
            for s in ground.case.services
            if any(
                outcome.id in o.services[s.id].outcomes
                for o in ground.case.offers
                if s.id in o.services
            )
        ]
        worth = exact(outcome.value) * ground.part * better / len(counted) / demand
        if can_reach(ground, outcome):
            towards += worth
        else:
            plain += worth
    return plain, towards


def can_reach(ground: Ground, outcome: Outcome) -> bool:
    """Whether any offer's level is beyond the target, so that the credit may stop there."""
    levels = [
        exact(terms.outcomes[outcome.id])
        for offer in ground.case.offers
        for terms in offer.services.values()
        if outcome.id in terms.outcomes
    ]
    target = exact(outcome.target)
    return any(lv > target if outcome.better == "higher" else lv < target for lv in levels)


def _unmet_price(ground: Ground, node: Node, service: str) -> Fraction | None:
    terms = ground.case.service(service)
    failed = any(
        o.supplier in node.just_failed and service in o.services for o in ground.case.offers
    )
    if failed and terms.emergency is not None:
        return exact(terms.emergency)
    return None if terms.unmet == "never" else exact(terms.unmet)


def _taken(
    left: Fraction, sources: list[Source], at: Fraction
) -> tuple[list[tuple[Source, Fraction]], Fraction]:
    """Every unit from the cheapest source, and what nobody can provide."""
    taken = []
    for source in sorted(sources, key=lambda s: s.price - at * s.worth):
        amount = left if source.most is None else min(left, source.most)
        taken.append((source, amount))
        left -= amount
    return taken, left


def _cheapest(problems: list[Problem], at: Fraction) -> Fraction | None:
    """Least cost of serving; None where demand that must be served cannot be."""
    cost = ZERO
    for demand, sources in problems:
        taken, left = _taken(demand, sources, at)
        if left:
            return None
        cost += sum(((s.price - at * s.worth) * amount for s, amount in taken), ZERO)
    return cost


def _kinks(problems: list[Problem], most: Fraction | None) -> list[Fraction]:
    kinks = {ZERO} if most is None else {ZERO, most}
    for _, sources in problems:
        for one, two in combinations(sources, 2):
            if one.worth != two.worth:
                at = (one.price - two.price) / (one.worth - two.worth)
                if at > 0 and (most is None or at < most):
                    kinks.add(at)
    return sorted(kinks)
