"""Expected present values, futures, financial years: the sums over the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.components import Component
from sourcemix.model.plan import FinancialYear, Leaf
from sourcemix.verify.arithmetic import ZERO, pence, percentile, to_places, total
from sourcemix.verify.facts import AUTHORITY
from sourcemix.verify.lines import Line, by_component
from sourcemix.verify.outcomes import swing_share
from sourcemix.verify.world import World

TENTH, NINETIETH = Fraction(1, 10), Fraction(9, 10)
LinesByNode = tuple[tuple[Line, ...], ...]


def weights(world: World) -> tuple[Fraction, ...]:
    """Probability times discount factor of each node."""
    nodes = zip(world.tree.nodes, world.probability, strict=True)
    return tuple(p * world.discount[node.period] for node, p in nodes)


def expected(world: World, lines: LinesByNode) -> dict[Component, Fraction]:
    """Expected present value of each component that occurs, in pounds."""
    found: dict[Component, Fraction] = {}
    for weight, here in zip(weights(world), lines, strict=True):
        for component, amount in by_component(here).items():
            found[component] = found.get(component, ZERO) + weight * amount
    return found


def indicative_share(world: World, lines: LinesByNode) -> Fraction:
    """Share of the expected cost to the authority that rests on indicative figures.

    It is 0 where nothing is spent in all.
    """
    marked = all_ = ZERO
    for weight, here in zip(weights(world), lines, strict=True):
        for line in here:
            if line.component in AUTHORITY:
                all_ += weight * line.amount
                marked += weight * line.amount if line.indicative else ZERO
    return marked / all_ if all_ > 0 else ZERO


def leaf_costs(world: World, lines: LinesByNode) -> dict[int, Fraction]:
    """Present value of each future, by its last node, in pounds."""
    along: list[Fraction] = []
    for node, here in zip(world.tree.nodes, lines, strict=True):
        above = ZERO if node.parent is None else along[node.parent]
        amount = total(line.amount for line in here)
        along.append(above + world.discount[node.period] * amount)
    return {leaf: along[leaf] for leaf in world.leaves}


def as_leaves(world: World, costs: dict[int, Fraction]) -> tuple[Leaf, ...]:
    """Every future as it stands in a result."""
    return tuple(
        Leaf(
            node=leaf,
            probability=to_places(world.probability[leaf], 9),
            cost=pence(cost),
        )
        for leaf, cost in sorted(costs.items())
    )


def spread(world: World, values: dict[int, Fraction]) -> tuple[Fraction, Fraction]:
    """Tenth and ninetieth percentile of a value of each future."""
    futures = [(value, world.probability[leaf]) for leaf, value in values.items()]
    return percentile(futures, TENTH), percentile(futures, NINETIETH)


def tail_mean(world: World, values: dict[int, Fraction], level: Fraction) -> Fraction:
    """Mean of the worst futures, those that make up the last 1 - level of probability.

    Conditional value at risk (Rockafellar and Uryasev 2000). A future at the edge counts in part.
    At level 1 it is the worst future.
    """
    worst = sorted(values, key=lambda leaf: (-values[leaf], leaf))
    left = whole = 1 - level
    if whole == 0:
        return values[worst[0]]
    found = ZERO
    for leaf in worst:
        part = min(left, world.probability[leaf])
        found += part * values[leaf]
        left -= part
    return found / whole


def swing_score(world: World, levels: Iterable[Mapping[str, Fraction]]) -> Fraction | None:
    """Mean share of the weighted swings, over periods and by probability; None without weights.

    Args:
        world: case and tree.
        levels: the level of each outcome at each node.
    """
    score = ZERO
    for p, at in zip(world.probability, levels, strict=True):
        share = swing_share(world, at)
        if share is None:
            return None
        score += p * share
    return score / world.periods


def financial_years(world: World, lines: LinesByNode) -> tuple[FinancialYear, ...]:
    """Expected cost to the authority by financial year (April to March), undiscounted."""
    paid = [[line for line in here if line.component in AUTHORITY] for here in lines]
    one_off = [total(line.amount for line in here if line.once) for here in paid]
    recurring = [total(line.amount for line in here if not line.once) for here in paid]
    capital = [total(line.amount for line in here if line.capital) for here in paid]
    revenue = [total(line.amount for line in here if not line.capital) for here in paid]
    vat = [total(line.amount for line in here if line.component == "vat") for here in paid]
    by_period = [_year_shares(world, period) for period in range(world.periods)]
    nodes = world.tree.nodes
    found = []
    for year in sorted({year for shares in by_period for year in shares}):
        part = [by_period[node.period].get(year, ZERO) for node in nodes]
        along: list[Fraction] = []
        for node in nodes:
            above = ZERO if node.parent is None else along[node.parent]
            along.append(above + part[node.id] * (one_off[node.id] + recurring[node.id]))
        low, high = spread(world, {leaf: along[leaf] for leaf in world.leaves})
        weighted = [p * share for p, share in zip(world.probability, part, strict=True)]
        cash = [w * world.inflation(at.period) for w, at in zip(weighted, nodes, strict=True)]
        found.append(
            FinancialYear(
                year=f"{year}-{(year + 1) % 100:02d}",
                one_off=_mean(weighted, one_off),
                recurring=_mean(weighted, recurring),
                capital=_mean(weighted, capital),
                revenue=_mean(weighted, revenue),
                low=pence(low),
                high=pence(high),
                vat=_mean(weighted, vat),
                cash=_mean(cash, capital, revenue),
                cash_capital=_mean(cash, capital),
                cash_revenue=_mean(cash, revenue),
            )
        )
    return tuple(found)


def _mean(weights: list[Fraction], *amounts: list[Fraction]) -> Decimal:
    """Weighted sum of lists of amounts, rounded once."""
    return pence(total(w * sum(at) for w, *at in zip(weights, *amounts, strict=True)))


def _year_shares(world: World, period: int) -> dict[int, Fraction]:
    """Share of a period's months in each financial year, by the year in which that begins."""
    first = world.case.horizon.begins(period)
    shares: dict[int, Fraction] = {}
    for month in range(world.months):
        year, index = divmod(first.year * 12 + first.month - 1 + month, 12)
        begins = year if index >= 3 else year - 1
        shares[begins] = shares.get(begins, ZERO) + Fraction(1, world.months)
    return shares
