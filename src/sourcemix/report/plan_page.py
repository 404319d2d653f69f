"""A plan at the terminal, as a council officer reads it: the answer first."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console

from sourcemix.model.case import Case
from sourcemix.model.common import Indicative
from sourcemix.model.plan import Plan, PlanResult
from sourcemix.report.comparison_page import print_comparisons
from sourcemix.report.status import footer, status_words
from sourcemix.report.terminal import Page
from sourcemix.report.who_does_what import Run, runs
from sourcemix.report.words import (
    KINDS,
    duration,
    form_name,
    listed,
    month,
    percent,
    rounded,
    service_name,
    span,
    supplier_name,
    whole_pounds,
)

PENNY = Decimal("0.01")
HALF = Decimal("0.5")
"""Share of the cost on defaults beyond which no saving is shown."""


def print_plan(plan: Plan, console: Console) -> None:
    """Print a plan."""
    page = Page(console)
    case, result = plan.case, plan.result
    page.title(f"{case.title}: {case.authority.name}")
    page.say(status_words(result))
    if result.cost is None:
        _without_plan(page, result)
    else:
        _cost(page, case, result)
        _services(page, case, result)
        page.heading("Decide now")
        page.points(result.first)
        if result.later:
            page.heading("Decide later")
            page.points(result.later)
        _years(page, result)
        _parties(page, result)
        _defaults(page, case, result)
    print_comparisons(page, result)
    if result.not_modelled:
        page.heading("Not taken into account")
        page.points(result.not_modelled)
    footer(page, result)


def _without_plan(page: Page, result: PlanResult) -> None:
    if result.conflicts:
        page.heading("What cannot hold together")
        page.points(result.conflicts)
    if result.status == "unknown":
        page.say("Give it more time with --time, or make the case smaller.")


def _cost(page: Page, case: Case, result: PlanResult) -> None:
    length = duration(case.horizon.periods * case.horizon.months)
    page.blank()
    if result.authority_cost is not None:
        lost = ", save what cannot be recovered" if result.expected.get("vat") else ""
        page.say(
            f"Cost to the authority: about {rounded(result.authority_cost)} over {length} "
            f"(expected, present value, {case.money.price_base} prices, "
            f"VAT {case.money.vat}{lost})."
        )
    if result.cvar is not None:
        risk = case.appraisal.risk
        page.say(
            f"Bad futures count for {percent(risk.weight)} of what is weighed: the worst "
            f"{percent(1 - risk.level)} of futures cost {rounded(result.cvar)} on average. Later "
            "decisions are commitments: keep them even where something else looks better by then."
        )
    penalties = result.expected.get("unmet")
    if penalties:
        page.say(
            f"Not all demand is met: penalties of {rounded(penalties)} (expected, present value) "
            "count against the plan. They are not part of the cost to the authority."
        )
    if result.low is not None and result.high is not None:
        netted = [
            words
            for name, words in (
                ("outcomes", "less what outcomes are worth"),
                ("unmet", "with penalties for unmet demand"),
                ("breach", "with the prices of rules that are broken"),
            )
            if any(line == name and amount for line, amount in result.expected.items())
        ]
        what = f"Cost {listed(netted)}" if netted else "Cost"
        when = ", in eight futures of ten" if len(result.leaves) > 1 else ""
        if when or netted:
            page.say(f"{what}{when}: {span(result.low, result.high)}.")
    if result.swing_score is not None:
        page.say(
            f"Outcomes: {percent(result.swing_score)} of the weighted swings from baseline to "
            "target are achieved, on average over time and futures (the swing score)."
        )


def _services(page: Page, case: Case, result: PlanResult) -> None:
    found = runs(case, result)
    page.heading("Who does what (in the most likely future)")
    split = any(run.share < Decimal("0.995") for run in found)
    rows = []
    previous = ""
    for run in found:
        name = service_name(case, run.service)
        cells = ["" if name == previous else name, *_run_cells(case, run)]
        if split:
            cells.insert(2, percent(run.share, 0))
        rows.append(cells)
        previous = name
    heads = ["Service", "Supplier", "Form", "From", "To"]
    fixed = "wwwll"
    if split:
        heads.insert(2, "Share")
        fixed = "wwrwll"
    page.table(heads, rows, fixed)
    if not all(run.sure for run in found):
        page.say("* depends on how things turn out: see “Decide later”.")


def _run_cells(case: Case, run: Run) -> list[str]:
    offer = case.offer(run.offer)
    supplier = case.supplier(offer.supplier)
    form = form_name(case, offer.form)
    who = supplier_name(case, supplier.id)
    horizon = case.horizon
    first = "today" if run.first is None else month(horizon.begins(run.first))
    last = "runs on" if run.last is None else month(horizon.begins(run.last + 1))
    kind = "" if supplier.kind == "in_house" else f" ({KINDS[supplier.kind]})"
    return [f"{who}{kind}", form, first, last + ("" if run.sure else "*")]


def _years(page: Page, result: PlanResult) -> None:
    if not result.financial_years:
        return
    page.heading("Cost to the authority by financial year (expected, not discounted)")
    years = result.financial_years
    # With one future there is no range to show.
    columns = 5 if len(result.leaves) > 1 else 4
    page.table(
        ["Year", "One-off", "Recurring", "Total", "Eight futures of ten"][:columns],
        [
            [
                year.year,
                whole_pounds(year.one_off),
                whole_pounds(year.recurring),
                whole_pounds(year.one_off + year.recurring),
                span(year.low, year.high),
            ][:columns]
            for year in years
        ],
        "lrrrr"[:columns],
    )
    _classes(page, result)
    _cash(page, result)


def _classes(page: Page, result: PlanResult) -> None:
    """Capital and irrecoverable VAT, where there is any."""
    years = result.financial_years
    capital, vat = any(year.capital for year in years), any(year.vat for year in years)
    columns: list[tuple[str, list[Decimal]]] = []
    if capital:
        columns.append(("Capital", [year.capital for year in years]))
        columns.append(("Revenue", [year.revenue for year in years]))
    if vat:
        columns.append(("Irrecoverable VAT", [year.vat for year in years]))
    if columns:
        lost = "VAT that cannot be recovered"
        by_class = f"The same by class ({lost} is revenue)" if vat else "The same by class"
        page.heading(by_class if capital else f"{lost} (part of the cost above)")
        _money_table(page, result, columns)


def _cash(page: Page, result: PlanResult) -> None:
    """The years in cash, where that differs from real prices by more than rounding."""
    years = result.financial_years
    if all(
        year.cash is None or abs(year.cash - year.one_off - year.recurring) <= PENNY
        for year in years
    ):
        return
    page.heading("The same in cash (at the prices of each year)")
    columns = [("Total", [year.cash or Decimal(0) for year in years])]
    if any(year.cash_capital for year in years):
        columns.append(("Capital", [year.cash_capital or Decimal(0) for year in years]))
        columns.append(("Revenue", [year.cash_revenue or Decimal(0) for year in years]))
    _money_table(page, result, columns)


def _money_table(page: Page, result: PlanResult, columns: list[tuple[str, list[Decimal]]]) -> None:
    """A table of pounds with a row for each financial year."""
    amounts = zip(*(column for _, column in columns), strict=True)
    page.table(
        ["Year", *(head for head, _ in columns)],
        [
            [year.year, *map(whole_pounds, row)]
            for year, row in zip(result.financial_years, amounts, strict=True)
        ],
        "l" + "r" * len(columns),
    )


def _parties(page: Page, result: PlanResult) -> None:
    if not result.ledger:
        return
    page.heading("What it means for each party")
    page.points(f"{party}: {text}" for party, text in result.ledger.items())


def _defaults(page: Page, case: Case, result: PlanResult) -> None:
    if result.indicative_share is None:
        return
    page.heading("What rests on defaults")
    share = percent(result.indicative_share)
    page.say(f"{share} of the cost rests on indicative figures (defaults or estimates).")
    live = {position.offer for node in result.nodes for position in node.positions}
    marked = sorted(offer.id for offer in case.offers if offer.id in live and offer.indicative)
    if marked:
        page.say(f"Offers in the plan with indicative figures: {listed(marked)}.")
    used = {case.offer(name).form for name in live}
    # Several forms of a case may bear the same name.
    names = sorted({form_name(case, form) for form in used if _form_indicative(case, form)})
    if names:
        page.say(f"Forms with default costs or lead times: {listed(names)}.")
    if result.indicative_share > HALF:
        page.say("No saving is shown, because more than half of the cost rests on defaults.")


def _form_indicative(case: Case, form: str) -> bool:
    held = case.forms[form]
    return any(isinstance(v, Indicative) for v in (*held.setup.values(), held.manage))
