from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from sourcemix import files
from sourcemix.app import award_event, plan_case, verify_document
from sourcemix.app.new import new_case
from sourcemix.engine import award as award_engine
from sourcemix.engine import planning
from sourcemix.engine.answer import AwardAnswer, Limits, OnProgress, PlanAnswer
from sourcemix.errors import InputError, TreeTooLarge, VerificationError
from sourcemix.files import case_from, event_from
from sourcemix.model.award import Award
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan
from sourcemix.model.tree import Tree


@pytest.fixture(scope="module")
def case() -> Case:
    return case_from(new_case("case"))


@pytest.fixture(scope="module")
def event() -> Event:
    return event_from(new_case("event"))


@pytest.fixture(scope="module")
def plan(case: Case) -> Plan:
    return plan_case(case, gap=0)


@pytest.fixture(scope="module")
def award(event: Event) -> Award:
    return award_event(event)


def test_a_plan_is_proven_verified_and_complete(plan: Plan) -> None:
    result = plan.result
    assert (plan.status, plan.verified, plan.gap) == ("optimal", True, result.gap)
    assert plan.cost is not None
    assert plan.bound is not None
    assert plan.bound <= plan.cost
    assert result.first
    assert result.financial_years
    assert result.ledger["staff"] == "not assessed"
    assert len(result.nodes) == len(result.tree.nodes)
    assert all(node.exposure is not None for node in result.nodes)
    assert verify_document(plan).discrepancies == ()


def test_the_result_is_the_same_in_any_order_of_rows(case: Case, plan: Plan) -> None:
    rows = Random(7)
    shuffled = case.model_copy(
        update={
            name: tuple(rows.sample(getattr(case, name), len(getattr(case, name))))
            for name in ("services", "suppliers", "offers", "agreements")
        }
    )
    again = plan_case(shuffled, gap=0)
    one, other = (json.loads(files.dumps(p, "json"))["result"] for p in (plan, again))
    assert one == other


def test_what_differs_from_run_to_run_is_in_run_alone(plan: Plan) -> None:
    text = files.dumps(plan, "json")
    data = json.loads(text)
    assert plan.run.started not in json.dumps(data["result"])
    assert data["run"]["settings"] == {"gap": 0, "seconds": 300, "nodes": 300, "ties": "decided"}
    assert set(data) >= {"status", "reason", "cost", "bound", "gap", "verified"}


def test_the_gap_of_the_case_holds_where_none_is_given(case: Case) -> None:
    assert plan_case(case).run.settings["gap"] == 0.01


def test_what_does_not_fit_together_is_refused_as_in_a_file_all_at_once(case: Case) -> None:
    document = case.model_dump(by_alias=True)
    document["rules"] = [
        {"kind": "max_suppliers", "limit": 3},
        {"kind": "outcome_floor", "outcome": "nothing", "level": 1},
    ]
    document["offers"][1]["supplier"] = "nobody"
    document["offers"][0]["form"] = "handshake"
    document["money"]["discounting"] = "blue-book"
    with pytest.raises(InputError) as caught:
        plan_case(Case.model_validate(document))
    assert [fault.place for fault in caught.value.faults] == [
        "offers[0].form",
        "offers[1].supplier",
        "rules[1].outcome",
        "money.discounting",
    ]
    with pytest.raises(InputError) as read:
        case_from(files.dumps(Case.model_validate(document), "yaml"))
    assert {f.message for f in read.value.faults} == {f.message for f in caught.value.faults}


def test_a_tree_that_is_too_large_is_refused(case: Case) -> None:
    with pytest.raises(TreeTooLarge):
        plan_case(case, nodes=3)


def test_a_wrong_claim_of_the_engine_is_not_shown(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planning.solve

    def lies(
        case: Case, tree: Tree, limits: Limits, on_progress: OnProgress | None = None
    ) -> PlanAnswer:
        found = solve(case, tree, limits, on_progress)
        assert found.claimed is not None
        return replace(found, claimed=found.claimed - 100)

    monkeypatch.setattr(planning, "solve", lies)
    with pytest.raises(VerificationError, match="claims a cost"):
        plan_case(case)


def test_a_plan_that_breaks_the_case_is_not_shown(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planning.solve

    def forgets(
        case: Case, tree: Tree, limits: Limits, on_progress: OnProgress | None = None
    ) -> PlanAnswer:
        found = solve(case, tree, limits, on_progress)
        assert found.nodes is not None
        first = found.nodes[0].model_copy(update={"decisions": ()})
        return replace(found, nodes=(first, *found.nodes[1:]))

    monkeypatch.setattr(planning, "solve", forgets)
    with pytest.raises(VerificationError, match="by the decisions it is not"):
        plan_case(case)


def test_a_case_that_cannot_be_met_is_infeasible(case: Case) -> None:
    document = case.model_dump(by_alias=True)
    document["rules"] = [{"kind": "budget", "amount": 1}]
    plan = plan_case(Case.model_validate(document))
    assert (plan.status, plan.cost, plan.verified) == ("infeasible", None, False)
    assert plan.result.conflicts


def test_an_award_is_proven_and_verified(award: Award) -> None:
    assert (award.status, award.cost) == ("optimal", Decimal("130360.00"))
    assert [winner.bid for winner in award.result.winners] == ["m3", "v2"]
    assert award.result.ground == "award"
    assert verify_document(award).discrepancies == ()


def test_a_study_is_no_ground_for_award(event: Event) -> None:
    study = event.model_copy(update={"purpose": "design"})
    assert award_event(study).result.ground == "analysis, not a ground for award"


def test_a_wrong_award_is_not_shown(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    solve = award_engine.solve

    def drops(event: Event, limits: Limits, on_progress: OnProgress | None = None) -> AwardAnswer:
        found = solve(event, limits, on_progress)
        assert found.winners is not None
        return replace(found, winners=found.winners[1:])

    monkeypatch.setattr(award_engine, "solve", drops)
    with pytest.raises(VerificationError):
        award_event(event)


def test_verifying_finds_a_changed_figure(plan: Plan, award: Award) -> None:
    assert plan.cost is not None
    result = plan.result.model_copy(update={"cost": plan.cost + 1})
    assert verify_document(plan.model_copy(update={"result": result})).discrepancies
    assert award.cost is not None
    assert verify_document(award.model_copy(update={"cost": award.cost - 1})).discrepancies


def test_verifying_against_the_case_compares_the_hash(
    case: Case, plan: Plan, event: Event, award: Award
) -> None:
    assert verify_document(plan, against=case).discrepancies == ()
    other = case.model_copy(update={"title": "Another case"})
    (wrong,) = verify_document(plan, against=other).discrepancies
    assert "answers another input" in wrong
    assert verify_document(award, against=event).discrepancies == ()
    with pytest.raises(InputError, match="should be the event"):
        verify_document(award, against=case)
    with pytest.raises(InputError, match="neither a plan nor an award"):
        verify_document(case)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("first", ("There is nothing to sign or end now.",)),
        ("later", ()),
        ("ledger", {"taxpayer": "pays nothing"}),
        ("not_modelled", ()),
    ],
)
def test_verifying_finds_changed_words(plan: Plan, field: str, words: object) -> None:
    result = plan.result.model_copy(update={field: words})
    changed = plan.model_copy(update={"result": result})
    assert verify_document(changed).discrepancies == (
        f"result.{field}: its words are not those of the decisions and figures",
    )
    other = result.model_copy(update={"version": "0.0.0"})
    assert not verify_document(plan.model_copy(update={"result": other})).discrepancies
