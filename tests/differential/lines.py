"""What one offer costs by itself at a node, and what others feel of it there.

Written from the sections "Cost of a period" and "Figures of a result" of the reference page,
sentence by sentence. Costs are exact.
"""

from __future__ import annotations

from fractions import Fraction

from tests.differential.ground import ZERO, Ground, below, by_year, exact, nearest
from tests.differential.prices import listed
from tests.differential.states import Live, Move, Served, Standing, State

from sourcemix.model.offers import Offer
from sourcemix.model.rules import MaxExitExposure, MaxShare, MaxTerm, MaxValue, MinShare
from sourcemix.model.tree import Node


class Lines:
    """The lines of one offer. `exposed`: whether its exposure is asked for in any case."""

    def __init__(self, ground: Ground, offer: Offer, exposed: bool = False) -> None:
        self.ground, self.offer = ground, offer
        form = ground.case.forms[offer.form]
        months = ground.months
        self.binding = form.binding is True
        # "At those ends no notice is needed either": forms that are not binding are among them.
        self.notice = offer.term.notice // months if self.binding else 0
        ends = [offer.term.initial]
        for extension in offer.term.extensions:
            ends.append(ends[-1] + extension)
        self.block_ends = [end // months for end in ends]
        self.longest = self.block_ends[-1]
        lines = {**form.setup, **offer.setup}
        self.procurement = exact(lines.pop("procurement", 0)) * ground.once(offer, "procurement")
        biased = (exact(line) * ground.once(offer, name) for name, line in lines.items())
        self.setup = sum(biased, ZERO)
        self.manage = exact(form.manage or 0)
        self.vat = ground.vat(offer)
        frameworks = [f for f in ground.case.frameworks if f.id == offer.framework]
        self.framework = frameworks[0] if frameworks else None
        every = [rule for here in ground.rules for rule in here]
        every += [rule for rule, _ in ground.plan_rules]
        of_spend = any(f.ceiling is not None for f in frameworks) or any(
            isinstance(rule, MaxValue)
            or (isinstance(rule, MaxShare | MinShare) and rule.of == "spend")
            for rule in every
        )
        self.exposed = exposed or any(isinstance(rule, MaxExitExposure) for rule in every)
        self.counted = of_spend and ground.kinds[offer.supplier] != "in_house"

    def move(
        self,
        node: Node,
        before: State,
        after: State,
        fees: tuple[tuple[int, Fraction], ...],
        decisions: tuple[tuple[str, int], ...],
    ) -> Move:
        """A way through a node with what it costs; `fees` by the period in which they are due."""
        live, weight = after.live, self.ground.weight(node)
        was = before.live is not None
        procured = any(name == "procure" for name, _ in decisions)
        calls = procured and self.framework is not None
        paid = self.procurement if procured else ZERO
        overrun = ZERO
        if live is None:
            standing = Standing(False, was, False, calls=calls)
            if was:
                once = self.ground.once(self.offer, "transition")
                paid += exact(self.offer.exit.transition) * once
        else:
            starts = live.since == node.id
            spend, serves = self._period(node, live, starts)
            managed = self.manage * self.ground.part
            merged = self._merged(node, live)
            standing = Standing(
                True,
                was,
                starts,
                serves,
                spend if self.counted else ZERO,
                self.exposure(node, live) if self.exposed else ZERO,
                calls,
                managed if merged else None,
            )
            own = ZERO if merged else managed * self._managers(node, live)
            operating = self.ground.with_bias("operating")
            paid += self.setup if starts else ZERO
            paid += spend * (operating + self.vat) + own * operating
            paid -= exact(self.offer.income) * self.ground.part
            overrun = self._overrun(node, live)
        cost = (paid + overrun) * weight
        chance = self.ground.chance[node.id]
        cost += sum((chance * self.ground.discount[t] * fee for t, fee in fees), ZERO)
        return Move(after, standing, cost, decisions, paid, fees)

    def allowed(self, node: Node, move: Move) -> bool:
        """Whether an agreement is not longer than `max_term` allows."""
        live = move.after.live
        return live is None or all(r.soft is not None for r in self._outrun(node, live))

    def _outrun(self, node: Node, live: Live) -> list[MaxTerm]:
        """Rules that want it to have been left by now."""
        run = (live.age + 1) * self.ground.months
        return [
            rule
            for rule in self.ground.rules[node.id]
            if isinstance(rule, MaxTerm)
            and self.ground.selects(rule.who, self.offer.supplier)
            and live.since is not None
            and run > rule.months
        ]

    def _overrun(self, node: Node, live: Live) -> Fraction:
        """What the months of this period cost that it runs beyond a term with a price."""
        prices = (exact(rule.soft or 0) for rule in self._outrun(node, live))
        return sum(prices, ZERO) * self.ground.months

    def _before_vesting(self, node: Node, live: Live) -> bool:
        """Whether it was live the period before it would be split or merged."""
        vesting = self.ground.reorganised(node, self.offer.id)
        return vesting is not None and node.period - live.age < vesting

    def _managers(self, node: Node, live: Live) -> int:
        """By how many authorities it is managed."""
        split = node.split.get(self.offer.id)
        return split if split is not None and self._before_vesting(node, live) else 1

    def _merged(self, node: Node, live: Live) -> bool:
        return self.offer.id in node.merged and self._before_vesting(node, live)

    def missing(self, age: int) -> int:
        """Periods of the commitment that are not run if it is left at an age."""
        term = self.offer.term
        if term.break_from is not None:
            return max(0, term.break_from // self.ground.months - age)
        if age in self.block_ends:
            return 0
        return min(end for end in self.block_ends if end > age) - age

    def exposure(self, node: Node, live: Live) -> Fraction:
        """What it would cost to leave from here at the earliest possible date."""
        offer, ground = self.offer, self.ground
        expires = node.period + self.longest - live.age
        ends = min(expires, node.period + self.notice if live.ends is None else live.ends)
        cost = exact(offer.exit.transition)
        driver = node.prices.get(offer.id)
        for period in range(node.period, ends):
            age = live.age + period - node.period
            year = age * ground.months // 12
            known = min(period, ground.periods - 1)
            index = ground.index(offer, known)
            fixed = by_year(offer.fixed, year) * ground.part * index
            cost += fixed * (exact(driver.fixed) if driver else 1)
            for name, terms in offer.services.items():
                factor = index * (exact(driver.price) if driver else 1)
                prices = listed(terms, by_year(terms.price, year), ground.part, factor)
                share = exact(terms.commit) if self.binding else ZERO
                cost += prices.charge(nearest(share * ground.undriven(name, known)))
        if ends < expires and not live.told and self.binding:
            each = exact(offer.exit.fee_per_missing_year) * ground.part
            cost += each * self.missing(live.age + ends - node.period)
        return cost

    def _period(self, node: Node, live: Live, starts: bool) -> tuple[Fraction, tuple[Served, ...]]:
        """What is charged in this period whatever is served, and what can be served."""
        ground, offer = self.ground, self.offer
        year = live.age * ground.months // 12
        index = ground.index(offer, node.period)
        driver = node.prices.get(offer.id)
        on_price = exact(driver.price) if driver else Fraction(1)
        on_fixed = exact(driver.fixed) if driver else Fraction(1)
        fixed = by_year(offer.fixed, year) * ground.part * index * on_fixed
        spend = fixed + self._adapting(node, live, starts)
        serves = []
        for name, terms in offer.services.items():
            markup = self._markup(node, live, name)
            factor = index * on_price * (1 + markup)
            prices = listed(terms, by_year(terms.price, year), ground.part, factor)
            share = exact(terms.commit) if self.binding else ZERO
            committed = nearest(share * ground.undriven(name, node.period))
            most = None
            if terms.capacity is not None:
                most = below(by_year(terms.capacity, year) * ground.part)
            spend += prices.charge(committed) + markup * fixed / len(offer.services)
            serves.append(Served(name, committed, most, prices))
        return spend, tuple(serves)

    def _unforeseen(self, node: Node, live: Live) -> list[str]:
        return [r for r in node.arisen if r not in live.known]

    def _markup(self, node: Node, live: Live, service: str) -> Fraction:
        """Change as a share of the charges for a service."""
        markup = ZERO
        for name in self._unforeseen(node, live):
            driver = self.ground.requirements[name]
            if service in driver.services and self.offer.id not in driver.adapts:
                markup += exact(self.offer.change_rate or 0) * exact(driver.size)
        return markup

    def _adapting(self, node: Node, live: Live, starts: bool) -> Fraction:
        """Payments that take the place of the change rate, once."""
        cost = ZERO
        first = set(node.arisen) - set(self.ground.arisen_before(node))
        for name in self._unforeseen(node, live):
            adapts = self.ground.requirements[name].adapts
            if self.offer.id in adapts and (starts or name in first):
                cost += exact(adapts[self.offer.id])
        return cost
