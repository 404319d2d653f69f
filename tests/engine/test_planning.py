"""The exact route for cases: what it must find, hold, refuse and explain."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sourcemix import futures, verify
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.conflicts import conflicts
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.model.case import Case
from tests.engine.small import case, offer

EXACT = Limits(gap=0.0, seconds=30.0)


def planned(given: Case) -> PlanAnswer:
    tree = futures.grow(given)
    answer = planning.solve(given, tree, EXACT)
    if answer.nodes is not None:
        accounts = verify.account(given, tree, answer.nodes)
        assert accounts.discrepancies == ()
        assert answer.claimed == pytest.approx(float(accounts.cost), abs=0.01)
    return answer


def offers_live(answer: PlanAnswer) -> list[list[str]]:
    assert answer.nodes is not None
    return [[position.offer for position in node.positions] for node in answer.nodes]


def test_the_cheaper_offer_is_taken_for_its_whole_time() -> None:
    answer = planned(case([offer("dear", "moor", "12"), offer("cheap", "vale", "10")]))
    assert answer.status == "optimal"
    assert answer.claimed == pytest.approx(3 * 100 * 10)
    # The dear one would cost nothing to sign, but nobody needs it.
    assert offers_live(answer) == [["cheap"]] * 3


def test_lead_time_is_bridged() -> None:
    """A year's lead: the first year goes to the dear offer, the others to the cheap one."""
    answer = planned(case([offer("dear", "moor", "12"), offer("cheap", "vale", "10", lead=12)]))
    assert answer.claimed == pytest.approx(100 * 12 + 2 * 100 * 10)


def test_a_fee_keeps_an_agreement_and_a_break_frees_it() -> None:
    """Today's agreement costs £200 more a year; leaving costs £150 for each of two years left.

    Staying: 2 x 1,200. Leaving: 200 to set up, 2 x 1,000, and 2 x 150 where there is no break.
    """
    old = offer(
        "old", "moor", "0", fixed=1200, term={"initial": 36}, exit={"fee_per_missing_year": 150}
    )
    new = offer("new", "vale", "0", fixed=1000, setup={"systems": 200})
    today = [{"offer": "old", "started": "2026-04-01"}]
    stay = planned(case([old, new], periods=2, agreements=today))
    assert offers_live(stay) == [["old"], ["old"]]
    free = {**old, "term": {"initial": 36, "break_from": 12}}
    leave = planned(case([free, new], periods=2, agreements=today))
    assert offers_live(leave) == [["new"], ["new"]]
    assert leave.claimed == pytest.approx(200 + 2 * 1000)


def test_notice_is_given_before_it_is_known_which_future_comes() -> None:
    """Demand may vanish in the second year; a year's notice must be decided in the first."""
    fixed = offer(
        "fixed",
        "vale",
        "0",
        fixed=900,
        term={"initial": 24, "break_from": 0, "notice": 12},
        setup={"systems": 1000},
    )
    driver = {
        "kind": "demand",
        "id": "gone",
        "services": ["desk"],
        "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": 0}, {"p": "0.5", "factor": 1}],
    }
    given = case([fixed], periods=2, drivers=[driver])
    answer = planned(given)
    # Keep: 1,000 + 900 + 900. Leave for sure, and start again where there is demand: 1,000 + 900
    # and half of 1,900.
    assert answer.claimed == pytest.approx(2800)
    without = {**fixed, "term": {"initial": 24, "break_from": 0}}
    # Without notice it is left only where demand has gone: 1,000 + 900 and half of 900.
    assert planned(case([without], periods=2, drivers=[driver])).claimed == pytest.approx(2350)


def test_linked_services_pay_one_whole_interface() -> None:
    """Half an interface is what a relaxation would pay; a plan pays all of it."""
    services = [
        {"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in ("desk", "repair")
    ]
    desk = offer("desk", "vale", "10")
    repair = {**offer("repair", "moor", "10"), "services": {"repair": {"price": 10}}}
    links = [{"services": ["desk", "repair"], "interface": 300}]
    answer = planned(case([desk, repair], periods=1, services=services, links=links))
    assert answer.claimed == pytest.approx(2000 + 300)


def test_a_requirement_is_paid_by_agreements_signed_before_it() -> None:
    driver = {
        "kind": "requirement",
        "id": "new_need",
        "services": ["desk"],
        "at": "2028-04-01",
        "p": 1,
        "size": "0.5",
    }
    long = offer("long", "vale", "10", change_rate="0.4", setup={"systems": 500})
    # 1,000 a year, and 0.4 x 0.5 x 1,000 more in each of the two years after the change.
    assert planned(case([long], drivers=[driver])).claimed == pytest.approx(3500 + 2 * 200)
    adapts = {**driver, "adapts": {"long": 70}}
    assert planned(case([long], drivers=[adapts])).claimed == pytest.approx(3500 + 70)
    # Set up anew for less than the change would cost, the agreement knows of the change.
    again = offer("long", "vale", "10", change_rate="0.4", setup={"systems": 300})
    assert planned(case([again], drivers=[driver])).claimed == pytest.approx(3000 + 2 * 300)


@pytest.mark.parametrize(
    ("rule", "cost"),
    [
        ({"kind": "must_not_use", "supplier": "vale"}, 3600),
        ({"kind": "must_use", "offer": "dear"}, 3000),
        ({"kind": "keep_in_house", "service": "desk", "share": "0.5"}, 3 * (50 * 10 + 50 * 20)),
        ({"kind": "max_share", "of": "spend", "who": {"sme": True}, "share": "0.25"}, 3450),
        ({"kind": "min_share", "of": "service", "service": "desk", "who": {"supplier": "moor"},
          "share": "0.333"}, 3 * (66.7 * 10 + 33.3 * 12)),
        ({"kind": "min_suppliers", "limit": 2}, 3000),
        ({"kind": "max_live", "limit": 0}, 6000),
        ({"kind": "max_suppliers", "limit": 0, "from": "2028-04-01"}, 1000 + 2 * 2000),
        ({"kind": "excludes", "offers": ["cheap", "dear"]}, 3000),
        ({"kind": "requires", "offer": "cheap", "needs": ["own"]}, 3000),
        ({"kind": "budget", "amount": 1000, "real": True}, 3000),
    ],
)  # fmt: skip
def test_rules(rule: dict[str, Any], cost: float) -> None:
    """Three years, 100 units: £10 from an SME, £12 from another firm, £20 in-house."""
    offers = [
        offer("cheap", "vale", "10"),
        offer("dear", "moor", "12"),
        offer("own", "own", "20", form="in_house"),
    ]
    answer = planned(case(offers, rules=[rule]))
    assert answer.status == "optimal"
    if rule["kind"] == "max_share":
        # A quarter of the spend at £10, the rest at £12: v·10 = (v·10 + (100-v)·12) / 4.
        volume = 300 / 10.5 * 1
        cost = 3 * (volume * 10 + (100 - volume) * 12)
    assert answer.claimed == pytest.approx(cost, abs=0.1)


def test_max_term_ends_what_starts_in_the_plan() -> None:
    """After a year it must be left; set-up is paid again."""
    only = offer("only", "vale", "10", setup={"systems": 100}, term={"initial": 12,
                 "extensions": [12, 12]})  # fmt: skip
    rule = {"kind": "max_term", "months": 12}
    assert planned(case([only])).claimed == pytest.approx(3100)
    assert planned(case([only], rules=[rule])).claimed == pytest.approx(3300)


def test_an_infeasible_case_names_what_cannot_hold_together() -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": 100, "unmet": "never"}]
    rules = [
        {"kind": "must_not_use", "supplier": "vale", "id": "no_vale"},
        {"kind": "max_live", "limit": 5},
    ]
    given = case([offer("cheap", "vale", "10")], services=services, rules=rules)
    answer = planned(given)
    assert (answer.status, answer.reason) == ("infeasible", "proved")
    assert answer.conflicts == (
        "the rule `no_vale` (must_not_use)",
        "all demand for `desk` must be met",
    )


def test_a_feasible_case_has_no_conflicts() -> None:
    given = case([offer("cheap", "vale", "10")])
    problem = compile_problem(given, futures.grow(given))
    assert conflicts(problem, active_rules(problem), EXACT) == ()


def test_the_same_case_gives_the_same_plan() -> None:
    given = case([offer("a", "vale", "10"), offer("b", "moor", "10")])
    assert planned(given).nodes == planned(given).nodes


def test_volumes_add_up_to_the_thousandth() -> None:
    """A third of an odd demand: shares that no thousandth meets exactly still hold the rule."""
    services = [{"id": "desk", "unit": "ticket", "demand": "100.001", "unmet": "never"}]
    rule = {"kind": "min_share", "of": "spend", "who": {"supplier": "moor"}, "share": "0.333333"}
    offers = [offer("cheap", "vale", "7.3"), offer("dear", "moor", "11.7")]
    answer = planned(case(offers, services=services, rules=[rule]))
    assert answer.nodes is not None
    for node in answer.nodes:
        served = sum((sum(p.volumes.values()) for p in node.positions), Decimal(0))
        assert served == Decimal("100.001")


RISKY = {
    "kind": "demand",
    "id": "surge",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": "0.25", "factor": 3}, {"p": "0.75", "factor": 1}],
}


def test_a_weight_on_risk_buys_insurance() -> None:
    """Two years; demand triples with probability 1/4.

    By unit: 1,000, then 1,000 or 3,000: mean 2,500, the worst quarter 4,000. Fixed at £1,300 a
    year: 2,600 whatever happens. The mean prefers the unit price; with half the weight on the
    worst quarter, (2,500 + 4,000) / 2 = 3,250 loses against 2,600.
    """
    term = {"initial": 24}
    offers = [
        offer("by_unit", "vale", "10", term=term, setup={"systems": 0}),
        offer("flat", "moor", "0", fixed=1300, term=term, exit={"fee_per_missing_year": 1300}),
    ]
    # Signing up for the second year only would be cheaper still: both start now or never.
    window = {"until": "2027-04-01"}
    offers = [{**one, "available": window} for one in offers]
    assert planned(case(offers, periods=2, drivers=[RISKY])).claimed == pytest.approx(2500)
    risk = {"risk": {"level": "0.75", "weight": "0.5"}}
    averse = planned(case(offers, periods=2, drivers=[RISKY], appraisal=risk))
    assert offers_live(averse) == [["flat"]] * 3
    assert averse.claimed == pytest.approx(2600)


def test_the_worst_future_alone() -> None:
    """At level 1 the measure is the worst future; alone, it is all that counts."""
    offers = [offer("by_unit", "vale", "10")]
    risk = {"risk": {"level": 1, "weight": 1}}
    answer = planned(case(offers, periods=2, drivers=[RISKY], appraisal=risk))
    assert answer.claimed == pytest.approx(4000)


def test_a_dear_unit_may_be_rounded_by_hundreds_of_pounds() -> None:
    """One unit of £400,000 or £900,000, a third of the spend to the dear one: no complaint."""
    services = [{"id": "desk", "unit": "year", "demand": 1, "unmet": "never"}]
    rule = {"kind": "min_share", "of": "spend", "who": {"supplier": "moor"}, "share": "0.3333"}
    offers = [offer("cheap", "vale", "400000"), offer("dear", "moor", "900000")]
    answer = planned(case(offers, services=services, rules=[rule]))
    assert answer.nodes is not None
    assert answer.bound is not None
    assert answer.claimed is not None
    assert answer.bound <= answer.claimed
