"""The small cases hold every term and rule, and each of them counts. `-s` shows the table."""

from __future__ import annotations

import sys
from collections import Counter

from tests.conftest import FULL
from tests.differential.brute import Brute
from tests.differential.cases import small_case
from tests.differential.census import TERMS

from sourcemix.futures import grow

SEEDS = range(400 if FULL else 100)
OCCURS = 4
"""Fewest cases in which a term occurs."""
ENOUGH = len(SEEDS) if FULL else 1
"""How often a term should be seen to count before no more cases are tried for it."""


def test_every_term_occurs_and_counts() -> None:
    occurs: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for seed in SEEDS:
        case, tree = small_case(seed)
        best = Brute(case, tree).by_nodes
        for name, without in TERMS.items():
            other = without(case)
            if other == case:
                continue
            occurs[name] += 1
            if counts[name] < ENOUGH:
                counts[name] += not same(best, Brute(other, grow(other)).by_nodes)
    lines = [f"{'term':<26}{'occurs':>8}{'counts':>8}"]
    lines += [f"{name:<26}{occurs[name]:>8}{counts[name]:>8}" for name in TERMS]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert [name for name in TERMS if occurs[name] < OCCURS] == []
    assert [name for name in TERMS if not counts[name]] == []


def same(one: float | None, two: float | None) -> bool:
    """Whether two optima are the same to the penny."""
    if one is None or two is None:
        return one is two
    return abs(one - two) <= 0.01
