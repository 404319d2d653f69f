"""Rules of the authority as rows of the model: one small module for each family.

A rule says by how much it is broken at a node, as linear expressions that must not be more than
0. `holding` makes rows of them: at each node, on average, over the plan; with a price or without.
"""

from __future__ import annotations

from sourcemix.engine.planning.rules.active import (
    ActiveRule,
    active_rules,
    longest_terms,
    spending_helps,
)
from sourcemix.engine.planning.rules.exact import ExactRows
from sourcemix.engine.planning.rules.holding import add_rules
from sourcemix.engine.planning.rules.parts import Parts

__all__ = [
    "ActiveRule",
    "ExactRows",
    "Parts",
    "active_rules",
    "add_rules",
    "longest_terms",
    "spending_helps",
]
