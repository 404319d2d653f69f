"""A plan beside those that it is compared with, and what flexibility is worth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sourcemix.analysis.chain import LINK_NAMES, PENNY, holds_zero, missing_plan, settled
from sourcemix.model.plan import Comparator, Comparison, PlanResult, Step
from sourcemix.report.terminal import Page
from sourcemix.report.words import listed, percent, plain, pounds, rounded, whole_pounds

_CALLED: dict[Comparator, str] = {
    "as_is": "As it is",
    "in_house": "In-house",
    "cheapest_now": "Cheapest today",
}
_MEANS: dict[Comparator, str] = {
    "as_is": "today's agreements, kept or renewed",
    "in_house": "in-house offers alone",
    "cheapest_now": "for each service the offer with the lowest charge today, kept or renewed",
    "named": "the offers that the case names, kept or renewed",
    "single_partnership": "the offers that the case names, kept or renewed",
    "chosen_once": "any mix, but each agreement is kept or renewed",
    "fixed_plan": "any starts and ends, but the same in every future",
}
_FREEDOM = {
    "mix": "Choosing the mix of suppliers, rather than one partnership,",
    "form_and_term": "Choosing forms and terms, rather than keeping what is signed,",
    "timing": "Choosing when, once more is known, rather than by one timetable,",
}


def called(kind: Comparator, name: str) -> str:
    """What a plan to compare with is called."""
    return _CALLED.get(kind) or LINK_NAMES.get(kind) or plain(name)


def print_comparisons(page: Page, result: PlanResult) -> None:
    """Print the table and the chain; nothing where none was asked for."""
    if not result.comparisons:
        return
    page.heading("Compared with other plans")
    page.table(*_table(result))
    if _weighed(result):
        page.say(
            "“Authority” is the cost to the authority; “weighed” is what is minimised: with "
            "penalties for unmet demand, prices of broken rules, the value of outcomes and the "
            "weight of bad futures."
        )
        if len(result.leaves) > 1:
            page.say("“Eight futures of ten” is of the weighed cost, each future by itself.")
    page.points(_means(result))
    page.points(_notes(result))
    if result.chain:
        page.heading("What flexibility is worth")
        verdict = _verdict(result)
        if verdict:
            page.say(verdict)
        page.points(map(step_words, result.chain))
        page.say("The split depends on the order of the steps.")


def step_words(step: Step) -> str:
    """A step of the chain in a sentence that claims no more than is proven."""
    freedom = _FREEDOM[step.name]
    if step.value is None:
        return f"{freedom} has no figure: {step.note}."
    if _nothing(step):
        return f"{freedom} is worth nothing, proven."
    if not holds_zero(step.low, step.high):
        return f"{freedom} is worth {_amount(step.value)}{_between(step)}."
    if step.low is not None and step.high is not None and settled(step.value) <= 0:
        return f"{freedom} may be worth nothing: {_amount(step.high)} at most is not ruled out."
    return (
        f"{freedom} may be worth nothing: {_amount(step.value)} in the plans found"
        f"{_between(step)}, and that holds zero."
    )


def _between(step: Step) -> str:
    """The interval in brackets; empty where it is a point."""
    if step.low is None or step.high is None:
        return " (how far it is from the truth is not known)"
    if _amount(step.low) == _amount(step.high):
        return ", proven"
    return f" (between {_amount(step.low)} and {_amount(step.high)}, proven)"


def _nothing(step: Step) -> bool:
    """Whether a step is proven to be worth a penny at most, either way."""
    ends = (step.low, step.high)
    return all(end is not None and settled(end) == 0 for end in ends)


def _amount(amount: Decimal) -> str:
    """Pounds in round figures; to the penny below one pound, so that no gain is shown as none."""
    amount = settled(amount)
    return pounds(amount.quantize(PENNY)) if abs(amount) < 1 else rounded(amount)


def _verdict(result: PlanResult) -> str:
    """What the last two steps say together, where it is clear."""
    steps = {step.name: step for step in result.chain}
    late = [steps[name] for name in ("form_and_term", "timing") if name in steps]
    if any(step.value is None for step in late):
        return ""
    if all(map(_nothing, late)):
        return (
            "Flexibility is worth nothing here: a mix chosen once and kept costs no more than any "
            "plan that leaves or decides later, proven."
        )
    gains = [step for step in late if step.low is not None and settled(step.low) > 0]
    if len(gains) == 0:
        return (
            "Nothing is proven to be gained by shorter terms or later decisions: a mix chosen once "
            "and kept may be as good."
        )
    if steps["timing"] in gains:
        return "Deciding later, once more is known, is proven to save money here."
    return "Leaving or changing agreements in time is proven to save money here, by a timetable."


def _table(result: PlanResult) -> tuple[list[str], list[list[str]], str]:
    """Heads, rows and alignment: a row for the plan, one for each plan to compare with."""
    futures, weighed = len(result.leaves) > 1, _weighed(result)
    found: list[tuple[str, PlanResult | Comparison]] = [(LINK_NAMES["plan"], result)]
    found += [(called(one.kind, one.name), one) for one in _ordered(result.comparisons)]
    rows = []
    for name, one in found:
        if one.cost is None or one.authority_cost is None:
            gone = "not possible" if one.status == "infeasible" else "none found"
            rows.append([name, gone, *([""] * (1 + weighed + futures))])
            continue
        star = "*" if isinstance(one, Comparison) and one.waived else ""
        cells = [name + star, whole_pounds(one.authority_cost)]
        cells += [whole_pounds(one.cost)] if weighed else []
        if futures and one.low is not None and one.high is not None:
            cells.append(_range(one.low, one.high))
        rows.append([*cells, "" if one.gap is None else percent(one.gap, 2)])
    heads = ["Plan", "Authority"]
    heads += ["Weighed"] if weighed else []
    heads += ["Eight futures of ten"] if futures else []
    return [*heads, "Gap"], rows, "w" + "r" * len(heads)


def _range(low: Decimal, high: Decimal) -> str:
    """A range to the pound; one figure where they agree."""
    ends = (whole_pounds(low), whole_pounds(high))
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _ordered(found: tuple[Comparison, ...]) -> list[Comparison]:
    """Baselines before the links of the chain, the tightest link first."""
    links = ("single_partnership", "chosen_once", "fixed_plan")
    return [
        *(one for one in found if one.kind not in links),
        *(one for one in found if one.kind in links),
    ]


def _means(result: PlanResult) -> Iterator[str]:
    """What the plans in the table are."""
    # There is a plan as it is wherever there are agreements of today.
    todays = any(one.kind == "as_is" for one in result.comparisons)
    for one in _ordered(result.comparisons):
        ended = ", once today's agreements have ended" if todays and one.kind == "in_house" else ""
        yield f"{called(one.kind, one.name)}: {_MEANS[one.kind]}{ended}."


def _weighed(result: PlanResult) -> bool:
    """Whether what is minimised is not the cost to the authority alone."""
    found: list[PlanResult | Comparison] = [result, *result.comparisons]
    return any(one.cost is not None and one.cost != one.authority_cost for one in found)


def _notes(result: PlanResult) -> Iterator[str]:
    """What the table cannot say."""
    for one in _ordered(result.comparisons):
        name = called(one.kind, one.name)
        if one.waived:
            yield (
                f"{name} (*): no such plan holds every rule; it breaks "
                f"{listed(f'`{rule}`' for rule in one.waived)}."
            )
        penalties = one.expected.get("unmet")
        if one.cost is not None and penalties:
            yield (
                f"{name}: not all demand is met: penalties of {_amount(penalties)} count against "
                "it."
            )
        if one.cost is None:
            yield f"{name}: {missing_plan(one.status, one.reason)}.{_conflicts(one)}"


def _conflicts(one: Comparison) -> str:
    """What a plan of a kind cannot do, as a further sentence."""
    if not one.conflicts:
        return ""
    if len(one.conflicts) == 1:
        return f" What it cannot hold: {one.conflicts[0]}."
    return f" What cannot hold together, for a plan of this kind: {listed(one.conflicts)}."
