"""A case and its tree as plain arrays, compiled once and never changed.

The only place where names become indices. Money is in pounds of the price base as floats,
durations in periods, demand in units of a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sourcemix import law
from sourcemix.engine.milp import Bools, Floats, Ints
from sourcemix.engine.terms import OfferTerms, Today, deflator, offer_terms, today
from sourcemix.model.case import Case
from sourcemix.model.common import central
from sourcemix.model.tree import Tree

TODAY = -1
"""Stands for "before the first node" where a node is expected."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the engine needs to know.

    Attributes:
        case: what was compiled, for messages and for going back to names.
        tree: likewise.
        offers: terms by offer, in the case's order.
        services: ids, in the case's order.
        suppliers: ids, in the case's order.
        today: agreements signed before the first node, by offer.
        parent: parent by node, `TODAY` for the first.
        period: period by node.
        probability: absolute probability by node.
        discount: discount factor by period.
        deflator: pounds of cash for one pound of the price base, by period.
        demand: units by node and service.
        gone: by node and offer: its supplier has failed, or the offer is withdrawn, by then.
        ended: by node and offer: reorganisation ends what is live as the period begins.
        in_house: by offer: whether its supplier is in-house.
        unmet: pounds a unit by node and service; infinite where nothing may be left unmet.
    """

    case: Case
    tree: Tree
    offers: tuple[OfferTerms, ...]
    services: tuple[str, ...]
    suppliers: tuple[str, ...]
    today: tuple[tuple[Today, ...], ...]
    parent: Ints
    period: Ints
    probability: Floats
    discount: Floats
    deflator: Floats
    demand: Floats
    gone: Bools
    ended: Bools
    in_house: Bools
    unmet: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return self.case.horizon.periods

    @property
    def year(self) -> float:
        """Length of a period in years."""
        return self.case.horizon.months / 12

    def weight(self, node: int) -> float:
        """Probability times discount factor of a node."""
        return float(self.probability[node] * self.discount[self.period[node]])

    def above(self, node: int, steps: int) -> int:
        """The ancestor so many periods up; `TODAY` or beyond becomes `TODAY`."""
        at = node
        for _ in range(steps):
            if at == TODAY:
                break
            at = int(self.parent[at])
        return at

    def price(self, offer: int, service: int, age: int) -> float:
        """Unit price of an agreement of that age, below its tiers and before `price_factor`."""
        terms = self.offers[offer]
        entry = terms.services[service]
        return entry.price[min(terms.year_of(age), len(entry.price) - 1)]

    def price_factor(self, node: int, offer: int, period: int | None = None) -> float:
        """What unit prices are multiplied by at a node: price drivers and real index.

        The index is that of `period`, if given, not of the node's own.
        """
        driven = self.tree.nodes[node].prices.get(self.offers[offer].id)
        moved = 1.0 if driven is None else float(driven.price)
        at = int(self.period[node]) if period is None else period
        return moved * self.offers[offer].index[at]

    def fixed(self, node: int, offer: int, age: int) -> float:
        """Fixed charge of a period in real pounds at a node for an agreement of that age."""
        terms = self.offers[offer]
        year = min(terms.year_of(age), len(terms.fixed) - 1)
        driven = self.tree.nodes[node].prices.get(terms.id)
        moved = 1.0 if driven is None else float(driven.fixed)
        return terms.fixed[year] * moved * self._index(node, offer)

    def committed(self, node: int, offer: int, service: int) -> float:
        """Units of a period that are paid for whether used or not."""
        return self.offers[offer].services[service].committed[int(self.period[node])]

    def _index(self, node: int, offer: int) -> float:
        return self.offers[offer].index[int(self.period[node])]


def discount_factors(case: Case) -> tuple[Fraction, ...]:
    """Exact discount factor by period: 1 in the first year, then compounded by year."""
    horizon = case.horizon
    factors = [Fraction(1)]
    for year in range(1, horizon.year_of(horizon.periods - 1) + 1):
        rate = Fraction(law.discount_rate(case.money.discounting, year))
        factors.append(factors[-1] / (1 + rate))
    return tuple(factors[horizon.year_of(period)] for period in range(horizon.periods))


def compile_problem(case: Case, tree: Tree) -> Problem:
    """Compile a filled case and its tree."""
    services = tuple(service.id for service in case.services)
    suppliers = tuple(supplier.id for supplier in case.suppliers)
    offers = tuple(offer_terms(case, offer, services, suppliers) for offer in case.offers)
    kinds = {supplier.id: supplier.kind for supplier in case.suppliers}
    nodes = tree.nodes
    gone = np.array(
        [
            [offer.supplier in node.failed or offer.id in node.withdrawn for offer in case.offers]
            for node in nodes
        ],
        dtype=np.bool_,
    )
    return Problem(
        case=case,
        tree=tree,
        offers=offers,
        services=services,
        suppliers=suppliers,
        today=tuple(today(case, offer.id) for offer in case.offers),
        parent=np.array(
            [TODAY if node.parent is None else node.parent for node in nodes], dtype=np.int32
        ),
        period=np.array([node.period for node in nodes], dtype=np.int32),
        probability=np.array([float(p) for p in tree.probabilities()]),
        discount=np.array([float(factor) for factor in discount_factors(case)]),
        deflator=np.array(deflator(case)),
        demand=np.array([[float(node.demand[name]) for name in services] for node in nodes]),
        gone=gone,
        ended=np.array(
            [[offer.id in node.ended for offer in case.offers] for node in nodes], dtype=np.bool_
        ),
        in_house=np.array([kinds[offer.supplier] == "in_house" for offer in case.offers]),
        unmet=_unmet_prices(case, tree),
    )


def _unmet_prices(case: Case, tree: Tree) -> Floats:
    """Pounds a unit; `emergency` where a supplier of the service has just failed."""
    served_by = {
        service.id: {offer.supplier for offer in case.offers if service.id in offer.services}
        for service in case.services
    }
    prices = np.empty((len(tree.nodes), len(case.services)))
    for node in tree.nodes:
        for column, service in enumerate(case.services):
            price = float("inf") if service.unmet == "never" else float(central(service.unmet))
            if service.emergency is not None and served_by[service.id] & set(node.just_failed):
                price = float(central(service.emergency))
            prices[node.id, column] = price
    return prices
