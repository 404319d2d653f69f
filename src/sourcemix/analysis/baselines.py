"""What a plan is compared with: baselines, and the links of the chain.

Each may do less than the plan: see "Baselines and the chain" in the reference of meanings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sourcemix.analysis.cheapest import lowest_today
from sourcemix.engine.planning.restriction import Restriction
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparator

PARTNERSHIP = "single_partnership"
"""Name of the baseline with which the chain begins."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan to compare with.

    Attributes:
        kind: what it may do.
        name: its own name, if it is a named baseline; else the kind.
        within: the same, for the engine.
        link: whether it is a link of the chain: it is started from the one before, and holds the
            rules or is not there.
    """

    kind: Comparator
    name: str
    within: Restriction
    link: bool = False


def chain_links(case: Case) -> tuple[Candidate, ...]:
    """The links of the chain before the plan, each of which may do what the one before may."""
    first = []
    if PARTNERSHIP in case.baselines:
        offers = case.baselines[PARTNERSHIP].offers
        first.append(Candidate("single_partnership", PARTNERSHIP, _with(offers), link=True))
    return (
        *first,
        Candidate("chosen_once", "chosen_once", _with(None), link=True),
        Candidate("fixed_plan", "fixed_plan", Restriction(same_for_all=True), link=True),
    )


def baselines(case: Case) -> tuple[Candidate, ...]:
    """The other plans to compare with; those of which the case has no offers are left out."""
    found = []
    todays = frozenset(agreement.offer for agreement in case.agreements)
    if todays:
        kept = Restriction(procured=todays, same_for_all=True, kept="all")
        found.append(Candidate("as_is", "as_is", kept))
    in_house = {s.id for s in case.suppliers if s.kind == "in_house"}
    own = [offer.id for offer in case.offers if offer.supplier in in_house]
    if own:
        found.append(Candidate("in_house", "in_house", _with(own)))
    found.append(Candidate("cheapest_now", "cheapest_now", _with(lowest_today(case).values())))
    for name, named in sorted(case.baselines.items()):
        if name != PARTNERSHIP:
            found.append(Candidate("named", name, _with(named.offers)))
    return tuple(found)


def _with(offers: Iterable[str] | None) -> Restriction:
    """Chosen once from some offers; None: from all."""
    procured = None if offers is None else frozenset(offers)
    return Restriction(procured=procured, same_for_all=True, kept="new")
