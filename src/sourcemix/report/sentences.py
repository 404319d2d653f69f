"""Decisions and the value ledger of a plan, as sentences.

One sentence is one decision with the futures in which it is taken. The order is that of the
dates, then of the services and offers, so the same plan always gives the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.plan import Decision, PartyFigure, PlanNode
from sourcemix.model.tree import Tree
from sourcemix.report import conditions, drivers
from sourcemix.report.words import (
    counted,
    day,
    form_name,
    lead_of,
    offer_services,
    percent,
    rounded,
    span,
    supplier_name,
    with_article,
)

NOT_ASSESSED = "not assessed"
_EXPECTED = "(expected, present value)"
_PARTIES = {"residents": "residents and users"}
NOTHING_NOW = "There is nothing to sign or end now."


@dataclass(frozen=True, slots=True)
class _Choice:
    """One decision, taken at some nodes of a period."""

    period: int
    decision: Decision
    nodes: frozenset[int]


def first_decisions(case: Case, nodes: Sequence[PlanNode]) -> tuple[str, ...]:
    """What to decide at the first node."""
    here = next(iter(sorted(nodes, key=lambda node: node.node)), None)
    decisions = sorted(here.decisions, key=_order) if here else []
    return tuple(
        f"{_capital(_action(case, decision))} (decide now{_lead(case, decision)})."
        for decision in decisions
    ) or (NOTHING_NOW,)


def later_decisions(case: Case, tree: Tree, nodes: Sequence[PlanNode]) -> tuple[str, ...]:
    """What to decide after the first node, and on what it depends."""
    rows = conditions.known(tree)
    chance = tree.probabilities()
    sentences = []
    for period in range(1, max(node.period for node in tree.nodes) + 1):
        among = [node.id for node in tree.nodes if node.period == period]
        for choice, other in _paired(case, _choices(tree, nodes, period), among):
            weight = sum((chance[node] for node in choice.nodes), Fraction(0))
            terms = conditions.describe(rows, choice.nodes, among)
            condition = (
                f"in {counted(len(choice.nodes), 'future')} of {len(among)} "
                f"(probability {percent(_decimal(weight))}; `nodes` lists them)"
                if terms is None
                else drivers.condition(case, terms)
            )
            sentences.append(_sentence(case, choice, other, condition, known=terms is not None))
    return tuple(sentences)


def _choices(tree: Tree, nodes: Sequence[PlanNode], period: int) -> list[_Choice]:
    taken: dict[Decision, set[int]] = {}
    for node in nodes:
        if tree.nodes[node.node].period == period:
            for decision in node.decisions:
                taken.setdefault(decision, set()).add(node.node)
    return [_Choice(period, key, frozenset(taken[key])) for key in sorted(taken, key=_order)]


def _paired(
    case: Case, choices: list[_Choice], among: list[int]
) -> list[tuple[_Choice, _Choice | None]]:
    """Put a choice together with the one made for the same services everywhere else."""
    pairs: list[tuple[_Choice, _Choice | None]] = []
    left = list(choices)
    while left:
        choice = left.pop(0)
        rest = frozenset(among) - choice.nodes
        services = set(case.offer(choice.decision.offer).services)
        other = next(
            (
                entry
                for entry in left
                if rest
                and entry.nodes == rest
                and services & set(case.offer(entry.decision.offer).services)
            ),
            None,
        )
        if other is not None:
            left.remove(other)
        pairs.append((choice, other))
    return pairs


def _sentence(
    case: Case, choice: _Choice, other: _Choice | None, condition: str, *, known: bool
) -> str:
    action = _action(case, choice.decision)
    when = day(case.horizon.begins(choice.period))
    if not condition:
        return f"On {when}, whatever happens: {action}{_notes(case, choice)}."
    otherwise = "do not"
    if other is not None:
        otherwise = f"{_action(case, other.decision)}{_notes(case, other)}"
    link = "If" if known else "Only"
    then = "then " if known else ""
    return (
        f"{link} {condition} by {when}, {then}{action}{_notes(case, choice)}; "
        f"otherwise {otherwise}."
    )


def _notes(case: Case, choice: _Choice) -> str:
    lead = choice.decision.effect - choice.period
    if lead <= 0 or choice.decision.action == "end":
        return ""
    return f" ({lead_of(lead * case.horizon.months)} lead)"


def _action(case: Case, decision: Decision) -> str:
    offer = case.offer(decision.offer)
    who = supplier_name(case, offer.supplier)
    services = offer_services(case, offer)
    when = day(case.horizon.begins(decision.effect))
    in_house = case.supplier(offer.supplier).kind == "in_house"
    if decision.action == "end":
        if in_house:
            return f"end in-house delivery of {services} by {who} on {when}"
        return (
            f"give notice to {who}, so that the {form_name(case, offer.form)} for {services} "
            f"ends on {when}"
        )
    if in_house:
        return f"set up in-house delivery of {services} by {who}, to start on {when}"
    form = with_article(form_name(case, offer.form))
    return f"sign {form} with {who} for {services}, to start on {when}"


def _lead(case: Case, decision: Decision) -> str:
    months = decision.effect * case.horizon.months
    if months <= 0:
        return ""
    word = "lead" if decision.action == "procure" else "notice"
    return f"; {lead_of(months)} {word}"


def _order(decision: Decision) -> tuple[int, bool, str]:
    return (decision.effect, decision.action == "end", decision.offer)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def ledger(parties: Sequence[PartyFigure]) -> dict[str, str]:
    """What each party gains or bears; "not assessed" where nobody has stated a value."""
    return {_PARTIES.get(figure.party, figure.party): _party(figure) for figure in parties}


def _party(figure: PartyFigure) -> str:
    if figure.low is None or figure.high is None:
        return NOT_ASSESSED
    partly = ""
    if figure.assessed < figure.offers:
        partly = f"; assessed for {figure.assessed} of {counted(figure.offers, 'agreement')}"
    if figure.party == "taxpayer":
        verb = "pays" if figure.low <= 0 else "receives"
        return f"{verb} {rounded(abs(figure.low))} in all {_EXPECTED}{partly}"
    if figure.unit == "posts":
        return f"{_posts(figure.low, figure.high)} kept on average over the horizon{partly}"
    if figure.party == "residents" and not figure.assessed:
        # Nothing is stated but the value of outcomes: beyond them nothing is known.
        beyond = f"; {NOT_ASSESSED} beyond outcomes" if figure.offers else ""
        return f"{_gain(figure.low, figure.high)} in outcomes {_EXPECTED}{beyond}"
    return f"{_gain(figure.low, figure.high)} {_EXPECTED}{partly}"


def _gain(low: Decimal, high: Decimal) -> str:
    """A gain, a loss, or anything between the two."""
    if low >= 0:
        return f"gain {span(low, high)}"
    if high <= 0:
        return f"lose {span(-high, -low)}"
    return f"between a loss of {rounded(-low)} and a gain of {rounded(high)}"


def _posts(low: Decimal, high: Decimal) -> str:
    least, most = (f"{posts:,f}".rstrip("0").rstrip(".") for posts in (low, high))
    if least != most:
        return f"{least} to {most} posts"
    return f"{least} {'post' if low == 1 else 'posts'}"
