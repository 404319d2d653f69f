"""Weighted set covering in the format of OR-Library (Beasley 1990), read as an event.

Rows are lots, columns are bundle bids by a supplier each, with free disposal. The file holds the
number of rows and columns, the costs of the columns, then for each row how many columns cover it
and which, counted from 1.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sourcemix.model.event import Bid, Bidder, Event, Lot


def read(path: Path) -> Event:
    """The event of a file."""
    figures = iter(path.read_text(encoding="ascii").split())
    rows, columns = int(next(figures)), int(next(figures))
    costs = [Decimal(next(figures)) for _ in range(columns)]
    covers: list[list[int]] = [[] for _ in range(columns)]
    for row in range(rows):
        for _ in range(int(next(figures))):
            covers[int(next(figures)) - 1].append(row)
    assert next(figures, None) is None, f"{path.name}: figures are left over"
    bids = tuple(
        Bid(
            id=f"b{c + 1}",
            supplier=f"s{c + 1}",
            lots={f"L{row + 1}": Decimal(1) for row in sorted(set(covered))},
            price=costs[c],
        )
        for c, covered in enumerate(covers)
        if covered
    )
    return Event(
        event=f"Set covering {path.stem}",
        lots=tuple(Lot(id=f"L{row + 1}") for row in range(rows)),
        suppliers=tuple(Bidder(id=bid.supplier) for bid in bids),
        bids=bids,
        free_disposal=True,
    )


def optima(path: Path) -> dict[str, Decimal]:
    """Published optima by name of the file, from a table with a heading."""
    lines = path.read_text(encoding="utf-8").split()
    pairs = (line.split(",") for line in lines[1:])
    return {name: Decimal(value) for name, value in pairs if value}
