"""Splitting each year into halves or quarters, with the same terms.

A finer period is not the same case written otherwise: more dates can be chosen. What holds by the
reference of meanings is this.

**Never dearer.** Every plan by the year is a plan by the half-year, with the same costs, as all
figures "a year" are pro-rated, while what is due once is due in the first half of the same discount
year. So the finer case costs no more. It takes that nothing in the case is reckoned by the period:

- trends move each period, and the chance of a failure without `at` is linear in the period. With
  `at`, the chances of the periods compound: the test of failure below chooses them so that they
  agree;
- `budget` gives each period its share, and set-up is due in one of them; `max_exit_exposure` and
  `outcome_floor` hold at more nodes;
- what today's agreements have run is rounded down to whole periods;
- dates count from the first period that begins on or after them: here they are first days of years;
- rounding, to 0.001 unit a period, must be exact in both: units here are whole hundreds, and
  there are no tiers for all units, which would be kept clear of by a thousandth in each period.

**The same cost.** Where, besides, decisions are pinned to the years, nothing new can be gained:
each offer may start on one day only, the first of a year, and leaving inside a block costs more in
fees than running on does. (What may share out volumes over both halves, such as a rule over the
whole plan or a ceiling, could still gain; these are left out there.)
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.conftest import FULL
from tests.engine.small import case, offer
from tests.metamorphic.changes import in_parts
from tests.metamorphic.planned import cost, drawn, result

from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.checks_time import age_at_start

YEARLY = range(60 if FULL else 3)
HUNDRED = Decimal(100)
VOLUMES = ("keep_in_house", "max_share", "min_share", "outcome_floor", "budget", "max_value")
BY_PERIOD = ("budget", "max_exit_exposure", "outcome_floor")
STEPS = ("demand", "price", "requirement", "policy", "budget", "reorganisation")
"""Drivers that are seen at a date and have no chance by the period."""


def aligned(given: Case) -> Case:
    """A case by the year in which nothing is reckoned by the period."""
    drivers = [
        driver.model_copy(update={"at": whole_year(given, seen_at(driver))})
        for driver in given.drivers
        if driver.kind in STEPS and not trend(driver)
    ]
    demand = [driver for driver in drivers if driver.kind == "demand"][:1]
    others = [driver for driver in drivers if driver.kind not in ("demand", "policy")]
    policies = [
        driver.model_copy(update={"rule": _dated(given, driver.rule)})
        for driver in drivers
        if driver.kind == "policy" and driver.rule.kind not in (*BY_PERIOD, *VOLUMES)
    ]
    rules = [rule for rule in given.rules if rule.kind not in (*BY_PERIOD, *VOLUMES)]
    return given.model_copy(
        update={
            "services": tuple(
                service.model_copy(update={"demand": hundreds(service.demand)})
                for service in given.services
            ),
            "offers": tuple(_even(offer) for offer in given.offers),
            "agreements": tuple(_on_the_year(given, agreed) for agreed in given.agreements),
            "drivers": (*demand, *others, *policies),
            "rules": tuple(_dated(given, rule) for rule in rules),
            "frameworks": tuple(
                framework.model_copy(update={"ceiling": None}) for framework in given.frameworks
            ),
        }
    )


def trend(driver: Any) -> bool:
    return getattr(driver, "drift", None) is not None or getattr(driver, "sd", None) is not None


def seen_at(driver: Any) -> date:
    """The date of a driver that goes in one step."""
    assert isinstance(driver.at, date)
    return driver.at


def hundreds(value: Any) -> Any:
    """Whole hundreds of units, so that a tenth of a quarter of 1.23 times as many is exact."""
    if value is None or isinstance(value, tuple):
        return value if value is None else tuple(hundreds(part) for part in value)
    return (value / HUNDRED).quantize(Decimal(1)) * HUNDRED


def _even(offer: Any) -> Any:
    services = {
        name: terms.model_copy(
            update={
                "capacity": hundreds(terms.capacity),
                "tier_kind": "incremental",
                "commit": terms.commit.quantize(Decimal("0.1")),
                "tiers": tuple(
                    tier.model_copy(update={"from_": hundreds(tier.from_)}) for tier in terms.tiers
                ),
            }
        )
        for name, terms in offer.services.items()
    }
    reduces = {name: share.quantize(Decimal("0.1")) for name, share in offer.reduces.items()}
    return offer.model_copy(update={"services": services, "reduces": reduces})


def whole_year(given: Case, day: date | None) -> date | None:
    """The first day of the first year that begins on or after a day."""
    return None if day is None else given.horizon.begins(given.horizon.first_from(day))


def _dated(given: Case, rule: Any) -> Any:
    """A rule that holds over whole years, the same ones as before."""
    until = rule.until
    if until is not None:
        until = given.horizon.begins(given.horizon.period_of(until) + 1) - timedelta(days=1)
    return rule.model_copy(update={"from_": whole_year(given, rule.from_), "until": until})


def _on_the_year(given: Case, agreed: Any) -> Any:
    """An agreement of today that has run whole years, or one that starts or ends with a year."""
    if agreed.started is None:
        return agreed.model_copy(update={"pending": whole_year(given, agreed.pending)})
    start = given.horizon.start
    run = age_at_start(agreed.started, given.horizon)
    ends = whole_year(given, agreed.in_notice)
    started = start.replace(year=start.year - run)
    return agreed.model_copy(update={"started": started, "in_notice": ends})


def pinned(given: Case, seed: int) -> Case:
    """The same, with decisions at the beginning of years only."""
    rng = Random(f"pinned {seed}")
    months = given.horizon.months
    offers = []
    for one in given.offers:
        day = given.horizon.begins(rng.randrange(given.horizon.periods))
        window = one.available.model_copy(update={"from_": day, "until": day})
        fee = one.exit.model_copy(update={"fee_per_missing_year": Decimal(1_000_000)})
        term = one.term.model_copy(update={"break_from": None})
        assert one.term.initial % months == 0
        offers.append(one.model_copy(update={"available": window, "exit": fee, "term": term}))
    forms = {name: form.model_copy(update={"binding": True}) for name, form in given.forms.items()}
    return given.model_copy(update={"offers": tuple(offers), "forms": forms})


@pytest.mark.parametrize("seed", YEARLY)
def test_halves_are_never_dearer(seed: int) -> None:
    given = aligned(drawn(seed, "year", "year"))
    assert cost(in_parts(given, 2)) <= cost(given)


@pytest.mark.parametrize("parts", [2, 4])
@pytest.mark.parametrize("seed", YEARLY)
def test_the_same_cost_where_decisions_are_pinned(seed: int, parts: int) -> None:
    given = pinned(aligned(drawn(seed, "year", "year")), seed)
    assert cost(in_parts(given, parts)) == cost(given)


def test_pinned_cases_have_something_to_decide() -> None:
    """Else the equality says little: in some of them agreements start, in some they are left."""
    found = [result(pinned(aligned(drawn(seed, "year", "year")), seed)) for seed in range(3)]
    actions = {d.action for one in found for node in one.nodes for d in node.decisions}
    assert "procure" in actions
    assert sum(one.status == "optimal" for one in found) >= 2


def test_failure_with_a_date() -> None:
    """Three quarters in one year: half of what is left, twice, by the half-year.

    1 - (1 - 0.75) = 1 - (1 - 1/2)², and 1/2 is `failure` 1 times half a year.
    """

    def failing(hazard: str) -> Case:
        return case(
            [offer("vale", "vale", "10", fixed=100), offer("moor", "moor", "14")],
            3,
            suppliers=[
                {"id": "vale", "kind": "commercial", "failure": hazard},
                {"id": "moor", "kind": "commercial"},
            ],
            services=[
                {"id": "desk", "unit": "ticket", "demand": 100, "unmet": 50, "emergency": 60}
            ],
            drivers=[{"kind": "supplier_failure", "supplier": "vale", "at": "2028-04-01"}],
        )

    halves = in_parts(failing("1"), 2)
    assert cost(halves) == cost(failing("0.75")) != cost(failing("0"))
    chances = [node.p for node in grow(halves).nodes if node.seen]
    assert chances == [Decimal("0.75"), Decimal("0.25")]


def test_a_finer_case_can_be_cheaper() -> None:
    """So equality cannot be asked for in general: half a year of the dear offer is enough."""
    given = case(
        [
            offer("vale", "vale", "20", fixed=400),
            offer("moor", "moor", "0", available={"from": "2027-10-01"}),
        ],
        2,
    )
    assert cost(in_parts(given, 2)) < cost(given)
