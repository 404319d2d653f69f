"""Answers about a register on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sourcemix.register.assumptions import assumed
from sourcemix.register.choices import Choices
from sourcemix.register.finding import CODES, Finding
from sourcemix.register.listing import Listing
from sourcemix.register.pipeline import Pipeline
from sourcemix.register.reading import Read
from sourcemix.report.terminal import Page
from sourcemix.report.words import counted, day, pounds, rounded, span

__all__ = ["show_choices", "show_findings", "show_listing", "show_pipeline", "show_read"]

_LONGEST = 60


def show_read(page: Page, results: Sequence[Read], mapping: bool) -> None:
    """What became of the files."""
    for result in results:
        if result.before:
            page.say(f"{result.file}: read before; nothing changes.")
            continue
        replaced = " It takes the place of an older file of that name." if result.replaced else ""
        page.title(f"{result.file}: {counted(len(result.parts), 'table')} read.{replaced}")
        for part in result.parts:
            counts = part.counts
            page.say(
                f"{part.name} ({_kind(part.layout.kind)}): {counts.rows_in:,} rows, "
                f"{counts.stored:,} stored, {counts.set_aside:,} set aside."
            )
            page.points(counts.notes)
            if mapping and part.layout.columns and part.layout.kind != "flattened":
                page.table(
                    ["Column", "Read as", "Told by"],
                    [[c.header, c.field or "(not used)", c.how] for c in part.layout.columns],
                    "wll",
                )
    page.blank()
    page.say("`sourcemix register list` shows repairs, rows set aside and suppliers.")


def _kind(kind: str) -> str:
    return {
        "contract": "contracts",
        "payment": "payments",
        "release": "notices as open contracting data",
        "flattened": "flattened notices",
        "unknown": "not recognised",
    }[kind]


def show_findings(page: Page, findings: Sequence[Finding], most: int) -> None:
    """The gravest findings, and how many there are of each kind."""
    page.title(f"{counted(len(findings), 'finding')}.")
    if not findings:
        return
    counts = Counter(finding.code for finding in findings)
    page.table(
        ["Code", "What", "Findings"],
        [[code, CODES[code], f"{counts[code]:,}"] for code in CODES if counts[code]],
        "lwr",
    )
    page.heading(f"The first {min(most, len(findings))}")
    for finding in findings[:most]:
        where, title = finding.contract or _cut(finding.title), _cut(finding.title)
        money = _money(finding.low, finding.high)
        row = f" row {finding.row}" if finding.row is not None else ""
        page.say(f"{finding.severity.upper()} {finding.code} {where}{money}", "bold")
        # What stands in the line above, or in the reason, is not said twice.
        told = (title if title != where else "", _cut(finding.supplier))
        who = " · ".join(text for text in told if text and text not in finding.reason)
        who = f"{who.rstrip('.')}. " if who else ""
        source = f" [{finding.file}{row}]" if finding.file else ""
        page.say(f"{who}{finding.reason}{source}")
    page.blank()
    if counts["exposure"]:
        page.say("Ranges of exposure are indicative and commercially sensitive.")


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return pounds(value)
    return day(value) if isinstance(value, date) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _money(low: Decimal | None, high: Decimal | None) -> str:
    if high is None:
        return ""
    return f": {span(low if low is not None else high, high)}"


def show_choices(page: Page, found: Choices) -> None:
    """One page for one contract."""
    contract = found.contract
    page.title(f"{contract.id}: {contract.title}")
    yearly = f"{rounded(contract.yearly)} a year" if contract.yearly else "value not known"
    ends = f"ends on {day(contract.end)}" if contract.end else "has no end date"
    page.say(f"{contract.supplier}; {yearly}; {ends}. [{contract.file} row {contract.row}]")
    if contract.yearly is None:
        page.say("Without a value a year only dates can be given, not costs.")
    page.table(
        ["Choice", "Cost over the next year", "Last safe date"],
        [
            [
                choice.name,
                span(choice.cost.low, choice.cost.high) if choice.possible else "not open",
                (day(choice.last) + (" (past)" if choice.late else "")) if choice.last else "-",
            ]
            for choice in found.choices
        ],
        "lwl",
    )
    for choice in found.choices:
        page.heading(choice.name.capitalize())
        page.say(choice.reason)
    if found.exposure is not None:
        leaving, staying = found.exposure.leaving, found.exposure.staying
        page.heading("Lock-in")
        page.say(
            f"Leaving today: {span(leaving.low, leaving.high)}. Staying to the end: "
            f"{span(staying.low, staying.high)} more than it should cost if requirements change."
        )
        if found.exposure.indicative:
            page.say(
                f"Indicative, from {found.exposure.cases} cases, until the contract's own clause "
                "is entered (`sourcemix register enter`)."
            )
    page.say("Commercially sensitive.")


def show_pipeline(page: Page, found: Pipeline, most: int) -> None:
    """Four years by financial year and by category."""
    page.title(f"Four years from {day(found.on)}.")
    page.table(
        ["Year", "End", "Worth a year", "To start", "Procuring", "Person-days", "Busiest"],
        [
            [
                year.name, f"{year.ending:,}", rounded(year.value), f"{year.starts:,}",
                span(year.cost.low, year.cost.high), f"{year.days[0]:,} to {year.days[1]:,}",
                f"{year.busiest:,}",
            ]
            for year in found.years
        ],
        "lrrrwrr",
    )  # fmt: skip
    for name, projects in found.categories[:most]:
        worth = sum((p.contract.yearly or Decimal(0) for p in projects), Decimal(0))
        page.heading(f"{name}: {counted(len(projects), 'contract')}, {rounded(worth)} a year")
        for project in projects[:most]:
            contract = project.contract
            late = "overdue, start now" if project.overdue else f"start by {day(project.start_by)}"
            ends = day(contract.end) if contract.end else "-"
            page.points([f"{_cut(contract.title)}: ends {ends}; {late}"])
    listed = sum(project.uk1 for project in found.projects)
    page.blank()
    page.say(
        f"{counted(listed, 'line')} for a pipeline notice (UK1), which is for authorities that "
        f"expect to spend {rounded(assumed('uk1_authority').value)} a year: "
        "--out FILE.csv writes them all."
    )


def show_listing(page: Page, found: Listing, most: int) -> None:
    """Rows of a list, one after the other."""
    heads = [head.replace("_", " ") for head in found.heads]
    for row in found.rows[:most]:
        pairs = zip(heads, row, strict=True)
        cells = [f"{head} {_shown(value)}" for head, value in pairs if value not in (None, "")]
        page.points(["; ".join(cells)[:400]])
    if found.total > most:
        page.say(f"and {found.total - most:,} more; --most shows more, --out or --json all.")
    if not found.total:
        page.say("There are none.")
