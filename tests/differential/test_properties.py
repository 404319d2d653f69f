"""What must hold for every case, whatever its optimum: on a handful of the small ones."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.differential.solving import planned as solve

from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative
from sourcemix.model.drivers import Chance
from sourcemix.model.offers import ExitTerms
from sourcemix.model.suppliers import Supplier

PENNY = 0.0101
EXACT = Limits(gap=0, seconds=60)
FEW = range(60 if FULL else 4)
OUT_OF_REACH = Decimal(10_000_000)


def planned(case: Case) -> PlanAnswer:
    case = canonical(case)
    return solve(case, grow(case), EXACT)


@pytest.mark.parametrize("seed", FEW)
@pytest.mark.parametrize("gap", [0.5, 0.05])
def test_bound_is_never_above_the_optimum(seed: int, gap: float) -> None:
    case, tree, best = drawn(seed).case, drawn(seed).tree, drawn(seed).best
    answer = solve(case, tree, Limits(gap=gap, seconds=60))
    assert (best is None) == (answer.status == "infeasible")
    if best is not None:
        assert answer.bound is not None
        assert answer.claimed is not None
        assert answer.bound <= best + PENNY / 2
        assert answer.claimed >= best - PENNY / 2


@pytest.mark.parametrize("seed", range(20, 20 + len(FEW)))
def test_loosening_rules_never_costs_more(seed: int) -> None:
    case = drawn(seed).case
    strict = planned(case)
    loose = planned(case.model_copy(update={"rules": tuple(map(loosened, case.rules))}))
    free = planned(case.model_copy(update={"rules": ()}))
    order = [cost(free), cost(loose), cost(strict)]
    assert all(less <= more + PENNY for less, more in pairwise(order))


def loosened(rule: Any) -> Any:
    """A rule that allows more, where it has a figure."""
    if rule.kind in ("max_suppliers", "max_live"):
        return rule.model_copy(update={"limit": rule.limit + 1})
    if rule.kind == "min_suppliers":
        return rule.model_copy(update={"limit": max(0, rule.limit - 1)})
    if rule.kind == "max_term":
        return rule.model_copy(update={"months": rule.months + 12})
    return rule


def cost(answer: PlanAnswer) -> float:
    return float("inf") if answer.claimed is None else answer.claimed


@pytest.mark.parametrize("seed", range(40, 40 + len(FEW)))
def test_an_offer_out_of_reach_changes_nothing(seed: int) -> None:
    case = drawn(seed).case
    before = planned(case)
    if before.claimed is None:
        return
    dear = case.offers[0].model_copy(
        update={
            "id": "dear",
            "supplier": "newcomer",
            "fixed": OUT_OF_REACH,
            "income": Decimal(0),
            "reduces": {},
            "exit": ExitTerms(),
        }
    )
    newcomer = Supplier(id="newcomer", kind="commercial")
    after = planned(
        case.model_copy(
            update={
                "offers": (*case.offers, dear),
                "suppliers": (*case.suppliers, newcomer),
            }
        )
    )
    assert after.claimed == pytest.approx(before.claimed, abs=PENNY)


@pytest.mark.parametrize("seed", range(80, 80 + len(FEW)))
def test_order_of_rows_makes_no_difference(seed: int) -> None:
    """To the plan, even where the engine is given rows as they come, not in canonical order.

    Its own floats may then differ, as sums are taken in another order.
    """
    case = drawn(seed).case
    turned = backwards(case)
    one, two = planned(case), planned(turned)
    assert turned != case
    assert one.status == two.status
    for mine, other in ((one.claimed, two.claimed), (one.bound, two.bound)):
        assert mine == (None if other is None else pytest.approx(other, rel=0, abs=1e-6))
    assert one.nodes == two.nodes


def backwards(value: Any) -> Any:
    """Every list of rows turned round; lists whose order means something stay."""
    if isinstance(value, BaseModel):
        turned = {name: backwards(getattr(value, name)) for name in type(value).model_fields}
        return value.model_copy(update=turned)
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    if isinstance(value, tuple):
        items = tuple(backwards(item) for item in value)
        ordered = any(isinstance(item, int | Decimal | Indicative | Chance) for item in items)
        return items if ordered else items[::-1]
    return value
