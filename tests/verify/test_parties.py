"""What a plan is worth to each party, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.verify.cases import Decisions, accounts_of, case, offer

from sourcemix.model.plan import PartyFigure

START: Decisions = {0: [("procure", "a", 0)]}
FALL = {
    "kind": "demand",
    "id": "fall",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": "0.25", "factor": "0.6"}, {"p": "0.75", "factor": 1}],
}
OUTCOME = {
    "id": "o", "statement": "s", "measure": "m", "unit": "u", "baseline": 60, "target": 80,
}  # fmt: skip


def figures(
    *offers: dict[str, Any], decisions: Decisions = START, **more: Any
) -> dict[str, PartyFigure]:
    found = accounts_of(case(*offers, **more), decisions).parties
    assert [figure.party for figure in found] == [
        "taxpayer",
        "residents",
        "staff",
        "suppliers",
        "community",
    ]
    return {figure.party: figure for figure in found}


def amounts(figure: PartyFigure) -> tuple[Any, Any, int, int]:
    return figure.low, figure.high, figure.assessed, figure.offers


def test_nothing_stated_is_not_assessed_and_not_zero() -> None:
    found = figures(offer())
    # Two years at 10,000, then 1,000 unmet, which is no cost to the authority.
    assert amounts(found["taxpayer"]) == (-20_000, -20_000, 1, 1)
    for party in ("residents", "staff", "suppliers", "community"):
        assert amounts(found[party]) == (None, None, 0, 1)


def test_a_supplier_gains_its_margin_less_what_bidding_costs() -> None:
    terms = {"supplier": {"margin": ["0.04", "0.09"], "bid_cost": 150}}
    found = figures(offer(parties=terms, fixed=500, term={"initial": 36}), drivers=[FALL])
    # Spend: 10,500; then 500 and, by quarters, 6,000 or 10,000, twice: 500 + 9,000 each year.
    # 29,500 x 0.04 - 150 and 29,500 x 0.09 - 150.
    assert amounts(found["suppliers"]) == (1030, 2505, 1, 1)


def test_what_falls_later_is_discounted_for_parties_too() -> None:
    terms = {
        "supplier": {"margin": ["0.1", "0.1"]},
        "community": {"value": 350},
        "residents": {"value": 700},
    }
    found = figures(
        offer(parties=terms, lead=12),
        decisions={0: [("procure", "a", 1)]},
        periods=2,
        money={"price_base": "2026-27", "discounting": "green-book-2026"},
    )
    # One year, from April 2028: at 3.5%, 350 and 700 are worth 338.16 and 676.33; a tenth of
    # 10,000 is worth 966.18.
    assert amounts(found["suppliers"])[0] == Decimal("966.18")
    assert amounts(found["community"])[0] == Decimal("338.16")
    assert amounts(found["residents"])[0] == Decimal("676.33")


def test_bidding_costs_at_each_procurement() -> None:
    terms = {"supplier": {"margin": [0, 0], "bid_cost": 150}}
    found = figures(
        offer(parties=terms, term={"initial": 12}),
        decisions={0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "a", 2)]},
    )
    assert amounts(found["suppliers"]) == (-450, -450, 1, 1)
    today = [{"offer": "a", "started": "2027-04-01"}]
    running = figures(offer(parties=terms), decisions={}, agreements=today)
    assert amounts(running["suppliers"]) == (0, 0, 1, 1)


def test_what_bidding_costs_is_no_figure_without_a_margin() -> None:
    bids = {"supplier": {"bid_cost": 150}}
    assert amounts(figures(offer(parties=bids))["suppliers"]) == (None, None, 0, 1)
    found = figures(
        offer(parties={"supplier": {"margin": ["0.1", "0.2"]}}),
        offer("b", supplier="bolt", parties=bids, services={"desk": {"price": 99}}),
        decisions={0: [("procure", name, 0) for name in ("a", "b")]},
    )
    # A tenth and two tenths of two years at 10,000; what the other bid cost is left out.
    assert amounts(found["suppliers"]) == (2000, 4000, 1, 2)


def test_in_house_teams_are_no_suppliers() -> None:
    terms = {"supplier": {"margin": ["0.1", "0.2"]}, "staff": {"posts_kept": 4}}
    found = figures(offer("a", supplier="own", parties=terms))
    assert amounts(found["suppliers"]) == (None, None, 0, 0)
    # Four posts in two years of three.
    assert found["staff"].unit == "posts"
    assert amounts(found["staff"]) == (Decimal("2.67"), Decimal("2.67"), 1, 1)


def test_posts_count_by_probability() -> None:
    failure = {"kind": "supplier_failure", "supplier": "acme", "at": "2029-04-01"}
    found = figures(
        offer(parties={"staff": {"posts_kept": 10}}, term={"initial": 36}), drivers=[failure]
    )
    # Acme has failed by the third year with probability 1 - 0.9 x 0.9: (10 + 10 + 8.1) / 3.
    assert amounts(found["staff"])[0] == Decimal("9.37")


def test_for_how_many_of_the_offers_used_a_value_is_stated() -> None:
    found = figures(
        offer(parties={"community": {"value": 40}}),
        offer("b", supplier="bolt"),
        offer("own_desk", supplier="own"),
        offer("unused", parties={"staff": {"posts_kept": 9}}),
        decisions={0: [("procure", name, 0) for name in ("a", "b", "own_desk")]},
    )
    # Two years at 40.
    assert amounts(found["community"]) == (80, 80, 1, 3)
    assert amounts(found["staff"]) == (None, None, 0, 3)
    assert amounts(found["suppliers"]) == (None, None, 0, 2)


def test_a_value_stated_as_nothing_is_a_figure() -> None:
    found = figures(offer(parties={"staff": {"posts_kept": 0}, "community": {"value": 0}}))
    assert amounts(found["staff"]) == (0, 0, 1, 1)
    assert amounts(found["community"]) == (0, 0, 1, 1)


def test_residents_gain_by_outcomes_and_by_what_is_stated_beyond() -> None:
    reached: dict[str, Any] = {"services": {"desk": {"price": 10, "outcomes": {"o": 70}}}}
    valued: dict[str, Any] = {"outcomes": [{**OUTCOME, "value": 30}]}
    # Ten units at 30, in each of two years; in the third the level is the baseline.
    found = figures(offer(**reached), **valued)
    assert amounts(found["residents"]) == (600, 600, 0, 1)
    both = figures(offer(**reached, parties={"residents": {"value": 25}}), **valued)
    assert amounts(both["residents"]) == (650, 650, 1, 1)
    # An outcome without a price states nothing.
    free = figures(offer(**reached), outcomes=[{**OUTCOME, "swing_weight": 1}])
    assert amounts(free["residents"]) == (None, None, 0, 1)
