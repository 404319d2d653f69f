"""What a node costs beside the offers' own lines, given which agreements are live there.

Serving is solved exactly. Every unit of demand goes to the cheapest source, net of what outcomes
are worth. Two things tie units together, and a node may have one of them:

- An outcome that can reach its target: the credit `min(I, cap)` is the least of
  `λ I + (1 - λ) cap` over `λ` from 0 to 1.
- A rule on shares: a row `a·x + b ≤ 0` is priced with `λ` from 0 up.

In both the cost of serving is the largest, over `λ`, of problems without a tie (duality of linear
programmes). As a function of `λ` that is concave, with kinks only where two sources cost the
same, and all of those are tried.

Where prices have tiers, every combination of the tiers that offers reach is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

from tests.differential.ground import ZERO, Ground, below, exact
from tests.differential.limits import breaches, price
from tests.differential.shares import SHARES, Problem, Source, Standings, priced

from sourcemix.model.offers import Offer
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node


def shared(ground: Ground, node: Node, standings: Standings) -> Fraction | None:
    """Lines that depend on who else is live here, undiscounted; None where it is not allowed."""
    live = [ground.case.offer(name) for name, s in standings.items() if s.live]
    if not _providers(ground, live):
        return None
    beside = breaches(ground, node, standings)
    served = None if beside is None else _serving(ground, node, live, standings)
    if beside is None or served is None:
        return None
    return served + beside + _joint(ground, live)


def apart(
    ground: Ground, node: Node, rule: SHARES, standings: Standings
) -> tuple[Fraction, list[Problem], Fraction] | None:
    """The same, but for serving: its problems tied by a rule of the whole plan, and a constant."""
    live = [ground.case.offer(name) for name, s in standings.items() if s.live]
    beside = breaches(ground, node, standings)
    if beside is None or not _providers(ground, live):
        return None
    ways = [list(_problems(ground, node, s.id, live, standings)) for s in ground.case.services]
    assert all(len(way) == 1 for way in ways), "tiers and a rule of the whole plan"
    tied, constant = priced(ground, node, rule, [way[0] for way in ways], standings)
    return beside + _joint(ground, live), tied, constant


def _providers(ground: Ground, live: list[Offer]) -> bool:
    for service in ground.case.services:
        suppliers = {offer.supplier for offer in live if service.id in offer.services}
        if service.max_providers is not None and len(suppliers) > service.max_providers:
            return False
    return True


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
        paid = sum((exact(e.cost) for e in offer.takeover if e.from_ in held), ZERO)
        cost += paid * ground.once(offer, "takeover")
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
    return cost * ground.part * ground.with_bias("operating")


def volumes(
    ground: Ground, node: Node, standings: Standings
) -> tuple[dict[str, dict[str, Fraction]], dict[str, Fraction]]:
    """Who serves how much of each service, and what stays unmet, where no credit stops early."""
    live = [ground.case.offer(name) for name, s in standings.items() if s.live]
    by_offer: dict[str, dict[str, Fraction]] = {offer.id: {} for offer in live}
    unmet: dict[str, Fraction] = {}
    for service in ground.case.services:
        taken, left = _best(_problems(ground, node, service.id, live, standings))
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
    ways = [list(_problems(ground, node, s.id, live, standings)) for s in ground.case.services]
    found = (_tied(ground, node, list(problems), standings) for problems in product(*ways))
    return min((cost for cost in found if cost is not None), default=None)


def _tied(
    ground: Ground, node: Node, problems: list[Problem], standings: Standings
) -> Fraction | None:
    """Least cost of serving with what ties units together; None where it is not possible."""
    capped = [o for o in ground.case.outcomes if o.value and can_reach(ground, o)]
    rows = [r for r in ground.rules[node.id] if isinstance(r, SHARES)]
    assert len(capped) + len(rows) <= 1, "one tie at a node"
    if rows:
        tied, constant = priced(ground, node, rows[0], problems, standings)
        return _largest(tied, constant, None if rows[0].soft is None else price(ground, rows[0]))
    if not capped:
        return cheapest(problems, ZERO)
    top = exact(capped[0].value) * ground.part
    top *= abs(exact(capped[0].target) - exact(capped[0].baseline))
    found = _largest(problems, top, Fraction(1))
    return None if found is None else found - top


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


def _problems(
    ground: Ground, node: Node, service: str, live: list[Offer], standings: Standings
) -> Iterator[Problem]:
    """The problem of a service, for every combination of tiers that offers reach."""
    demand = exact(node.demand[service])
    shares = (exact(o.reduces[service]) for o in live if service in o.reduces)
    avoided = sum((below(share * demand) for share in shares), ZERO)
    unmet = _unmet_price(ground, node, service)
    beside = [] if unmet is None else [Source(unmet, None)]
    offering = [offer for offer in live if service in offer.services]
    ways = [list(_ways(ground, node, offer, service, standings)) for offer in offering]
    for combination in product(*ways):
        sources = [source for sources in combination for source in sources]
        yield max(ZERO, demand - avoided), [*sources, *beside]


def _ways(
    ground: Ground, node: Node, offer: Offer, service: str, standings: Standings
) -> Iterator[list[Source]]:
    """Where units of an offer come from, for each tier that it may reach."""
    part = next(s for s in standings[offer.id].serves if s.service == service)
    plain, towards = _worth(ground, node, offer, service)
    paid = part.paid if part.most is None else min(part.paid, part.most)
    free = Source(-plain, paid, towards, offer.id)
    if paid < part.paid:
        yield [free]
        return
    biased = ground.with_bias("operating")
    for way in part.prices.ways(part.paid, part.most):
        rest = None if way.most is None else way.most - way.least
        more = Source(way.price * biased - plain, rest, towards, offer.id, way.price)
        if way.least == paid:
            yield [free, more]
        else:
            each = way.pounds / way.least
            price = each * biased - plain
            yield [Source(price, way.least, towards, offer.id, each, must=True), more]


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
        counted = ground.bearing(outcome.id)
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
    one = Fraction(1)
    tried = [_taken(demand, sources, one) for demand, sources in problems]
    possible = [(taken, left) for taken, left in tried if left >= 0]
    return min(possible, key=lambda found: (found[1] > 0, _cost(found[0], one)))


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
