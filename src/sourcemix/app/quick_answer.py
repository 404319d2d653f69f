"""What a draft can say at once about one service.

All ways are planned at once and verified; what is said of ranges, break-even and unknowns follows
from the verified costs, with the decisions held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from sourcemix.app.quick_case import TODAY_NOTICE
from sourcemix.app.quick_compare import compare, lead_of
from sourcemix.app.quick_figures import Key, Sheet, sheets
from sourcemix.app.quick_input import QuickService
from sourcemix.app.quick_unknowns import unknowns
from sourcemix.app.quick_ways import LONG, SHORT
from sourcemix.model.case import Case
from sourcemix.model.offers import Offer
from sourcemix.report.first_answer import BreakEven, ServiceAnswer, Way
from sourcemix.report.words import day

GAP = 0.0
"""Gap to which the plans are proven: none."""


def answer_for(
    case: Case, known: QuickService, today: date, *, seconds: float, seed: int
) -> ServiceAnswer:
    """The first answer for one service.

    Args:
        case: the draft of this service alone.
        known: what the user said.
        today: the day of asking.
        seconds: time limit of the plan.
        seed: seed of the search.

    Raises:
        SolverError: no plan was found in time.
    """
    service = case.services[0]
    comparison = compare(case, known, seconds=seconds, seed=seed, gap=GAP)
    found = sorted(sheets(comparison), key=lambda sheet: (sheet.cost, sheet.offer.id))
    least_high = min(sheet.all_at("high") for sheet in found)
    ways = tuple(_way(case, sheet, known, least_high) for sheet in found)
    by_id = {sheet.offer.id: sheet for sheet in found}
    in_time = [way.last_safe for way in ways if way.in_running and way.last_safe is not None]
    notes = known.notes
    if known.in_house and known.ends is not None:
        notes = (*notes, "an end date means nothing in-house")
    if not known.in_house and known.ends is not None and known.ends < today:
        ended = f"today's agreement ended on {day(known.ends)}: cover at short notice is costed"
        notes = (*notes, ended)
    return ServiceAnswer(
        service=service.name,
        annual_cost=known.annual_cost,
        ends=known.ends,
        settled=sum(way.in_running for way in ways) == 1,
        act_by=months_before(min(in_time), TODAY_NOTICE) if in_time else None,
        last_safe=max(in_time) if in_time else None,
        ways=ways,
        break_even=break_even(by_id[f"{service.id}.{LONG}"], by_id[f"{service.id}.{SHORT}"]),
        unknowns=unknowns(service.name, found),
        gap=comparison.plan.gap or Decimal(0),
        notes=notes,
    )


def _way(case: Case, sheet: Sheet, known: QuickService, least_high: Decimal) -> Way:
    low = sheet.all_at("low")
    cost = sheet.exactly({})
    return Way(
        offer=sheet.offer.id,
        title=sheet.offer.name,
        cost=sheet.cost,
        low=low,
        high=sheet.all_at("high"),
        in_running=low <= least_high,
        last_safe=_last_safe(case, sheet.offer, known),
        indicative_share=share_of(sheet.indicative, cost),
        sources=sheet.sources,
    )


def break_even(long: Sheet, short: Sheet) -> BreakEven:
    """The cut in the price of the long contract at which both cost the same.

    Its cost falls in proportion to its price, so the cut is the difference in cost over the part
    of the cost that its price makes. Both prices stay where they are; every other figure goes to
    the end that makes the cut smallest, and to the end that makes it largest.
    """
    price = Key("price", long.offer.id)
    figures = {
        key: figure
        for key, figure in (*short.figures.items(), *long.figures.items())
        if key.kind != "price"
    }

    def cut(values: dict[Key, Decimal]) -> Fraction:
        worth = long.in_proportion_to(price, values)
        return (long.exactly(values) - short.exactly(values)) / worth if worth else Fraction(0)

    smallest: dict[Key, Decimal] = {}
    largest: dict[Key, Decimal] = {}
    for key, figure in figures.items():
        up = cut({key: figure.high}) >= cut({key: figure.low})
        smallest[key], largest[key] = (figure.low, figure.high) if up else (figure.high, figure.low)
    middle = cut({})
    return BreakEven(
        low=_places(min(middle, cut(smallest)), 8),
        central=_places(middle, 8),
        high=_places(max(middle, cut(largest)), 8),
    )


def share_of(part: Fraction, whole: Fraction) -> Decimal:
    """A share to four decimals; 0 of nothing."""
    return _places(part / whole, 4) if whole else Decimal(0)


def _places(value: Fraction, places: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def _last_safe(case: Case, offer: Offer, known: QuickService) -> date | None:
    """The end of today's agreement less the lead time."""
    if known.in_house or known.ends is None:
        return None
    return months_before(known.ends + timedelta(days=1), lead_of(case, offer))


def months_before(when: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    index = when.year * 12 + when.month - 1 - months
    year, month = index // 12, index % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(when.day, last))


def of_running(answers: Sequence[ServiceAnswer]) -> Decimal:
    """Share of the cost of all ways in the running that rests on indicative figures."""
    running = [way for answer in answers for way in answer.running]
    resting = sum((Fraction(way.cost * way.indicative_share) for way in running), Fraction(0))
    return share_of(resting, sum((Fraction(way.cost) for way in running), Fraction(0)))
