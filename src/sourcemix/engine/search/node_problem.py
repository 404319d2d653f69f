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
FREE, BARRED, HELD = 0, 1, 2
"""What is settled of an item: nothing, that it is out, that it is in."""
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
        fixed: `FREE`, `BARRED` or `HELD`, by item.
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
    fixed: Flags
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

    def flags() -> Flags:
        return np.zeros(most, dtype=np.uint8)

    return Items(
        paid=floats(most),
        rest=floats(most),
        price=floats(most),
        split=floats(most),
        fixed=flags(),
        chosen=flags(),
        state=flags(),
        best=flags(),
        two=flags(),
        cost=floats(2 * most),
        size=floats(2 * most),
        item=np.zeros(2 * most, dtype=np.int64),
        kind=np.zeros(2 * most, dtype=np.uint8),
        stack=np.zeros(most, dtype=np.int64),
        tried=flags(),
    )


@compiled
def _pieces(items: Items, count: int, unmet: float) -> int:
    """Cut the items into pieces of the lower convex hull of their cost; how many there are.

    Pieces that cost more than leaving demand unmet are no use.
    """
    state, two = items.state, items.two
    cost, size, item, kind = items.cost, items.size, items.item, items.kind
    pieces = 0
    for i in range(count):
        paid, rest, split, price = items.paid[i], items.rest[i], items.split[i], items.price[i]
        two[i] = 0
        if items.fixed[i] == HELD or (split <= 0.0 and items.fixed[i] == FREE):
            state[i] = IN
        elif items.fixed[i] == BARRED or split >= unmet * paid + max(0.0, unmet - price) * rest:
            state[i] = OUT
            continue
        else:
            state[i] = OPEN
            whole = (split + price * rest) / (paid + rest)
            first = split / paid if paid > DUST else 1e30
            two[i] = 1 if first < whole else 0
            cost[pieces] = min(first, whole)
            size[pieces] = paid if first < whole else paid + rest
            item[pieces], kind[pieces] = i, WHOLE
            pieces += 1
        if rest > DUST and price < unmet:
            cost[pieces], size[pieces] = price, rest
            item[pieces], kind[pieces] = i, REST
            pieces += 1
    return pieces


@compiled
def _swap(cost: Floats, size: Floats, item: Ints, kind: Flags, a: int, b: int) -> None:
    cost[a], cost[b] = cost[b], cost[a]
    size[a], size[b] = size[b], size[a]
    item[a], item[b] = item[b], item[a]
    kind[a], kind[b] = kind[b], kind[a]


@compiled
def _relaxed(
    state: Flags,
    cost: Floats,
    size: Floats,
    item: Ints,
    kind: Flags,
    two: Flags,
    pieces: int,
    left: float,
) -> tuple[float, float, int]:
    """Fill what is left from the sorted pieces; the cost, what is left, the item taken in part."""
    total, part = 0.0, -1
    for piece in range(pieces):
        if left <= DUST:
            break
        i = item[piece]
        if kind[piece] == WHOLE:
            if state[i] != OPEN:
                continue
        elif state[i] == OUT or (state[i] == OPEN and two[i] == 0):
            continue
        if size[piece] <= left + DUST:
            total += size[piece] * cost[piece]
            left -= size[piece]
        else:
            total += left * cost[piece]
            left = 0.0
            if kind[piece] == WHOLE:
                part = i
    return total, left, part


@compiled
def _take(
    best: Flags,
    state: Flags,
    size: Floats,
    item: Ints,
    kind: Flags,
    two: Flags,
    pieces: int,
    left: float,
) -> None:
    """Write down the items that a relaxation without a part takes."""
    for i in range(len(state)):
        best[i] = 1 if state[i] == IN else 0
    for piece in range(pieces):
        if left <= DUST:
            break
        i = item[piece]
        if kind[piece] == WHOLE:
            if state[i] != OPEN:
                continue
        elif state[i] == OUT or (state[i] == OPEN and two[i] == 0):
            continue
        left -= size[piece]
        best[i] = 1


@compiled
def _search(
    items: Items, pieces: int, demand: float, unmet: float, upper: float, most: int
) -> tuple[float, int]:
    """Branch on items taken in part, depth first; a lower bound (the least cost, as a rule).

    `best` holds an answer that costs `upper`; `demand` is what items that are in leave, and what
    they cost is left out.
    """
    state, best, two, item, kind = items.state, items.best, items.two, items.item, items.kind
    cost, size, paid, split = items.cost, items.size, items.paid, items.split
    stack, tried = items.stack, items.tried
    lowest, depth, seen, left, base = 1e30, 0, 0, demand, 0.0
    while True:
        seen += 1
        filled, short, part = _relaxed(state, cost, size, item, kind, two, pieces, left)
        value = base + filled + max(short, 0.0) * unmet
        if value < upper - 1e-9 * abs(upper) - 1e-9:
            if part < 0:
                upper = value
                _take(best, state, size, item, kind, two, pieces, left)
            elif seen < most:
                stack[depth], tried[depth] = part, 0
                depth += 1
                state[part] = IN
                left -= paid[part]
                base += split[part]
                continue
            else:
                lowest = min(lowest, value)
        else:
            lowest = min(lowest, value)
        while depth > 0 and tried[depth - 1] == 1:
            depth -= 1
            state[stack[depth]] = OPEN
        if depth == 0:
            return min(upper, lowest), seen
        tried[depth - 1] = 1
        last = stack[depth - 1]
        state[last] = OUT
        left += paid[last]
        base -= split[last]


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
    state, best, two, item, kind = items.state, items.best, items.two, items.item, items.kind
    price, size, paid, split = items.cost, items.size, items.paid, items.split
    pieces = _pieces(items, count, unmet)
    left, cost = demand, 0.0
    for i in range(count):
        items.chosen[i] = 0
        if state[i] == IN:
            items.chosen[i] = 1
            left -= paid[i]
            cost += split[i]
    open_demand, fixed = left, cost
    sorted_to, part, filled, level = 0, -1, 0.0, unmet
    while left > DUST:
        # Only the pieces that are needed are brought to the front.
        level, at = unmet, -1
        for piece in range(sorted_to, pieces):
            if price[piece] < level and (
                kind[piece] == WHOLE or state[item[piece]] == IN or two[item[piece]] == 1
            ):
                level, at = price[piece], piece
        if at < 0:
            cost += left * unmet
            break
        _swap(price, size, item, kind, sorted_to, at)
        filled = min(left, size[sorted_to])
        cost += filled * level
        left -= filled
        items.chosen[item[sorted_to]] = 1
        if kind[sorted_to] == WHOLE and filled < size[sorted_to] - DUST:
            part = item[sorted_to]
        sorted_to += 1
    if part < 0:
        return cost, 1
    # Taking all of the item in part is an answer; what cannot better it is left out.
    upper = cost - filled * level + split[part]
    upper += items.price[part] * max(0.0, filled - paid[part])
    for i in range(count):
        best[i] = items.chosen[i]
        if state[i] == OPEN:
            reduced = split[i] - level * paid[i] - max(0.0, level - items.price[i]) * items.rest[i]
            if reduced > 0.0 and cost + reduced > upper + 1e-9 * abs(upper) + 1e-9:
                state[i] = OUT
    kept = 0
    for piece in range(pieces):
        if state[item[piece]] != OUT:
            _swap(price, size, item, kind, kept, piece)
            at = kept
            while at > 0 and price[at] < price[at - 1]:
                _swap(price, size, item, kind, at, at - 1)
                at -= 1
            kept += 1
    value, seen = _search(items, kept, open_demand, unmet, upper - fixed, most)
    for i in range(count):
        items.chosen[i] = best[i]
    return fixed + value, seen
