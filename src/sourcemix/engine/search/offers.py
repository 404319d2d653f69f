"""What every offer costs and can serve, by node and age: the exact model's charges as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sourcemix.engine.planning.change import adaptation, markup
from sourcemix.engine.planning.outcomes import bearing_on, worth
from sourcemix.engine.planning.tiers import Band, bands_at, charge_for
from sourcemix.engine.planning.timeline import Line
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.search.arrays import FAR, Floats
from sourcemix.engine.search.managing import Managed
from sourcemix.engine.search.surcharges import Surcharges, least_exposure, surcharges_of
from sourcemix.engine.terms import Today
from sourcemix.model.drivers import RequirementDriver


@dataclass(slots=True)
class Ledgers:
    """Charges and entries by offer.

    Attributes:
        live: by offer: pounds by node and variant; infinite where it cannot be live.
        classes: by offer: class by node and variant.
        class_count: by offer.
        held: by offer: the services it serves or reduces, in the order of its entries.
        paid: by offer: units by node and entry that are paid for, or avoided.
        rest: by offer: units beyond them.
        price: by offer: pounds for a unit of the rest.
        dearest: by service: highest pounds a unit that being live costs.
    """

    live: list[Floats] = field(default_factory=list)
    classes: list[Floats] = field(default_factory=list)
    class_count: list[int] = field(default_factory=list)
    held: list[list[int]] = field(default_factory=list)
    paid: list[Floats] = field(default_factory=list)
    rest: list[Floats] = field(default_factory=list)
    price: list[Floats] = field(default_factory=list)
    dearest: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a variant of an offer serves one service for at a node."""

    price: float
    paid: float
    rest: float


@dataclass(frozen=True, slots=True)
class _Charge:
    """Pounds of being live, what is served for how much, and what tells its class from others."""

    pounds: float
    offered: tuple[_Terms, ...]
    label: tuple[tuple[float, ...], ...]


def ledgers_of(problem: Problem, order: list[int], surcharges: Surcharges | None = None) -> Ledgers:
    """Work out the charges of every offer, with what prices on rules add to them."""
    if surcharges is None:
        surcharges = surcharges_of(problem, np.ones(problem.nodes), (), ())
    ledgers = Ledgers(dearest=[0.0] * len(problem.services))
    effects, managed = _outcome_effects(problem), Managed(problem)
    for offer in range(len(problem.offers)):
        found = _Offer(problem, order, offer, effects, managed, surcharges)
        if found.changes or any(entry.tiers for entry in found.terms.services.values()):
            found.one_by_one(ledgers)
        else:
            found.at_once(ledgers)
        found.note_dearest(ledgers)
    return ledgers


def ages_of(problem: Problem, offer: int) -> int:
    """Ages that an agreement which starts in the plan can reach."""
    return min(problem.offers[offer].longest, problem.periods)


def today_of(problem: Problem, offer: int) -> Today | None:
    """The offer's agreement that is live today."""
    return next((found for found in problem.today[offer] if not found.pending), None)


def pending_of(problem: Problem, offer: int) -> Today | None:
    """The offer's agreement that is signed and has yet to begin."""
    return next((found for found in problem.today[offer] if found.pending), None)


def given_to(problem: Problem, offer: int) -> int:
    """Variants beyond the ages: today's agreement, and one that is yet to begin."""
    if pending_of(problem, offer) is not None:
        return 2
    return 0 if today_of(problem, offer) is None else 1


def begun_of(problem: Problem, offer: int, variant: int) -> int | None:
    """Period in which an agreement signed before the case begins; None for other variants.

    One that there is not begins too late ever to be live.
    """
    ages = ages_of(problem, offer)
    if variant < ages:
        return None
    found = today_of(problem, offer) if variant == ages else pending_of(problem, offer)
    return FAR if found is None else found.begins


class _Offer:
    """One offer's charges."""

    def __init__(
        self,
        problem: Problem,
        order: list[int],
        offer: int,
        effects: dict[tuple[int, int], float],
        managed: Managed,
        surcharges: Surcharges,
    ) -> None:
        self.problem, self.order, self.offer = problem, order, offer
        self.managed, self.more = managed, surcharges
        self.terms = problem.offers[offer]
        self.effects = effects
        also = [service for service in self.terms.reduces if service not in self.terms.services]
        self.held = [*self.terms.services, *also]
        self.ages = ages_of(problem, offer)
        self.variants = self.ages + given_to(problem, offer)
        self.uplift = 1.0 + float(problem.case.appraisal.optimism_bias.get("operating", 0))
        # What a pound of spend comes to at each node, with bias, VAT and prices on rules on it.
        self.factor = 1.0 + surcharges.cost
        self.spend = (self.uplift + self.terms.vat) * self.factor + surcharges.spend[:, offer]
        covered = {problem.services[service] for service in self.terms.services}
        self.changes = any(
            isinstance(driver, RequirementDriver) and covered.intersection(driver.services)
            for driver in problem.case.drivers
        )

    def at_once(self, ledgers: Ledgers) -> None:
        """Add charges that follow from node and agreement year alone, all nodes together."""
        problem, terms = self.problem, self.terms
        lists = [terms.fixed, *(e.price for e in terms.services.values())]
        lists += [entry.capacity for entry in terms.services.values()]
        years = max(len(given) for given in lists)
        ages = np.array([[self._age(node, v) for v in range(self.variants)] for node in self.order])
        labels = np.minimum(np.maximum(ages, 0) * terms.months // 12, years - 1)
        period = problem.period[self.order]
        index = np.array(terms.index)[period]
        driven = [problem.tree.nodes[node].prices.get(terms.id) for node in self.order]
        on_price = np.array([1.0 if d is None else float(d.price) for d in driven]) * index
        on_fixed = np.array([1.0 if d is None else float(d.fixed) for d in driven]) * index
        live, spend = np.full(ages.shape, np.inf), self.spend[self.order]
        tables: list[list[Floats]] = [[], [], []]
        for year in range(years):
            fixed = terms.fixed[min(year, len(terms.fixed) - 1)] * on_fixed
            cost = fixed * spend - terms.income * self.factor[self.order]
            for service, entry in terms.services.items():
                demand = problem.demand[self.order, service]
                committed = np.array(entry.committed)[period]
                capacity = entry.capacity[min(year, len(entry.capacity) - 1)]
                price = entry.price[min(year, len(entry.price) - 1)] * on_price * spend
                most = np.minimum(capacity, demand)
                paid = np.minimum(committed, most)
                cost += price * committed
                effect = self.effects.get((self.offer, service), 0.0)
                each = np.divide(effect, demand, out=np.zeros_like(demand), where=demand > 0.0)
                each = each + self._surcharge(service)[self.order]
                net = price + each
                cost += np.minimum(each, 0.0) * paid + np.minimum(net, 0.0) * (most - paid)
                less = np.floor(terms.reduces.get(service, 0.0) * demand * 1000 + 1e-6) / 1000
                columns = (paid + less, most - paid, np.maximum(net, 0.0))
                for table, column in zip(tables, columns, strict=True):
                    table.append(column)
            for service in self.held[len(terms.services) :]:
                demand = problem.demand[self.order, service]
                less = np.floor(terms.reduces[service] * demand * 1000 + 1e-6) / 1000
                nothing = np.zeros_like(less)
                for table, column in zip(tables, (less, nothing, nothing), strict=True):
                    table.append(column)
            here = (labels == year) & (ages >= 0)
            live[here] = np.broadcast_to(cost[:, None], live.shape)[here]
        ledgers.live.append(live + self._managing(ages) + self._exposed())
        ledgers.classes.append(labels.astype(np.float64))
        ledgers.class_count.append(years)
        ledgers.held.append(self.held)
        for known, table in zip((ledgers.paid, ledgers.rest, ledgers.price), tables, strict=True):
            known.append(np.column_stack(table))

    def _managing(self, ages: NDArray[np.int64]) -> Floats:
        """Pounds of managing an agreement, by node and variant."""
        times = np.ones(ages.shape)
        if self.managed.moves(self.offer):
            for place, node in enumerate(self.order):
                begins = int(self.problem.period[node]) - ages[place]
                times[place] = [self.managed.times(node, self.offer, int(at)) for at in begins]
        return times * self.terms.manage * self.uplift * self.factor[self.order][:, None]

    def _surcharge(self, service: int) -> Floats:
        """Pounds for each unit served, by node of the problem."""
        return self.more.units.get((self.offer, service), np.zeros(self.problem.nodes))

    def _exposed(self) -> Floats:
        """Pounds that prices on exposure add to being live, by node and variant."""
        found = np.zeros((len(self.order), self.variants))
        for place, node in enumerate(self.order):
            price = float(self.more.exposed[node])
            for variant in range(self.variants) if price else ():
                line = self._line(node, variant)
                if line is not None:
                    found[place, variant] = price * least_exposure(self.problem, line, node)
        return found

    def _age(self, node: int, variant: int) -> int:
        """Age of a variant at a node; -1 where it cannot be live."""
        period = int(self.problem.period[node])
        if self.problem.gone[node, self.offer]:
            return -1
        if variant < self.ages:
            return variant if variant <= period - self.terms.lead else -1
        begun = begun_of(self.problem, self.offer, variant)
        assert begun is not None
        age = period - begun
        return age if 0 <= age < self.terms.longest else -1

    def note_dearest(self, ledgers: Ledgers) -> None:
        """Remember what a unit of each service costs at most."""
        cost = ledgers.live[-1][np.isfinite(ledgers.live[-1])]
        for position, service in enumerate(ledgers.held[-1]):
            most = ledgers.paid[-1][:, position] + ledgers.rest[-1][:, position]
            if most.max() > 0.0 and cost.size:
                unit = float(cost.max()) / float(most[most > 0.0].mean())
                ledgers.dearest[service] = max(ledgers.dearest[service], unit)

    def one_by_one(self, ledgers: Ledgers) -> None:
        """Add charges agreement by agreement, where tiers or changes make each its own."""
        nodes, variants = len(self.order), self.variants
        live = np.full((nodes, variants), np.inf)
        labels = np.zeros((nodes, variants))
        served: list[list[tuple[_Terms, ...]]] = []
        for place, node in enumerate(self.order):
            found: dict[tuple[tuple[float, ...], ...], tuple[_Terms, ...]] = {}
            for variant in range(variants):
                line = self._line(node, variant)
                if line is None:
                    continue
                charge = self._charge(node, line)
                live[place, variant] = charge.pounds
                found.setdefault(charge.label, charge.offered)
                labels[place, variant] = list(found).index(charge.label)
            served.append(list(found.values()))
        count = max(1, max(len(found) for found in served))
        ledgers.live.append(live + self._exposed())
        ledgers.classes.append(labels)
        ledgers.class_count.append(count)
        ledgers.held.append(self.held)
        self._entries(ledgers, served, count)

    def _line(self, node: int, variant: int) -> Line | None:
        """The agreement that is live in a variant at a node; None where it cannot be."""
        problem, period = self.problem, int(self.problem.period[node])
        age = self._age(node, variant)
        if age < 0:
            return None
        if variant < self.ages:
            start = problem.above(node, age)
            return Line(self.offer, start, period - age, problem.above(start, self.terms.lead))
        if variant > self.ages:
            return Line(self.offer, problem.above(node, age), period - age, TODAY)
        given = today_of(problem, self.offer)
        told = None if given is None else given.ends
        return Line(self.offer, TODAY, period - age, TODAY, told=told)

    def _charge(self, node: int, line: Line) -> _Charge:
        """Pounds of being live, and what is served for how much."""
        problem, terms = self.problem, self.terms
        age = line.age(int(problem.period[node]))
        fixed = problem.fixed(node, self.offer, age)
        change = adaptation(problem, line, node) if self.changes else 0.0
        charges, spend = fixed, float(self.spend[node])
        offered, label = [], []
        for service, entry in terms.services.items():
            committed = problem.committed(node, self.offer, service)
            bands = bands_at(problem, node, self.offer, service, age)
            extra = markup(problem, line, node, service) if self.changes else 0.0
            paid = charge_for(bands, committed)
            charges += paid
            change += extra * (paid + fixed / len(terms.services))
            capacity = entry.capacity[min(terms.year_of(age), len(entry.capacity) - 1)]
            most = min(capacity, float(problem.demand[node, service]))
            units = min(committed, most)
            least, highest = _mean_prices(bands, committed, most)
            price = (1.0 + extra) * min(least * spend, highest * spend)
            demand = float(problem.demand[node, service])
            effect = self.effects.get((self.offer, service), 0.0) / demand if demand else 0.0
            effect += float(self._surcharge(service)[node])
            less = self._avoided(node, service)
            # What prices on rules add is left out: classes are the same at all of them.
            label.append(((1.0 + extra) * least, (1.0 + extra) * highest, units, most - units))
            offered.append(_with_effect(effect, units, most - units, price, less))
        for service in self.held[len(terms.services) :]:
            offered.append((_Terms(0.0, self._avoided(node, service), 0.0), 0.0))
        times = self.managed.times(node, self.offer, line.begins)
        cost = (charges + change) * spend
        cost += (times * terms.manage * self.uplift - terms.income) * float(self.factor[node])
        cost += sum(folded for _, folded in offered)
        return _Charge(cost, tuple(entry for entry, _ in offered), tuple(label))

    def _avoided(self, node: int, service: int) -> float:
        """Units of demand that disappear while the offer is live."""
        units = self.terms.reduces.get(service, 0.0) * float(self.problem.demand[node, service])
        return int(units * 1000 + 1e-6) / 1000

    def _entries(
        self, ledgers: Ledgers, served: list[list[tuple[_Terms, ...]]], count: int
    ) -> None:
        held = ledgers.held[-1]
        nothing = tuple(_Terms(0.0, 0.0, 0.0) for _ in held)
        rows = [
            [entry for k in range(count) for entry in (found[k] if k < len(found) else nothing)]
            for found in served
        ]
        ledgers.price.append(np.array([[entry.price for entry in row] for row in rows]))
        ledgers.paid.append(np.array([[entry.paid for entry in row] for row in rows]))
        ledgers.rest.append(np.array([[entry.rest for entry in row] for row in rows]))


def _with_effect(
    effect: float, paid: float, rest: float, price: float, avoided: float
) -> tuple[_Terms, float]:
    """Terms net of what outcomes are worth; what is below nothing is added to being live.

    Demand that is avoided needs as little service as what is paid for.
    """
    folded = min(effect, 0.0) * paid
    net = price + effect
    if net < 0.0:
        folded += net * rest
        net = 0.0
    return _Terms(net, paid + avoided, rest), folded


def _mean_prices(bands: tuple[Band, ...], committed: float, most: float) -> tuple[float, float]:
    """The lowest and highest mean price of what is served beyond the committed.

    The lowest is below nothing where more units cost less in all, as they may with `all_units`.
    """
    if len(bands) == 1:
        return bands[0].price, bands[0].price
    if most <= committed:
        return 0.0, 0.0
    paid = charge_for(bands, committed)
    ends = [most] + [at for band in bands for at in (band.low, band.high) if committed < at < most]
    means = [(charge_for(bands, at) - paid) / (at - committed) for at in ends]
    return min(means), max(means)


def _outcome_effects(problem: Problem) -> dict[tuple[int, int], float]:
    """By offer and service: pounds that outcomes are worth less if it serves all of a service.

    Beyond its target an outcome earns no credit; here it does, so that nothing is overstated.
    """
    effects: dict[tuple[int, int], float] = {}
    for outcome in problem.case.outcomes:
        bearing = bearing_on(problem, outcome)
        price = worth(problem, outcome)
        if not price or not bearing:
            continue
        sign = 1.0 if outcome.better == "higher" else -1.0
        unit = sign * price * problem.year / len(bearing)
        for offer, terms in enumerate(problem.offers):
            for service, entry in terms.services.items():
                level = entry.levels.get(outcome.id)
                if level is not None:
                    value = unit * (level - float(outcome.baseline))
                    effects[offer, service] = effects.get((offer, service), 0.0) - value
    return effects


__all__ = [
    "Ledgers",
    "ages_of",
    "begun_of",
    "given_to",
    "ledgers_of",
    "pending_of",
    "today_of",
]
