"""A plan costs what its decisions cost, however loosely the search has held it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np
import pytest

from sourcemix import verify
from sourcemix.engine import highs
from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.extract import plan_nodes
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.planning.settled import Settled, at_least_cost, settle
from sourcemix.engine.problem import compile_problem
from tests.differential.draw import drawn
from tests.differential.solving import in_process

EXACT = Limits(gap=0.0, seconds=30.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cost of one plan, as the search held it, once settled, and by the independent check."""

    loose: float
    settled: float
    checked: float


def outcome(seed: int) -> Outcome | None:
    """Any plan will do: here the best by other costs, as a search that is stopped early has it."""
    found = drawn(seed)
    problem = compile_problem(found.case, found.tree)
    model = build_model(problem, active_rules(problem), idle=False)
    rng = Random(seed)
    cost = [rng.uniform(-1.0 if top < 1e6 else 0.0, 1.0) for top in model.milp.upper]
    other = replace(model.milp, cost=np.array(cost))
    with in_process():
        answer = highs.solve(other, EXACT)
        if answer.x is None:
            return None
        loose = settle(problem, model, replace(answer, objective=model.milp.objective(answer.x)))
        if not isinstance(loose, Settled):
            return None
        settled = at_least_cost(problem, model, loose, seed=0)
    assert settled.volumes == loose.volumes
    accounts = verify.account(
        found.case,
        found.tree,
        plan_nodes(problem, model.timelines, settled.rounded, settled.volumes),
    )
    assert accounts.discrepancies == ()
    held = [model.milp.objective(one.rounded) for one in (loose, settled)]
    return Outcome(held[0], held[1], float(accounts.cost))


def test_what_only_follows_from_decisions_is_at_its_cheapest() -> None:
    outcomes = [found for seed in range(30) if (found := outcome(seed)) is not None]
    assert len(outcomes) >= 15
    for one in outcomes:
        assert one.settled == pytest.approx(one.checked, abs=0.01)
    assert sum(one.loose > one.checked + 1 for one in outcomes) >= 10, "hardly any was loose"
