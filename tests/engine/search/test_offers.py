"""What offers cost in the arrays: VAT that is not recovered is part of it."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from tests.engine.search.small_tables import small_case

from sourcemix.engine.problem import compile_problem
from sourcemix.engine.search.offers import ledgers_of

RATE = Decimal("0.2")


@pytest.mark.parametrize("seed", range(8))
def test_vat_is_charged_on_spend_alone(seed: int) -> None:
    case, tree = small_case(seed)
    plain = case.money.model_copy(update={"irrecoverable_vat": Decimal(0)})
    taxed = case.money.model_copy(update={"irrecoverable_vat": RATE})
    offers = tuple(o.model_copy(update={"irrecoverable_vat": None}) for o in case.offers)
    one, other = (
        compile_problem(case.model_copy(update={"money": money, "offers": offers}), tree)
        for money in (plain, taxed)
    )
    order = list(range(one.nodes))
    before, after = ledgers_of(one, order), ledgers_of(other, order)
    bias = 1.0 + float(case.appraisal.optimism_bias.get("operating", 0))
    for offer, terms in enumerate(one.offers):
        live = np.isfinite(before.live[offer])
        more = after.live[offer][live] - before.live[offer][live]
        if one.in_house[offer]:
            assert not more.any()
            continue
        # All that an agreement costs but its spend: management and income.
        kept = terms.manage * bias - terms.income
        spend = (before.live[offer][live] - kept) / bias
        if any(entry.levels or entry.tiers for entry in terms.services.values()):
            continue  # outcomes are in it as well
        assert more == pytest.approx(spend * float(RATE), abs=1e-6)
