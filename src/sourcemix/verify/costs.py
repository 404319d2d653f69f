"""The cost of a period at a node, line by line, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from sourcemix.errors import InputError
from sourcemix.model.components import BIAS_CLASS
from sourcemix.model.drivers import RequirementDriver, driver_id
from sourcemix.model.offers import Offer
from sourcemix.verify.agreements import Live
from sourcemix.verify.arithmetic import ZERO
from sourcemix.verify.charges import fixed_charge, fixed_figure, price_figure, volume_charge
from sourcemix.verify.fees import fee_a_period
from sourcemix.verify.lines import SPEND, Line, Place
from sourcemix.verify.managing import manage_lines
from sourcemix.verify.outcomes import credit
from sourcemix.verify.serving import unmet_price
from sourcemix.verify.world import World, exact, is_indicative


def lines_at(place: Place) -> tuple[Line, ...]:
    """Every line of cost of the period at a node; lines of nothing are left out."""
    charges = (*_running(place), *_changing(place))
    lines = (
        *_starting(place),
        *charges,
        *manage_lines(place),
        *_vat(place.world, charges),
        *_leaving(place),
        *_own(place),
        *_unmet(place),
        Line("outcomes", -credit(place.world, place.served)),
    )
    classed = [_classed(place.world, line) for line in lines]
    biased = [_bias(place.world, line) for line in classed]
    return tuple(line for line in (*classed, *biased) if line.amount)


def _classed(world: World, line: Line) -> Line:
    """A one-off line with its class; set-up lines, which have names of their own, have it."""
    if line.offer is None or line.component not in ("takeover", "exit_fee", "transition"):
        return line
    return replace(line, capital=is_capital(world.offers[line.offer], line.component))


def is_capital(offer: Offer, line: str) -> bool:
    """Whether a line of an offer is classed capital."""
    return offer.classes.get(line) == "capital"


def _bias(world: World, line: Line) -> Line:
    """What optimism bias adds to a line."""
    kind = BIAS_CLASS.get(line.component)
    if kind is not None and line.capital:
        kind = "capital"
    rates = world.case.appraisal.optimism_bias
    rate = Fraction(rates[kind]) if kind is not None and kind in rates else ZERO
    return replace(
        line, component="optimism_bias", amount=line.amount * rate, added_to=line.component
    )


def _starting(place: Place) -> Iterator[Line]:
    """Procurement, set-up and takeover."""
    world = place.world
    for name in place.standing.procured:
        setup = world.setup(world.offers[name])
        if "procurement" in setup:
            figure = setup["procurement"]
            capital = is_capital(world.offers[name], "procurement")
            yield Line("procurement", exact(figure), name, is_indicative(figure), capital)
    for name in place.standing.first_used:
        yield Line("procurement", Fraction(world.frameworks[name].procurement))
    for name in place.standing.started:
        offer = world.offers[name]
        for line, figure in world.setup(offer).items():
            if line != "procurement":
                capital = is_capital(offer, line)
                yield Line("setup", exact(figure), name, is_indicative(figure), capital)
        if name not in place.standing.before:
            yield from _takeover(place, offer)


def _takeover(place: Place, offer: Offer) -> Iterator[Line]:
    holders = {
        place.world.offers[other].supplier
        for other in place.standing.before
        if set(place.world.offers[other].services) & set(offer.services)
    }
    for entry in offer.takeover:
        if entry.from_ in holders:
            yield Line("takeover", exact(entry.cost), offer.id, is_indicative(entry.cost))


def _running(place: Place) -> Iterator[Line]:
    """Fixed charge, volume and income of live agreements."""
    world = place.world
    for name, agreement in place.standing.live.items():
        offer = world.offers[name]
        yield _fixed(place, offer, agreement)
        for service in offer.services:
            yield from _volume(place, offer, agreement, service)
        yield Line("income", -Fraction(offer.income) * world.year_share, name)


def _fixed(place: Place, offer: Offer, agreement: Live) -> Line:
    world = place.world
    amount = fixed_charge(world, offer, agreement.age, place.period, place.node)
    figure = fixed_figure(world, offer, agreement.age)
    return Line("fixed", amount, offer.id, is_indicative(figure))


def _volume(place: Place, offer: Offer, agreement: Live, service: str) -> Iterator[Line]:
    """The larger of volume served and volume committed: at the price of the year, and in tiers."""
    world, age = place.world, agreement.age
    served = place.served[service].served.get(offer.id, ZERO)
    units = max(served, world.committed(offer, service, place.period))
    listed, tiers = volume_charge(world, offer, service, age, place.period, place.node, units)
    figure = price_figure(world, offer, service, age)
    yield Line("volume", listed, offer.id, is_indicative(figure))
    yield Line("volume", tiers, offer.id)


def _changing(place: Place) -> Iterator[Line]:
    """What requirements cost under agreements procured before they arose."""
    arisen = place.world.tree.nodes[place.node].arisen
    for driver in place.world.case.drivers:
        if not isinstance(driver, RequirementDriver) or driver_id(driver) not in arisen:
            continue
        for name, agreement in place.standing.live.items():
            offer = place.world.offers[name]
            hit = [service for service in offer.services if service in driver.services]
            if hit and _signed_before(place, agreement, driver_id(driver)):
                yield from _change(place, driver, agreement, hit)


def _signed_before(place: Place, agreement: Live, driver: str) -> bool:
    """Whether an agreement was signed where the requirement had not arisen."""
    if agreement.procured is None:
        return True
    return driver not in place.world.tree.nodes[agreement.procured].arisen


def _change(
    place: Place, driver: RequirementDriver, agreement: Live, hit: list[str]
) -> Iterator[Line]:
    offer = place.world.offers[agreement.offer]
    if offer.id in driver.adapts:
        parent = place.world.tree.nodes[place.node].parent
        here_first = (
            parent is None or driver_id(driver) not in place.world.tree.nodes[parent].arisen
        )
        if here_first or agreement.since == place.node:
            yield Line("change", Fraction(driver.adapts[offer.id]), offer.id)
        return
    if offer.change_rate is None:
        raise InputError(
            f"offer `{offer.id}` needs `change_rate`: the requirement `{driver_id(driver)}` "
            "may change its services"
        )
    rate = Fraction(offer.change_rate) * Fraction(driver.size)
    fixed = _fixed(place, offer, agreement)
    share = Fraction(len(hit), len(offer.services))
    yield Line("change", rate * fixed.amount * share, offer.id, fixed.indicative)
    for service in hit:
        for volume in _volume(place, offer, agreement, service):
            yield Line("change", rate * volume.amount, offer.id, volume.indicative)


def _vat(world: World, charges: tuple[Line, ...]) -> Iterator[Line]:
    """VAT on charges that cannot be recovered; a public body's own team charges none."""
    for line in charges:
        if line.component not in SPEND or line.offer is None:
            continue
        offer = world.offers[line.offer]
        stated = offer.irrecoverable_vat
        rate = world.case.money.irrecoverable_vat if stated is None else stated
        if not world.in_house(offer):
            amount = line.amount * Fraction(rate)
            yield Line("vat", amount, line.offer, line.indicative)


def _leaving(place: Place) -> Iterator[Line]:
    """Fees for missing periods, and transition."""
    world = place.world
    for owed in place.owed:
        offer = world.offers[owed.offer]
        due = owed.due(place.period, world.periods - 1)
        figure = offer.exit.fee_per_missing_year
        yield Line("exit_fee", due * fee_a_period(world, offer), offer.id, is_indicative(figure))
    for name in sorted(place.standing.before - set(place.standing.live)):
        figure = world.offers[name].exit.transition
        yield Line("transition", exact(figure), name, is_indicative(figure))


def _own(place: Place) -> Iterator[Line]:
    """The authority's own interfaces and overheads."""
    world = place.world
    live = [world.offers[name] for name in place.standing.live]
    for link in world.case.links:
        linked = {offer.supplier for offer in live if set(offer.services) & set(link.services)}
        if len(linked) > 1:
            amount = exact(link.interface) * world.year_share
            yield Line("interface", amount, indicative=is_indicative(link.interface))
    for service in world.case.services:
        own = any(service.id in offer.services and world.in_house(offer) for offer in live)
        overhead = Fraction(service.overhead.remaining)
        overhead += Fraction(service.overhead.avoidable) if own else ZERO
        yield Line("overhead", overhead * world.year_share)


def _unmet(place: Place) -> Iterator[Line]:
    for name, service in place.served.items():
        price = unmet_price(place.world, place.node, name)
        if service.unmet and price is not None:
            yield Line("unmet", service.unmet * price)
