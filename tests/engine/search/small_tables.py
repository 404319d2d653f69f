"""Small random cases as the arrays of the search."""

from __future__ import annotations

from functools import lru_cache

from tests.differential.draw import drawn

from sourcemix.engine.planning.rules import ActiveRule, active_rules
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.engine.search.tables import Tables, compile_tables
from sourcemix.model.case import Case
from sourcemix.model.tree import Tree


def small_case(seed: int) -> tuple[Case, Tree]:
    """The case of a seed, as the enumeration has it."""
    found = drawn(seed)
    return found.case, found.tree


@lru_cache(maxsize=64)
def small(seed: int) -> tuple[Problem, list[ActiveRule], Tables]:
    problem = compile_problem(*small_case(seed))
    rules = active_rules(problem)
    return problem, rules, compile_tables(problem, rules)
