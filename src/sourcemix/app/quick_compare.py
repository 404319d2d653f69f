"""Every way to have one service delivered, planned at once.

Each way gets a copy of the service, with today's agreement to its end, then that way and no other.
The copies have nothing in common but the futures, so that one exact plan of all of them holds the
cheapest plan of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sourcemix.app.plan import plan_case
from sourcemix.app.quick_case import TODAY
from sourcemix.app.quick_input import QuickService
from sourcemix.errors import SolverError
from sourcemix.model.case import Case
from sourcemix.model.offers import Agreement, Offer
from sourcemix.model.plan import Plan
from sourcemix.model.rules import MustUse, Rule


@dataclass(frozen=True, slots=True)
class Comparison:
    """All ways of one service, planned.

    Attributes:
        ways: the offers compared, as they stand in the draft.
        plan: the plan of all copies. The copy of a way is the service with the way's id.
        of_way: by offer of the plan, the way in whose copy it stands.
    """

    ways: tuple[Offer, ...]
    plan: Plan
    of_way: dict[str, str]


def compare(
    case: Case, known: QuickService, *, seconds: float, seed: int, gap: float
) -> Comparison:
    """Plan every way of a service.

    Args:
        case: the draft of this service alone.
        known: what the user said.
        seconds: time limit.
        seed: seed of the search.
        gap: relative gap to which the ways together are proven.

    Raises:
        SolverError: no plan was found in time.
    """
    ways = _ways(case, known)
    copies = [_copies(case, way, known) for way in ways]
    service = case.services[0]
    wanted = case.model_copy(
        update={
            "services": tuple(service.model_copy(update={"id": way.id}) for way in ways),
            "offers": tuple(offer for copy in copies for offer in copy.offers),
            "agreements": tuple(entry for copy in copies for entry in copy.agreements),
            "rules": tuple(rule for copy in copies for rule in copy.rules),
            "drivers": tuple(
                driver.model_copy(update={"services": tuple(way.id for way in ways)})
                for driver in case.drivers
            ),
        }
    )
    plan = plan_case(wanted, gap=gap, seconds=seconds, seed=seed)
    if plan.cost is None:
        raise SolverError(f"no plan for “{service.name}” was found in {seconds:g} seconds")
    of_way = {
        offer.id: way.id for way, copy in zip(ways, copies, strict=True) for offer in copy.offers
    }
    return Comparison(ways, plan, of_way)


def lead_of(case: Case, offer: Offer) -> int:
    """Months from decision to start."""
    return offer.lead if offer.lead is not None else case.forms[offer.form].lead or 0


def live_today(case: Case) -> Agreement | None:
    """Today's agreement of a draft of one service."""
    return next(iter(case.agreements), None)


@dataclass(frozen=True, slots=True)
class _Copy:
    offers: tuple[Offer, ...]
    agreements: tuple[Agreement, ...]
    rules: tuple[Rule, ...]


def _ways(case: Case, known: QuickService) -> tuple[Offer, ...]:
    """Every way to compare; today's agreement only where it can go on."""
    goes_on = known.ends is None and not known.in_house
    return tuple(o for o in case.offers if goes_on or not o.id.endswith(f".{TODAY}"))


def _copies(case: Case, way: Offer, known: QuickService) -> _Copy:
    """What the copy of a way needs: the way, today's agreement until then, and both in use."""
    offer = _for(way, way.id, way.id)
    live = live_today(case)
    if live is None:
        return _Copy((offer,), (), (_use(offer, _from(case, way, known), None),))
    if live.offer == way.id:
        return _Copy((offer,), (live,), (_use(offer, None, None),))
    held = case.offer(live.offer)
    today = _for(held, f"{way.id}.{TODAY}", way.id)
    begins = _from(case, way, known)
    until = begins if known.ends is None else min(begins, known.ends + timedelta(days=1))
    return _Copy(
        (offer, today),
        (live.model_copy(update={"offer": today.id}),),
        (_use(offer, begins, None), _use(today, None, until - timedelta(days=1))),
    )


def _for(offer: Offer, name: str, service: str) -> Offer:
    """An offer under another name, for another copy of the service."""
    (terms,) = offer.services.values()
    return offer.model_copy(update={"id": name, "services": {service: terms}})


def _use(offer: Offer, first: date | None, last: date | None) -> MustUse:
    return MustUse(kind="must_use", offer=offer.id, from_=first, until=last)


def _from(case: Case, way: Offer, known: QuickService) -> date:
    """The first day of the first period in which a way can be live and today's need not be."""
    horizon = case.horizon
    soonest = lead_of(case, way) // horizon.months
    if known.ends is not None and not known.in_house:
        soonest = max(soonest, horizon.first_from(known.ends + timedelta(days=1)))
    elif live_today(case) is not None:
        # Without an end, today's delivery is left on its own notice of up to a year.
        soonest = max(soonest, 12 // horizon.months)
    return horizon.begins(min(soonest, horizon.periods - 1))
