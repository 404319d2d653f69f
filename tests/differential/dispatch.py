"""What serving a node costs, given which agreements are live there.

Serving is solved exactly. Every unit of demand goes to the cheapest source, net of what outcomes
are worth. Two things tie units together:

- An outcome that can reach its target: the credit `min(I, cap)` is the least of
  `λ I + (1 - λ) cap` over `λ` from 0 to 1.
- A rule on volumes: a row `a·x + b ≤ 0` is priced with `λ` from 0 up.

In both the cost of serving is the largest, over `λ`, of problems without a tie (duality of linear
programmes). As a function of `λ` that is concave, with kinks only where two sources cost the
same, and all of those are tried. Where a node has more than one tie, this gives the cost with the
first of them alone, which is never more; `tied` has the rest.

Where prices have tiers, every combination of the tiers that offers reach is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from tests.differential.ground import ZERO, Ground, below, exact
from tests.differential.limits import price
from tests.differential.rows import LOCAL, Form, Standings, credits, excess

from sourcemix.model.offers import Offer
from sourcemix.model.rules import Rule
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node


@dataclass(frozen=True)
class Source:
    """Somewhere that units of a service can come from; `most` None: without limit.

    `worth`: what a unit's price falls by for each unit of `λ`. What outcomes that cannot reach
    their target are worth is in `price` already. `offer` None: nobody serves it.
    `charge`: pounds that a unit adds to what the supplier is paid. `must`: all of it is taken.
    """

    price: Fraction
    most: Fraction | None
    worth: Fraction = ZERO
    offer: str | None = None
    charge: Fraction = ZERO
    must: bool = False


Problem = tuple[Fraction, list[Source]]
"""Units of one service that somebody must provide, and where they can come from."""


@dataclass(frozen=True)
class Ties:
    """What ties the units of a node together."""

    capped: tuple[Outcome, ...]
    rows: tuple[tuple[Rule, str, Form], ...]

    @property
    def several(self) -> bool:
        """Whether there are too many for the exact way of this module."""
        return len(self.capped) + len(self.rows) > 1


def ties(ground: Ground, node: Node, standings: Standings) -> Ties:
    """Outcomes that can reach their targets, and rules on volumes that may not hold."""
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    capped = tuple(
        o
        for o in ground.case.outcomes
        if ground.worth(o) and can_reach(ground, o) and credits(ground, node, o, live).varies
    )
    rows = tuple(
        (rule, what, form)
        for rule in ground.rules[node.id]
        if isinstance(rule, LOCAL)
        for what, form in excess(ground, node, rule, standings, ZERO).items()
        if not form.idle
    )
    return Ties(capped, rows)


def serving(ground: Ground, node: Node, standings: Standings) -> Fraction | None:
    """Volume beyond the committed, unmet demand, less the value of outcomes; undiscounted.

    None where demand cannot be served or a rule cannot hold.
    """
    found = ties(ground, node, standings)
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    spend = bool(found.rows) and bool(found.rows[0][2].pounds)
    capped = None if found.rows else next(iter(found.capped), None)
    ways = [
        list(_problems(ground, node, s.id, standings, capped, spend)) for s in ground.case.services
    ]
    costs = (
        _tied(ground, node, list(problems), found, capped, live) for problems in product(*ways)
    )
    return min((cost for cost in costs if cost is not None), default=None)


def by_service(ground: Ground, node: Node, service: str, standings: Standings) -> Fraction | None:
    """The same for one service, where nothing ties units together."""
    costs = (
        cheapest([problem], ZERO)
        for problem in _problems(ground, node, service, standings, None, False)
    )
    return min((cost for cost in costs if cost is not None), default=None)


def _tied(
    ground: Ground,
    node: Node,
    problems: list[Problem],
    found: Ties,
    capped: Outcome | None,
    live: list[Offer],
) -> Fraction | None:
    """Least cost of serving with the first of what ties units together."""
    if found.rows:
        rule, _, form = found.rows[0]
        tied = [
            (demand, [_with_row(node, s, service.id, form) for s in sources])
            for (demand, sources), service in zip(problems, ground.case.services, strict=True)
        ]
        most = None if rule.soft is None else price(ground, rule)
        return _largest(tied, form.constant, most)
    if capped is None:
        return cheapest(problems, ZERO)
    worth = ground.worth(capped) * ground.part
    form = credits(ground, node, capped, live)
    tied = [
        (demand, [_towards(node, s, service.id, form, worth) for s in sources])
        for (demand, sources), service in zip(problems, ground.case.services, strict=True)
    ]
    top = worth * abs(exact(capped.target) - exact(capped.baseline))
    largest = _largest(tied, top, Fraction(1))
    return None if largest is None else largest - top


def _with_row(node: Node, source: Source, service: str, form: Form) -> Source:
    if source.offer is None:
        return source
    spot = (node.id, source.offer, service)
    a = form.units.get(spot, ZERO) + form.pounds.get(spot, ZERO) * source.charge
    return replace(source, worth=-a)


def _towards(node: Node, source: Source, service: str, form: Form, worth: Fraction) -> Source:
    if source.offer is None:
        return source
    return replace(source, worth=worth * form.units.get((node.id, source.offer, service), ZERO))


def _largest(problems: list[Problem], constant: Fraction, most: Fraction | None) -> Fraction | None:
    """Largest over `λ` of the least cost of serving plus `λ` times a constant.

    None where demand cannot be served, or where it grows without end: then no volumes hold the
    row.
    """
    at_kinks = kinks(problems, most)
    if most is None:
        at_kinks += [at_kinks[-1] + 1, at_kinks[-1] + 2]
    found = []
    for at in at_kinks:
        cost = cheapest(problems, at)
        if cost is None:
            return None
        found.append(cost + at * constant)
    if most is None and found[-1] > found[-2]:
        return None
    return max(found)


def to_serve(ground: Ground, node: Node, service: str, standings: Standings) -> Fraction:
    """Demand that is left when offers that reduce it have done so."""
    demand = exact(node.demand[service])
    live = (ground.offers[name] for name, s in standings.items() if s.live)
    shares = (exact(o.reduces[service]) for o in live if service in o.reduces)
    return max(ZERO, demand - sum((below(share * demand) for share in shares), ZERO))


def _problems(
    ground: Ground,
    node: Node,
    service: str,
    standings: Standings,
    capped: Outcome | None,
    spend: bool,
) -> Iterator[Problem]:
    """The problem of a service, for every combination of tiers that offers reach."""
    unmet = unmet_price(ground, node, service)
    beside = [] if unmet is None else [Source(unmet, None)]
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    ways = [
        list(_ways(ground, node, offer, service, standings, capped, spend))
        for offer in live
        if service in offer.services
    ]
    for combination in product(*ways):
        sources = [source for sources in combination for source in sources]
        yield to_serve(ground, node, service, standings), [*sources, *beside]


def _ways(
    ground: Ground,
    node: Node,
    offer: Offer,
    service: str,
    standings: Standings,
    capped: Outcome | None,
    spend: bool,
) -> Iterator[list[Source]]:
    """Where units of an offer come from, for each tier that it may reach.

    Beyond what is paid for anyway only where that is used up; where pounds are counted (`spend`)
    serving from there first could pay, so what is paid for is then taken for certain.
    """
    part = next(s for s in standings[offer.id].serves if s.service == service)
    plain = _worth(ground, node, offer, service, capped)
    paid = part.paid if part.most is None else min(part.paid, part.most)
    free = Source(-plain, paid, offer=offer.id)
    if paid < part.paid:
        yield [free]
        return
    if spend and paid:
        yield [free]
    free = replace(free, must=spend)
    rate = ground.with_bias("operating") + ground.vat(offer)
    for way in part.prices.ways(part.paid, part.most):
        rest = None if way.most is None else way.most - way.least
        more = Source(way.price * rate - plain, rest, offer=offer.id, charge=way.price)
        if way.least == paid:
            yield [free, more]
        else:
            each = way.pounds / way.least
            first = Source(each * rate - plain, way.least, offer=offer.id, charge=each, must=True)
            yield [first, more]


def _worth(
    ground: Ground, node: Node, offer: Offer, service: str, capped: Outcome | None
) -> Fraction:
    """What a unit adds through outcomes, but for the one that may reach its target."""
    worth = ZERO
    for outcome in ground.case.outcomes:
        if ground.worth(outcome) and outcome != capped:
            form = credits(ground, node, outcome, [offer])
            each = form.units.get((node.id, offer.id, service), ZERO)
            worth += ground.worth(outcome) * ground.part * each
    return worth


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


def unmet_price(ground: Ground, node: Node, service: str) -> Fraction | None:
    """Pounds for a unit that nobody serves; None where that is not allowed."""
    terms = ground.case.service(service)
    failed = any(
        o.supplier in node.just_failed and service in o.services for o in ground.case.offers
    )
    if failed and terms.emergency is not None:
        return exact(terms.emergency)
    return None if terms.unmet == "never" else exact(terms.unmet)


def volumes(
    ground: Ground, node: Node, standings: Standings
) -> tuple[dict[str, dict[str, Fraction]], dict[str, Fraction]]:
    """Who serves how much of each service, and what stays unmet, where nothing ties units."""
    by_offer: dict[str, dict[str, Fraction]] = {n: {} for n, s in standings.items() if s.live}
    unmet: dict[str, Fraction] = {}
    for service in ground.case.services:
        problems = _problems(ground, node, service.id, standings, None, False)
        taken, left = _best(problems)
        unmet[service.id] = left
        for source, amount in taken:
            if source.offer is None:
                unmet[service.id] += amount
            else:
                served = by_offer[source.offer]
                served[service.id] = served.get(service.id, ZERO) + amount
    return by_offer, unmet


def _taken(
    left: Fraction, sources: list[Source], at: Fraction
) -> tuple[list[tuple[Source, Fraction]], Fraction]:
    """Every unit from the cheapest source, and what nobody can provide.

    What must be taken comes first. What is left is below 0 where that is more than there is.
    """
    taken = []
    for source in sorted(sources, key=lambda s: (not s.must, s.price - at * s.worth)):
        amount = source.most
        if amount is None or (amount > left and not source.must):
            amount = max(ZERO, left)
        taken.append((source, amount))
        left -= amount
    return taken, left


def _cost(taken: list[tuple[Source, Fraction]], at: Fraction) -> Fraction:
    return sum(((s.price - at * s.worth) * amount for s, amount in taken), ZERO)


def _best(problems: Iterator[Problem]) -> tuple[list[tuple[Source, Fraction]], Fraction]:
    """Who serves at least cost, of several problems; one in which all is served comes first."""
    tried = [_taken(demand, sources, ZERO) for demand, sources in problems]
    possible = [(taken, left) for taken, left in tried if left >= 0]
    return min(possible, key=lambda found: (found[1] > 0, _cost(found[0], ZERO)))


def cheapest(problems: list[Problem], at: Fraction) -> Fraction | None:
    """Least cost of serving; None where demand that must be served cannot be."""
    cost = ZERO
    for demand, sources in problems:
        taken, left = _taken(demand, sources, at)
        if left:
            return None
        cost += _cost(taken, at)
    return cost


def kinks(problems: list[Problem], most: Fraction | None) -> list[Fraction]:
    """Values of `λ` at which two sources cost the same, and the ends of its range."""
    found = {ZERO} if most is None else {ZERO, most}
    for _, sources in problems:
        for one, two in combinations(sources, 2):
            if one.worth != two.worth:
                at = (one.price - two.price) / (one.worth - two.worth)
                if at > 0 and (most is None or at < most):
                    found.add(at)
    return sorted(found)
