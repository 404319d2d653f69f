"""A case and its tree, with what every recomputation looks up: terms in periods, exact factors."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from sourcemix import law
from sourcemix.errors import Fault, InputError
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, MoneyValue, central, in_year
from sourcemix.model.offers import Offer
from sourcemix.model.services import Service
from sourcemix.model.suppliers import Form, Supplier
from sourcemix.model.tree import Tree
from sourcemix.verify.arithmetic import thousandths, thousandths_down


class World:
    """What a plan is recomputed from. Never changed.

    Raises:
        InputError: the case lacks a default, names something that it does not hold, or has a
            duration that is not a multiple of the period.
    """

    def __init__(self, case: Case, tree: Tree) -> None:
        """Look the case up once."""
        self.case, self.tree = case, tree
        self.months = case.horizon.months
        self.periods = case.horizon.periods
        self.year_share = Fraction(self.months, 12)
        self.offers = {offer.id: offer for offer in case.offers}
        self.services = {service.id: service for service in case.services}
        self.suppliers = {supplier.id: supplier for supplier in case.suppliers}
        self.frameworks = {framework.id: framework for framework in case.frameworks}
        self.probability = tree.probabilities()
        faults = _faults(self)
        if faults:
            raise InputError(faults)

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """Nodes of the last period."""
        parents = {node.parent for node in self.tree.nodes}
        return tuple(node.id for node in self.tree.nodes if node.id not in parents)

    @cached_property
    def discount(self) -> tuple[Fraction, ...]:
        """What a pound of each period is worth at the start."""
        years = [Fraction(1)]
        for year in range(1, self.case.horizon.year_of(self.periods - 1) + 1):
            rate = law.discount_rate(self.case.money.discounting, year)
            years.append(years[-1] / (1 + Fraction(rate)))
        return tuple(years[self.case.horizon.year_of(period)] for period in range(self.periods))

    def growth(self, index: str | None, period: int) -> Fraction:
        """How an index has grown over the discount years up to a period; 1 without an index."""
        grown = Fraction(1)
        if index is not None:
            rates = self.case.indices[index]
            for year in range(self.case.horizon.year_of(period)):
                grown *= 1 + Fraction(in_year(rates, year))
        return grown

    def inflation(self, period: int) -> Fraction:
        """What turns real prices into cash in a period; 1 without a deflator."""
        return self.growth(self.case.money.deflator, period)

    def real_growth(self, offer: Offer, period: int) -> Fraction:
        """Growth of an offer's index over that of the deflator; 1 without an index."""
        if offer.index is None:
            return Fraction(1)
        return self.growth(offer.index, period) / self.inflation(period)

    def undriven(self, service: Service, period: int) -> Fraction:
        """Demand of a period without any driver, in units."""
        return thousandths(Fraction(in_year(service.demand, period)) * self.year_share)

    def committed(self, offer: Offer, service: str, period: int) -> Fraction:
        """Units of a period that are paid for whether used or not."""
        if not self.binding(offer):
            return Fraction(0)
        share = Fraction(offer.services[service].commit)
        return thousandths(share * self.undriven(self.services[service], period))

    def capacity(self, offer: Offer, service: str, age: int) -> Fraction | None:
        """Most units that an agreement of that age can serve in a period; None: no limit."""
        capacity = offer.services[service].capacity
        if capacity is None:
            return None
        yearly = Fraction(in_year(capacity, self.agreement_year(age)))
        return thousandths_down(yearly * self.year_share)

    def demand(self, node: int, service: str) -> Fraction:
        """Demand at a node, in units."""
        return Fraction(self.tree.nodes[node].demand.get(service, 0))

    def agreement_year(self, age: int) -> int:
        """The year of an agreement, from 0, in which a period of that age begins."""
        return age * self.months // 12

    def form(self, offer: Offer) -> Form:
        """The form of an offer."""
        return self.case.forms[offer.form]

    def supplier(self, offer: Offer) -> Supplier:
        """The supplier of an offer."""
        return self.suppliers[offer.supplier]

    def in_house(self, offer: Offer) -> bool:
        """Whether the authority's own team makes an offer."""
        return self.supplier(offer).kind == "in_house"

    def binding(self, offer: Offer) -> bool:
        """Whether an agreement under the offer's form can be enforced."""
        return bool(self.form(offer).binding)

    def expired(self, offer: Offer, period: int) -> bool:
        """Whether a period begins after the expiry of the offer's framework."""
        if offer.framework is None:
            return False
        expires = self.frameworks[offer.framework].expires
        return expires is not None and self.case.horizon.begins(period) > expires

    def lead(self, offer: Offer) -> int:
        """Periods from decision to start."""
        lead = offer.lead if offer.lead is not None else self.form(offer).lead
        return (lead or 0) // self.months

    def notice(self, offer: Offer) -> int:
        """Periods of notice."""
        return offer.term.notice // self.months

    def longest(self, offer: Offer) -> int:
        """Periods from the start to the end of the last block."""
        return offer.term.longest // self.months

    def setup(self, offer: Offer) -> dict[str, MoneyValue]:
        """Set-up lines: those of the offer over those of the form."""
        return {**self.form(offer).setup, **offer.setup}


def exact(value: MoneyValue) -> Fraction:
    """The figure to reckon with, exactly."""
    return Fraction(central(value))


def is_indicative(value: object) -> bool:
    """Whether a figure is a range from the priors."""
    return isinstance(value, Indicative)


def _faults(world: World) -> list[Fault]:
    faults = []
    case = world.case
    for position, offer in enumerate(case.offers):
        path = ("offers", position)
        if offer.supplier not in world.suppliers:
            faults.append(Fault((*path, "supplier"), f"`{offer.supplier}` is not in `suppliers`"))
        for name in (*offer.services, *offer.reduces):
            if name not in world.services:
                faults.append(Fault((*path, "services"), f"`{name}` is not in `services`"))
        if offer.framework is not None and offer.framework not in world.frameworks:
            message = f"`{offer.framework}` is not in `frameworks`"
            faults.append(Fault((*path, "framework"), message))
        if offer.index is not None and offer.index not in case.indices:
            faults.append(Fault((*path, "index"), f"`{offer.index}` is not in `indices`"))
        form = case.forms.get(offer.form)
        if form is None or None in (form.lead, form.manage, form.binding):
            faults.append(
                Fault(
                    (*path, "form"),
                    f"form `{offer.form}` needs `lead`, `manage` and `binding`; "
                    "fill in the defaults of the case first",
                )
            )
        faults += _durations(world, offer, position)
    held: set[tuple[str, bool]] = set()
    for position, agreement in enumerate(case.agreements):
        state = (agreement.offer, agreement.pending is None)
        if state in held:
            faults.append(
                Fault(
                    ("agreements", position, "offer"),
                    f"there are two such agreements of `{agreement.offer}`; "
                    "an offer has at most one at a time",
                )
            )
        held.add(state)
        if agreement.offer not in world.offers:
            faults.append(
                Fault(("agreements", position, "offer"), f"`{agreement.offer}` is not in `offers`")
            )
    if case.money.deflator is not None and case.money.deflator not in case.indices:
        faults.append(Fault(("money", "deflator"), f"`{case.money.deflator}` is not in `indices`"))
    return faults


def _durations(world: World, offer: Offer, position: int) -> list[Fault]:
    form = world.case.forms.get(offer.form)
    lead = offer.lead if offer.lead is not None else (form.lead if form else None)
    durations = {
        "lead": (lead,),
        "term.initial": (offer.term.initial,),
        "term.extensions": offer.term.extensions,
        "term.break_from": (offer.term.break_from,),
        "term.notice": (offer.term.notice,),
    }
    return [
        Fault(
            ("offers", position, field),
            f"{months} months is not a multiple of the period ({world.months} months); "
            "choose a finer period",
        )
        for field, values in durations.items()
        for months in values
        if months is not None and months % world.months
    ]
