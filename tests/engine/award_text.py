"""What a family of the award model adds, as text that a person can check."""

from __future__ import annotations

from collections.abc import Callable

from sourcemix.engine.award.compile import compiled
from sourcemix.engine.award.draft import Draft, Rounding
from sourcemix.engine.award.model import FAMILIES
from sourcemix.engine.milp import Milp
from sourcemix.model.event import Event

Family = Callable[[Draft], None]


def family_text(event: Event, family: Family, rounding: Rounding = "loose") -> str:
    """The columns and rows that one family adds to the model of an event."""
    draft = Draft(compiled(event), rounding)
    span = (0, 0, 0, 0)
    for add in FAMILIES:
        before = draft.builder.size, draft.builder.rows
        add(draft)
        if add is family:
            span = (*before, draft.builder.size, draft.builder.rows)
    first_column, first_row, last_column, last_row = span
    return to_text(
        draft.builder.build(),
        names(draft),
        range(first_column, last_column),
        range(first_row, last_row),
    )


def names(draft: Draft) -> dict[int, str]:
    """Names of the columns that stand for something of the event."""
    terms = draft.terms
    found = {column: f"x[{terms.bids[b].id}]" for b, column in draft.win.items()}
    for (b, lot), column in draft.part.items():
        found[column] = f"q[{terms.bids[b].id},{terms.lots[lot].id}]"
    for i, column in draft.unawarded.items():
        found[column] = f"u[{terms.lots[i].id}]"
    for s, column in draft.winner.items():
        found[column] = f"y[{terms.suppliers[s].id}]"
    return found


def to_text(milp: Milp, named: dict[int, str], columns: range, rows: range) -> str:
    """Columns with cost and bounds, and rows, one on each line."""
    lines = [_column(milp, named, column) for column in columns]
    lines += [_row(milp, named, row) for row in rows]
    return "\n".join(lines) + "\n"


def _name(named: dict[int, str], column: int) -> str:
    return named.get(column, f"c{column}")


def _column(milp: Milp, named: dict[int, str], column: int) -> str:
    kind = "whole" if milp.integer[column] else "real"
    low, high = milp.lower[column], milp.upper[column]
    return f"{_name(named, column)}: {kind} {low:g}..{high:g} cost {milp.cost[column] + 0.0:.10g}"


def _row(milp: Milp, named: dict[int, str], row: int) -> str:
    entries = range(milp.start[row], milp.start[row + 1])
    total = " ".join(f"{milp.value[e]:+.10g} {_name(named, int(milp.index[e]))}" for e in entries)
    low, high = milp.row_lower[row], milp.row_upper[row]
    if low == high:
        return f"{total} = {low:.10g}"
    parts = [
        f"{low:.10g} <=" if low > -1e30 else "",
        total,
        f"<= {high:.10g}" if high < 1e30 else "",
    ]
    return " ".join(part for part in parts if part)
