"""Plans to compare with: which there are, what they cost, and what becomes of rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.analysis.flexible import ONCE, no_timetable, partnership, today_runs_out, waiting_pays
from tests.engine.small import case, offer

from sourcemix import futures
from sourcemix.analysis.baselines import Candidate, baselines, chain_links
from sourcemix.analysis.comparing import compare
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.restriction import Restriction
from sourcemix.errors import SolverError, VerificationError
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparison

EXACT = Limits(gap=0.0, seconds=60.0)


def planned(given: Case, name: str) -> Comparison:
    found = {one.name: one for one in (*chain_links(given), *baselines(given))}
    return compare(given, futures.grow(given), found[name], EXACT, asked=0.0).comparison


def live(found: Comparison) -> list[list[str]]:
    return [[position.offer for position in node.positions] for node in found.nodes]


def test_those_that_make_sense_are_tried() -> None:
    assert [one.name for one in baselines(waiting_pays())] == ["cheapest_now"]
    named = {"ours": {"offers": ["new"]}}
    assert [one.name for one in baselines(today_runs_out(baselines=named))] == [
        "as_is",
        "in_house",
        "cheapest_now",
        "ours",
    ]
    assert [one.kind for one in chain_links(partnership())] == [
        "single_partnership",
        "chosen_once",
        "fixed_plan",
    ]


def test_as_it_is_ends_where_nothing_can_be_renewed() -> None:
    """A year at 1,000, then two years in which 100 units go unmet at £50."""
    found = planned(today_runs_out(), "as_is")
    assert (found.status, found.cost, found.authority_cost) == (
        "optimal",
        Decimal(11_000),
        Decimal(1000),
    )
    assert live(found) == [["old"], [], []]


def test_as_it_is_renews_what_it_can() -> None:
    """Today's agreement, £60 a unit, is dearer than nothing at all, and is renewed all the same."""
    old = offer("old", "vale", "60", term={"initial": 24})
    today = [{"offer": "old", "started": "2026-04-01"}]
    given = case([old, offer("new", "moor", "10")], agreements=today)
    found = planned(given, "as_is")
    assert live(found) == [["old"]] * 3
    assert live(planned(given, "chosen_once"))[1:] == [["new"]] * 2


def test_in_house_takes_over_when_todays_agreement_ends() -> None:
    found = planned(today_runs_out(), "in_house")
    assert (found.cost, live(found)) == (Decimal(5000), [["old"], ["new"], ["new"]])


def test_cheapest_today_takes_the_lowest_charge_and_keeps_it() -> None:
    """10 a unit at first, 40 from then on: 1,000 + 2 × 4,000; the other is 12 a unit for good."""
    lured = offer("lured", "vale", "0", desk={"price": ["10", "40"]}, **ONCE)
    found = planned(case([lured, offer("steady", "moor", "12")]), "cheapest_now")
    assert (found.cost, live(found)) == (Decimal(9000), [["lured"]] * 3)


def test_a_named_baseline_has_its_offers_and_no_others() -> None:
    given = waiting_pays(baselines={"brief": {"offers": ["short"]}})
    found = planned(given, "brief")
    assert (found.kind, found.name, found.cost) == ("named", "brief", Decimal(3900))


def test_rules_that_no_such_plan_can_hold_are_waived_and_named() -> None:
    rules = [
        {"id": "no_old", "kind": "must_not_use", "offer": "old"},
        {"id": "any", "kind": "max_live", "limit": 5},
    ]
    found = planned(today_runs_out(rules=rules), "as_is")
    assert (found.status, found.waived, found.cost) == ("optimal", ("no_old",), Decimal(11_000))
    assert found.verified


def test_a_rule_with_a_price_is_paid_for_not_waived() -> None:
    rules = [{"id": "no_old", "kind": "must_not_use", "offer": "old", "soft": 70}]
    found = planned(today_runs_out(rules=rules), "as_is")
    assert (found.waived, found.cost) == ((), Decimal(11_070))


def test_a_rule_that_is_waived_leaves_those_with_a_price() -> None:
    rules = [
        {"id": "no_old", "kind": "must_not_use", "offer": "old"},
        {"id": "use_new", "kind": "must_use", "offer": "new", "soft": 100},
    ]
    found = planned(today_runs_out(rules=rules), "as_is")
    assert (found.waived, found.cost) == (("no_old",), Decimal(11_300))


def test_links_of_the_chain_are_not_planned_without_rules() -> None:
    rules = [{"kind": "must_not_use", "offer": "second"}]
    given = Case.model_validate(no_timetable().model_dump(by_alias=True) | {"rules": rules})
    found = planned(given, "chosen_once")
    assert (found.status, found.waived) == ("infeasible", ())
    assert found.conflicts


def test_needs_that_cannot_be_met_are_named_once_the_rules_are_gone() -> None:
    given = today_runs_out(services=[{"id": "desk", "unit": "ticket", "demand": 100}])
    found = planned(given, "as_is")
    assert (found.status, found.cost) == ("infeasible", None)
    assert found.conflicts == ("all demand for `desk` must be met",)


def test_a_solver_that_fails_is_no_plan_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> PlanAnswer:
        raise SolverError("gone")

    monkeypatch.setattr(planning, "solve", fails)
    found = planned(waiting_pays(), "chosen_once")
    assert (found.status, found.reason, found.cost) == ("unknown", "solver_stopped", None)


def test_a_plan_that_is_not_of_its_kind_is_not_shown() -> None:
    """The best plan waits and sees; it is no plan for all futures."""
    given = waiting_pays()
    free = Candidate("fixed_plan", "fixed_plan", Restriction())
    with pytest.raises(VerificationError, match="fixed_plan"):
        compare(given, futures.grow(given), free, EXACT, asked=0.0)


def test_the_range_is_over_the_futures() -> None:
    found = planned(waiting_pays(), "chosen_once")
    assert (found.low, found.high, found.mean) == (Decimal(3000), Decimal(3000), Decimal(3000))
