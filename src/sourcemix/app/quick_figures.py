"""The cost of a way as a sum of known amounts and of figures that have a range.

With decisions held, the cost of a plan is linear in every price, fee and set-up figure, and linear
in the mark-up on changed work. So the lines of the verified plan, taken once, give its exact cost
at any other value of any figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sourcemix.app.quick_compare import Comparison
from sourcemix.evidence import prior
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, central
from sourcemix.model.components import Component
from sourcemix.model.offers import Offer
from sourcemix.model.suppliers import Form
from sourcemix.verify.accounts import places_of
from sourcemix.verify.agreements import decisions_of, follow
from sourcemix.verify.arithmetic import pence
from sourcemix.verify.costs import lines_at
from sourcemix.verify.lines import Place
from sourcemix.verify.totals import weights
from sourcemix.verify.world import World

Kind = Literal[
    "price", "pension", "mobilisation", "manage", "procurement", "setup", "fee", "cover", "change"
]
CHANGE_RATE = "P051"
"""Mark-up on changed work."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which figure. Figures of the same key are the same and move together.

    Attributes:
        kind: what it is for.
        of: the way or the form, where each has its own; else empty.
    """

    kind: Kind
    of: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with a range.

    Attributes:
        low: low end.
        central: as it stands in the case.
        high: high end.
        prior: what it rests on.
    """

    low: Decimal
    central: Decimal
    high: Decimal
    prior: str


Values = Mapping[Key, Decimal]
"""Figures that are not at their central value."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The expected present value of one way, by the figures that it rests on.

    Attributes:
        offer: the way.
        amounts: pounds by the figures that they are in proportion to, at the central figures.
        figures: those figures.
    """

    offer: Offer
    amounts: Mapping[tuple[Key, ...], Fraction]
    figures: Mapping[Key, Figure]

    def at(self, values: Values) -> Decimal:
        """Pounds with some figures moved, to the penny."""
        return pence(self.exactly(values))

    def exactly(self, values: Values) -> Fraction:
        """The same, not rounded."""
        return sum((self._moved(keys, values) for keys in self.amounts), Fraction(0))

    def _moved(self, keys: tuple[Key, ...], values: Values) -> Fraction:
        amount = self.amounts[keys]
        for key in keys:
            if key in values:
                amount *= Fraction(values[key]) / Fraction(self.figures[key].central)
        return amount

    @property
    def cost(self) -> Decimal:
        """Pounds at the central figures, to the penny."""
        return self.at({})

    def all_at(self, end: Literal["low", "high"]) -> Decimal:
        """Pounds with every figure at an end."""
        return self.at({key: getattr(figure, end) for key, figure in self.figures.items()})

    def in_proportion_to(self, key: Key, values: Values) -> Fraction:
        """The part of the cost that rises and falls with a figure."""
        return sum((self._moved(keys, values) for keys in self.amounts if key in keys), Fraction(0))

    @property
    def indicative(self) -> Fraction:
        """Pounds that rest on figures with a range."""
        return sum((amount for keys, amount in self.amounts.items() if keys), Fraction(0))

    @property
    def sources(self) -> tuple[str, ...]:
        """What its figures rest on, in order."""
        return tuple(sorted({p for f in self.figures.values() for p in f.prior.split(", ")}))


def sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """The sheet of each way, in the order of the comparison."""
    plan = comparison.plan
    case = plan.case
    amounts: dict[str, dict[tuple[Key, ...], Fraction]] = {}
    figures: dict[str, dict[Key, Figure]] = {}
    world = World(case, plan.result.tree)
    standings, _ = follow(world, decisions_of(plan.result.nodes))
    places = places_of(world, plan.result.nodes, standings)
    for weight, place in zip(weights(world), places, strict=True):
        for way, amount, found in (*_agreements(comparison, place), *_cover(case, place)):
            held = dict(entry for entry in found if entry is not None)
            figures.setdefault(way, {}).update(held)
            sums = amounts.setdefault(way, {})
            keys = tuple(sorted(held))
            sums[keys] = sums.get(keys, Fraction(0)) + weight * amount
    return tuple(Sheet(way, amounts[way.id], figures[way.id]) for way in comparison.ways)


Found = tuple[Key, Figure] | None
Part = tuple[str, Fraction, tuple[Found, ...]]
"""Way, pounds, and the figures that they are in proportion to."""


def _agreements(comparison: Comparison, place: Place) -> Iterator[Part]:
    """What agreements cost at a node."""
    charged: dict[str, dict[Component, Fraction]] = {}
    for line in lines_at(place):
        if line.offer is not None:
            sums = charged.setdefault(line.offer, {})
            sums[line.component] = sums.get(line.component, Fraction(0)) + line.amount
    for name, sums in charged.items():
        way = comparison.of_way[name]
        offer = comparison.plan.case.offer(name)
        form = comparison.plan.case.forms[offer.form]
        for component, amount in sums.items():
            for part, found in _split(component, amount, offer, form, way, sums):
                yield way, part, found


def _split(
    component: Component,
    amount: Fraction,
    offer: Offer,
    form: Form,
    way: str,
    sums: Mapping[Component, Fraction],
) -> Iterator[tuple[Fraction, tuple[Found, ...]]]:
    """What an agreement costs at a node in one component, by its figures."""
    (terms,) = offer.services.values()
    price = _found(Key("price", way), terms.price)
    pension = _found(Key("pension"), offer.fixed)
    match component:
        case "volume":
            yield amount, (price,)
        case "fixed":
            yield amount, (pension,)
        case "manage":
            yield amount, (_found(Key("manage"), form.manage),)
        case "procurement":
            figure = form.setup["procurement"]
            yield amount, (_found(Key("procurement", offer.form), figure),)
        case "setup":
            lines = {name: f for name, f in form.setup.items() if name != "procurement"}
            whole = sum((Fraction(central(figure)) for figure in lines.values()), Fraction(0))
            for name, figure in lines.items():
                kind: Kind = "mobilisation" if name == "mobilisation" else "setup"
                of = "" if name == "mobilisation" else way
                yield amount * Fraction(central(figure)) / whole, (_found(Key(kind, of), figure),)
        case "exit_fee":
            yield amount, (_found(Key("fee"), offer.exit.fee_per_missing_year),)
        case "change":
            # Changed work is marked up on the charges, so on the price and on the pension part.
            volume, fixed = (sums.get(name, Fraction(0)) for name in ("volume", "fixed"))
            rate = _change_rate(offer)
            yield amount * volume / (volume + fixed), (price, rate)
            yield amount * fixed / (volume + fixed), (pension, rate)
        case _:
            yield amount, ()


def _cover(case: Case, place: Place) -> Iterator[Part]:
    """Cover at short notice; the copy of a way bears its name."""
    for name, service in place.served.items():
        price = case.service(name).unmet
        if service.unmet and isinstance(price, Indicative):
            yield name, service.unmet * Fraction(price.central), (_found(Key("cover"), price),)


def _change_rate(offer: Offer) -> Found:
    if not offer.change_rate:
        return None
    # A change rate has no range of its own in the model; that of its prior stands in.
    row = prior(CHANGE_RATE)
    assert row.low is not None and row.high is not None
    figure = Figure(row.low / 100, offer.change_rate, row.high / 100, row.id)
    return Key("change"), figure


def _found(key: Key, value: Any) -> Found:
    if not isinstance(value, Indicative):
        return None
    return key, Figure(value.low, value.central, value.high, value.prior)
