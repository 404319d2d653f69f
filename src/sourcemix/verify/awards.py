"""An award recomputed to the penny from the quantities won."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.award import SupplierAward, Winner
from sourcemix.model.event import Bid, Event
from sourcemix.model.plan import RuleCheck, Verification
from sourcemix.verify.arithmetic import number, pence, pounds, total
from sourcemix.verify.award_facts import AwardFacts, award_facts
from sourcemix.verify.award_rules import check_award_rules, favours
from sourcemix.verify.discounts import one_kind
from sourcemix.verify.findings import Findings


@dataclass(frozen=True, slots=True)
class AwardAccounts:
    """What an award comes to, in pounds to the penny.

    Attributes:
        costs: `price`, `discount` (negative), `switching`, `onboarding`, `unawarded`.
        cost: their sum: what is minimised.
        suppliers: what each winning supplier wins, by id.
        unawarded: lots without a winner, by id.
        rules: each rule.
        discrepancies: all that is not as it should be, in words.
        checks: how many statements were checked.
    """

    costs: dict[str, Decimal]
    cost: Decimal
    suppliers: tuple[SupplierAward, ...]
    unawarded: tuple[str, ...]
    rules: tuple[RuleCheck, ...]
    discrepancies: tuple[str, ...]
    checks: int

    @property
    def verification(self) -> Verification:
        """The record of the check, as a result holds it."""
        return Verification(checks=self.checks, discrepancies=self.discrepancies, rules=self.rules)


def award(event: Event, winners: tuple[Winner, ...], unawarded: tuple[str, ...]) -> AwardAccounts:
    """Recompute an award from the quantities won, and check all that it states.

    Args:
        event: the event.
        winners: winning bids with the quantities won and their price.
        unawarded: lots that are left without a winner.
    """
    findings = Findings()
    _check_event(event, findings)
    bids = {bid.id: bid for bid in event.bids}
    known = tuple(winner for winner in winners if winner.bid in bids)
    for winner in winners:
        findings.expect(winner.bid in bids, f"bid `{winner.bid}` wins and is not in the event")
    findings.expect(
        len({winner.bid for winner in winners}) == len(winners), "a bid is listed twice as winning"
    )
    prices = {winner.bid: price_of(bids[winner.bid], winner) for winner in known}
    for winner in known:
        _check_winner(event, bids[winner.bid], winner, prices[winner.bid], findings)
    facts = award_facts(event, known, prices)
    _check_lots(event, known, facts, unawarded, findings)
    _check_ties(event, facts, findings)
    _check_suppliers(event, known, facts, findings)
    rules = check_award_rules(event, facts)
    for check in rules:
        findings.expect(check.holds, f"rule `{check.rule}`: {check.detail}")
    return AwardAccounts(
        costs=dict(facts.costs),
        cost=facts.cost,
        suppliers=tuple(facts.suppliers.values()),
        unawarded=facts.unawarded,
        rules=rules,
        discrepancies=tuple(findings.discrepancies),
        checks=findings.checks + len(facts.costs) + len(facts.suppliers),
    )


def price_of(bid: Bid, winner: Winner) -> Decimal:
    """Pounds for what a bid wins, before discount, rounded half-even to the penny."""
    if bid.price is not None:
        return pence(Fraction(bid.price))
    units = total(Fraction(won) for won in winner.lots.values())
    return pence(units * Fraction(bid.unit_price or 0))


def _check_event(event: Event, findings: Findings) -> None:
    """What makes an event unfit, or is not checked by this version."""
    findings.expect(event.quality is None, "`quality` is not checked by this version")
    by_supplier = {discount.supplier for discount in event.discounts}
    for supplier in sorted(by_supplier):
        given = tuple(d for d in event.discounts if d.supplier == supplier)
        findings.expect(one_kind(given), f"the discounts of `{supplier}` are of more than one kind")
    if event.purpose != "award":
        return
    own = {bidder.id for bidder in event.suppliers if bidder.kind == "in_house"}
    for bid in event.bids:
        findings.expect(
            bid.supplier not in own,
            f"bid `{bid.id}` is in-house; in-house suppliers cannot bid for an award",
        )
    for rule in event.rules:
        findings.expect(
            not favours(rule) or rule.stated_in_notice,
            f"a `{rule.kind}` rule by size, kind or place of suppliers needs `stated_in_notice`",
        )


def _check_winner(
    event: Event, bid: Bid, winner: Winner, price: Decimal, findings: Findings
) -> None:
    """One winning bid: who, how much, at what price, within the reserve."""
    where = f"bid `{bid.id}`"
    findings.expect(
        winner.supplier == bid.supplier,
        f"{where} is by `{bid.supplier}`, stated as by `{winner.supplier}`",
    )
    findings.expect(
        winner.price == price, f"{where} costs {pounds(price)}, stated as {pounds(winner.price)}"
    )
    findings.expect(set(winner.lots) <= set(bid.lots), f"{where} wins lots that it is not for")
    if bid.price is not None:
        findings.expect(
            dict(winner.lots) == dict(bid.lots),
            f"{where} wins all that it is for or nothing; it is stated as winning a part",
        )
    else:
        for lot, units in winner.lots.items():
            findings.expect(
                units <= bid.lots.get(lot, 0),
                f"{where} wins {number(units)} of `{lot}`, more than it offers",
            )
        units = sum(winner.lots.values(), Decimal(0))
        findings.expect(
            units > 0 and units >= bid.min,
            f"{where} wins {number(units)} in all, less than its least of {number(bid.min)}",
        )
    most = _reserve(event, bid)
    full = pence(total(map(Fraction, bid.lots.values())) * Fraction(bid.unit_price or 0))
    asked = bid.price if bid.price is not None else full
    findings.expect(
        most is None or asked <= most, f"{where} is dearer than the reserve of its lots"
    )


def _reserve(event: Event, bid: Bid) -> Fraction | None:
    """Most that a bid may cost: the reserves of its lots, pro-rated; None without."""
    lots = {lot.id: lot for lot in event.lots}
    most = Fraction(0)
    for name, units in bid.lots.items():
        lot = lots.get(name)
        if lot is None or lot.reserve is None:
            return None
        if lot.quantity:
            most += Fraction(lot.reserve) * Fraction(units) / Fraction(lot.quantity)
    return most


def _check_lots(
    event: Event,
    winners: tuple[Winner, ...],
    facts: AwardFacts,
    unawarded: tuple[str, ...],
    findings: Findings,
) -> None:
    """Each lot is covered, or left without a winner where that is allowed."""
    for lot in event.lots:
        won = total(Fraction(w.lots[lot.id]) for w in winners if lot.id in w.lots)
        if lot.id in facts.unawarded:
            findings.expect(
                lot.unawarded != "never", f"lot `{lot.id}` has no winner, which is not allowed"
            )
            continue
        enough = won >= lot.quantity if event.free_disposal else won == lot.quantity
        findings.expect(
            enough,
            f"lot `{lot.id}` asks for {number(lot.quantity)} units; {number(won)} are won",
        )
    findings.expect(
        tuple(sorted(unawarded)) == facts.unawarded,
        f"lots without a winner are stated as {_listed(unawarded)}; they are "
        f"{_listed(facts.unawarded)}",
    )


def _check_ties(event: Event, facts: AwardFacts, findings: Findings) -> None:
    """Groups of which one bid wins, and suppliers' conditions."""
    groups: dict[str, list[str]] = {}
    for bid in event.bids:
        if bid.xor is not None and bid.id in facts.winners:
            groups.setdefault(bid.xor, []).append(bid.id)
    for group, won in sorted(groups.items()):
        findings.expect(
            len(won) == 1, f"of the group `{group}` one bid may win; {_listed(won)} win"
        )
    for sentence in _broken_conditions(event, facts.winners):
        findings.expect(False, sentence)
    findings.checks += len(event.conditions)


def _broken_conditions(event: Event, winners: Mapping[str, Winner]) -> Iterator[str]:
    for condition in event.conditions:
        if condition.bid is not None and condition.bid in winners:
            missing = [need for need in condition.needs if need not in winners]
            if missing:
                yield f"bid `{condition.bid}` wins without {_listed(missing)}, which it needs"
        if condition.at_most is not None:
            won = sorted(set(condition.of) & set(winners))
            if len(won) > condition.at_most:
                yield f"at most {condition.at_most} of these bids may win; {_listed(won)} win"


def _check_suppliers(
    event: Event, winners: tuple[Winner, ...], facts: AwardFacts, findings: Findings
) -> None:
    """Each winning supplier's own limits."""
    by = {bid.id: bid.supplier for bid in event.bids}
    for bidder in event.suppliers:
        if bidder.id not in facts.suppliers:
            continue
        row, where = facts.suppliers[bidder.id], f"supplier `{bidder.id}`"
        units = total(
            Fraction(won)
            for winner in winners
            if by[winner.bid] == bidder.id
            for won in winner.lots.values()
        )
        paid = facts.paid(bidder.id)
        findings.expect(
            bidder.capacity is None or units <= bidder.capacity,
            f"{where} wins {number(units)} units, more than its capacity",
        )
        findings.expect(
            bidder.max_lots is None or row.lots <= bidder.max_lots,
            f"{where} wins {row.lots} lots, more than its most of {bidder.max_lots}",
        )
        findings.expect(
            bidder.max_value is None or paid <= bidder.max_value,
            f"{where} is paid {pounds(paid)}, more than its `max_value`",
        )
        findings.expect(
            bidder.min_award is None or paid >= bidder.min_award,
            f"{where} is paid {pounds(paid)}, less than its `min_award`",
        )


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"
