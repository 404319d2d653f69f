from __future__ import annotations

from typing import Literal

from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, Party, PartyFigure, PlanNode
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


def figure(party: Party, low: str | None, high: str | None = None, **more: int) -> PartyFigure:
    return PartyFigure.model_validate(
        {"party": party, "unit": "posts" if party == "staff" else "pounds", "low": low,
         "high": low if high is None else high, "assessed": 2, "offers": 2, **more}
    )  # fmt: skip


def test_parties_without_stated_values_are_not_assessed() -> None:
    unknown: list[Party] = ["residents", "staff", "suppliers", "community"]
    nothing = [figure(party, None, assessed=0, offers=3) for party in unknown]
    ledger = sentences.ledger([figure("taxpayer", "-15040000"), *nothing])
    assert ledger == {
        "taxpayer": "pays £15 million in all (expected, present value)",
        "residents and users": "not assessed",
        "staff": "not assessed",
        "suppliers": "not assessed",
        "community": "not assessed",
    }


def test_stated_values_say_for_how_many_agreements_they_are() -> None:
    ledger = sentences.ledger(
        [figure("staff", "7.50", assessed=2, offers=3), figure("community", "1200")]
    )
    assert ledger["staff"] == (
        "7.5 posts kept on average over the horizon; assessed for 2 of 3 agreements"
    )
    assert ledger["community"] == "gain £1,200 (expected, present value)"


def test_posts_are_counted_as_people_do() -> None:
    assert sentences.ledger([figure("staff", "1.00")])["staff"].startswith("1 post kept")
    assert sentences.ledger([figure("staff", "20.00")])["staff"].startswith("20 posts kept")
    # Stated as none: that is a figure, and not the same as nothing stated.
    assert sentences.ledger([figure("staff", "0.00")])["staff"].startswith("0 posts kept")


def test_a_range_may_hold_both_a_loss_and_a_gain() -> None:
    def suppliers(low: str, high: str) -> str:
        return sentences.ledger([figure("suppliers", low, high)])["suppliers"]

    assert suppliers("4000", "9000") == "gain £4,000 to £9,000 (expected, present value)"
    assert suppliers("-9000", "-4000") == "lose £4,000 to £9,000 (expected, present value)"
    assert suppliers("-4000", "9000") == (
        "between a loss of £4,000 and a gain of £9,000 (expected, present value)"
    )


def test_residents_may_gain_by_outcomes_alone() -> None:
    (text,) = sentences.ledger([figure("residents", "750", assessed=0)]).values()
    assert text == ("gain £750 in outcomes (expected, present value); not assessed beyond outcomes")
    (text,) = sentences.ledger([figure("residents", "-750", assessed=1)]).values()
    assert text == "lose £750 (expected, present value); assessed for 1 of 2 agreements"


def test_a_taxpayer_may_receive() -> None:
    assert sentences.ledger([figure("taxpayer", "750")])["taxpayer"] == (
        "receives £750 in all (expected, present value)"
    )
