"""What a draft can say at once about one service.

Each way to have the service delivered is planned on its own: today's agreement to its end, then
that way and no other. Its plan is then *re-costed* with figures moved: decisions are held, every
cost is recomputed exactly. So what is said of ranges, break-even and unknowns costs one small plan
for each way, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from sourcemix.app.plan import plan_case
from sourcemix.app.quick_case import LONG, SHORT, part
from sourcemix.app.quick_figures import End, Figure, figures_in, moved
from sourcemix.app.quick_input import QuickService
from sourcemix.errors import SolverError
from sourcemix.model.case import Case
from sourcemix.model.offers import Offer
from sourcemix.model.plan import Plan
from sourcemix.model.rules import MustUse
from sourcemix.report.first_answer import BreakEven, ServiceAnswer, Unknown, Way
from sourcemix.report.words import day
from sourcemix.verify import account

GAP = 0.001
"""Gap to which the small plans are proven."""
MOST_UNKNOWNS = 3


@dataclass(frozen=True, slots=True)
class Only:
    """The plan that uses one way and no other.

    Attributes:
        offer: the way.
        plan: its plan.
        figures: its figures that have a range, by their words.
    """

    offer: Offer
    plan: Plan
    figures: Mapping[str, tuple[Figure, ...]]

    @property
    def cost(self) -> Decimal:
        """Expected present value in pounds."""
        assert self.plan.cost is not None
        return self.plan.cost

    def at(self, figures: tuple[Figure, ...], end: End) -> Decimal:
        """Its cost with some figures moved and its decisions held."""
        return self._cost_of(moved(self.plan.case, figures, end))

    def moved_alone(self, what: str) -> tuple[Decimal, Decimal]:
        """Its cost with the figure of these words at its low and at its high end.

        With decisions held the cost is a straight line in any one figure, so one end gives the
        other.
        """
        figures = self.figures.get(what)
        if figures is None:
            return self.cost, self.cost
        figure = figures[0]
        up, down = figure.high - figure.central, figure.central - figure.low
        if up >= down:
            high = self.at(figures, "high")
            low = self.cost - (high - self.cost) * down / up if up else self.cost
        else:
            low = self.at(figures, "low")
            high = self.cost + (self.cost - low) * up / down
        return pence(low), pence(high)

    def all_at(self, end: End) -> Decimal:
        """Its cost with every figure moved."""
        return self.at(tuple(f for group in self.figures.values() for f in group), end)

    def worth_of_price(self, end: End | None) -> Decimal:
        """What its price comes to in its cost: the part that a cut in price cuts."""
        every = tuple(f for group in self.figures.values() for f in group)
        case = self.plan.case if end is None else moved(self.plan.case, every, end)
        return self._cost_of(case) - self._cost_of(_free(case, self.offer.id))

    def _cost_of(self, case: Case) -> Decimal:
        return account(case, self.plan.result.tree, self.plan.result.nodes).cost


def pence(amount: Decimal) -> Decimal:
    """An amount to the penny."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def answer_for(
    case: Case, known: QuickService, today: date, *, seconds: float, seed: int
) -> ServiceAnswer:
    """The first answer for one service.

    Args:
        case: the draft of this service alone.
        known: what the user said.
        today: the day of asking.
        seconds: time limit of each small plan.
        seed: seed of the search.

    Raises:
        SolverError: a small plan was not found in time.
    """
    service = case.services[0].id
    plans = [_only(case, offer, known, seconds, seed) for offer in _candidates(case, known)]
    best = min(plans, key=lambda only: (only.cost, only.offer.id))
    whole = plan_case(case, gap=GAP, seconds=seconds, seed=seed)
    by_name = {only.offer.id: only for only in plans}
    act_by, last_safe, notes = _dates(case, best.offer, known, today)
    return ServiceAnswer(
        service=case.services[0].name,
        annual_cost=known.annual_cost,
        ends=known.ends,
        best=_way(best, best.cost),
        act_by=act_by,
        last_safe=last_safe,
        late=last_safe is not None and last_safe < today,
        ways=tuple(
            _way(only, best.cost)
            for only in sorted(plans, key=lambda only: (only.cost, only.offer.id))
        ),
        break_even=_break_even(by_name[f"{service}.{LONG}"], by_name[f"{service}.{SHORT}"]),
        unknowns=_unknowns(case.services[0].name, plans, best),
        bound=None if whole.bound is None else min(whole.bound, best.cost),
        indicative_share=best.plan.result.indicative_share or Decimal(0),
        notes=(*known.notes, *notes),
    )


def _candidates(case: Case, known: QuickService) -> list[Offer]:
    """Every way to compare; today's agreement only where it can go on."""
    return [
        offer
        for offer in case.offers
        if not offer.id.endswith(".today") or (known.ends is None and not known.in_house)
    ]


def _only(case: Case, offer: Offer, known: QuickService, seconds: float, seed: int) -> Only:
    live = {agreement.offer for agreement in case.agreements}
    wanted = part(case, tuple(o for o in case.offers if o.id == offer.id or o.id in live))
    if offer.id not in live:
        rule = MustUse(kind="must_use", offer=offer.id, from_=_from(case, offer, known))
        wanted = wanted.model_copy(update={"rules": (rule,)})
    plan = plan_case(wanted, gap=GAP, seconds=seconds, seed=seed)
    if plan.cost is None:
        raise SolverError(f"no plan for “{offer.name}” was found in {seconds:g} seconds")
    found: dict[str, tuple[Figure, ...]] = {}
    for figure in figures_in(plan.case):
        found[figure.what] = (*found.get(figure.what, ()), figure)
    return Only(offer, plan, found)


def _from(case: Case, offer: Offer, known: QuickService) -> date:
    """The first day of the first period in which a way can be live and today's need not be."""
    horizon = case.horizon
    soonest = _lead(case, offer) // horizon.months
    if known.ends is not None and not known.in_house:
        soonest = max(soonest, horizon.first_from(known.ends + timedelta(days=1)))
    elif case.agreements:
        # An agreement without an end is left on its own notice, and any new start is later.
        soonest = max(soonest, 12 // horizon.months)
    return horizon.begins(min(soonest, horizon.periods - 1))


def _lead(case: Case, offer: Offer) -> int:
    return offer.lead if offer.lead is not None else case.forms[offer.form].lead or 0


def _way(only: Only, best: Decimal) -> Way:
    low, high = only.all_at("low"), only.all_at("high")
    return Way(
        offer=only.offer.id,
        title=only.offer.name,
        cost=only.cost,
        low=min(low, only.cost),
        high=max(high, only.cost),
        worth_pursuing=min(low, only.cost) <= best,
    )


def _break_even(long: Only, short: Only) -> BreakEven:
    """The cut in the price of the long contract at which both cost the same.

    Analytic: with decisions held, cost falls in proportion to the price, so the cut is the
    difference in cost over what the price of the long contract comes to. At the central figures,
    and with all figures at their low and at their high ends.
    """
    cuts = [_cut(long.cost - short.cost, long.worth_of_price(None))]
    ends: tuple[End, ...] = ("low", "high")
    cuts += [_cut(long.all_at(end) - short.all_at(end), long.worth_of_price(end)) for end in ends]
    return BreakEven(low=min(cuts), central=cuts[0], high=max(cuts))


def _cut(difference: Decimal, worth: Decimal) -> Decimal:
    if worth <= 0:
        return Decimal(0)
    return (difference / worth).quantize(Decimal("0.001"), rounding=ROUND_CEILING)


def _free(case: Case, offer: str) -> Case:
    """The case with the prices of one offer at nothing."""
    return case.model_copy(
        update={
            "offers": tuple(
                entry
                if entry.id != offer
                else entry.model_copy(
                    update={
                        "services": {
                            name: terms.model_copy(update={"price": Decimal(0)})
                            for name, terms in entry.services.items()
                        }
                    }
                )
                for entry in case.offers
            )
        }
    )


def _unknowns(service: str, plans: list[Only], best: Only) -> tuple[Unknown, ...]:
    """Each figure moved on its own to its low and its high end; those that matter most."""
    found: list[Unknown] = []
    for what in sorted({what for only in plans for what in only.figures}):
        sample = next(only.figures[what][0] for only in plans if what in only.figures)
        by_end = [only.moved_alone(what) for only in plans]
        at_ends = []
        for costs in zip(*by_end, strict=True):
            cost, name, leader = min(
                (cost, only.offer.id, only) for cost, only in zip(costs, plans, strict=True)
            )
            at_ends.append(
                Unknown(
                    service=service,
                    what=what,
                    low=sample.low,
                    high=sample.high,
                    prior=sample.prior,
                    change=cost - best.cost,
                    best_instead="" if name == best.offer.id else leader.offer.name,
                )
            )
        found.append(max(at_ends, key=weight))
    ranked = sorted(found, key=lambda u: (*(-part for part in weight(u)), u.what))
    return tuple(unknown for unknown in ranked if unknown.change)[:MOST_UNKNOWNS]


def weight(unknown: Unknown) -> tuple[Decimal, Decimal]:
    """How much hangs on a figure: whether another way would be best, then the change in cost."""
    return (Decimal(bool(unknown.best_instead)), abs(unknown.change))


def _dates(
    case: Case, offer: Offer, known: QuickService, today: date
) -> tuple[date | None, date | None, tuple[str, ...]]:
    """Act-by date (end less lead and notice), last safe date (end less lead), and notes."""
    if known.in_house:
        return None, None, () if known.ends is None else ("an end date means nothing in-house",)
    if known.ends is None:
        return None, None, ()
    after = known.ends + timedelta(days=1)
    last_safe = months_before(after, _lead(case, offer))
    notes: tuple[str, ...] = ()
    if known.ends < today:
        notes = (f"today's agreement ended on {day(known.ends)}: cover at short notice is costed",)
    return months_before(last_safe, offer.term.notice), last_safe, notes


def months_before(when: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    index = when.year * 12 + when.month - 1 - months
    year, month = index // 12, index % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(when.day, last))
