"""The readers and the second solver, on files small enough to work out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.conformance import holmberg, orlib, second_solver

from sourcemix.app.award import award_event

COVERING = "3 4\n 5 4 4 9\n 2\n 1 2\n 2 1 3\n 2\n 2 4\n"
# Rows {1, 2}, {1, 3}, {2, 4}; columns cost 5, 4, 4, 9.
ALLOCATION = "2 3\n 7 4\n 10.000000 2.000000\n 3 4 2\n 1.0 5.0\n 6.0 1.0\n 3.5 2.25\n"


def test_set_covering_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scp.txt"
    path.write_text(COVERING)
    event = orlib.read(path)
    assert {bid.id: tuple(bid.lots) for bid in event.bids} == {
        "b1": ("L1", "L2"),
        "b2": ("L1", "L3"),
        "b3": ("L2",),
        "b4": ("L3",),
    }
    award = award_event(event)
    # b2 and b3 cover everything for 8; no other pair is cheaper.
    assert award.cost == award.bound == second_solver.cheapest(event) == 8
    assert [winner.bid for winner in award.result.winners] == ["b2", "b3"]


def test_single_source_allocation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p1"
    path.write_text(ALLOCATION)
    event = holmberg.read(path)
    assert [supplier.capacity for supplier in event.suppliers] == [7, 4]
    assert [lot.quantity for lot in event.lots] == [3, 4, 2]
    award = award_event(event)
    # The sizes add up to 9: both are needed (12). Lot 2 (4) fills supplier 2: 1 + 1 + 3.5.
    # Lot 3 there instead leaves 3 + 4 for supplier 1: 1 + 6 + 2.25, dearer.
    assert award.cost == award.bound == second_solver.cheapest(event) == Decimal("17.5")


def test_optima_are_read(tmp_path: Path) -> None:
    table = tmp_path / "optima.csv"
    table.write_text("instance,published_optimum\nscp41,429\nscp410,\n")
    assert orlib.optima(table) == {"scp41": 429}
    listed = tmp_path / "os"
    listed.write_text("8848\n7913\n")
    assert holmberg.optima(listed) == {"p1": 8848, "p2": 7913}
