"""The first answer on one page."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console

from sourcemix.report.first_answer import BreakEven, FirstAnswer, ServiceAnswer, Unknown
from sourcemix.report.terminal import Page
from sourcemix.report.words import day, percent, rounded, span

MOST_WAYS = 3
"""Most forms shown for a service; the document has all."""


def print_first_answer(answer: FirstAnswer, console: Console) -> None:
    """Print the first answer."""
    page = Page(console)
    page.title("A first answer: it says where to look, not with whom to sign.")
    page.heading("When to act, and what looks best so far")
    page.table(
        ["Service", "Act by", "Last safe date", "Looks best so far"],
        [_row(entry) for entry in answer.services],
        "wllw",
    )
    page.say(
        "Act by: the end date less the lead time and the notice of the form that looks best. "
        "Last safe date: less the lead time only."
    )
    page.heading(f"Forms worth pursuing (cost over {answer.years} years, present value)")
    page.table(
        ["Service", "Form", "Likely", "Low to high"],
        [row for entry in answer.services for row in _ways(entry)],
        "wwrr",
    )
    page.heading("Five years or 2+1+1?")
    page.points(f"{entry.service}: {_break_even(entry.break_even)}" for entry in answer.services)
    page.heading("What would change the answer most")
    page.points(_unknown(unknown) for unknown in answer.unknowns)
    page.heading("How far this can be trusted")
    page.say(
        f"{percent(answer.indicative_share, 0)} of the cost rests on indicative figures, in "
        f"{answer.price_base} prices. No saving is shown: it would rest on them too. Every plan "
        "behind this page is proven to within 0.1% and verified; ranges, break-even and unknowns "
        "re-cost those plans exactly, with the decisions held. Grants, informal agreements and "
        "community groups are not compared, because nobody can say at once how much of a service "
        "they would take on: add them to the draft."
    )
    notes = [f"{entry.service}: {note}." for entry in answer.services for note in entry.notes]
    if notes:
        page.heading("Taken to be so")
        page.points(notes)


def _row(entry: ServiceAnswer) -> list[str]:
    if entry.act_by is None or entry.last_safe is None:
        return [entry.service, "no date forces it", "", entry.best.title]
    late = " (passed)" if entry.late else ""
    return [entry.service, day(entry.act_by), day(entry.last_safe) + late, entry.best.title]


def _ways(entry: ServiceAnswer) -> list[list[str]]:
    worth = [way for way in entry.ways if way.worth_pursuing]
    rows = [
        [entry.service, way.title, rounded(way.cost), span(way.low, way.high)]
        for way in worth[:MOST_WAYS]
    ]
    if len(worth) > MOST_WAYS:
        rows.append([entry.service, f"and {len(worth) - MOST_WAYS} more", "", ""])
    return [[row[0] if place == 0 else "", *row[1:]] for place, row in enumerate(rows)]


def _break_even(cut: BreakEven) -> str:
    """The break-even in words; a cut below zero means that five years may be dearer."""
    if cut.low > 0:
        return f"a five-year deal must be {_range(cut.low, cut.high)} cheaper than 2+1+1"
    if cut.high < 0:
        dearer = _range(-cut.high, -cut.low)
        return f"a five-year deal may be up to {dearer} dearer than 2+1+1 and still cost the same"
    return (
        f"a five-year deal may have to be up to {percent(cut.high)} cheaper than 2+1+1, or may be "
        f"up to {percent(-cut.low)} dearer: the figures do not yet decide"
    )


def _range(low: Decimal, high: Decimal) -> str:
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def _unknown(unknown: Unknown) -> str:
    if unknown.high <= 10:
        between = f"{percent(unknown.low)} to {percent(unknown.high)}"
    else:
        between = span(unknown.low, unknown.high)
    text = f"{unknown.service}, {unknown.what} ({between}; {unknown.prior}): "
    moved = "more" if unknown.change > 0 else "less"
    effect = f"the best way costs {rounded(abs(unknown.change))} {moved}"
    if unknown.best_instead:
        return f"{text}“{unknown.best_instead}” would be best; {effect}."
    return f"{text}{effect}."
