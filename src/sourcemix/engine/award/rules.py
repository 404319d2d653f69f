"""Rows of the rules that the authority sets itself."""

from __future__ import annotations

from sourcemix.engine.award.bids import add_needs, wins_of
from sourcemix.engine.award.compile import MILLI, Terms
from sourcemix.engine.award.draft import Draft, Sum
from sourcemix.engine.award.presence import add_presence, pairs_of
from sourcemix.engine.award.suppliers import scaled
from sourcemix.engine.milp import INFINITY
from sourcemix.model.rules import (
    Budget,
    Excludes,
    MaxSuppliers,
    MaxWinners,
    MinSuppliers,
    MinWinners,
    MustUse,
    Requires,
)


def add_paid_limits(draft: Draft) -> None:
    """Values and shares of what is paid.

    ``paid(s) ≤ amount × y(s)`` for values. Shares are written on a column for the total,
    ``Σ paid(s) ≤ share × total`` (or ``≥``), so that each row stays short.
    """
    limits = draft.terms.limits
    paid, total = _totals(draft) if any(limit.alone is None for limit in limits) else ({}, -1)
    for limit in limits:
        s = limit.alone
        if s is None:
            row = [(paid[s], float(factor)) for s, factor in limit.parts if s in paid]
            row.append((total, float(limit.whole)))
            give = sum(
                abs(float(limit.factor(s))) * draft.give(s)
                for s in range(len(draft.terms.suppliers))
            )
            # A share has six decimals: its exact step is far below any tolerance.
            draft.at_most(limit.most / 100 + give - draft.margin, row)
        elif draft.terms.by_supplier[s]:
            scaled(draft, s, max(limit.most / 100 + draft.give(s), 0.0), draft.paid(s))


def _totals(draft: Draft) -> tuple[dict[int, int], int]:
    """Columns for what each supplier is paid, and for all of it."""
    paid: dict[int, int] = {}
    for s, bids in enumerate(draft.terms.by_supplier):
        if bids:
            paid[s] = draft.builder.column(0.0, 0.0, INFINITY)
            draft.row(0.0, 0.0, [*((c, -v) for c, v in draft.paid(s)), (paid[s], 1.0)])
    total = draft.builder.column(0.0, 0.0, INFINITY)
    draft.row(0.0, 0.0, [*((column, -1.0) for column in paid.values()), (total, 1.0)])
    return paid, total


def add_winner_counts(draft: Draft) -> None:
    """How many suppliers win: ``Σ y(s) ≤ limit`` or ``≥ limit``; in a region ``y(s, region)``."""
    for rule in draft.terms.rules:
        if isinstance(rule, (MaxWinners, MaxSuppliers)):
            present = _present(draft, rule.region, down=False)
            if len(present) > rule.limit:
                draft.at_most(float(rule.limit), present)
        elif isinstance(rule, (MinWinners, MinSuppliers)) and rule.limit:
            draft.at_least(float(rule.limit), _present(draft, rule.region, down=True))


def _present(draft: Draft, region: str | None, *, down: bool) -> Sum:
    if region is None:
        return [(y, 1.0) for y in draft.winner.values()]
    total: Sum = []
    for s in range(len(draft.terms.suppliers)):
        pairs = pairs_of(draft.terms, s, region)
        if pairs:
            total.append((add_presence(draft, pairs, up=not down, down=down), 1.0))
    return total


def add_must_use(draft: Draft) -> None:
    """The bid wins: ``x(b) ≥ 1``; the supplier wins: ``Σ x(b) + 1000 × Σ q(b, l) ≥ 1``."""
    terms = draft.terms
    for rule in terms.rules:
        if not isinstance(rule, MustUse):
            continue
        if rule.offer is not None:
            draft.at_least(1.0, wins_of(draft, (rule.offer,)))
        if rule.supplier is not None:
            draft.at_least(1.0, _any_win(draft, terms, rule.supplier))


def _any_win(draft: Draft, terms: Terms, supplier: str) -> Sum:
    row: Sum = []
    for b, bid in enumerate(terms.bids):
        if terms.suppliers[bid.supplier].id != supplier:
            continue
        if bid.divisible:
            row.extend((draft.part[b, lot], float(MILLI)) for lot, _ in bid.lots)
        else:
            row.append((draft.win[b], 1.0))
    return row


def add_excludes(draft: Draft) -> None:
    """At most one of the bids wins: ``Σ x(b) ≤ 1``."""
    for rule in draft.terms.rules:
        if isinstance(rule, Excludes):
            wins = wins_of(draft, rule.offers)
            if len(wins) > 1:
                draft.at_most(1.0, wins)


def add_requires(draft: Draft) -> None:
    """The bid wins only where all of `needs` do: ``x(b) ≤ x(n)``."""
    for rule in draft.terms.rules:
        if isinstance(rule, Requires):
            add_needs(draft, rule.offer, rule.needs)


def add_budget(draft: Draft) -> None:
    """The cost of the award is at most the amount: ``Σ cost(j) × column(j) ≤ amount``."""
    budgets = [rule for rule in draft.terms.rules if isinstance(rule, Budget)]
    if not budgets:
        return
    cost = draft.builder.build().cost
    row = [(column, float(each)) for column, each in enumerate(cost) if each]
    give = sum(draft.give(s) for s in range(len(draft.terms.suppliers)))
    for rule in budgets:
        draft.at_most(float(rule.amount) + give, row)
