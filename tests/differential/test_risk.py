"""With a weight on bad futures: no plan that anyone proposes beats the engine's."""

from __future__ import annotations

from random import Random

import pytest
from tests.conftest import FULL
from tests.differential.brute import Brute
from tests.differential.cases import small_case

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning import solve
from sourcemix.model.case import Appraisal, Case, Risk
from sourcemix.verify import account

SEEDS = range(300 if FULL else 15)
EXACT = Limits(gap=0, seconds=60)
PENNY = 0.0101


def weighed(case: Case, seed: int) -> Case:
    """The case with a weight on risk that differs by seed."""
    rng = Random(seed)
    risk = Risk(level=rng.choice(["0.5", "0.8", "1"]), weight=rng.choice(["0.3", "0.8", "1"]))
    settings = Appraisal(risk=risk, emergency_periods=case.appraisal.emergency_periods)
    return case.model_copy(update={"appraisal": settings})


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_proposed_beats_it(seed: int) -> None:
    neutral, tree = small_case(seed)
    case = weighed(neutral, seed)
    answer = solve(case, tree, EXACT)
    indifferent = solve(neutral, tree, EXACT)
    assert (answer.nodes is None) == (indifferent.nodes is None)
    if answer.nodes is None or indifferent.nodes is None:
        return
    accounts = account(case, tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert float(accounts.cost) == pytest.approx(answer.claimed, abs=PENNY)
    assert accounts.cvar is not None
    assert accounts.cvar >= accounts.mean - 1
    brute, rng = Brute(neutral, tree), Random(seed)
    proposed = [brute.any_plan(rng) for _ in range(30)]
    plans = [indifferent.nodes, *(brute.written(plan) for plan in proposed if plan is not None)]
    for nodes in plans:
        other = account(case, tree, nodes)
        if not other.discrepancies:
            assert float(accounts.cost) <= float(other.cost) + PENNY
