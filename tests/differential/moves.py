"""Everything that may be done about one offer at one node, and what it costs by itself.

Written from the sections "Agreements" and "Cost of a period" of the reference page, sentence by
sentence. Costs are expected present values, exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.differential.ground import ZERO, Ground, below, by_year, exact, nearest
from tests.differential.prices import Prices, listed

from sourcemix.model.offers import Offer
from sourcemix.model.rules import MaxExitExposure, MaxShare, MaxTerm, MaxValue, MinShare
from sourcemix.model.tree import Node


@dataclass(frozen=True)
class Live:
    """A live agreement: whole periods run, what had arisen when it was procured, its end.

    `since` is the node at which it started (none: before the case); `told`: whether the notice
    was given before the case begins.
    """

    age: int
    known: frozenset[str]
    since: int | None
    ends: int | None = None
    told: bool = False


@dataclass(frozen=True)
class Coming:
    """A signed agreement that starts in period `start`."""

    start: int
    known: frozenset[str]


@dataclass(frozen=True)
class State:
    """Where an offer stands when a node is done."""

    live: Live | None = None
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class Served:
    """What a live agreement can do for one service at a node.

    Volume up to `paid` costs nothing more, as it is committed; beyond it, up to `most`, units are
    charged by `prices`, change included.
    """

    service: str
    paid: Fraction
    most: Fraction | None
    prices: Prices


@dataclass(frozen=True)
class Standing:
    """What others feel of an offer at a node.

    `spend`: what a supplier outside is paid whatever it serves, where a rule speaks of spend.
    `exposure`: what leaving it would cost, where a rule speaks of that. `calls`: whether it is
    procured here through a framework; `called`: what is spent through one that has a ceiling.
    """

    live: bool
    before: bool
    starts: bool
    serves: tuple[Served, ...] = ()
    spend: Fraction = ZERO
    exposure: Fraction = ZERO
    calls: bool = False
    called: Fraction = ZERO


@dataclass(frozen=True)
class Move:
    """One way through a node: decisions, where it leads, its own cost.

    `cost` leaves out what depends on others: volume beyond the committed, takeover, and the lines
    that are not an offer's own.
    """

    after: State
    standing: Standing
    cost: Fraction
    decisions: tuple[tuple[str, int], ...] = ()


class Moves:
    """The moves of one offer."""

    def __init__(self, ground: Ground, offer: Offer) -> None:
        self.ground, self.offer = ground, offer
        form = ground.case.forms[offer.form]
        months = ground.months
        self.binding = form.binding is True
        lead = form.lead if offer.lead is None else offer.lead
        assert lead is not None
        self.lead = lead // months
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
        frameworks = [f for f in ground.case.frameworks if f.id == offer.framework]
        self.framework = frameworks[0] if frameworks else None
        outside = ground.kinds[offer.supplier] != "in_house"
        self.capped = outside and any(f.ceiling is not None for f in frameworks)
        self.manage = exact(form.manage or 0)
        every = [rule for here in ground.rules for rule in here]
        every += [rule for rule, _ in ground.plan_rules]
        of_spend = any(
            isinstance(rule, MaxValue)
            or (isinstance(rule, MaxShare | MinShare) and rule.of == "spend")
            for rule in every
        )
        self.exposed = any(isinstance(rule, MaxExitExposure) for rule in every)
        self.counted = of_spend and ground.kinds[offer.supplier] != "in_house"

    def today(self) -> State:
        """Where the offer stands as the case begins; ages are those of the period before."""
        live, coming = None, []
        horizon = self.ground.case.horizon
        for agreement in self.ground.case.agreements:
            if agreement.offer != self.offer.id:
                continue
            if agreement.pending is not None:
                start = horizon.first_from(agreement.pending)
                coming.append(Coming(start, frozenset()))
                continue
            assert agreement.started is not None
            months = (horizon.start.year - agreement.started.year) * 12
            months += horizon.start.month - agreement.started.month
            months -= agreement.started.day > horizon.start.day
            ends = None
            if agreement.in_notice is not None:
                ends = horizon.first_from(agreement.in_notice)
            age = months // horizon.months
            live = Live(age - 1, frozenset(), None, ends, told=ends is not None)
        return State(live, tuple(coming))

    def moves(self, node: Node, state: State) -> Iterator[Move]:
        """All legal moves at a node, from where the parent left the offer."""
        for kept, fee, ended in self._keep_or_leave(node, state.live):
            for live, coming, cost, decisions in self._start(node, kept, state.coming):
                for held, more in self._give_notice(node, live):
                    done = (*ended, *decisions, *more)
                    yield self._move(node, state, State(held, coming), fee + cost, done)

    def _calls(self, decisions: tuple[tuple[str, int], ...]) -> bool:
        return self.framework is not None and any(name == "procure" for name, _ in decisions)

    def _gone(self, node: Node) -> bool:
        return self.offer.supplier in node.failed or self.offer.id in node.withdrawn

    def _keep_or_leave(
        self, node: Node, live: Live | None
    ) -> Iterator[tuple[Live | None, Fraction, tuple[tuple[str, int], ...]]]:
        """The present agreement: what becomes of it as the period begins."""
        if live is None:
            yield None, ZERO, ()
            return
        live = replace(live, age=live.age + 1)
        by_itself = (
            live.age >= self.longest
            or self._gone(node)
            or self.offer.id in node.ended
            or (live.told and live.ends == node.period)
        )
        if by_itself:
            yield None, ZERO, ()
        elif live.ends == node.period:
            yield None, self._fee(node, live.age), ()
        else:
            yield live, ZERO, ()
            if self.notice == 0 and not live.told:
                yield None, self._fee(node, live.age), (("end", node.period),)

    def _start(
        self, node: Node, kept: Live | None, coming: tuple[Coming, ...]
    ) -> Iterator[tuple[Live | None, tuple[Coming, ...], Fraction, tuple[tuple[str, int], ...]]]:
        """Agreements that start here, and procurement."""
        due = [c for c in coming if c.start == node.period]
        later = tuple(c for c in coming if c.start > node.period)
        if due and not self._gone(node):
            if kept is not None:
                return  # two live agreements of one offer
            (first,) = due
            kept = Live(0, first.known, node.id)
        may = self._may_procure(node)
        yield kept, later, ZERO, ()
        if not may or any(c.start == node.period + self.lead for c in later):
            return
        cost = self.procurement * self.ground.weight(node)
        decided = (("procure", node.period + self.lead),)
        known = frozenset(node.arisen)
        if self.lead:
            signed = (*later, Coming(node.period + self.lead, known))
            yield kept, tuple(sorted(signed, key=lambda c: c.start)), cost, decided
        elif kept is None:
            yield Live(0, known, node.id), later, cost, decided

    def _may_procure(self, node: Node) -> bool:
        start = node.period + self.lead
        if start >= self.ground.periods or self._gone(node):
            return False
        begins = self.ground.case.horizon.begins
        expires = None if self.framework is None else self.framework.expires
        if expires is not None and begins(node.period) > expires:
            return False
        day = begins(start)
        window = self.offer.available
        early = window.from_ is not None and day < window.from_
        late = window.until is not None and day > window.until
        return not early and not late

    def _give_notice(
        self, node: Node, live: Live | None
    ) -> Iterator[tuple[Live | None, tuple[tuple[str, int], ...]]]:
        """Notice of the live agreement. The end of the horizon and expiry need none."""
        yield live, ()
        effect = node.period + self.notice
        if self.notice == 0 or live is None or live.ends is not None:
            return
        if effect < self.ground.periods and live.age + self.notice < self.longest:
            yield replace(live, ends=effect), (("end", effect),)

    def _fee(self, node: Node, age: int) -> Fraction:
        """Fee of an end at an age, each missing period at its own discount."""
        if not self.binding:
            return ZERO
        missing = self._missing(age)
        each = exact(self.offer.exit.fee_per_missing_year) * self.ground.part
        last = self.ground.periods - 1
        due = (min(node.period + k, last) for k in range(missing))
        chance = self.ground.chance[node.id]
        return sum((each * chance * self.ground.discount[t] for t in due), ZERO)

    def _missing(self, age: int) -> int:
        """Periods of the commitment that are not run if it is left at an age."""
        term = self.offer.term
        if term.break_from is not None:
            return max(0, term.break_from // self.ground.months - age)
        if age in self.block_ends:
            return 0
        return min(end for end in self.block_ends if end > age) - age

    def _move(
        self,
        node: Node,
        before: State,
        after: State,
        cost: Fraction,
        decisions: tuple[tuple[str, int], ...],
    ) -> Move:
        live, weight = after.live, self.ground.weight(node)
        was = before.live is not None
        if live is None:
            if was:
                once = self.ground.once(self.offer, "transition")
                cost += exact(self.offer.exit.transition) * once * weight
            calls = self._calls(decisions)
            return Move(after, Standing(False, was, False, calls=calls), cost, decisions)
        starts = live.since == node.id
        if starts:
            cost += self.setup * weight
        spend, serves = self._period(node, live, starts)
        operating = self.ground.with_bias("operating")
        running = (spend + self.manage * self.ground.part) * operating
        running -= exact(self.offer.income) * self.ground.part
        standing = Standing(
            True,
            was,
            starts,
            serves,
            spend if self.counted else ZERO,
            self._exposure(node, live) if self.exposed else ZERO,
            self._calls(decisions),
            spend if self.capped else ZERO,
        )
        cost += (running + self._overrun(node, live)) * weight
        return Move(after, standing, cost, decisions)

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

    def _exposure(self, node: Node, live: Live) -> Fraction:
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
            cost += each * self._missing(live.age + ends - node.period)
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
