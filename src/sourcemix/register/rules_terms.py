"""Findings about the terms of one contract: ends, options, breaks, length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from sourcemix.evidence import prior
from sourcemix.register.exposure import exposure, procurement
from sourcemix.register.finding import Finding, Severity
from sourcemix.register.held import Held
from sourcemix.register.timing import act_by, is_direct
from sourcemix.register.wording import day, duration, money, several, span

__all__ = ["TERM_RULES"]

Rule = Callable[[Held, date], Iterator[Finding]]

LONG, VERY_LONG = 60, 120
"""Months: the longest tenth of awards of £200,000 and more lasts 60 and more (note of P085)."""

LARGE, SMALL = Decimal(500_000), Decimal(25_000)
"""Pounds a year from which a finding weighs more, and below which less."""

_PENNY = Decimal("0.01")
_PFI = re.compile(
    r"(?i)\bpfi\b|\bpf2\b|private finance|\bppp\b|unitary (?:charge|payment)|\bbsf\b|"
    r"building schools for the future|design,? build,? (?:finance|fund)|\bdbfo\b|\blift co\b"
)


def _found(
    contract: Held, code: str, severity: Severity, reason: str,
    low: Decimal | None = None, high: Decimal | None = None, by: date | None = None,
) -> Finding:  # fmt: skip
    low, high = (None if a is None else Decimal(a).quantize(_PENNY) for a in (low, high))
    return Finding(code, severity, contract.id, contract.title, contract.supplier, low, high,
                   reason, contract.file, contract.row, by)  # fmt: skip


def _weight(contract: Held, usual: Severity) -> Severity:
    """Severity by size: up for a large contract, down for a small one."""
    ladder: tuple[Severity, ...] = ("high", "medium", "low", "note")
    place = ladder.index(usual)
    yearly = contract.yearly or Decimal(0)
    if yearly >= LARGE:
        place = max(0, place - 1)
    elif yearly < SMALL:
        place = min(3, place + 1)
    return ladder[place]


def long(contract: Held, on: date) -> Iterator[Finding]:
    """Its term is among the longest tenth of awards."""
    if contract.months is None or contract.months < LONG or not contract.live(on):
        return
    left = contract.months_left(on)
    usual: Severity = "medium" if contract.months >= VERY_LONG else "low"
    weight = _weight(contract, usual) if left >= 12 else "note"
    rest = Decimal(str(round(left / 12, 4))) * contract.yearly if contract.yearly else None
    yield _found(
        contract, "long", weight,
        f"It lasts {duration(contract.months)}, of which {duration(round(left))} are left; nine of "
        f"ten awards of £200,000 or more are shorter than {duration(LONG)}.",
        rest, rest,
    )  # fmt: skip


def no_end(contract: Held, on: date) -> Iterator[Finding]:
    """Nobody can say when it ends, or it rolls on."""
    if contract.end is not None or (contract.start and contract.start > on):
        return
    if contract.rolling:
        yield _found(
            contract, "evergreen", _weight(contract, "medium"),
            "It runs on without an end until someone gives notice.",
            contract.yearly, contract.yearly,
        )  # fmt: skip
    elif contract.start is not None or contract.end_word:
        yield _found(
            contract, "no_end", _weight(contract, "medium"),
            "What stands as its end cannot be read as a date; put it right on the register."
            if contract.end_word == "unread"
            else "Neither an end date nor a length is on the register.",
            contract.yearly, contract.yearly,
        )  # fmt: skip


def dates(contract: Held, on: date) -> Iterator[Finding]:
    """Its dates contradict each other."""
    if contract.start and contract.end and contract.end < contract.start:
        yield _found(
            contract, "dates", "low",
            f"It ends on {day(contract.end)}, before it starts on {day(contract.start)}.",
        )  # fmt: skip


def values(contract: Held, on: date) -> Iterator[Finding]:
    """Its value a year and its value in all are the same although it lasts for years."""
    yearly, total, term = contract.yearly, contract.total, contract.months
    if not yearly or yearly != total or term is None or term < 18 or not contract.live(on):
        return
    spread = yearly * 12 / term
    yield _found(
        contract, "values", _weight(contract, "low"),
        f"The register says {money(yearly)} a year and as much in all over {duration(term)}: one "
        "of them is wrong. Other findings take it as the value a year.",
        spread, yearly,
    )  # fmt: skip


def no_break(contract: Held, on: date) -> Iterator[Finding]:
    """Two years or more are left and no break is known."""
    left = contract.months_left(on)
    if contract.break_known or not contract.live(on) or left < 24:
        return
    rest = Decimal(str(round(left / 12, 4))) * contract.yearly if contract.yearly else None
    # Where no contract of a file has one, the file does not tell, and all of them are alike.
    weight: Severity = _weight(contract, "low") if contract.breaks_told else "note"
    names = "the register names" if contract.breaks_told else "this file never names"
    which = "no break or notice" if contract.breaks_told else "breaks or notice"
    yield _found(
        contract, "no_break", weight,
        f"{duration(round(left)).capitalize()} are left and {names} {which}; "
        "look it up in the contract.",
        Decimal(0) if rest else None, rest,
    )  # fmt: skip


def options_left(contract: Held, on: date) -> Iterator[Finding]:
    """It may still be extended."""
    if not contract.options or not contract.live(on) or contract.end is None:
        return
    total = sum(contract.options)
    worth = contract.yearly * total / 12 if contract.yearly else None
    parts = several(contract.options)
    yield _found(
        contract, "options_left", _weight(contract, "low"),
        f"Not yet taken: {parts}, from {day(contract.end)} on.",
        Decimal(0) if worth else None, worth, contract.end,
    )  # fmt: skip


def time_to_act(contract: Held, on: date) -> Iterator[Finding]:
    """The day by which to start on what comes next is past, or within a year."""
    due = act_by(contract)
    if due is None or not contract.live(on) or (due.day - on).days > 366:
        return
    overdue = due.day < on and not due.short
    notice = f"{duration(round(due.notice))} of notice" + (" (assumed)" if due.assumed else "")
    needs = f"{notice} and {duration(due.lead)} {due.purpose}"
    assert contract.end is not None
    reason = f"Act by {day(due.day)}: it ends on {day(contract.end)}, less {needs}."
    if due.short:
        reason = (
            f"It ends on {day(contract.end)}; its whole term is shorter than {needs}. If the "
            "need goes on, start now."
        )
    elif overdue:
        reason += " That day is past."
    if contract.options:
        reason += " An option could be taken instead."
    yield _found(
        contract, "act_by", _weight(contract, "medium" if overdue else "low"), reason,
        contract.yearly, contract.yearly, on if due.short else due.day,
    )  # fmt: skip


def lock_in(contract: Held, on: date) -> Iterator[Finding]:
    """What leaving it today would cost."""
    if not contract.live(on):
        return
    found = exposure(contract, on)
    if found is None:
        return
    leaving = found.leaving
    basis = (
        f"Indicative, from {found.cases} cases; enter the contract's own clause to replace it."
        if found.indicative
        else "From the contract's own clause."
    )
    yield _found(
        contract, "exposure", "note",
        f"Leaving today would cost {span(leaving.low, leaving.high)}; staying to the end may cost "
        f"{span(found.staying.low, found.staying.high)} more than it should if requirements change "
        f"at the usual rate. {basis} Commercially sensitive.",
        leaving.low, leaving.high,
    )  # fmt: skip


def changed(contract: Held, on: date) -> Iterator[Finding]:
    """Its value or its term has grown by more than the tenth that the law allows without more."""
    most = (prior("P061").high or Decimal(10)) / 100
    first, now = contract.first_total, contract.total
    if first and now and first > 0 and abs(now - first) > first * most:
        share = (now / first - 1) * 100
        yield _found(
            contract, "changed", _weight(contract, "medium"),
            f"Its value went from {money(first)} to {money(now)}, {share:+.0f}%.",
            min(abs(now - first), now), abs(now - first),
        )  # fmt: skip
    yield from _longer(contract, most)


def _longer(contract: Held, most: Decimal) -> Iterator[Finding]:
    """Whether it runs on past its first term and all of its options."""
    start, initial, end = contract.start, contract.initial_end, contract.end
    if not (start and initial and end) or not start < initial < end:
        return
    first = max((initial - start).days, (contract.term or 0) * 30.4375)
    allowed = first + contract.options_all * 30.4375
    over = (end - start).days - allowed
    if over > float(most) * allowed and over > 31:
        worth = contract.yearly * Decimal(round(over)) / 365 if contract.yearly else None
        yield _found(
            contract, "changed", _weight(contract, "low"),
            f"It was to end on {day(initial)} and now ends on {day(end)}: "
            f"{duration(round(over / 30.4375))} more than its term and all of its options.",
            worth, worth,
        )  # fmt: skip


def direct_award(contract: Held, on: date) -> Iterator[Finding]:
    """It was awarded without competition."""
    if not is_direct(contract.procedure):
        return
    if contract.end is not None and contract.end < on:
        return
    yield _found(
        contract, "direct_award", _weight(contract, "low"),
        f"Awarded as `{contract.procedure}`, without competition.",
        contract.total, contract.total,
    )  # fmt: skip


def pfi_like(contract: Held, on: date) -> Iterator[Finding]:
    """Its words or its length are those of a private finance deal."""
    said = _PFI.search(contract.title)
    very = (contract.months or 0) >= 240 and (contract.total or Decimal(0)) >= 10_000_000
    if contract.live(on) and (said or very):
        why = (
            f"Its title says `{said[0]}`" if said else f"It lasts {duration(contract.months or 0)}"
        )
        yield _found(
            contract, "pfi_like", _weight(contract, "medium"),
            f"{why}: look for unitary charges, asset transfer and termination sums.",
            contract.total, contract.total,
        )  # fmt: skip


def too_short(contract: Held, on: date) -> Iterator[Finding]:
    """Setting it up again costs more than a competition can save over so short a term.

    A competition is taken to save P010 (3%) of the price; below that share a new procurement does
    not pay for itself. The other tail is `long`.
    """
    if contract.months is None or contract.months > 18 or not contract.live(on):
        return
    total = contract.total
    if not total or total < 100_000:
        return
    cost = procurement(total)
    gain = (prior("P010").high or Decimal(4)) / 100 * total
    if cost.central > gain:
        yield _found(
            contract, "too_short", "low",
            f"Over {duration(contract.months)} a competition may save {money(gain)}, but costs "
            f"{span(cost.low, cost.high)} to run; a longer term or an option would recover it.",
            cost.low, cost.high,
        )  # fmt: skip


TERM_RULES: tuple[Rule, ...] = (
    long, no_end, dates, values, no_break, options_left, time_to_act, lock_in, changed,
    direct_award, pfi_like, too_short,
)  # fmt: skip
"""Every rule about one contract; each docstring says what it flags."""
