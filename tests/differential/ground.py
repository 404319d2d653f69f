"""What a case and its tree say, as exact numbers: the ground that the enumeration stands on.

Written from the reference page "What every term means" alone. Nothing here is shared with the
engine or with `verify`: a fault would have to be made three times to go unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor

from sourcemix.law import discount_rate
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative
from sourcemix.model.drivers import PolicyDriver, ReorganisationDriver, RequirementDriver
from sourcemix.model.offers import Offer
from sourcemix.model.rules import Rule, Who
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node, Tree

ZERO = Fraction(0)


def exact(value: object) -> Fraction:
    """A figure as an exact number; of a range the central one."""
    if isinstance(value, Indicative):
        value = value.central
    assert isinstance(value, Decimal | int)
    return Fraction(value)


def by_year(values: object, year: int) -> Fraction:
    """The figure of an agreement year; a list's last entry holds from then on."""
    if isinstance(values, tuple):
        return exact(values[min(year, len(values) - 1)])
    return exact(values)


def nearest(volume: Fraction) -> Fraction:
    """To 0.001 unit, half-even."""
    return Fraction(round(volume * 1000), 1000)


def below(volume: Fraction) -> Fraction:
    """To 0.001 unit, rounded down."""
    return Fraction(floor(volume * 1000), 1000)


def of_plan(rule: Rule) -> bool:
    """Whether a node alone cannot tell whether a rule holds.

    It sums over nodes, or (budgets) speaks of fees that were caused by leaving earlier.
    """
    return rule.scope != "every_node" or rule.kind in ("max_value", "budget")


class Ground:
    """Case and tree, with the numbers that every part of the enumeration asks for."""

    def __init__(self, case: Case, tree: Tree) -> None:
        self.case, self.tree = case, tree
        self.months = case.horizon.months
        self.offers = {offer.id: offer for offer in case.offers}
        self.part = Fraction(self.months, 12)
        self.periods = case.horizon.periods
        self.nodes = tree.nodes
        self.chance = self._chances()
        self.discount = [self._discount(t) for t in range(self.periods)]
        self.requirements = {d.id: d for d in case.drivers if isinstance(d, RequirementDriver)}
        self.kinds = {s.id: s.kind for s in case.suppliers}
        self.suppliers = {s.id: s for s in case.suppliers}
        everywhere = [list(self._rules_at(node)) for node in tree.nodes]
        self.rules = [[r for r in here if not of_plan(r)] for here in everywhere]
        self.plan_rules = self._plan_rules(everywhere)
        self.paths = self._paths()
        parents = {node.parent for node in tree.nodes}
        self.leaves = [node.id for node in tree.nodes if node.id not in parents]

    def weight(self, node: Node) -> Fraction:
        """What a pound at the node counts: its probability times its discount."""
        return self.chance[node.id] * self.discount[node.period]

    def with_bias(self, cost_class: str) -> Fraction:
        """What a pound of a class of cost counts with its optimism bias."""
        for name, rate in self.case.appraisal.optimism_bias.items():
            if name == cost_class:
                return 1 + exact(rate)
        return Fraction(1)

    def once(self, offer: Offer, line: str) -> Fraction:
        """The same for a pound of a one-off line of an offer."""
        return self.with_bias("capital" if offer.classes.get(line) == "capital" else "setup")

    def worth(self, outcome: Outcome) -> Fraction:
        """Pounds a year for each unit of improvement."""
        swing = self.case.appraisal.swing_value
        if outcome.swing_weight is None or swing is None:
            return exact(outcome.value or 0)
        whole = abs(exact(outcome.target) - exact(outcome.baseline))
        return exact(outcome.swing_weight) * exact(swing) / whole

    def vat(self, offer: Offer) -> Fraction:
        """VAT that cannot be recovered on a pound paid under an offer."""
        if self.kinds[offer.supplier] == "in_house":
            return ZERO
        own = offer.irrecoverable_vat
        return exact(self.case.money.irrecoverable_vat if own is None else own)

    def cash(self, period: int) -> Fraction:
        """What a pound in real terms is in cash."""
        deflator = self.case.money.deflator
        return Fraction(1) if deflator is None else self._growth(deflator, period)

    def reorganised(self, node: Node, offer: str) -> int | None:
        """Period of the vesting day at which an offer was split or merged; None if it was not."""
        for at in self.paths[node.id]:
            found = self.nodes[at]
            if offer in found.split or offer in found.merged:
                return found.period
        return None

    def merging(self, offer: str) -> str:
        """The driver that merges an offer; one does at most."""
        found = [
            d.id
            for d in self.case.drivers
            if isinstance(d, ReorganisationDriver)
            and d.by_offer.get(offer, d.on_vesting) == "merge"
        ]
        (name,) = found
        return name

    def arisen_before(self, node: Node) -> tuple[str, ...]:
        """Requirements that had arisen at the parent."""
        return () if node.parent is None else self.nodes[node.parent].arisen

    def undriven(self, service: str, period: int) -> Fraction:
        """Demand of the period without any factor."""
        demand = self.case.service(service).demand
        yearly = demand[period] if isinstance(demand, tuple) else demand
        return nearest(exact(yearly) * self.part)

    def index(self, offer: Offer, period: int) -> Fraction:
        """Real growth of an offer's charges since the start."""
        if offer.index is None:
            return Fraction(1)
        growth = self._growth(offer.index, period)
        deflator = self.case.money.deflator
        return growth if deflator is None else growth / self._growth(deflator, period)

    def bearing(self, outcome: str) -> list[str]:
        """Services for which any offer states a level of an outcome."""
        return [
            service.id
            for service in self.case.services
            if any(
                outcome in offer.services[service.id].outcomes
                for offer in self.case.offers
                if service.id in offer.services
            )
        ]

    def selects(self, who: Who, supplier: str) -> bool:
        """Whether a rule speaks of the supplier."""
        found = self.suppliers[supplier]
        return all(
            wanted is None or wanted == got
            for wanted, got in (
                (who.supplier, found.id),
                (who.kind, found.kind),
                (who.sme, found.sme),
                (who.local, found.local),
            )
        )

    def _plan_rules(self, everywhere: list[list[Rule]]) -> list[tuple[Rule, list[Node]]]:
        """Rules on the plan as a whole, with the nodes at which they hold."""
        found: list[tuple[Rule, list[Node]]] = []
        for node, here in zip(self.nodes, everywhere, strict=True):
            for rule in filter(of_plan, here):
                if all(known is not rule for known, _ in found):
                    found.append((rule, []))
                next(nodes for known, nodes in found if known is rule).append(node)
        return found

    def _paths(self) -> list[list[int]]:
        """Nodes from the first one down to each, both included."""
        paths: list[list[int]] = []
        for node in self.nodes:
            paths.append([*([] if node.parent is None else paths[node.parent]), node.id])
        return paths

    def _chances(self) -> list[Fraction]:
        chance: list[Fraction] = []
        for node in self.nodes:
            above = Fraction(1) if node.parent is None else chance[node.parent]
            chance.append(above * exact(node.p))
        return chance

    def _discount(self, period: int) -> Fraction:
        factor = Fraction(1)
        for year in range(1, period * self.months // 12 + 1):
            factor /= 1 + exact(discount_rate(self.case.money.discounting, year))
        return factor

    def _growth(self, name: str, period: int) -> Fraction:
        rates = self.case.indices[name]
        growth = Fraction(1)
        for year in range(period * self.months // 12):
            growth *= 1 + exact(rates[year] if isinstance(rates, tuple) else rates)
        return growth

    def _rules_at(self, node: Node) -> Iterator[Rule]:
        begins = self.case.horizon.begins(node.period)
        policies = [d for d in self.case.drivers if isinstance(d, PolicyDriver)]
        everywhere = list(self.case.rules)
        for rule in everywhere + [d.rule for d in policies if d.id in node.in_force]:
            early = rule.from_ is not None and begins < rule.from_
            late = rule.until is not None and begins > rule.until
            if not early and not late:
                yield rule
