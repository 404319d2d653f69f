"""The exact product: every combination of what the drivers may do gets its node."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

from sourcemix.errors import TreeTooLarge
from sourcemix.futures.figures import figures
from sourcemix.futures.left_out import left_out
from sourcemix.futures.numbers import rounded, shown
from sourcemix.futures.readings import sources_of
from sourcemix.futures.sources import Option, Past, Source
from sourcemix.model.case import Case
from sourcemix.model.tree import Node, Tree

Combination = tuple[tuple[Source, Option], ...]


def grow(case: Case, *, budget: int = 300) -> Tree:
    """The tree of futures of a case: the exact product of its drivers.

    The rules are those of "The tree of futures" in the reference page "What every term means".
    The order of drivers in the case makes no difference.

    Args:
        case: a case with its defaults filled in.
        budget: most nodes that the tree may have.

    Raises:
        InputError: drivers that cannot be used, all at once.
        TreeTooLarge: the drivers make more nodes than the budget; found out before any is made.
    """
    sources = sources_of(case)
    _within(budget, sources, case.horizon.periods)
    start = Past({}, {})
    nodes = [Node(id=0, parent=None, period=0, p=1, **figures(case, start, 0))]
    layer = [(0, start)]
    for period in range(1, case.horizon.periods):
        next_layer = []
        for parent, past in layer:
            for p, combination in _siblings(sources, past, period):
                below = past
                for source, option in combination:
                    below = below.after(source, option, period)
                node = Node(
                    id=len(nodes),
                    parent=parent,
                    period=period,
                    p=rounded(p, 9),
                    seen=_seen(combination),
                    **figures(case, below, period),
                )
                nodes.append(node)
                next_layer.append((node.id, below))
        layer = next_layer
    return Tree(nodes=tuple(nodes), not_modelled=left_out(case))


def _siblings(
    sources: tuple[Source, ...], past: Past, period: int
) -> list[tuple[Fraction, Combination]]:
    """What may follow a past in a period, with probabilities that add up to exactly 1."""
    choices = [
        [(source, option) for option in source.at[period]]
        for source in sources
        if period in source.at and not (source.once and source.names[0] in past.since)
    ]
    found: list[tuple[Fraction, Combination]] = []
    for combination in product(*choices):
        p = round(prod((option.p for _, option in combination), start=Fraction(1)), 9)
        found.append((p, combination))
    # The last sibling takes what is left; should rounding leave it nothing, the one before does.
    while (left := 1 - sum((p for p, _ in found[:-1]), Fraction(0))) <= 0:
        found.pop()
    found[-1] = (left, found[-1][1])
    return [(p, combination) for p, combination in found if p > 0]


def _seen(combination: Combination) -> dict[str, str]:
    """What is seen, by driver."""
    seen = {name: option.label for source, option in combination for name in source.names}
    return dict(sorted(seen.items()))


def _within(budget: int, sources: tuple[Source, ...], periods: int) -> None:
    """Count the nodes and refuse a tree that is too large."""
    histories = [source.histories(periods) for source in sources]
    count = sum(prod(history[period] for history in histories) for period in range(periods))
    if count <= budget:
        return
    branching = [
        f"`{' and '.join(source.names)}` branches into {max(map(len, source.at.values()))} "
        f"at {_dates(len(source.at))}"
        for source in sources
        if max(map(len, source.at.values())) > 1
    ]
    raise TreeTooLarge(
        f"The drivers make a tree of {shown(count)} nodes; at most {budget:,} are allowed. "
        f"{'; '.join(branching)}. "
        "Fewer dates in `at` (for trends with spread, failures and withdrawals) make it smaller; "
        "`--nodes` allows more nodes."
    )


def _dates(number: int) -> str:
    return "1 date" if number == 1 else f"{number} dates"
