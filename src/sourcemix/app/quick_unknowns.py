"""Which default figures the first answer hangs on, and how to find them out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sourcemix.app.quick_figures import Figure, Key, Sheet
from sourcemix.report.first_answer import Unknown

_ASK = {
    "own_team": "Have finance cost an own team.",
    "partners": "Ask neighbouring councils.",
    "public_body": "Ask other public bodies for a quote.",
    "company": "Sound out the market.",
}


def unknowns(service: str, sheets: Sequence[Sheet]) -> tuple[Unknown, ...]:
    """Each figure moved alone to the end of its range that matters more, by what hangs on it.

    Args:
        service: name of the service.
        sheets: its ways; the first has the lowest cost.
    """
    found: list[Unknown] = []
    for key in sorted({key for sheet in sheets for key in sheet.figures}):
        figure = next(sheet.figures[key] for sheet in sheets if key in sheet.figures)
        ends = (figure.low, figure.high)
        found.append(max((_at(service, sheets, key, figure, end) for end in ends), key=weight))
    matter = (unknown for unknown in found if unknown.change or unknown.instead)
    return tuple(sorted(matter, key=rank))


def weight(unknown: Unknown) -> tuple[bool, Decimal]:
    """How much hangs on a figure: whether another way would come first, then pounds."""
    return bool(unknown.instead), abs(unknown.change)


def rank(unknown: Unknown) -> tuple[bool, Decimal, str, str]:
    """For sorting: what matters most comes first."""
    return not unknown.instead, -abs(unknown.change), unknown.service, unknown.what


def _at(service: str, sheets: Sequence[Sheet], key: Key, figure: Figure, end: Decimal) -> Unknown:
    first = sheets[0]
    cost, _, leader = min(
        (sheet.at({key: end}), place, sheet) for place, sheet in enumerate(sheets)
    )
    what, find_out = _words(key, sheets)
    return Unknown(
        service=service,
        what=what,
        low=figure.low,
        central=figure.central,
        high=figure.high,
        at=end,
        prior=figure.prior,
        change=cost - first.cost,
        comes_first=leader.offer.name,
        instead="" if leader is first else first.offer.name,
        find_out=find_out,
    )


def _words(key: Key, sheets: Sequence[Sheet]) -> tuple[str, str]:
    """A figure in plain words, and how to find it out."""
    offers = {sheet.offer.id: sheet.offer for sheet in sheets}
    match key.kind:
        case "price":
            offer = offers[key.of]
            return f"what “{offer.name}” would cost a year", _ASK[offer.supplier]
        case "pension":
            return (
                "pension contributions a year for staff who would join the LGPS",
                "Ask today's provider who is in which scheme.",
            )
        case "mobilisation":
            return "the one-off cost of moving the service", "Ask bodies that have moved theirs."
        case "manage":
            return "managing the agreement, a year", "Count the days that your team spends on it."
        case "procurement":
            return "the cost of running a competition", "Ask your procurement team."
        case "setup":
            return f"setting up “{offers[key.of].name}”, once", "Ask legal and finance."
        case "fee":
            return "the fee for leaving a contract early", "Look at the terms of like contracts."
        case "cover":
            return "cover at short notice, a year", "Ask today's provider for a price."
        case "change":
            return "the mark-up on changed work", "Look at past change requests."
