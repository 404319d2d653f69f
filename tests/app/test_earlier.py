"""Planning again from an earlier plan, and by effort in place of time."""

from __future__ import annotations

from typing import Any

import pytest
from tests.analysis.flexible import waiting_pays

from sourcemix.app.compare import no_dearer
from sourcemix.app.new import new_case
from sourcemix.app.plan import plan_case
from sourcemix.engine import planning, routes
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.earlier import Earlier
from sourcemix.errors import InputError
from sourcemix.files import case_from, dumps
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparison, Multipliers, Plan
from sourcemix.model.tree import Tree


@pytest.fixture(scope="module")
def case() -> Case:
    return case_from(new_case("case"))


@pytest.fixture(scope="module")
def plan(case: Case) -> Plan:
    return plan_case(case, gap=0)


def test_from_an_earlier_plan_the_best_is_the_same(case: Case, plan: Plan) -> None:
    again = plan_case(case, gap=0, earlier=plan)
    assert again.result == plan.result
    assert again.run.settings["from"] == plan.result.input_sha256
    assert "from" not in plan.run.settings


def changed(plan: Plan, **update: Any) -> Plan:
    return plan.model_copy(update={"result": plan.result.model_copy(update=update)})


def test_a_plan_that_holds_nothing_to_begin_from_is_refused(case: Case, plan: Plan) -> None:
    with pytest.raises(InputError, match="holds no mix"):
        plan_case(case, earlier=changed(plan, nodes=()))
    with pytest.raises(InputError, match="not those of its tree"):
        plan_case(case, earlier=changed(plan, nodes=plan.result.nodes[1:]))
    tree = plan.result.tree
    loop = tree.nodes[1].model_copy(update={"parent": 1})
    other = tree.model_copy(update={"nodes": (tree.nodes[0], loop, *tree.nodes[2:])})
    with pytest.raises(InputError, match="not a tree"):
        plan_case(case, earlier=changed(plan, tree=other))


def test_prices_that_do_not_fit_the_tree_are_left_out(
    case: Case, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Earlier | None] = []
    solve = planning.solve

    def watched(case: Case, tree: Tree, limits: Limits, *rest: Any, **more: Any) -> PlanAnswer:
        seen.append(more["earlier"])
        return solve(case, tree, limits, *rest, **more)

    monkeypatch.setattr(planning, "solve", watched)
    nodes = len(plan.result.tree.nodes)
    for length in (nodes, nodes - 1):
        kept = Multipliers(offers={"any": {"desk": ((0,) * length,)}})
        run = plan.run.model_copy(update={"multipliers": kept})
        plan_case(case, earlier=plan.model_copy(update={"run": run}))
    assert [one is not None and one.multipliers is not None for one in seen] == [True, False]


def test_effort_takes_the_place_of_time(case: Case) -> None:
    one, two = (plan_case(case, gap=0, effort=4) for _ in range(2))
    assert dumps(one, "json").partition('"run"')[0] == dumps(two, "json").partition('"run"')[0]
    assert one.run.settings["effort"] == 4
    assert "seconds" not in one.run.settings


def test_comparing_a_large_case_takes_its_route_for_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    best = plan_case(waiting_pays(), gap=0, seconds=60)
    monkeypatch.setattr(routes, "SMALL", 0)
    monkeypatch.setattr(routes, "LARGE", 0)
    found = plan_case(waiting_pays(), gap=0, effort=20, compare=True)
    assert found.run.settings["route"] == "search"
    assert found.cost == best.cost
    assert [step.name for step in found.result.chain] == ["form_and_term", "timing"]


@pytest.mark.parametrize(
    ("claimed", "bound", "status"),
    [(None, 80.0, "feasible"), (120.0, 95.0, "within_gap"), (120.0, None, "feasible")],
)
def test_a_plan_is_never_dearer_than_a_link_of_the_chain(
    claimed: float | None, bound: float | None, status: str
) -> None:
    link = Comparison.model_validate(
        {"kind": "fixed_plan", "name": "fixed_plan", "status": "feasible", "reason": "time_limit"}
        | {"cost": 100, "bound": 90, "gap": "0.1", "verified": True, "nodes": [{"node": 0}]}
    )
    answer = PlanAnswer("feasible", "time_limit", claimed, bound)
    found = no_dearer(answer, link, 0.1)
    assert (found.claimed, found.nodes, found.status) == (100.0, link.nodes, status)
    cheaper = PlanAnswer("feasible", "time_limit", 99.0, bound)
    assert no_dearer(cheaper, link, 0.1) is cheaper
