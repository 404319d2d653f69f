"""Rules with a price, on averages, on sums and on exposure: the engine, the check and enumeration.

Each case is about one rule. `-s` shows how often each occurs and counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import lru_cache
from random import Random

import pytest
from tests.conftest import FULL
from tests.differential.brute import Brute
from tests.differential.cases import falls_between
from tests.differential.cases_rules import THEMES, TIED, rule_case, theme_of
from tests.differential.ground import of_plan
from tests.differential.plans import Plans

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning import solve, unsupported
from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.plan import RuleCheck
from sourcemix.verify import account

SEEDS = range((20 if FULL else 2) * len(THEMES))
COUNTS = range(20 * len(THEMES))
PENNY = 0.0101
SPLIT = 0.5
"""Pounds, where the best volumes may fall between thousandths of a unit, at several nodes."""
EXACT = Limits(gap=0, seconds=60)


def best_of(brute: Brute) -> float | None:
    """Least expected cost of a case, with rules on the plan as a whole or without."""
    return Plans(brute).best if brute.ground.plan_rules else brute.by_nodes


@lru_cache(maxsize=256)
def enumeration(seed: int) -> tuple[Brute, float | None]:
    """The enumeration of a case with its optimum; several tests ask for it."""
    brute = Brute(*rule_case(seed))
    return brute, best_of(brute)


@pytest.mark.parametrize("seed", SEEDS)
def test_engine_check_and_enumeration_agree(seed: int) -> None:
    brute, best = enumeration(seed)
    case, tree = brute.ground.case, brute.ground.tree
    assert not unsupported(case)
    answer = solve(case, tree, EXACT)
    if best is None or answer.nodes is None:
        assert (best, answer.status) == (None, "infeasible")
        return
    split = theme_of(seed)[0] in (*TIED, "max_value") or falls_between(case)
    near = SPLIT if split else PENNY
    assert answer.status == "optimal"
    assert answer.claimed == pytest.approx(best, abs=near)
    assert answer.bound is not None
    assert answer.bound <= best + PENNY / 2
    accounts = account(case, tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert float(accounts.cost) == pytest.approx(best, abs=near)
    assert_broken_at_a_price(case, accounts.rules, float(accounts.expected.get("breach", 0)))


def assert_broken_at_a_price(case: Case, rules: tuple[RuleCheck, ...], paid: float) -> None:
    """What does not hold has a price, and is paid for."""
    failing = [check.rule for check in rules if not check.holds]
    priced = [rule.id for rule in case.rules if rule.soft is not None]
    assert set(failing) <= set(priced)
    assert paid >= 0
    if not failing:
        assert paid == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_any_plan_costs_the_same_to_check_and_enumeration(seed: int) -> None:
    kind = theme_of(seed)[0]
    brute, _ = enumeration(seed)
    case, tree = brute.ground.case, brute.ground.tree
    if kind in (*TIED, "max_value") or falls_between(case):
        return
    plans = Plans(brute) if brute.ground.plan_rules else None
    rng = Random(seed)
    for plan in filter(None, (brute.any_plan(rng) for _ in range(6))):
        cost = brute.exact(plan)
        more = plans.permitted(plan) if plans is not None else 0
        accounts = account(case, tree, brute.written(plan))
        assert (not accounts.discrepancies) == (cost is not None and more is not None)
        if cost is not None and more is not None:
            assert float(accounts.cost) == pytest.approx(float(cost + more), abs=0.0051)


def test_both_ways_of_enumeration_agree() -> None:
    """A rule at every node, said of every period of a case with one future only."""
    compared = 0
    for seed in SEEDS:
        case, tree = rule_case(seed)
        counted = theme_of(seed)[0] in ("max_suppliers", "min_suppliers", "max_live")
        if not counted or len(tree.nodes) > case.horizon.periods:
            continue
        found = []
        for scope in ("every_node", "expected_each_period"):
            rules = tuple(
                rule.model_copy(update={"scope": scope}) if rule.id == "theme" else rule
                for rule in case.rules
            )
            found.append(best_of(Brute(case.model_copy(update={"rules": rules}), tree)))
        assert found[0] == pytest.approx(found[1], abs=1e-6)
        compared += 1
    assert compared


def test_every_rule_occurs_and_counts() -> None:
    counts: Counter[tuple[str, str, bool]] = Counter()
    for seed in COUNTS:
        theme = theme_of(seed)
        if counts[theme] and not FULL:
            continue
        brute, best = enumeration(seed)
        case = brute.ground.case
        rules = tuple(rule for rule in case.rules if rule.id != "theme")
        other = case.model_copy(update={"rules": rules})
        free = best_of(Brute(other, grow(other)))
        if free is not None:
            counts[theme] += best is None or abs(best - free) > 0.01
    themes = dict.fromkeys(theme_of(seed) for seed in COUNTS)
    lines = [
        f"{kind:<22}{scope:<24}{'soft' if soft else 'hard':<8}{counts[kind, scope, soft]:>4}"
        for kind, scope, soft in themes
    ]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert [theme for theme in themes if not counts[theme]] == []
    assert all(of_plan(r) for r in rule_case(len(THEMES) - 1)[0].rules if r.id == "theme")
