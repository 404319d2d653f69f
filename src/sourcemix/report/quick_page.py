"""The first answer on one page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from rich.console import Console

from sourcemix.report.first_answer import BreakEven, FirstAnswer, ServiceAnswer, Unknown, Way
from sourcemix.report.terminal import Page
from sourcemix.report.words import counted, day, listed, percent, rounded, span

PAGE = 66
"""Lines of a page."""
MOST_SERVICES = 5
"""Most services whose forms are listed; more get a line each."""
MOST_WAYS = 7
MOST_NOTES = 4
MANY_LATE = 2
NAME = 18
"""Longest name of a service in a table."""
TOO_CLOSE = "too close to call"


def print_first_answer(answer: FirstAnswer, console: Console) -> None:
    """Print the first answer: one page, with as many forms for each service as it holds."""
    most = MOST_WAYS if len(answer.services) <= MOST_SERVICES else 0
    while most:
        sink = io.StringIO()
        _print(answer, Page(Console(file=sink, width=console.width)), most)
        if len(sink.getvalue().splitlines()) <= PAGE:
            break
        most -= 1
    _print(answer, Page(console), most)


def _print(answer: FirstAnswer, page: Page, most: int) -> None:
    """Print with so many forms for each service; none: a line for each service, and no more."""
    page.title("A first answer: it says where to look, not with whom to sign.")
    # Where room is short, what to find out first is left to the unknowns below.
    _when(answer, page, ask=most not in (1, 2))
    if most:
        _forms(answer, page, most)
        _terms(answer, page)
    page.heading(f"What would change the answer most (cost over {answer.years} years)")
    page.points(_unknown(unknown) for unknown in answer.unknowns)
    _trust(answer, page, whole=bool(most))


def _when(answer: FirstAnswer, page: Page, *, ask: bool) -> None:
    page.heading("When to decide, and what looks best")
    page.table(
        ["Service", "Act by", "Last safe date", "Looks best"],
        [_row(entry, answer.today) for entry in answer.services],
        "wllw",
    )
    dated = [entry for entry in answer.services if entry.act_by is not None]
    if any(not entry.settled for entry in answer.services):
        page.say(_too_close(answer.services, ask=ask))
    if dated:
        page.say(
            "Act by: keeps every form in the running open, with 6 months' notice to today's "
            "provider. Last safe date: when the quickest form must be under way."
        )
    late = [entry for entry in dated if entry.act_by is not None and entry.act_by < answer.today]
    if late:
        page.say(f"* {_late(late, answer.today)}")
        page.say(
            "Still open: extend today's agreement while it runs (an option in it, or up to 10% of "
            "its term, P060), or sign a short bridging agreement."
        )


def _too_close(services: Iterable[ServiceAnswer], *, ask: bool) -> str:
    text = "Too close to call: on default figures, the ranges of two forms or more overlap."
    first: dict[str, list[str]] = {}
    for entry in services:
        if not entry.settled and entry.unknowns:
            first.setdefault(entry.unknowns[0].what, []).append(_short(entry.service))
    if not ask or not first or sum(map(len, first.values())) > MOST_SERVICES:
        return text
    return f"{text} Find out first {'; '.join(f'{k} ({listed(v)})' for k, v in first.items())}."


def _row(entry: ServiceAnswer, today: date) -> list[str]:
    best = entry.first.title if entry.settled else TOO_CLOSE
    if entry.act_by is None or entry.last_safe is None:
        return [_short(entry.service), "no date", "", best]
    return [_short(entry.service), _mark(entry.act_by, today), _mark(entry.last_safe, today), best]


def _mark(when: date, today: date) -> str:
    return day(when) + ("*" if when < today else "")


def _late(late: list[ServiceAnswer], today: date) -> str:
    """What should have been decided: in full for one or two, by the table's dates for more."""
    if len(late) > MANY_LATE:
        said = [
            f"{_short(entry.service)} {_ago(entry.act_by, today)}"
            for entry in late[:MOST_SERVICES]
            if entry.act_by is not None
        ]
        if len(late) > MOST_SERVICES:
            said.append(f"{len(late) - MOST_SERVICES} more")
        return f"Past: should have been decided by the date above: {listed(said)}."
    return " ".join(_one_late(entry, today) for entry in late)


def _one_late(entry: ServiceAnswer, today: date) -> str:
    assert entry.act_by is not None and entry.last_safe is not None
    past = ", also past" if entry.last_safe < today else ""
    return (
        f"{_short(entry.service)} should have been decided by {day(entry.act_by)}: "
        f"{_ago(entry.act_by, today)} (last safe date {day(entry.last_safe)}{past})."
    )


def _ago(when: date, today: date) -> str:
    months = (today.year - when.year) * 12 + today.month - when.month - (today.day < when.day)
    if months:
        return f"{counted(months, 'month')} ago"
    return f"{counted((today - when).days, 'day')} ago"


def _forms(answer: FirstAnswer, page: Page, most: int) -> None:
    cut = any(len(entry.running) > most for entry in answer.services)
    which = f", first {most}" if cut else ""
    page.heading(
        f"Forms worth pursuing{which} (£ thousand over {answer.years} years, present value)"
    )
    page.table(
        ["Service", "Form", "Likely", "Low to high"],
        [row for entry in answer.services for row in _ways(entry, most)],
        "wwrr",
    )


def _ways(entry: ServiceAnswer, most: int) -> list[list[str]]:
    rows = [["", way.title, _thousands(way.cost), _span(way)] for way in entry.running[:most]]
    rows[0][0] = _short(entry.service)
    return rows


def _thousands(amount: Decimal) -> str:
    whole = (amount / 1000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{whole:,}"


def _span(way: Way) -> str:
    return f"{_thousands(way.low)} to {_thousands(way.high)}"


def _terms(answer: FirstAnswer, page: Page) -> None:
    page.heading("Five years or 2+1+1?")
    page.points(
        f"{_short(entry.service)}: {break_even_words(entry.break_even)}"
        for entry in answer.services
    )
    page.say(
        f"Worked out at equal cost over {answer.years} years, all costs counted, over all ranges."
    )


def break_even_words(cut: BreakEven) -> str:
    """The break-even in words; a cut below zero means that five years may be dearer."""
    if cut.low >= 0:
        return f"a five-year deal must be {_range(cut.low, cut.high)} cheaper than 2+1+1"
    if cut.high <= 0:
        return f"a five-year deal may be {_range(-cut.high, -cut.low)} dearer than 2+1+1"
    dearer, cheaper = percent(-cut.low), percent(cut.high)
    return f"five years from {dearer} dearer to {cheaper} cheaper than 2+1+1"


def _range(low: Decimal, high: Decimal) -> str:
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def _unknown(unknown: Unknown) -> str:
    share = unknown.high <= 10
    show = percent if share else rounded
    between = (
        f"{percent(unknown.low)} to {percent(unknown.high)}"
        if share
        else span(unknown.low, unknown.high)
    )
    still = "" if unknown.instead else "still "
    return (
        f"{_short(unknown.service)}: {unknown.what} ({between}; {unknown.prior}). At "
        f"{show(unknown.at)}, not {show(unknown.central)}, “{unknown.comes_first}” {still}comes "
        f"first; {rounded(abs(unknown.change))} hangs on it. {unknown.find_out}"
    )


def _trust(answer: FirstAnswer, page: Page, *, whole: bool) -> None:
    page.heading("How far this can be trusted")
    missing = "" if whole else " Forms, costs and break-even prices of each service: --json."
    sources = sorted({p for e in answer.services for way in e.ways for p in way.sources})
    rows = ", ".join(source for source in sources if source.startswith("P"))
    page.say(
        f"{percent(answer.indicative_share, 0)} of the cost of the forms in the running rests on "
        f"default figures ({answer.price_base} prices). No saving is shown: it would rest on them "
        "too. Plans are proven and verified; ranges re-cost them exactly. "
        f"Not compared: grants, informal agreements, community groups.{missing} Sources "
        f"(each beside its figure in the draft): {rows}; assumptions."
    )
    page.points(_notes(answer.services))


def _notes(services: Iterable[ServiceAnswer]) -> list[str]:
    """What was taken to be so, each once with the services that it was taken for."""
    found: dict[str, list[str]] = {}
    for entry in services:
        for note in entry.notes:
            found.setdefault(note, []).append(_short(entry.service))
    of_same: dict[str, list[str]] = {}
    for note, names in found.items():
        who = listed(names) if len(names) <= 3 else counted(len(names), "service")
        of_same.setdefault(who, []).append(note)
    lines = [f"{who}: {'; '.join(notes)}." for who, notes in of_same.items()]
    if len(lines) > MOST_NOTES:
        more = counted(len(lines) - MOST_NOTES + 1, "more note")
        return [*lines[: MOST_NOTES - 1], f"{more}: --json."]
    return lines


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 3].rstrip()}..."
