"""Single-source facility location (Holmberg, Rönnqvist and Yuan 1999), read as an event.

A supplier is a facility with a fixed cost and a capacity, a lot is a customer with a size, and
each supplier bids for each lot as a whole. The file holds the number of suppliers and lots, the
capacities, the fixed costs, the sizes, then a row of costs for each lot.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sourcemix.model.event import Bid, Bidder, Event, Lot


def read(path: Path) -> Event:
    """The event of a file."""
    figures = iter(Decimal(word) for word in path.read_text(encoding="ascii").split())
    suppliers, lots = int(next(figures)), int(next(figures))
    capacities = [next(figures) for _ in range(suppliers)]
    fixed = [next(figures) for _ in range(suppliers)]
    sizes = [next(figures) for _ in range(lots)]
    prices = [[next(figures) for _ in range(suppliers)] for _ in range(lots)]
    assert next(figures, None) is None, f"{path.name}: figures are left over"
    return Event(
        event=f"Single-source allocation {path.name}",
        lots=tuple(Lot(id=f"L{i + 1}", quantity=_plain(size)) for i, size in enumerate(sizes)),
        suppliers=tuple(
            Bidder(id=f"s{s + 1}", capacity=_plain(capacities[s]), onboarding=_plain(fixed[s]))
            for s in range(suppliers)
        ),
        bids=tuple(
            Bid(
                id=f"b{i + 1}-{s + 1}",
                supplier=f"s{s + 1}",
                lots={f"L{i + 1}": _plain(sizes[i])},
                price=_plain(prices[i][s]),
            )
            for i in range(lots)
            for s in range(suppliers)
        ),
    )


def optima(path: Path) -> dict[str, Decimal]:
    """Published optima by name of the file: one on each line, for p1, p2 and so on."""
    values = path.read_text(encoding="ascii").split()
    return {f"p{number}": Decimal(value) for number, value in enumerate(values, start=1)}


def _plain(value: Decimal) -> Decimal:
    """Figures are written with six decimals, mostly zeros; money has two, volumes three."""
    return value.normalize() + 0
