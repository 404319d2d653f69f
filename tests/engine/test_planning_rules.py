"""One worked example for each rule that ties things together, has a price, or is an average."""

from __future__ import annotations

from typing import Any

import pytest

from sourcemix import futures, verify
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits
from sourcemix.model.case import Case
from sourcemix.verify import Accounts
from tests.engine.small import case, offer

EXACT = Limits(gap=0.0, seconds=30.0)
SERVICES = [{"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in ("desk", "net")]


def planned(given: Case) -> Accounts:
    """The accounts of the best plan, which the independent check agrees with."""
    tree = futures.grow(given)
    answer = planning.solve(given, tree, EXACT)
    assert answer.nodes is not None
    accounts = verify.account(given, tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert answer.claimed == pytest.approx(float(accounts.cost), abs=0.01)
    return accounts


def cost(offers: list[dict[str, Any]], *rules: dict[str, Any], **more: Any) -> float:
    return float(planned(case(offers, rules=list(rules), **more)).cost)


def net(name: str, supplier: str, price: str) -> dict[str, Any]:
    return {**offer(name, supplier, price), "services": {"net": {"price": price}}}


def test_same_supplier() -> None:
    """Desk £10 and net £10 from two firms; one firm for both asks £10 and £13."""
    offers = [offer("a", "vale", "10"), net("b", "moor", "10"), net("c", "vale", "13")]
    rule = {"kind": "same_supplier", "services": ["desk", "net"]}
    both: dict[str, Any] = {"periods": 1, "services": SERVICES}
    assert cost(offers, **both) == 2000
    assert cost(offers, rule, **both) == 2300
    # A second supplier at £200 a year is cheaper than £300 more for the net.
    assert cost(offers, {**rule, "soft": 200}, **both) == 2200
    # Half a year: half the volume, and half the price.
    half = {"start": "2027-04-01", "periods": 1, "period": "half_year"}
    assert cost(offers, {**rule, "soft": 200}, services=SERVICES, horizon=half) == 1100


def test_separate_suppliers() -> None:
    offers = [offer("a", "vale", "10"), net("b", "moor", "13"), net("c", "vale", "10")]
    whole = offer("d", "hub", "9")
    whole["services"] = {"desk": {"price": 9}, "net": {"price": 9}}
    rule = {"kind": "separate_suppliers", "services": ["desk", "net"]}
    both: dict[str, Any] = {"periods": 1, "services": SERVICES}
    assert cost([*offers, whole], **both) == 1800
    # One offer for both is one supplier for both.
    assert cost([*offers, whole], rule, **both) == 2300
    assert cost([*offers, whole], {**rule, "soft": 400}, **both) == 1800 + 400


def test_outcome_floor() -> None:
    """£10 a ticket leaves 60%; £14 brings 80%: a mean of 70% takes half of each."""
    outcome = {
        "id": "solved", "statement": "Solved at once.", "measure": "share", "unit": "percent",
        "baseline": 60, "target": 85,
    }  # fmt: skip
    offers = [offer("plain", "vale", "10"), offer("good", "moor", "14")]
    offers[1]["services"]["desk"]["outcomes"] = {"solved": 80}
    rule = {"kind": "outcome_floor", "outcome": "solved", "level": 70}
    assert cost(offers, outcomes=[outcome], periods=1) == 1000
    assert cost(offers, rule, outcomes=[outcome], periods=1) == 50 * 10 + 50 * 14
    # A point costs five tickets at £4 more: £20. Ten points at £15 are cheaper to miss.
    assert cost(offers, {**rule, "soft": 15}, outcomes=[outcome], periods=1) == 1000 + 10 * 15
    assert cost(offers, {**rule, "soft": 25}, outcomes=[outcome], periods=1) == 1200
    # Complaints: at most 40 of 60 takes all of the tickets to the offer that brings 40.
    lower = {**outcome, "better": "lower", "target": 30}
    offers[1]["services"]["desk"]["outcomes"] = {"solved": 40}
    assert cost(offers, {**rule, "level": 40}, outcomes=[lower], periods=1) == 1400


def test_max_value() -> None:
    """Three years at £1,000 from vale; at most £1,500 in all, the rest at £12 from moor."""
    offers = [offer("cheap", "vale", "10"), offer("dear", "moor", "12")]
    rule = {"kind": "max_value", "supplier": "vale", "amount": 1500}
    assert cost(offers, rule) == 1500 + 150 * 12
    assert cost(offers, {**rule, "from": "2028-04-01"}) == 1000 + 1500 + 50 * 12
    # A pound beyond saves a fifth of a pound.
    assert cost(offers, {**rule, "soft": "0.1"}) == 3000 + 150
    assert cost(offers, {**rule, "soft": "0.25"}) == 1500 + 150 * 12
    # Each supplier: 150 tickets from vale, 125 from moor, and 25 that nobody serves at £50.
    assert cost(offers, {"kind": "max_value", "amount": 1500}) == 1500 + 1500 + 25 * 50


def test_max_value_in_every_future_or_on_average() -> None:
    """The second year has 100 tickets or none: £2,000 or £1,000, £1,500 on average."""
    offers = [offer("cheap", "vale", "10"), offer("own", "own", "20", form="in_house")]
    driver = {
        "kind": "demand", "id": "gone", "services": ["desk"], "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": 0}, {"p": "0.5", "factor": 1}],
    }  # fmt: skip
    rule = {"kind": "max_value", "amount": 1500}
    more: dict[str, Any] = {"periods": 2, "drivers": [driver]}
    assert cost(offers, **more) == 1500
    assert cost(offers, {**rule, "scope": "whole_plan"}, **more) == 1500
    # Where demand stays, 50 tickets of the second year go in-house: £500 more, half of the time.
    assert cost(offers, rule, **more) == 1750


def test_max_exit_exposure() -> None:
    """A year's notice, £300 a missing year, £50 transition: leaving costs 900 + 50 + 300 at first.

    The firm asks £900 a year, for three years; its neighbour £1,000 and can be left at once.
    """
    term = {"initial": 36, "notice": 12}
    leave = {"fee_per_missing_year": 300, "transition": 50}
    firm = offer("firm", "vale", "0", fixed=900, term=term, exit=leave)
    loose = offer("loose", "moor", "0", fixed=1000, form="informal_sla")
    given = case([firm, loose])
    accounts = planned(given)
    assert float(accounts.cost) == 2700
    # Ended after a year of notice, with 2, 1 and 0 years of the term missing.
    exposures = [float(node.exposure or 0) for node in accounts.nodes]
    assert exposures == [900 + 600 + 50, 900 + 300 + 50, 900 + 50]
    rule = {"kind": "max_exit_exposure", "amount": 1550}
    assert cost([firm, loose], rule) == 2700
    assert cost([firm, loose], {**rule, "amount": 1549}) == 3000
    # On average £1,250 a year.
    average = {**rule, "scope": "whole_plan"}
    assert cost([firm, loose], {**average, "amount": 1250}) == 2700
    # Else it starts a year later: the neighbour's year has no exposure.
    assert cost([firm, loose], {**average, "amount": 1249}) == 1000 + 2 * 900
    # £50 beyond in the first year, at a price of 2.
    assert cost([firm, loose], {**rule, "amount": 1500, "soft": 2}) == 2800


def test_notice_that_is_given_counts_for_the_exposure() -> None:
    """Two years' notice: given at once, the second year's exposure is that of one year more."""
    term = {"initial": 60, "notice": 24}
    old = offer("old", "vale", "0", fixed=1000, term=term, exit={"fee_per_missing_year": 100})
    new = offer("new", "moor", "0", fixed=10)
    today = [{"offer": "old", "started": "2026-04-01"}]
    given = case([old, new], periods=2, agreements=today)
    accounts = planned(given)
    # Live a year already. Kept: 2,000 for the notice and 2 missing years; then 2,000 and 1.
    assert [float(node.exposure or 0) for node in accounts.nodes] == [2200, 2100]
    rule = {"kind": "max_exit_exposure", "amount": 2150, "from": "2028-04-01"}
    tight = {**rule, "amount": 1500}
    assert cost([old, new], rule, periods=2, agreements=today) == 2000
    short = case([old, new], rules=[tight], periods=2, agreements=today)
    assert planning.solve(short, futures.grow(short), EXACT).status == "infeasible"
    # With a third period the notice can be given: at the second node one year of it is left.
    longer = planned(case([old, new], rules=[tight], periods=3, agreements=today))
    assert [float(node.exposure or 0) for node in longer.nodes] == [2200, 1200, 0]
    assert float(longer.cost) == 2000 + 2 * 100 + 10


@pytest.mark.parametrize(
    ("rule", "soft", "worth"),
    [
        ({"kind": "max_suppliers", "limit": 0}, 900, 900),
        ({"kind": "min_suppliers", "limit": 4}, 99, 99),
        ({"kind": "max_live", "limit": 0}, 900, 900),
        ({"kind": "must_use", "offer": "dear"}, 99, 99),
        ({"kind": "must_not_use", "supplier": "vale"}, 199, 199),
        ({"kind": "requires", "offer": "cheap", "needs": ["dear"]}, 99, 99),
        ({"kind": "keep_in_house", "service": "desk", "share": "0.5"}, 9, 50 * 9),
        ({"kind": "max_share", "of": "service", "service": "desk", "who": {"sme": True},
          "share": "0.25"}, "1.5", 75 * 1.5),
        ({"kind": "max_share", "who": {"sme": True}, "share": "0.25"}, "0.1", 75),
        ({"kind": "min_share", "who": {"supplier": "moor"}, "share": "0.5"}, "0.1", 50),
        ({"kind": "budget", "amount": 900, "real": True}, 3, 3 * (160 + 100 + 100) / 3),
        ({"kind": "max_term", "months": 12}, 4, 48),
    ],
)  # fmt: skip
def test_soft(rule: dict[str, Any], soft: float, worth: float) -> None:
    """Each broken for three years at its price, as holding it would cost more."""
    offers = [
        offer("cheap", "vale", "10", setup={"systems": 60}),
        offer("dear", "moor", "12", fixed=100),
        offer("own", "own", "20", form="in_house"),
        offer("base", "hub", "99"),
    ]
    accounts = planned(case(offers, rules=[{**rule, "soft": soft}]))
    breach = float(accounts.expected.get("breach", 0))
    years = 2 if rule["kind"] == "max_term" else 3
    assert breach == pytest.approx(years * worth, abs=0.01)
    assert float(accounts.authority_cost) == pytest.approx(3060, abs=0.01)
    assert not accounts.rules[0].holds
    assert accounts.rules[0].detail.endswith("the rule may be broken at a price")


def test_excludes_at_a_price() -> None:
    """50 tickets from each cost £2,000; from one alone the other 50 stay unmet at £50."""
    offers = [
        offer("cheap", "vale", "10", desk={"capacity": 50}),
        offer("rest", "moor", "30", desk={"capacity": 50}),
    ]
    rule = {"kind": "excludes", "offers": ["cheap", "rest"]}
    assert cost(offers, rule, periods=1) == 3000
    assert cost(offers, {**rule, "soft": 600}, periods=1) == 2600


def test_averages_of_counts() -> None:
    """Two suppliers in one of three years are a third of a supplier too many on average."""
    offers = [offer("cheap", "vale", "10", desk={"capacity": 50}), offer("rest", "moor", "30")]
    rule = {"kind": "max_suppliers", "limit": 1, "scope": "whole_plan"}
    # One supplier: moor alone 3,000 a year. Both: 50 x 10 + 50 x 30 = 2,000.
    assert cost(offers) == 6000
    assert cost(offers, rule) == 9000
    # With 50 unmet at 50, vale alone is dearer. £600 a year for each supplier too many.
    assert cost(offers, {**rule, "soft": 600}) == 6000 + 3 * 600
    once = {"kind": "max_live", "limit": 2, "scope": "whole_plan", "until": "2028-04-01"}
    assert cost(offers, once) == 6000
    driver = {
        "kind": "demand", "id": "grows", "services": ["desk"], "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": "0.5"}, {"p": "0.5", "factor": 1}],
    }  # fmt: skip
    mean = {"kind": "min_suppliers", "limit": 1, "scope": "expected_each_period"}
    assert cost(offers, mean, periods=2, drivers=[driver]) == 2000 + 500 / 2 + 2000 / 2


def test_rounding_does_not_break_a_rule() -> None:
    """£100 buys 13.6986 tickets at £7.30: the plan buys 13.698, not 13.699."""
    offers = [offer("cheap", "vale", "7.3"), offer("dear", "moor", "11.7")]
    rule = {"kind": "max_value", "supplier": "vale", "amount": 100}
    accounts = planned(case(offers, rules=[rule], periods=1))
    served = {p.offer: float(p.volumes["desk"]) for p in accounts.nodes[0].positions}
    assert 13.69 < served["cheap"] <= 13.698
    assert sum(served.values()) == pytest.approx(100)


def test_a_rule_with_a_price_is_never_in_conflict() -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": 100, "unmet": "never"}]
    rules = [
        {"kind": "must_not_use", "supplier": "vale", "id": "no_vale"},
        {"kind": "max_live", "limit": 0, "soft": 10, "id": "few"},
    ]
    given = case([offer("cheap", "vale", "10")], services=services, rules=rules)
    answer = planning.solve(given, futures.grow(given), EXACT)
    assert answer.conflicts == (
        "the rule `no_vale` (must_not_use)",
        "all demand for `desk` must be met",
    )


def test_bad_futures_count_what_breaking_a_rule_costs() -> None:
    """With all the weight on the worst future, a breach there is what is minimised."""
    driver = {
        "kind": "demand", "id": "grows", "services": ["desk"], "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": 2}, {"p": "0.5", "factor": 1}],
    }  # fmt: skip
    rule = {"kind": "max_value", "amount": 2000, "soft": 1}
    risk = {"risk": {"level": 1, "weight": 1}}
    accounts = planned(
        case([offer("cheap", "vale", "10")], rules=[rule], periods=2, drivers=[driver],
             appraisal=risk)
    )  # fmt: skip
    # £3,000 in the worse future, £1,000 of it beyond the limit.
    assert float(accounts.cost) == 4000
    assert float(accounts.mean) == 3000


def test_a_share_of_spend_is_not_held_by_paying_for_what_nobody_uses() -> None:
    """Neighbours take 60 of 100 calls away, so the desk serves 40 of the 50 it is committed to.

    Desk 50 at £20, net 100 at £10: half of the spend is vale's. For 60%, the net may cost £666.67
    only: 33.333 units go unmet at £50. Paying vale for 25 more that nobody uses would be cheaper.
    """
    desk = offer("a", "vale", "20", desk={"commit": "0.5"})
    fewer = {**offer("c", "friends", "0"), "services": {"net": {"price": 99, "capacity": 0}}}
    fewer["reduces"] = {"desk": "0.6"}
    suppliers = [{"id": name, "kind": "commercial"} for name in ("vale", "moor")]
    suppliers.append({"id": "friends", "kind": "community"})
    both: dict[str, Any] = {"periods": 1, "services": SERVICES, "suppliers": suppliers}
    offers = [desk, net("b", "moor", "10"), fewer]
    neighbours = {"kind": "must_use", "offer": "c"}
    share = {"kind": "min_share", "who": {"supplier": "vale"}, "share": "0.6"}
    assert cost(offers, neighbours, **both) == 2000
    assert cost(offers, neighbours, share, **both) == pytest.approx(3333.33, abs=0.1)
