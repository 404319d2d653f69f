"""Starts, ends, notice, fees and transition, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.verify.cases import accounts_of, by_node, case, lines, offer, plan

from sourcemix.errors import InputError
from sourcemix.futures import grow
from sourcemix.verify import account

START = {0: [("procure", "a", 0)]}
FAILS = {"kind": "supplier_failure", "supplier": "acme", "at": "2028-04-01"}


def leaving(**term: Any) -> dict[str, Any]:
    """An offer with a fee of £120 for each missing year and £7 of transition."""
    return offer(term=term, exit={"fee_per_missing_year": 120, "transition": 7})


def today(**more: Any) -> dict[str, Any]:
    return {"offer": "a", "started": "2026-04-01", **more}


def test_expiry_costs_transition_only() -> None:
    accounts = accounts_of(case(leaving(initial=24)), START)
    assert by_node(accounts, "transition") == [0, 0, 7]
    assert by_node(accounts, "exit_fee") == [0, 0, 0]
    assert not accounts.discrepancies


def test_end_of_the_horizon_is_not_an_end() -> None:
    accounts = accounts_of(case(leaving(initial=36)), START)
    assert by_node(accounts, "transition") == [0, 0, 0]


def test_fee_up_to_the_break() -> None:
    given = case(leaving(initial=60, break_from=36, notice=12), periods=5)
    accounts = accounts_of(given, {**START, 1: [("end", "a", 2)]})
    # Left at age 2; the third year is missing, due in that year.
    assert by_node(accounts, "exit_fee") == [0, 0, 120, 0, 0]
    assert by_node(accounts, "transition") == [0, 0, 7, 0, 0]
    assert [position.ends for node in accounts.nodes for position in node.positions] == [None, 2]
    assert not accounts.discrepancies
    later = accounts_of(given, {**START, 2: [("end", "a", 3)]})
    assert by_node(later, "exit_fee") == [0, 0, 0, 0, 0]


def test_fee_up_to_the_end_of_the_block() -> None:
    given = case(leaving(initial=24, extensions=[24], notice=12), periods=5)
    # Left at age 1: one year of the first block is missing.
    assert by_node(accounts_of(given, {**START, 0: [*START[0], ("end", "a", 1)]}), "exit_fee") == [
        0,
        120,
        0,
        0,
        0,
    ]
    # At the end of the block nothing is.
    assert by_node(accounts_of(given, {**START, 1: [("end", "a", 2)]}), "exit_fee") == [0] * 5
    # In the extension one year is.
    assert by_node(accounts_of(given, {**START, 2: [("end", "a", 3)]}), "exit_fee") == [
        0,
        0,
        0,
        120,
        0,
    ]


def test_fees_beyond_the_horizon_are_due_at_the_last_period() -> None:
    accounts = accounts_of(case(leaving(initial=72)), {**START, 1: [("end", "a", 1)]})
    # Five years missing: one in the second period, four at the last.
    assert by_node(accounts, "exit_fee") == [0, 120, 480]


def test_fee_is_pro_rated_by_period() -> None:
    given = case(leaving(initial=24), period="half_year")
    accounts = accounts_of(given, {**START, 1: [("end", "a", 1)]})
    assert by_node(accounts, "exit_fee") == [0, 60, 120]


def test_fee_is_owed_even_if_the_offer_is_procured_again() -> None:
    accounts = accounts_of(
        case(leaving(initial=24)), {**START, 1: [("end", "a", 1), ("procure", "a", 1)]}
    )
    assert by_node(accounts, "exit_fee") == [0, 120, 0]
    assert by_node(accounts, "transition") == [0, 0, 0]
    assert not accounts.discrepancies


def test_no_fee_when_the_supplier_has_failed() -> None:
    accounts = accounts_of(case(leaving(initial=36), drivers=[FAILS]), START)
    assert by_node(accounts, "transition") == [0, 7, 0, 0, 0]
    assert by_node(accounts, "exit_fee") == [0] * 5
    assert not accounts.discrepancies


def test_no_fee_when_the_offer_is_withdrawn() -> None:
    driver = {"kind": "withdrawal", "offer": "a", "at": "2028-04-01"}
    given = case({**leaving(initial=36), "form": "informal"}, drivers=[driver])
    accounts = accounts_of(given, START)
    assert by_node(accounts, "transition") == [0, 7, 0, 0, 0]
    assert by_node(accounts, "exit_fee") == [0] * 5


def test_no_fee_when_reorganisation_ends_it_and_a_new_one_may_follow() -> None:
    driver = {"kind": "reorganisation", "at": "2028-04-01", "p": "0.8", "on_vesting": "end"}
    given = case(leaving(initial=36), drivers=[driver])
    accounts = accounts_of(given, START)
    assert by_node(accounts, "transition") == [0, 7, 0, 0, 0]
    assert by_node(accounts, "exit_fee") == [0] * 5
    again = accounts_of(given, {**START, 1: [("procure", "a", 1)]})
    assert by_node(again, "transition") == [0] * 5
    assert not again.discrepancies


def test_form_that_is_not_binding_is_left_at_once_and_free() -> None:
    given = case({**leaving(initial=36, notice=12), "form": "informal"})
    accounts = accounts_of(given, {**START, 1: [("end", "a", 1)]})
    assert by_node(accounts, "exit_fee") == [0, 0, 0]
    assert by_node(accounts, "transition") == [0, 7, 0]
    assert not accounts.discrepancies


def test_notice_given_before_the_case_begins_is_free() -> None:
    given = case(leaving(initial=120), agreements=[today(in_notice="2028-02-01")])
    accounts = accounts_of(given, {})
    assert by_node(accounts, "exit_fee") == [0, 0, 0]
    assert by_node(accounts, "transition") == [0, 7, 0]
    assert accounts.nodes[0].positions[0].ends == 1
    again = accounts_of(given, {0: [("end", "a", 0)]})
    assert any("in its notice period already" in text for text in again.discrepancies)


def test_todays_agreement_pays_no_setup_and_its_age_is_rounded_down() -> None:
    forms = {"contract": {"lead": 0, "manage": 0, "binding": True, "setup": {"people": 9}}}
    given = case(
        leaving(initial=48), forms=forms, agreements=[today(started="2024-10-15")], periods=4
    )
    accounts = accounts_of(given, {})
    # 29 and a half months are two whole years: two more to come.
    assert [position.age for node in accounts.nodes for position in node.positions] == [2, 3]
    assert by_node(accounts, "setup") == [0, 0, 0, 0]
    assert by_node(accounts, "transition") == [0, 0, 7, 0]


def test_todays_agreement_can_be_left_at_the_first_node() -> None:
    given = case(leaving(initial=36), agreements=[today()])
    accounts = accounts_of(given, {0: [("end", "a", 0)]})
    # At age 1, two years missing.
    assert by_node(accounts, "exit_fee") == [120, 120, 0]
    assert by_node(accounts, "transition") == [7, 0, 0]
    assert not accounts.discrepancies


def test_pending_agreement_starts_with_setup_and_without_procurement() -> None:
    forms = {
        "contract": {
            "lead": 12,
            "manage": 0,
            "binding": True,
            "setup": {"procurement": 600, "people": 9},
        }
    }
    pending = {"offer": "a", "pending": "2028-03-01"}
    accounts = accounts_of(case(forms=forms, agreements=[pending]), {})
    assert by_node(accounts, "procurement") == [0, 0, 0]
    assert by_node(accounts, "setup") == [0, 9, 0]
    assert accounts.nodes[1].positions[0].since == 1
    failed = accounts_of(case(forms=forms, agreements=[pending], drivers=[FAILS]), {})
    assert by_node(failed, "setup") == [0, 0, 9, 0, 0]
    assert not failed.discrepancies


def test_lead_time_with_failure_loses_the_procurement() -> None:
    forms = {
        "contract": {
            "lead": 12,
            "manage": 0,
            "binding": True,
            "setup": {"procurement": 600, "people": 9},
        }
    }
    accounts = accounts_of(case(forms=forms, drivers=[FAILS]), {0: [("procure", "a", 1)]})
    # Node 1: the supplier has failed by then. Node 2: it starts.
    assert lines(accounts, 0)["procurement"] == 600
    assert by_node(accounts, "setup") == [0, 0, 9, 0, 0]
    assert [bool(node.positions) for node in accounts.nodes] == [False, False, True, False, True]
    assert not accounts.discrepancies


def test_exposure_is_notice_fee_and_transition() -> None:
    terms = {"desk": {"price": 10, "commit": "0.5"}}
    given = case(
        offer(
            services=terms,
            fixed=1000,
            term={"initial": 60, "break_from": 36, "notice": 12},
            exit={"fee_per_missing_year": 120, "transition": 7},
        )
    )
    accounts = accounts_of(given, START)
    # A year of notice (1,000 + 500 x 10), then at age 1 two years missing, and 7.
    assert [node.exposure for node in accounts.nodes] == [6247, 6127, 6007]
    informal = case(
        offer(
            services=terms,
            fixed=1000,
            form="informal",
            term={"initial": 60, "notice": 12},
            exit={"fee_per_missing_year": 120, "transition": 7},
        )
    )
    assert [node.exposure for node in accounts_of(informal, START).nodes] == [7, 7, 7]


def test_exposure_ends_with_expiry_or_notice() -> None:
    given = case(
        offer(
            fixed=1000,
            term={"initial": 24, "notice": 24},
            exit={"fee_per_missing_year": 120, "transition": 7},
        )
    )
    assert [node.exposure for node in accounts_of(given, START).nodes] == [2007, 1007, 0]
    noticed = case(
        offer(
            fixed=1000, term={"initial": 60}, exit={"fee_per_missing_year": 120, "transition": 7}
        ),
        agreements=[today(in_notice="2029-04-01")],
    )
    assert [node.exposure for node in accounts_of(noticed, {}).nodes] == [2007, 1007, 0]


TERM = {"initial": 36, "notice": 12}


@pytest.mark.parametrize(
    ("decisions", "more", "message"),
    [
        ({0: [("procure", "a", 1)]}, {}, "its lead time is 0 periods"),
        ({0: [("procure", "x", 0)]}, {}, "there is no such offer"),
        ({0: [("procure", "a", 3)]}, {"lead": 36}, "that is beyond the horizon"),
        ({0: [("procure", "a", 0)]}, {"available": {"from": "2027-05-01"}}, "not available"),
        ({1: [("procure", "a", 1)]}, {"available": {"until": "2028-03-31"}}, "not available"),
        ({**START, 1: [("procure", "a", 1)]}, {}, "an earlier agreement of the same offer is live"),
        ({0: [("procure", "a", 0)] * 2}, {}, "has been decided before"),
        ({1: [("end", "a", 2)]}, {}, "no agreement of it is live"),
        ({**START, 1: [("end", "a", 1)]}, {}, "its notice is 1 periods"),
        ({**START, 2: [("end", "a", 3)]}, {"term": {"initial": 60, "notice": 12}},
         "that is beyond the horizon"),
        ({**START, 1: [("end", "a", 2)]}, {"term": {"initial": 24, "notice": 12}},
         "it expires by then without a decision"),
        ({0: [*START[0], ("end", "a", 1), ("end", "a", 1)]}, {}, "in its notice period already"),
    ],
)  # fmt: skip
def test_illegal_transitions(decisions: Any, more: dict[str, Any], message: str) -> None:
    accounts = accounts_of(case(offer(**{"term": TERM, **more})), decisions)
    assert any(message in text for text in accounts.discrepancies), accounts.discrepancies


def test_no_procurement_of_a_failed_supplier_or_a_withdrawn_offer() -> None:
    accounts = accounts_of(case(drivers=[FAILS]), {1: [("procure", "a", 1)]})
    assert any("`acme` has failed" in text for text in accounts.discrepancies)
    driver = {"kind": "withdrawal", "offer": "a", "at": "2028-04-01"}
    given = case(offer(form="informal"), drivers=[driver])
    gone = accounts_of(given, {1: [("procure", "a", 1)]})
    assert any("has been withdrawn" in text for text in gone.discrepancies)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": 1}, "stated as live since node 0, 1 periods old"),
        ({"since": None}, "stated as live since before the case"),
        ({"ends": 2}, "ending with period 2"),
        ({"offer": "b"}, "`b` is stated as live; by the decisions it is not"),
    ],
)
def test_positions_that_do_not_follow_from_decisions(change: dict[str, Any], message: str) -> None:
    given = case(offer(), offer("b"))
    tree = grow(given)
    nodes = plan(given, tree, START)
    position = nodes[0].positions[0].model_copy(update=change)
    wrong = (nodes[0].model_copy(update={"positions": (position,)}), *nodes[1:])
    discrepancies = account(given, tree, wrong).discrepancies
    assert any(message in text for text in discrepancies), discrepancies


def test_a_position_left_out_is_noticed() -> None:
    given = case()
    tree = grow(given)
    nodes = plan(given, tree, START)
    wrong = (nodes[0].model_copy(update={"positions": ()}), *nodes[1:])
    discrepancies = account(given, tree, wrong).discrepancies
    assert any("is not stated as live" in text for text in discrepancies)


def test_a_start_kept_from_one_future_is_noticed() -> None:
    """One procurement starts at all nodes of the period below."""
    driver = {
        "kind": "demand",
        "id": "d",
        "services": ["desk"],
        "at": "2028-04-01",
        "outcomes": [{"p": "0.5", "factor": 1}, {"p": "0.5", "factor": 2}],
    }
    given = case(offer(lead=12), drivers=[driver])
    tree = grow(given)
    nodes = list(plan(given, tree, {0: [("procure", "a", 1)]}))
    assert nodes[1].positions
    assert nodes[2].positions
    nodes[1] = nodes[1].model_copy(update={"positions": (), "unmet": {"desk": Decimal(1000)}})
    discrepancies = account(given, tree, tuple(nodes)).discrepancies
    assert any("node 1: `a` is live by the decisions" in text for text in discrepancies)


@pytest.mark.parametrize(
    ("volumes", "unmet", "message"),
    [
        ({"desk": 801}, {"desk": 199}, "more than its capacity of 800"),
        ({"desk": 800}, {"desk": 199}, "demand that is neither served nor avoided is 200"),
        ({"desk": 800}, {"desk": 200, "x": 1}, "an unknown service"),
        ({"desk": 800, "x": 1}, {"desk": 200}, "does not offer `x`"),
    ],
)
def test_volumes(volumes: dict[str, int], unmet: dict[str, int], message: str) -> None:
    given = case(offer(services={"desk": {"price": 10, "capacity": 800}}))
    tree = grow(given)
    nodes = plan(given, tree, START)
    position = (
        nodes[0]
        .positions[0]
        .model_copy(update={"volumes": {name: Decimal(units) for name, units in volumes.items()}})
    )
    wrong = nodes[0].model_copy(
        update={
            "positions": (position,),
            "unmet": {name: Decimal(units) for name, units in unmet.items()},
        }
    )
    discrepancies = account(given, tree, (wrong, *nodes[1:])).discrepancies
    assert any(message in text for text in discrepancies), discrepancies


def test_more_than_the_demand_is_noticed() -> None:
    given = case()
    tree = grow(given)
    nodes = plan(given, tree, START)
    position = nodes[0].positions[0].model_copy(update={"volumes": {"desk": Decimal("1000.001")}})
    wrong = nodes[0].model_copy(update={"positions": (position,)})
    discrepancies = account(given, tree, (wrong, *nodes[1:])).discrepancies
    assert any("1,000.001 of `desk` served, more than" in text for text in discrepancies)


def test_unmet_never_and_max_providers() -> None:
    services = [{"id": "desk", "unit": "t", "demand": 1000, "max_providers": 1}]
    given = case(offer(), offer("b", supplier="bolt"), services=services)
    accounts = accounts_of(given, {0: [("procure", "a", 0), ("procure", "b", 0)]})
    assert any("`max_providers` is 1" in text for text in accounts.discrepancies)
    assert any("node 2: 1,000 of `desk` is not served" in text for text in accounts.discrepancies)


def test_nodes_missing_or_unknown() -> None:
    given = case()
    tree = grow(given)
    nodes = plan(given, tree, START)
    stranger = nodes[0].model_copy(update={"node": 9})
    discrepancies = account(given, tree, (*nodes[:2], stranger)).discrepancies
    assert any("says nothing for the nodes [2]" in text for text in discrepancies)
    assert any("nodes that the tree does not: [9]" in text for text in discrepancies)


def test_a_case_without_its_defaults_is_refused_in_words() -> None:
    given = case(offer(lead=6), forms={"contract": {"lead": 0}})
    tree = grow(given)
    with pytest.raises(InputError) as caught:
        account(given, tree, ())
    assert "needs `lead`, `manage` and `binding`" in str(caught.value)
    assert "6 months is not a multiple of the period (12 months)" in str(caught.value)
