"""The state machines of all offers as arrays, with what starting and ending costs."""

from __future__ import annotations

import numpy as np

from sourcemix.engine.planning.rules import ActiveRule, longest_terms
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import FAR, Flags, Floats, Ints, Machines
from sourcemix.engine.search.offers import (
    Ledgers,
    ages_of,
    begun_of,
    given_to,
    pending_of,
    today_of,
)
from sourcemix.engine.search.states import Patterns, count_of, least_run, patterns_of
from sourcemix.model.case import BiasClass


def machines_of(
    problem: Problem, rules: list[ActiveRule], order: list[int], ledgers: Ledgers
) -> Machines:
    """Compile the state machines.

    Args:
        problem: the compiled case.
        rules: its rules; `max_term` shapes the machines.
        order: node of the problem by node of the arrays.
        ledgers: what offers cost while live.
    """
    offers = range(len(problem.offers))
    patterns = [_patterns(problem, offer) for offer in offers]
    now = [today_of(problem, offer) for offer in offers]
    later = [pending_of(problem, offer) for offer in offers]
    terms = problem.offers
    return Machines(
        lead=_ints(t.lead for t in terms),
        notice=_ints(t.notice for t in terms),
        ages=_ints(ages_of(problem, offer) for offer in offers),
        longest=_ints(t.longest for t in terms),
        given=_ints(given_to(problem, offer) for offer in offers),
        begins=_ints(FAR if g is None else g.begins for g in now),
        ends=_ints(FAR if g is None or g.ends is None else g.ends for g in now),
        later=_ints(FAR if g is None else g.begins for g in later),
        patterns=_ints(len(p.shifted) for p in patterns),
        first_pattern=_ints(np.cumsum([0, *(len(p.shifted) for p in patterns)])[:-1]),
        shifted=_ints(index for p in patterns for index in p.shifted),
        joined=_ints(index for p in patterns for index in p.joined),
        due=np.array([flag for p in patterns for flag in p.due], dtype=np.uint8),
        setup=np.array([_setup(problem, offer) for offer in offers]),
        procure=np.array([_one_off(problem, o, "procurement") for o in offers]),
        transition=np.array([_one_off(problem, o, "transition") for o in offers]),
        live=_stacked(ledgers.live, np.inf),
        fees=_fees(problem),
        classes=_stacked(ledgers.classes, 0.0).astype(np.uint8),
        may_procure=_may_procure(problem, order),
        gone=_flags(problem.gone[order]),
        forced=_flags((problem.gone | problem.ended)[order]),
        old=_old(problem, rules, order),
    )


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _flags(by_node: object) -> Flags:
    return np.ascontiguousarray(np.asarray(by_node, dtype=np.uint8).T)


def _stacked(tables: list[Floats], empty: float) -> Floats:
    """By offer, node and variant; today's agreement comes after the ages that can be reached."""
    width = max(table.shape[1] for table in tables) + 1
    stacked = np.full((len(tables), tables[0].shape[0], width), empty)
    for offer, table in enumerate(tables):
        stacked[offer, :, : table.shape[1]] = table
    return stacked


def most_states(problem: Problem) -> int:
    """States of the offer that has most, at all nodes: room that the search needs twice over."""
    most = 0
    for offer, terms in enumerate(problem.offers):
        variants = ages_of(problem, offer) + given_to(problem, offer)
        lives = 1 + variants * (terms.notice + 1)
        most = max(most, lives * count_of(terms.lead, _apart(problem, offer)))
    return most * problem.nodes


def _apart(problem: Problem, offer: int) -> int:
    terms = problem.offers[offer]
    return least_run(terms.longest, terms.notice, bool(problem.ended[:, offer].any()))


def _patterns(problem: Problem, offer: int) -> Patterns:
    return patterns_of(problem.offers[offer].lead, _apart(problem, offer))


def _uplift(problem: Problem, kind: BiasClass) -> float:
    return 1.0 + float(problem.case.appraisal.optimism_bias.get(kind, 0))


def _setup(problem: Problem, offer: int) -> float:
    terms = problem.offers[offer]
    revenue = terms.setup - terms.capital_setup
    return revenue * _uplift(problem, "setup") + terms.capital_setup * _uplift(problem, "capital")


def _one_off(problem: Problem, offer: int, line: str) -> float:
    terms = problem.offers[offer]
    amount = terms.procurement if line == "procurement" else terms.transition
    return amount * _uplift(problem, "capital" if line in terms.capital else "setup")


def _fees(problem: Problem) -> Floats:
    """Discounted fees for leaving as an age is reached in a period."""
    last = problem.periods - 1
    width = max(ages_of(problem, offer) for offer in range(len(problem.offers))) + 3
    fees = np.zeros((len(problem.offers), problem.periods, width))
    for offer, terms in enumerate(problem.offers):
        variants = ages_of(problem, offer) + given_to(problem, offer)
        for period in range(problem.periods):
            for variant in range(variants):
                begun = begun_of(problem, offer, variant)
                age = variant if begun is None else period - begun
                if 0 <= age <= terms.longest:
                    due = range(period, period + terms.missing[age])
                    factors = sum(float(problem.discount[min(at, last)]) for at in due)
                    fees[offer, period, variant] = terms.fee * factors
    return fees


def _may_procure(problem: Problem, order: list[int]) -> Flags:
    """By offer and node: it can be decided here, and starts somewhere below."""
    allowed = np.zeros((len(problem.offers), problem.nodes), dtype=np.uint8)
    place = {node: index for index, node in enumerate(order)}
    for offer, terms in enumerate(problem.offers):
        for node in range(problem.nodes):
            period = int(problem.period[node])
            if not terms.earliest <= period <= terms.latest or period < terms.lead:
                continue
            signed = problem.above(node, terms.lead)
            if problem.gone[node, offer] or problem.gone[signed, offer]:
                continue
            if problem.period[signed] <= terms.call_off_until:
                allowed[offer, place[signed]] = 1
    return allowed


def _old(problem: Problem, rules: list[ActiveRule], order: list[int]) -> Ints:
    limits = longest_terms(problem, rules)
    old = np.full((len(problem.offers), problem.nodes), FAR, dtype=np.int64)
    place = {node: index for index, node in enumerate(order)}
    for (node, offer), limit in limits.items():
        old[offer, place[node]] = limit
    return old
