"""What a node costs beside the offers' own lines and serving: given which agreements are live.

Each of these depends on a little of how things stand, and not on volumes.
"""

from __future__ import annotations

from fractions import Fraction

from tests.differential.ground import ZERO, Ground, exact
from tests.differential.limits import breaches
from tests.differential.rows import Standings

from sourcemix.model.offers import Offer
from sourcemix.model.tree import Node


def by_live(ground: Ground, node: Node, standings: Standings) -> Fraction | None:
    """Interfaces, overheads, rules on who is live; None where that is not allowed."""
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    if not _providers(ground, live):
        return None
    beyond = breaches(ground, node, dict(standings), exposure=False)
    return None if beyond is None else beyond + _joint(ground, live)


def by_exposure(ground: Ground, node: Node, standings: Standings) -> Fraction | None:
    """Limits on exposure."""
    return breaches(ground, node, dict(standings), exposure=True)


def takeover(ground: Ground, standings: Standings) -> Fraction:
    """What starts here pays for taking over from suppliers that were live at the parent."""
    cost = ZERO
    for name, standing in standings.items():
        if not standing.starts or standing.before:
            continue
        offer = ground.offers[name]
        held = {
            other.supplier
            for other in ground.case.offers
            if standings[other.id].before and set(other.services) & set(offer.services)
        }
        paid = sum((exact(e.cost) for e in offer.takeover if e.from_ in held), ZERO)
        cost += paid * ground.once(offer, "takeover")
    return cost


def merged(ground: Ground, standings: Standings) -> Fraction:
    """Managing agreements that have been merged: the dearest of those still live, once."""
    dearest: dict[tuple[str, str], Fraction] = {}
    for name, standing in standings.items():
        if standing.managed is not None:
            key = ground.offers[name].supplier, ground.merging(name)
            dearest[key] = max(dearest.get(key, ZERO), standing.managed)
    return sum(dearest.values(), ZERO) * ground.with_bias("operating")


def paid_beside(ground: Ground, standings: Standings) -> Fraction:
    """What of this the authority pays: all but breaches."""
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    return _joint(ground, live) + takeover(ground, standings) + merged(ground, standings)


def _providers(ground: Ground, live: list[Offer]) -> bool:
    for service in ground.case.services:
        suppliers = {offer.supplier for offer in live if service.id in offer.services}
        if service.max_providers is not None and len(suppliers) > service.max_providers:
            return False
    return True


def _joint(ground: Ground, live: list[Offer]) -> Fraction:
    cost = ZERO
    for link in ground.case.links:
        if len({o.supplier for o in live if set(o.services) & set(link.services)}) > 1:
            cost += exact(link.interface)
    for service in ground.case.services:
        cost += exact(service.overhead.remaining)
        if any(ground.kinds[o.supplier] == "in_house" and service.id in o.services for o in live):
            cost += exact(service.overhead.avoidable)
    return cost * ground.part * ground.with_bias("operating")
