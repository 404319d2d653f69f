from __future__ import annotations

from decimal import Decimal
from typing import Literal

from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, PlanNode, Position
from sourcemix.model.tree import Tree
from sourcemix.report import sentences
from sourcemix.report.drivers import fact_words

Action = Literal["procure", "end"]


def node(number: int, *decisions: tuple[Action, str, int]) -> PlanNode:
    return PlanNode(
        node=number,
        decisions=tuple(Decision(action=a, offer=o, effect=e) for a, o, e in decisions),
    )


def test_what_to_sign_now_says_with_whom_in_which_form_and_the_lead(case: Case) -> None:
    now = sentences.first_decisions(case, (node(0, ("procure", "hub_desk", 1)),))
    assert now == (
        "Sign an agreement between public bodies with Three Counties Hub for Service desk, to "
        "start on 1 April 2028 (decide now; 12 months' lead).",
    )


def test_in_house_is_not_signed(case: Case) -> None:
    now = sentences.first_decisions(
        case, (node(0, ("end", "own_desk", 1), ("procure", "own_desk", 0)),)
    )
    assert now == (
        "Set up in-house delivery of Service desk by Own team, to start on 1 April 2027 "
        "(decide now).",
        "End in-house delivery of Service desk by Own team on 1 April 2028 "
        "(decide now; 12 months' notice).",
    )


def test_nothing_to_decide_is_said(case: Case) -> None:
    assert sentences.first_decisions(case, (node(0),)) == (sentences.NOTHING_NOW,)


def test_a_decision_in_every_future_has_no_if(case: Case, tree: Tree) -> None:
    nodes = tuple(node(n, ("end", "hub_desk", 2)) for n in range(1, 5))
    assert sentences.later_decisions(case, tree, nodes) == (
        "On 1 April 2028, whatever happens: give notice to Three Counties Hub, so that the "
        "agreement between public bodies for Service desk ends on 1 April 2029.",
    )


def test_the_condition_names_only_what_decides(case: Case, tree: Tree) -> None:
    nodes = tuple(node(n, ("procure", "hub_desk", 2)) for n in (1, 2))
    assert sentences.later_decisions(case, tree, nodes) == (
        "If demand for Service desk (channel_shift) falls to 70% by 1 April 2028, then sign an "
        "agreement between public bodies with Three Counties Hub for Service desk, to start on "
        "1 April 2029 (12 months' lead); otherwise do not.",
    )


def test_two_ways_for_the_same_service_are_one_sentence(case: Case, tree: Tree) -> None:
    nodes = (
        *(node(n, ("procure", "hub_desk", 2)) for n in (1, 3)),
        *(node(n, ("procure", "own_desk", 2)) for n in (2, 4)),
    )
    (sentence,) = sentences.later_decisions(case, tree, nodes)
    assert sentence == (
        "If the requirement ai_desk arises by 1 April 2028, then sign an agreement between public "
        "bodies with Three Counties Hub for Service desk, to start on 1 April 2029 (12 months' "
        "lead); otherwise set up in-house delivery of Service desk by Own team, to start on "
        "1 April 2029 (12 months' lead)."
    )


def test_sentences_do_not_depend_on_the_order_of_nodes(case: Case, tree: Tree) -> None:
    nodes = tuple(node(n, ("procure", "hub_desk", 2), ("end", "own_desk", 2)) for n in (1, 2))
    forwards = sentences.later_decisions(case, tree, nodes)
    assert forwards == sentences.later_decisions(case, tree, nodes[::-1])
    assert len(forwards) == 2


def test_drivers_in_words(case: Case) -> None:
    assert fact_words(case, ("failure:hub", "yes")) == "Three Counties Hub has failed"
    assert fact_words(case, ("failure:hub", "no")) == "Three Counties Hub has not failed"
    assert fact_words(case, ("channel_shift", "1")) == (
        "demand for Service desk (channel_shift) stays as it is"
    )
    assert fact_words(case, ("volume@2", "high")) == "volume runs high (seen on 1 April 2029)"
    assert "not been withdrawn" in fact_words(case, ("withdrawal:hub_desk", "no"))


def test_parties_without_stated_values_are_not_assessed(case: Case) -> None:
    live = (PlanNode(node=0, positions=(Position(offer="own_desk", since=None, age=9),)),)
    ledger = sentences.ledger(case, live, Decimal("15040000"), {})
    assert ledger["taxpayer"] == "pays £15 million in all (expected, present value)"
    assert {ledger[party] for party in ledger if party != "taxpayer"} == {"not assessed"}


def test_stated_values_say_how_many_agreements_have_none(case: Case) -> None:
    live = (
        PlanNode(
            node=0,
            positions=(
                Position(offer="own_desk", since=None, age=9),
                Position(offer="hub_desk", since=0, age=0),
            ),
        ),
    )
    ledger = sentences.ledger(case, live, Decimal(1), {})
    assert ledger["staff"] == "hub_desk: 12 posts kept; not assessed for 1 agreement"
