"""Checks of a case against its calendar: durations, dates, lists by period, spreads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sourcemix.errors import Fault, Path
from sourcemix.model.case import MONTHS, Case, Horizon
from sourcemix.model.common import central
from sourcemix.model.drivers import DemandDriver, Driver, PolicyDriver, PriceDriver
from sourcemix.model.offers import Agreement, Offer
from sourcemix.model.rules import MaxTerm, Rule
from sourcemix.model.wording import quoted


def time_faults(case: Case) -> Iterator[Fault]:
    """Everything that does not fit the case's periods and dates."""
    yield from _list_lengths(case)
    yield from _durations(case)
    yield from _windows(case)
    for i, agreement in enumerate(case.agreements):
        yield from _agreement(("agreements", i), agreement, case)
    yield from _same_offer(case)
    for i, driver in enumerate(case.drivers):
        yield from _driver_dates(("drivers", i), driver, case.horizon)
    for i, rule in enumerate(case.rules):
        yield from _rule_dates(("rules", i), rule, case.horizon)
    for i, outcome in enumerate(case.outcomes):
        if outcome.by is not None and outcome.by < case.horizon.start:
            message = f"{outcome.by} is before the case begins ({case.horizon.start})"
            yield Fault(("outcomes", i, "by"), message)


def _list_lengths(case: Case) -> Iterator[Fault]:
    horizon = case.horizon
    for i, service in enumerate(case.services):
        if isinstance(service.demand, tuple) and len(service.demand) != horizon.periods:
            message = (
                f"has {len(service.demand)} figures; it should have {horizon.periods}, one for "
                "each period (each a figure a year), or be a single figure"
            )
            yield Fault(("services", i, "demand"), message)
    years = -(-horizon.periods * horizon.months // 12)
    for name, growth in case.indices.items():
        if isinstance(growth, tuple) and len(growth) != years:
            message = (
                f"has {len(growth)} rates; it should have {years}, one for each year of the "
                "horizon, or be a single rate"
            )
            yield Fault(("indices", name), message)


def _durations(case: Case) -> Iterator[Fault]:
    found: list[tuple[Path, int | None]] = []
    for name, form in case.forms.items():
        found.append((("forms", name, "lead"), form.lead))
    for i, offer in enumerate(case.offers):
        path: Path = ("offers", i)
        found.append(((*path, "lead"), offer.lead))
        found.append(((*path, "term", "initial"), offer.term.initial))
        for j, months in enumerate(offer.term.extensions):
            found.append(((*path, "term", "extensions", j), months))
        found.append(((*path, "term", "break_from"), offer.term.break_from))
        found.append(((*path, "term", "notice"), offer.term.notice))
    for path, rule in _all_rules(case):
        if isinstance(rule, MaxTerm):
            found.append(((*path, "months"), rule.months))
    for path, duration in found:
        if duration is not None and duration % case.horizon.months:
            yield Fault(path, _duration_message(str(_field(path)), duration, case.horizon.months))


def _field(path: Path) -> str | int:
    return path[-1] if isinstance(path[-1], str) else path[-2]


def _duration_message(field: str, months: int, period: int) -> str:
    below = months // period * period
    right = f"{below} or {below + period} months" if below else f"{period} months"
    if not below and field in ("lead", "notice"):
        right = f"0 or {period} months"
    finer = [name for name, length in MONTHS.items() if length < period and months % length == 0]
    choose = f", or choose a finer period in `horizon` ({quoted(finer)})" if finer else ""
    return (
        f"`{field}` is {months} months, not a multiple of the period of {period} months; "
        f"use {right}{choose}"
    )


def _all_rules(case: Case) -> Iterator[tuple[Path, Rule]]:
    for i, rule in enumerate(case.rules):
        yield ("rules", i), rule
    for i, driver in enumerate(case.drivers):
        if isinstance(driver, PolicyDriver):
            yield ("drivers", i, "rule"), driver.rule


def _windows(case: Case) -> Iterator[Fault]:
    today = {agreement.offer for agreement in case.agreements}
    for i, offer in enumerate(case.offers):
        first, last = offer.available.from_, offer.available.until
        path: Path = ("offers", i, "available")
        if first is not None and last is not None and first > last:
            yield Fault((*path, "until"), f"{last} is before `from` ({first})")
        elif offer.id not in today and not _can_start(offer, case.horizon):
            message = (
                f"no period of the horizon ({_span(case.horizon)}) begins in this time, so the "
                "offer could never start; widen it, or take the offer out"
            )
            yield Fault(path, message)


def _can_start(offer: Offer, horizon: Horizon) -> bool:
    first, last = offer.available.from_, offer.available.until
    earliest = max(0, horizon.first_from(first)) if first is not None else 0
    return earliest < horizon.periods and (last is None or horizon.begins(earliest) <= last)


def _span(horizon: Horizon) -> str:
    return f"{horizon.start} to the day before {horizon.begins(horizon.periods)}"


def age_at_start(started: date, horizon: Horizon) -> int:
    """Whole periods that an agreement of today has run when the case begins, rounded down."""
    months = (horizon.start.year - started.year) * 12 + horizon.start.month - started.month
    if started.day > horizon.start.day:
        months -= 1
    return months // horizon.months


def _agreement(path: Path, agreement: Agreement, case: Case) -> Iterator[Fault]:
    horizon = case.horizon
    start = horizon.start
    if agreement.pending is not None:
        if agreement.pending < start:
            message = f"{agreement.pending} is before the case begins ({start}); write `started`"
            yield Fault((*path, "pending"), message)
        elif horizon.first_from(agreement.pending) >= horizon.periods:
            message = f"no period of the horizon ({_span(horizon)}) begins on or after this day"
            yield Fault((*path, "pending"), message)
        return
    if agreement.started is None:
        return
    if agreement.started > start:
        message = f"{agreement.started} is after the case begins ({start}); write `pending`"
        yield Fault((*path, "started"), message)
    if agreement.in_notice is not None and agreement.in_notice <= start:
        message = (
            f"it is no longer live when the case begins ({start}); take the agreement out, or "
            "correct the day"
        )
        yield Fault((*path, "in_notice"), message)
    offer = next((offer for offer in case.offers if offer.id == agreement.offer), None)
    if offer is not None and agreement.started <= start:
        yield from _already_ended(path, agreement, agreement.started, offer, horizon)


def _already_ended(
    path: Path, agreement: Agreement, started: date, offer: Offer, horizon: Horizon
) -> Iterator[Fault]:
    extensions = offer.term.extensions
    if agreement.extensions_used > len(extensions):
        message = f"offer `{offer.id}` has {_counted(len(extensions), 'extension')}"
        yield Fault((*path, "extensions_used"), message)
        return
    agreed = offer.term.initial + sum(extensions[: agreement.extensions_used])
    if age_at_start(started, horizon) * horizon.months >= agreed:
        message = (
            f"started on {started} for {agreed} months ({agreement.extensions_used} of "
            f"{_counted(len(extensions), 'extension')} used), it has already ended when the case "
            f"begins ({horizon.start}); correct `extensions_used`, or take the agreement out"
        )
        yield Fault((*path, "started"), message)


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _same_offer(case: Case) -> Iterator[Fault]:
    live: dict[str, int] = {}
    pending: dict[str, int] = {}
    for i, agreement in enumerate(case.agreements):
        state = live if agreement.pending is None else pending
        if agreement.offer in state:
            word = "live" if state is live else "pending"
            message = (
                f"`agreements[{state[agreement.offer]}]` is already a {word} agreement of offer "
                f"`{agreement.offer}`; an offer has one at a time: give the other an offer of "
                "its own"
            )
            yield Fault(("agreements", i, "offer"), message)
        state.setdefault(agreement.offer, i)
    for name in sorted(live.keys() & pending.keys()):
        begins = case.agreements[pending[name]].pending
        ends = _ends(case.agreements[live[name]], case)
        if begins is not None and ends is not None and case.horizon.first_from(begins) < ends:
            message = (
                f"`agreements[{live[name]}]` of the same offer still runs on {begins}; it ends on "
                f"{case.horizon.begins(ends)}"
            )
            yield Fault(("agreements", pending[name], "pending"), message)


def _ends(agreement: Agreement, case: Case) -> int | None:
    """First period in which a live agreement of today is over, if it is not extended."""
    offer = next((offer for offer in case.offers if offer.id == agreement.offer), None)
    if offer is None or agreement.started is None:
        return None
    agreed = offer.term.initial + sum(offer.term.extensions[: agreement.extensions_used])
    age = age_at_start(agreement.started, case.horizon)
    expires = -(-agreed // case.horizon.months) - age
    if agreement.in_notice is None:
        return expires
    return min(expires, case.horizon.first_from(agreement.in_notice))


def _driver_dates(path: Path, driver: Driver, horizon: Horizon) -> Iterator[Fault]:
    at = driver.at
    days = at if isinstance(at, tuple) else () if at is None else (at,)
    periods: dict[int, date] = {}
    for i, day in enumerate(days):
        place = (*path, "at", i) if isinstance(at, tuple) else (*path, "at")
        period = horizon.first_from(day)
        if not 1 <= period < horizon.periods:
            yield Fault(place, _seen_message(day, horizon))
        elif period in periods:
            message = f"{day} and {periods[period]} fall in the same period; keep one of them"
            yield Fault(place, message)
        periods.setdefault(period, day)
    if isinstance(driver, PolicyDriver):
        yield from _rule_dates((*path, "rule"), driver.rule, horizon)
    if isinstance(driver, DemandDriver | PriceDriver) and driver.sd is not None:
        yield from _spread(path, driver, sorted(periods), horizon)


def _seen_message(day: date, horizon: Horizon) -> str:
    if horizon.periods == 1:
        return "the horizon has one period only, so nothing can change within it; take this out"
    # Dates count from the first period that begins on or after them.
    return (
        f"{day} should be after {horizon.start} and no later than "
        f"{horizon.begins(horizon.periods - 1)}, when the last period begins: what may change is "
        "seen after the first period and before the end"
    )


def _spread(
    path: Path, driver: DemandDriver | PriceDriver, periods: list[int], horizon: Horizon
) -> Iterator[Fault]:
    if driver.sd is None:
        return
    sd = central(driver.sd)
    if sd < 0:
        yield Fault((*path, "sd"), f"a standard deviation is 0 or more, not {sd}")
        return
    seen = periods or list(range(1, horizon.periods))
    before = 0
    for period in seen:
        years = Decimal((period - before) * horizon.months) / 12
        sigma = (sd * years.sqrt()).quantize(Decimal("0.000001"))
        if 1 - 2 * sigma <= 0:
            message = (
                f"the spread is too wide: {sd} a year gathers to {sigma.normalize():f} by "
                f"{horizon.begins(period)}, and 1 - 2 × {sigma.normalize():f} is not more than 0; "
                "lower `sd`, or give more dates in `at`"
            )
            yield Fault((*path, "sd"), message)
            return
        before = period


def _rule_dates(path: Path, rule: Rule, horizon: Horizon) -> Iterator[Fault]:
    end = horizon.begins(horizon.periods)
    if rule.from_ is not None and rule.from_ >= end:
        yield Fault((*path, "from"), f"{rule.from_} is after the horizon ({_span(horizon)})")
    if rule.until is not None and rule.until < horizon.start:
        yield Fault((*path, "until"), f"{rule.until} is before the horizon ({_span(horizon)})")
