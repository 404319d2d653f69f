"""Plans to compare with, and the chain, in documents: right ones pass, a change is noticed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from tests.verify.cases import Decisions, case, offer, plan
from tests.verify.test_documents import RUN, figures, replaced, step_of

from sourcemix.futures import grow
from sourcemix.model.canonical import digest
from sourcemix.model.case import Case
from sourcemix.model.plan import Plan
from sourcemix.model.tree import Tree
from sourcemix.verify import account, plan_document, without_rules

RUN_GAP_0 = {**RUN, "settings": {"gap": 0}}
FALL = {
    "kind": "demand", "id": "fall", "services": ["desk"], "at": "2028-04-01",
    "outcomes": [{"p": "0.5", "factor": "0.5"}, {"p": "0.5", "factor": 1}],
}  # fmt: skip
NEVER_OWN = {"id": "not_ours", "kind": "must_not_use", "supplier": "own"}
PER_TICKET, BY_THE_YEAR = "a", "b"

# In the second year demand is 500 or 1,000. `a` costs 10 a ticket; `b`, which can only start in
# the second year, 8,000 a year. Own staff, 30 a ticket, may not be used. Unmet costs 50 a ticket.
#
# plan         a; then a or b as demand turns out   10,000 + (5,000 + 8,000) / 2  = 16,500
# fixed_plan   a; then a in both futures            10,000 + (5,000 + 10,000) / 2 = 17,500
# chosen_once  the same: a is renewed                                               17,500
# single       own staff are not allowed, `b` alone: 50,000 + 8,000               = 58,000
# in_house     own staff, with the rule waived:     30,000 + (15,000 + 30,000) / 2 = 52,500
# cheapest     b: 8 a ticket today, at 1,000 tickets, against 10                   58,000
# as_is        nothing runs today: all unmet        50,000 + (25,000 + 50,000) / 2 = 87,500
COSTS = {
    "plan": 16_500, "fixed_plan": 17_500, "chosen_once": 17_500, "single_partnership": 58_000,
    "in_house": 52_500, "cheapest_now": 58_000, "as_is": 87_500, "mine": 58_000,
}  # fmt: skip
DECISIONS: dict[str, Decisions] = {
    "plan": {0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "b", 1)]},
    "fixed_plan": {0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "a", 1)]},
    "single_partnership": {1: [("procure", "b", 1)], 2: [("procure", "b", 1)]},
    "in_house": {0: [("procure", "own_desk", 0)]},
    "as_is": {},
}
for copy, of in (
    ("chosen_once", "fixed_plan"),
    ("cheapest_now", "single_partnership"),
    ("mine", "single_partnership"),
):
    DECISIONS[copy] = DECISIONS[of]


def given() -> Case:
    return case(
        offer(PER_TICKET, term={"initial": 12}),
        offer(BY_THE_YEAR, supplier="bolt", term={"initial": 24}, fixed=8000,
              services={"desk": {"price": 0}}, available={"from": "2028-04-01"}),
        offer("own_desk", supplier="own", services={"desk": {"price": 30}}),
        periods=2,
        drivers=[FALL],
        rules=[NEVER_OWN],
        baselines={"single_partnership": {"offers": ["b"]}, "mine": {"offers": ["b", "own_desk"]}},
    )  # fmt: skip


def planned(name: str, ready: Case, tree: Tree) -> dict[str, Any]:
    """Headline and figures of one of the plans, proven best."""
    waived = name == "in_house"
    used = without_rules(ready) if waived else ready
    accounts = account(used, tree, plan(ready, tree, DECISIONS[name]))
    assert accounts.discrepancies == ()
    assert accounts.cost == COSTS[name]
    kept = ("cost", "mean", "cvar", "authority_cost", "low", "high", "expected",
            "financial_years", "nodes")  # fmt: skip
    found = {figure: getattr(accounts, figure) for figure in kept}
    proof = {"status": "optimal", "reason": "proved", "bound": accounts.cost, "gap": 0}
    return {**found, **proof, "verified": True}


def compared(name: str, ready: Case, tree: Tree) -> dict[str, Any]:
    kind = "named" if name == "mine" else name
    waived = ("not_ours",) if name == "in_house" else ()
    return {**planned(name, ready, tree), "kind": kind, "name": name, "waived": waived}


def step(name: str, dearer: str, cheaper: str) -> dict[str, Any]:
    value = Decimal(COSTS[dearer] - COSTS[cheaper])
    ends = {"name": name, "dearer": dearer, "cheaper": cheaper}
    return {**ends, "value": value, "low": value, "high": value}


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    """A document with every comparison and the chain."""
    ready = given()
    tree = grow(ready)
    accounts = account(ready, tree, plan(ready, tree, DECISIONS["plan"]))
    mine = planned("plan", ready, tree)
    headline = {name: mine[name] for name in ("status", "reason", "cost", "bound", "gap")}
    headline["verified"] = True
    result = {
        **mine,
        "input_sha256": digest(ready),
        "version": "0.1.0",
        "seed": 7,
        "tree": tree,
        "leaves": accounts.leaves,
        "indicative_share": accounts.indicative_share,
        "parties": accounts.parties,
        "verification": accounts.verification,
        "comparisons": [compared(name, ready, tree) for name in COSTS if name != "plan"],
        "chain": [
            step("mix", "single_partnership", "chosen_once"),
            step("form_and_term", "chosen_once", "fixed_plan"),
            step("timing", "fixed_plan", "plan"),
        ],
    }
    document = {**headline, "result": result, "run": RUN_GAP_0, "case": ready}
    return Plan.model_validate(document).model_dump()


def changed(stored: dict[str, Any], *path: str | int, to: Any) -> tuple[str, ...]:
    return plan_document(Plan.model_validate(replaced(stored, ("result", *path), to)))


def number(stored: dict[str, Any], name: str) -> int:
    names = [one["name"] for one in stored["result"]["comparisons"]]
    return names.index(name)


def replanned(stored: dict[str, Any], name: str, decisions: Decisions) -> tuple[str, ...]:
    """A comparison with other decisions, its figures as they should be for these."""
    ready = Plan.model_validate(stored).case
    tree = Plan.model_validate(stored).result.tree
    at = number(stored, name)
    old = stored["result"]["comparisons"][at]
    accounts = account(ready, tree, plan(ready, tree, decisions))
    new = {**old, "bound": None, "gap": None, "status": "feasible"}
    new |= {figure: getattr(accounts, figure) for figure in old if hasattr(accounts, figure)}
    return changed(stored, "comparisons", at, to=new)


def test_a_right_document_passes(stored: dict[str, Any]) -> None:
    assert plan_document(Plan.model_validate(stored)) == ()


def test_every_figure_of_comparisons_and_chain_counts(stored: dict[str, Any]) -> None:
    count = 0
    for part in ("comparisons", "chain"):
        for path, value in figures(stored["result"][part], ("result", part)):
            try:
                other = Plan.model_validate(replaced(stored, path, step_of(path, value)))
            except ValidationError:
                continue
            count += 1
            assert plan_document(other), path
    assert count > 250


@pytest.mark.parametrize(
    ("name", "decisions", "message"),
    [
        ("fixed_plan", DECISIONS["plan"], "decides about `a` otherwise than node 1"),
        ("chosen_once", {0: [("procure", "a", 0)]}, "node 1: `a` is not live any more"),
        ("mine", {0: [("procure", "a", 0)]}, "`a` is procured, which is not for a plan `mine`"),
        ("cheapest_now", DECISIONS["fixed_plan"], "for none of its services"),
    ],
)
def test_a_plan_that_is_not_of_its_kind(
    stored: dict[str, Any], name: str, decisions: Decisions, message: str
) -> None:
    found = replanned(stored, name, decisions)
    assert any(message in sentence for sentence in found), found


def test_waived_rules_are_exactly_those_that_are_broken(stored: dict[str, Any]) -> None:
    at = number(stored, "in_house")
    found = changed(stored, "comparisons", at, "waived", to=())
    assert any("rule `not_ours`" in sentence for sentence in found)
    for wrong in (("not_ours", "another"), ("another",)):
        found = changed(stored, "comparisons", at, "waived", to=wrong)
        assert any(f"comparisons[{at}].waived" in sentence for sentence in found), found
    # One that breaks no rule was not to be planned without them.
    found = changed(stored, "comparisons", number(stored, "as_is"), "waived", to=("not_ours",))
    assert any("waived: 1 entries stated, 0 recomputed" in sentence for sentence in found), found


def test_links_of_the_chain_keep_the_rules(stored: dict[str, Any]) -> None:
    at = number(stored, "fixed_plan")
    found = changed(stored, "comparisons", at, "waived", to=("not_ours",))
    assert any("a link of the chain is never planned without rules" in text for text in found)


def test_a_bound_above_a_plan_that_may_do_less(stored: dict[str, Any]) -> None:
    """A bound of the plan that another plan, which it could have been, undercuts."""
    at = number(stored, "fixed_plan")
    for name in ("cost", "bound", "mean"):
        assert changed(stored, "comparisons", at, name, to=Decimal(16_000))
    found = changed(stored, "comparisons", at, "bound", to=Decimal("17500.02"))
    assert any("is above the cost" in sentence for sentence in found)
    assert any("17500.00 is below the bound of `fixed_plan`" in sentence for sentence in found)


def test_less_than_a_penny_counts_as_equal(stored: dict[str, Any]) -> None:
    at = number(stored, "fixed_plan")
    found = changed(stored, "comparisons", at, "bound", to=Decimal("17500.01"))
    assert not any("is below the bound" in sentence for sentence in found)


def test_infeasible_is_contradicted_by_a_plan_that_may_do_less(stored: dict[str, Any]) -> None:
    at = number(stored, "fixed_plan")
    found = changed(stored, "comparisons", at, to=nothing("fixed_plan"))
    assert any("`fixed_plan`, which may do all that this may, is infeasible" in t for t in found)


def nothing(kind: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name or kind, "status": "infeasible", "reason": "proved",
            "cost": None, "bound": None, "gap": None, "verified": False, **more}  # fmt: skip


def without_first_link(stored: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The document in which the single partnership can hold nothing."""
    at = number(stored, "single_partnership")
    path = ("result", "comparisons", at)
    found = replaced(stored, path, nothing("single_partnership"))
    first = {"name": "mix", "dearer": "single_partnership", "cheaper": "chosen_once",
             "value": None, "low": None, "high": None,
             "note": "no such plan can meet the need", **more}  # fmt: skip
    changed = replaced(found, ("result", "chain", 0), first)
    assert isinstance(changed, dict)
    return changed


def test_a_link_without_a_plan_has_no_figure_and_says_so(stored: dict[str, Any]) -> None:
    assert plan_document(Plan.model_validate(without_first_link(stored))) == ()
    for wrong in ({"note": ""}, {"value": 0}, {"low": 0}, {"high": 5}):
        found = plan_document(Plan.model_validate(without_first_link(stored, **wrong)))
        assert len(found) == 1, (wrong, found)
        assert found[0].startswith("result.chain[0].")


def test_a_figure_and_why_there_is_none_exclude_each_other(stored: dict[str, Any]) -> None:
    found = changed(stored, "chain", 0, "note", to="time ran out")
    assert found == (
        "result.chain[0].note: there is a figure, and the note says why there is none",
    )
    at = number(stored, "fixed_plan")
    found = changed(stored, "comparisons", at, "conflicts", to=["the rule `not_ours`"])
    assert found[0] == f"result.comparisons[{at}].conflicts: stated, although there is a plan"


def test_a_comparison_without_a_plan_states_no_figures(stored: dict[str, Any]) -> None:
    at = number(stored, "mine")
    right = nothing("named", "mine", conflicts=("no",))
    assert changed(stored, "comparisons", at, to=right) == ()
    for wrong in (
        {"status": "optimal"},
        {"verified": True},
        {"cost": 5},
        {"waived": ("not_ours",)},
        {"expected": {"fixed": 5}},
    ):
        assert changed(stored, "comparisons", at, to={**right, **wrong}), wrong


def test_names_are_those_of_baselines_and_kinds(stored: dict[str, Any]) -> None:
    for name, wrong in (("mine", "nosuch"), ("as_is", "mine")):
        assert changed(stored, "comparisons", number(stored, name), "name", to=wrong)
    twice = stored["result"]["comparisons"]
    found = changed(stored, "comparisons", to=[*twice, twice[number(stored, "mine")]])
    assert found == ("result.comparisons[7]: `mine` stands there twice",)


def test_the_chain_has_the_steps_of_the_case(stored: dict[str, Any]) -> None:
    chain = stored["result"]["chain"]
    assert changed(stored, "chain", to=[]) == ()
    for wrong in (chain[1:], chain[:2], [chain[0], chain[2], chain[1]]):
        (found,) = changed(stored, "chain", to=wrong)
        assert found.startswith("result.chain: its steps should be: mix from single_partnership")
    assert changed(stored, "chain", 2, "cheaper", to="fixed_plan")


def test_the_chain_rests_on_plans_that_are_there(stored: dict[str, Any]) -> None:
    kept = [one for one in stored["result"]["comparisons"] if one["name"] != "fixed_plan"]
    found = changed(stored, "comparisons", to=kept)
    assert len(found) == 2
    assert "`fixed_plan` is not among the plans to compare with" in found[0]


def test_without_a_single_partnership_the_chain_begins_with_the_choice() -> None:
    ready = given().model_copy(update={"baselines": {}})
    tree = grow(ready)
    accounts = account(ready, tree, plan(ready, tree, DECISIONS["plan"]))
    mine = planned("plan", ready, tree)
    headline = {name: mine[name] for name in ("status", "reason", "cost", "bound", "gap")}
    headline["verified"] = True
    loose = compared("fixed_plan", ready, tree)
    # Half of 17,500 is proven: timing may be worth nothing.
    loose |= {"bound": Decimal(8_750), "gap": Decimal("0.5"), "status": "feasible"}
    chain = [
        {**step("form_and_term", "chosen_once", "fixed_plan"), "high": Decimal(8_750)},
        {**step("timing", "fixed_plan", "plan"), "low": Decimal(-7_750)},
    ]
    result = {
        **mine, "input_sha256": digest(ready), "version": "0.1.0", "seed": 7, "tree": tree,
        "leaves": accounts.leaves, "indicative_share": 0, "parties": accounts.parties,
        "verification": accounts.verification, "chain": chain,
        "comparisons": [compared("chosen_once", ready, tree), loose],
    }  # fmt: skip
    document = {**headline, "result": result, "run": RUN_GAP_0, "case": ready}
    right = Plan.model_validate(document)
    assert plan_document(right) == ()
    stored = right.model_dump()
    assert changed(stored, "chain", 1, "low", to=Decimal(1000))
    unproven = replaced(stored, ("result", "comparisons", 1), {**loose, "bound": None, "gap": None})
    found = plan_document(Plan.model_validate(unproven))
    assert found == (
        "result.chain[0].high: 8750 stated, nothing recomputed",
        "result.chain[1].low: -7750 stated, nothing recomputed",
    )
