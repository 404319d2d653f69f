"""What rules may speak of, and the form in which they say by how much they are broken."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.engine.milp import Builder
from sourcemix.engine.planning.ledger import Ledger, Terms
from sourcemix.engine.planning.linking import Presence
from sourcemix.engine.planning.rules.exact import ExactRows
from sourcemix.engine.planning.running import Fee
from sourcemix.engine.planning.serving import Serving
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import Problem
from sourcemix.engine.who import fits
from sourcemix.model.rules import Who


@dataclass(frozen=True, slots=True)
class Parts:
    """What rules may speak of.

    Attributes:
        exact: rows on volumes, to be checked once these are rounded.
    """

    problem: Problem
    builder: Builder
    ledger: Ledger
    timelines: Timelines
    presence: Presence
    serving: Serving
    fees: list[Fee]
    exact: ExactRows


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much a rule is broken at a node: columns and a constant; 0 or less where it holds.

    Attributes:
        what: what breaks it. Over several nodes, expressions of the same thing add up.
        terms: columns with their coefficients.
        constant: added to them.
    """

    what: str
    terms: Terms
    constant: float


def matches(problem: Problem, who: Who, offer: int) -> bool:
    """Whether an offer's supplier is one that a rule speaks of."""
    return fits(problem.case.suppliers[problem.offers[offer].supplier], who)


def services_of(problem: Problem, name: str | None) -> frozenset[int]:
    """The service of that name; all of them without a name."""
    if name is None:
        return frozenset(range(len(problem.services)))
    return frozenset({problem.services.index(name)})
