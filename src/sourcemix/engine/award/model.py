"""The whole mixed-integer model of an event, family by family."""

from __future__ import annotations

from collections.abc import Callable

from sourcemix.engine.award import bids, cover, discounts, pennies, presence, rules, suppliers
from sourcemix.engine.award.compile import Terms
from sourcemix.engine.award.draft import Draft, Rounding

FAMILIES: tuple[Callable[[Draft], None], ...] = (
    bids.add_bids,
    bids.add_quantities,
    pennies.add_whole_prices,
    presence.add_winners,
    cover.add_cover,
    cover.add_left_alone,
    bids.add_groups,
    bids.add_conditions,
    presence.add_switching,
    suppliers.add_capacity,
    suppliers.add_reach,
    suppliers.add_max_lots,
    discounts.add_discounts,
    pennies.add_whole_discounts,
    suppliers.add_min_award,
    rules.add_paid_limits,
    rules.add_winner_counts,
    rules.add_must_use,
    rules.add_excludes,
    rules.add_requires,
    rules.add_budget,
)
"""Every family of columns and rows, in the order in which they are added: some use the columns of
those before, and the budget needs every cost."""


def drafted(terms: Terms, rounding: Rounding = "loose") -> Draft:
    """The model of an event."""
    draft = Draft(terms, rounding)
    for add in FAMILIES:
        add(draft)
    return draft
