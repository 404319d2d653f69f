"""An award at the terminal: who wins what, at what cost."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console

from sourcemix.model.award import Award, AwardResult
from sourcemix.model.event import Bidder, Event
from sourcemix.report.status import footer, status_words
from sourcemix.report.terminal import Page
from sourcemix.report.words import KINDS, counted, listed, plain, pounds

_LINES = ("price", "discount", "switching", "onboarding", "unawarded")
_LINE_WORDS = {
    "price": "Prices of the winning bids",
    "discount": "Less discounts",
    "switching": "Switching from today's suppliers",
    "onboarding": "Taking on suppliers",
    "unawarded": "Lots not awarded",
}


def print_award(award: Award, console: Console) -> None:
    """Print an award."""
    page = Page(console)
    event, result = award.event, award.result
    by = f": {event.authority.name}" if event.authority else ""
    page.title(f"{event.event}{by}")
    page.say(status_words(result))
    if result.ground != "award":
        page.say(f"For use as {result.ground}.")
    if result.cost is None:
        if result.conflicts:
            page.heading("What cannot hold together")
            page.points(result.conflicts)
    else:
        page.blank()
        won = len(event.lots) - len(result.unawarded)
        page.say(
            f"Cost: {pounds(result.cost)}, for {won} of {counted(len(event.lots), 'lot')} "
            f"from {counted(len(result.suppliers), 'supplier')}."
        )
        _suppliers(page, event, result)
        _unawarded(page, event, result)
        _costs(page, result)
        _rules(page, result)
    footer(page, result)


def _suppliers(page: Page, event: Event, result: AwardResult) -> None:
    bidders = {bidder.id: bidder for bidder in event.suppliers}
    page.heading("Who wins")
    if not result.suppliers:
        page.say("Nobody: it costs less to leave every lot without a winner.")
        return
    rows = []
    for entry in sorted(result.suppliers, key=lambda s: (-(s.price - s.discount), s.supplier)):
        bidder = bidders[entry.supplier]
        rows.append(
            [
                bidder.name or plain(bidder.id),
                KINDS[bidder.kind],
                "yes" if bidder.sme else "no",
                str(entry.lots),
                pounds(entry.price - entry.discount),
                pounds(entry.discount),
                _lots(result, bidder),
            ]
        )
    page.table(
        ["Supplier", "Kind", "SME", "Lots", "Paid", "Discount", "Which lots"], rows, "wllrrrw"
    )


def _lots(result: AwardResult, bidder: Bidder) -> str:
    won = {lot for winner in result.winners if winner.supplier == bidder.id for lot in winner.lots}
    return ", ".join(sorted(won, key=_natural))


def _natural(name: str) -> tuple[str, int, str]:
    """Sort `L2` before `L10`."""
    head = name.rstrip("0123456789")
    tail = name[len(head) :]
    return (head, int(tail or 0), name)


def _unawarded(page: Page, event: Event, result: AwardResult) -> None:
    if not result.unawarded:
        return
    names = {lot.id: lot.name for lot in event.lots}
    page.heading("Not awarded")
    page.say(
        listed(f"{lot} ({names[lot]})" if names[lot] else lot for lot in result.unawarded) + "."
    )


def _costs(page: Page, result: AwardResult) -> None:
    page.heading("What it costs")
    rows = [
        [_LINE_WORDS.get(line, plain(line)), pounds(result.costs[line])]
        for line in (*_LINES, *sorted(set(result.costs) - set(_LINES)))
        if result.costs.get(line, Decimal(0))
    ]
    total = result.cost if result.cost is not None else Decimal(0)
    page.table(["Line", "Amount"], [*rows, ["In all", pounds(total)]], "wr")


def _rules(page: Page, result: AwardResult) -> None:
    checks = result.verification.rules if result.verification else ()
    if not checks:
        return
    page.heading("Rules")
    page.points(
        f"{plain(check.rule)}: {'holds' if check.holds else f'does not hold: {check.detail}'}"
        for check in checks
    )
