"""The rules of an event, each as a predicate.

A predicate gives a sentence for each thing that breaks the rule; none where it holds. Its
docstring is what a reader sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from sourcemix.model.event import Event
from sourcemix.model.plan import RuleCheck
from sourcemix.model.rules import (
    Budget,
    Excludes,
    MaxShare,
    MaxSuppliers,
    MaxValue,
    MaxWinners,
    MinShare,
    MinSuppliers,
    MinWinners,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
    Who,
    rule_name,
)
from sourcemix.verify.arithmetic import pounds, total
from sourcemix.verify.award_facts import AwardFacts, paid_in_all

Breaks = Iterator[str]


def max_winners(rule: MaxWinners | MaxSuppliers, award: AwardFacts) -> Breaks:
    """Too many suppliers win."""
    count = len(award.winning_in(rule.region))
    if count > rule.limit:
        yield f"{count} win{_where(rule.region)}, at most {rule.limit} may"


def min_winners(rule: MinWinners | MinSuppliers, award: AwardFacts) -> Breaks:
    """Too few suppliers win."""
    count = len(award.winning_in(rule.region))
    if count < rule.limit:
        yield f"{count} win{_where(rule.region)}, at least {rule.limit} should"


def max_share(rule: MaxShare, award: AwardFacts) -> Breaks:
    """A supplier, or some suppliers together, have more than their share of what is paid."""
    most = Fraction(rule.share) * paid_in_all(award)
    if not rule.who.model_dump(exclude_none=True):
        for supplier in award.suppliers:
            if award.paid(supplier) > most:
                yield (
                    f"`{supplier}` is paid {pounds(award.paid(supplier))}, at most "
                    f"{pounds(most)} is allowed"
                )
        return
    paid = _paid_to(rule.who, award)
    if paid > most:
        yield f"they are paid {pounds(paid)}, at most {pounds(most)} is allowed"


def min_share(rule: MinShare, award: AwardFacts) -> Breaks:
    """Some suppliers together have less than their share of what is paid."""
    least = Fraction(rule.share) * paid_in_all(award)
    paid = _paid_to(rule.who, award)
    if paid < least:
        yield f"they are paid {pounds(paid)}, at least {pounds(least)} is asked"


def must_use(rule: MustUse, award: AwardFacts) -> Breaks:
    """A bid or supplier that must win does not."""
    if not _wins(rule, award):
        yield f"`{rule.offer or rule.supplier}` does not win"


def must_not_use(rule: MustNotUse, award: AwardFacts) -> Breaks:
    """A bid or supplier that must not win does."""
    if _wins(rule, award):
        yield f"`{rule.offer or rule.supplier}` wins"


def max_value(rule: MaxValue, award: AwardFacts) -> Breaks:
    """A supplier is paid more than it may be."""
    for supplier in award.suppliers:
        if rule.supplier in (None, supplier) and award.paid(supplier) > rule.amount:
            yield f"`{supplier}` is paid {pounds(award.paid(supplier))}"


def budget(rule: Budget, award: AwardFacts) -> Breaks:
    """The cost of the award is over the budget."""
    if award.cost > rule.amount:
        yield f"it costs {pounds(award.cost)}, the budget is {pounds(rule.amount)}"


def excludes(rule: Excludes, award: AwardFacts) -> Breaks:
    """Bids that exclude each other win together."""
    both = sorted(set(rule.offers) & set(award.winners))
    if len(both) > 1:
        yield f"{' and '.join(both)} win"


def requires(rule: Requires, award: AwardFacts) -> Breaks:
    """A bid wins without another one that it needs."""
    for need in rule.needs:
        if rule.offer in award.winners and need not in award.winners:
            yield f"`{rule.offer}` wins without `{need}`"


def _where(region: str | None) -> str:
    return f" in {region}" if region is not None else ""


def _wins(rule: MustUse | MustNotUse, award: AwardFacts) -> bool:
    if rule.offer is not None:
        return rule.offer in award.winners
    return rule.supplier in award.suppliers


def _paid_to(who: Who, award: AwardFacts) -> Fraction:
    return total(
        award.paid(bidder.id)
        for bidder in award.event.suppliers
        if who.supplier in (None, bidder.id)
        and who.kind in (None, bidder.kind)
        and who.sme in (None, bidder.sme)
        and who.local in (None, bidder.local)
    )


PREDICATES: dict[str, Callable[[Any, AwardFacts], Breaks]] = {
    "budget": budget,
    "excludes": excludes,
    "max_share": max_share,
    "max_suppliers": max_winners,
    "max_value": max_value,
    "max_winners": max_winners,
    "min_share": min_share,
    "min_suppliers": min_winners,
    "min_winners": min_winners,
    "must_not_use": must_not_use,
    "must_use": must_use,
    "requires": requires,
}
"""The predicate of each kind of rule that this version checks in events."""


def unchecked(rule: Rule) -> str | None:
    """Why a rule is not checked by this version; None where it is."""
    if rule.kind not in PREDICATES:
        return f"a rule `{rule.kind}` in an event"
    if rule.soft is not None:
        return "a rule with a price (`soft`)"
    if isinstance(rule, MaxShare | MinShare) and rule.of != "spend":
        return "a share of a service in an event"
    if isinstance(rule, MaxSuppliers | MinSuppliers) and rule.service is not None:
        return "`service` in an event"
    if isinstance(rule, MustUse | MustNotUse) and (rule.offer is None) == (rule.supplier is None):
        return f"`{rule.kind}` without exactly one of `offer` and `supplier`"
    return None


def favours(rule: Rule) -> bool:
    """Whether a rule gives a share by size, kind or place of suppliers."""
    if not isinstance(rule, MaxShare | MinShare):
        return False
    return any(part is not None for part in (rule.who.sme, rule.who.local, rule.who.kind))


def check_award_rules(event: Event, award: AwardFacts) -> tuple[RuleCheck, ...]:
    """Test every rule of an event."""
    checks = []
    for rule in event.rules:
        reason = unchecked(rule)
        if reason is not None:
            detail = f"{reason} is not checked by this version"
        else:
            predicate = PREDICATES[rule.kind]
            message = (predicate.__doc__ or rule.kind).strip().rstrip(".")
            broken = "; ".join(predicate(rule, award))
            detail = f"{message}: {broken}" if broken else ""
        checks.append(RuleCheck(rule=rule_name(rule), holds=not detail, detail=detail))
    return tuple(checks)
