"""Who should serve one service at one node, if being live has a price there: solved exactly.

minimise ``Σ split·z + dispatch(z)``: a knapsack-like problem with fixed charges. Its relaxation
fills the demand by the price of a unit, all in; at most one offer is then taken in part, and the
search branches on it (Land and Doig 1960, depth first). What the first relaxation rules out by
reduced cost is left out before that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sourcemix.engine.search.arrays import Flags, Floats, Ints
from sourcemix.engine.search.compiled import compiled

DUST = 1e-9
"""Units that count as none; leaving them out understates the cost."""
OUT, IN, OPEN = 0, 1, 2
WHOLE, REST = 0, 1
"""Pieces of an entry: all of it or its paid part, at a price that carries its split price; and what
comes after that at its own."""


class Items(NamedTuple):
    """Room for the entries of one problem and for the search.

    Attributes:
        paid: units that being live brings, by item.
        rest: units beyond those.
        price: pounds for one of the rest.
        split: pounds for being live.
        chosen: the answer, by item.
        state: `OUT`, `IN` or `OPEN`, by item.
        best: the best answer so far.
        two: whether an open item has two pieces.
        cost: price of a unit, by piece.
        size: units, by piece.
        item: whose it is, by piece.
        kind: `WHOLE` or `REST`, by piece.
        stack: items branched on.
        tried: by place in the stack, whether both ways have been tried.
    """

    paid: Floats
    rest: Floats
    price: Floats
    split: Floats
    chosen: Flags
    state: Flags
    best: Flags
    two: Flags
    cost: Floats
    size: Floats
    item: Ints
    kind: Flags
    stack: Ints
    tried: Flags


def room_for(items: int) -> Items:
    """Room for problems of up to so many items."""
    most = items + 1

    def floats(length: int) -> Floats:
        return np.zeros(length)

    def flags(length: int) -> Flags:
        return np.zeros(length, dtype=np.uint8)

    return Items(
        *(floats(most) for _ in range(4)),
        *(flags(most) for _ in range(4)),
        floats(2 * most),
        floats(2 * most),
        np.zeros(2 * most, dtype=np.int32),
        flags(2 * most),
        np.zeros(most, dtype=np.int32),
        flags(most),
    )


@compiled
def _pieces(items: Items, count: int) -> int:
    """Cut the items into pieces of the lower convex hull of their cost; how many there are."""
    pieces = 0
    for i in range(count):
        paid, rest, split = items.paid[i], items.rest[i], items.split[i]
        items.two[i] = 0
        if split <= 0.0:
            items.state[i] = IN
        elif paid + rest <= DUST:
            items.state[i] = OUT
            continue
        else:
            items.state[i] = OPEN
            whole = (split + items.price[i] * rest) / (paid + rest)
            first = split / paid if paid > DUST else 1e30
            items.two[i] = 1 if first < whole else 0
            items.cost[pieces] = min(first, whole)
            items.size[pieces] = paid if first < whole else paid + rest
            items.item[pieces], items.kind[pieces] = i, WHOLE
            pieces += 1
        if rest > DUST:
            items.cost[pieces], items.size[pieces] = items.price[i], rest
            items.item[pieces], items.kind[pieces] = i, REST
            pieces += 1
    return pieces


@compiled
def _swap(items: Items, a: int, b: int) -> None:
    items.cost[a], items.cost[b] = items.cost[b], items.cost[a]
    items.size[a], items.size[b] = items.size[b], items.size[a]
    items.item[a], items.item[b] = items.item[b], items.item[a]
    items.kind[a], items.kind[b] = items.kind[b], items.kind[a]


@compiled
def _offered(items: Items, piece: int) -> bool:
    """Whether a piece is on offer as the items stand."""
    state = items.state[items.item[piece]]
    if items.kind[piece] == WHOLE:
        return bool(state == OPEN)
    return bool(state == IN or (state == OPEN and items.two[items.item[piece]] == 1))


@compiled
def _relaxed(items: Items, pieces: int, left: float, cost: float, unmet: float) -> tuple[float, int]:
    """Fill what is left from the sorted pieces; the cost, and the item taken in part (or -1)."""
    part = -1
    for piece in range(pieces):
        if left <= DUST:
            break
        if items.cost[piece] >= unmet:
            break
        if not _offered(items, piece):
            continue
        units = min(left, items.size[piece])
        cost += units * items.cost[piece]
        left -= units
        if items.kind[piece] == WHOLE and units < items.size[piece] - DUST:
            part = items.item[piece]
    return cost + max(left, 0.0) * unmet, part


@compiled
def _take(items: Items, count: int, pieces: int, left: float, unmet: float) -> None:
    """Write down the items that a relaxation without a part takes."""
    for i in range(count):
        items.best[i] = 1 if items.state[i] == IN else 0
    for piece in range(pieces):
        if left <= DUST or items.cost[piece] >= unmet:
            break
        if _offered(items, piece):
            left -= min(left, items.size[piece])
            items.best[items.item[piece]] = 1


@compiled
def _search(
    items: Items, count: int, pieces: int, demand: float, unmet: float, most: int
) -> tuple[float, int]:
    """Branch on items taken in part, depth first; a lower bound (the least cost, as a rule)."""
    best, lowest, depth, seen = 1e30, 1e30, 0, 0
    while True:
        seen += 1
        left, cost = demand, 0.0
        for i in range(count):
            if items.state[i] == IN:
                left -= items.paid[i]
                cost += items.split[i]
        start = left
        cost, part = _relaxed(items, pieces, left, cost, unmet)
        if cost < best * (1.0 - 1e-9) - 1e-9 or best > 1e29:
            if part < 0:
                best = cost
                _take(items, count, pieces, start, unmet)
            elif seen < most:
                items.stack[depth], items.tried[depth] = part, 0
                depth += 1
                items.state[part] = IN
                continue
            else:
                lowest = min(lowest, cost)
        else:
            lowest = min(lowest, cost)
        while depth > 0 and items.tried[depth - 1] == 1:
            depth -= 1
            items.state[items.stack[depth]] = OPEN
        if depth == 0:
            return min(best, lowest), seen
        items.tried[depth - 1] = 1
        items.state[items.stack[depth - 1]] = OUT


@compiled
def solve_node(
    items: Items, count: int, demand: float, unmet: float, most: int
) -> tuple[float, int]:
    """Solve the problem that stands in `items`; its answer is written to `chosen`.

    Args:
        items: `paid`, `rest`, `price` and `split` of the first `count` entries are read.
        count: number of items.
        demand: units to be served.
        unmet: pounds for one that is not.
        most: nodes of the search after which what is open counts at its relaxation.

    Returns:
        A lower bound in pounds, the least cost unless `most` stopped it; and nodes searched.
    """
    pieces = _pieces(items, count)
    left, cost = demand, 0.0
    for i in range(count):
        if items.state[i] == IN:
            left -= items.paid[i]
            cost += items.split[i]
    sorted_to, part, filled, level = 0, -1, 0.0, 0.0
    while left > DUST:
        # Only the pieces that are needed are brought to the front.
        cheapest, at = unmet, -1
        for piece in range(sorted_to, pieces):
            if items.cost[piece] < cheapest and _offered(items, piece):
                cheapest, at = items.cost[piece], piece
        level = cheapest
        if at < 0:
            cost += left * unmet
            break
        _swap(items, sorted_to, at)
        filled = min(left, items.size[sorted_to])
        cost += filled * cheapest
        left -= filled
        if items.kind[sorted_to] == WHOLE and filled < items.size[sorted_to] - DUST:
            part = items.item[sorted_to]
        sorted_to += 1
    if part < 0:
        for i in range(count):
            items.chosen[i] = 1 if items.state[i] == IN else 0
        for piece in range(sorted_to):
            items.chosen[items.item[piece]] = 1
        return cost, 1
    # Taking all of the item in part is an answer; what cannot better it is left out.
    upper = cost - filled * level + items.split[part]
    upper += items.price[part] * max(0.0, filled - items.paid[part])
    for i in range(count):
        if items.state[i] == OPEN:
            reduced = items.split[i] - level * items.paid[i]
            reduced -= max(0.0, level - items.price[i]) * items.rest[i]
            if reduced > 0.0 and cost + reduced > upper * (1.0 + 1e-9) + 1e-9:
                items.state[i] = OUT
    kept = 0
    for piece in range(pieces):
        if items.state[items.item[piece]] != OUT:
            _swap(items, kept, piece)
            kept += 1
    for piece in range(1, kept):
        at = piece
        while at > 0 and items.cost[at] < items.cost[at - 1]:
            _swap(items, at, at - 1)
            at -= 1
    value, seen = _search(items, count, kept, demand, unmet, most)
    for i in range(count):
        items.chosen[i] = items.best[i]
    return value, seen
