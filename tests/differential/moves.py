"""Everything that may be done about one offer at one node.

Written from the section "Agreements" of the reference page, sentence by sentence. What it costs
is in `lines`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tests.differential.ground import Ground, exact
from tests.differential.lines import Lines
from tests.differential.states import Coming, Live, Move, State

from sourcemix.model.offers import Offer
from sourcemix.model.tree import Node

Decided = tuple[tuple[str, int], ...]
Fees = tuple[tuple[int, Fraction], ...]


class Moves:
    """The moves of one offer. `exposed`: whether its exposure is asked for in any case."""

    def __init__(self, ground: Ground, offer: Offer, exposed: bool = False) -> None:
        self.ground, self.offer = ground, offer
        self.lines = Lines(ground, offer, exposed)
        form = ground.case.forms[offer.form]
        lead = form.lead if offer.lead is None else offer.lead
        assert lead is not None
        self.lead = lead // ground.months
        self.notice, self.longest = self.lines.notice, self.lines.longest

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
        for kept, fees, ended in self._keep_or_leave(node, state.live):
            for live, coming, decisions in self._start(node, kept, state.coming):
                for held, more in self._give_notice(node, live):
                    done = (*ended, *decisions, *more)
                    yield self.lines.move(node, state, State(held, coming), fees, done)

    def allowed(self, node: Node, move: Move) -> bool:
        """Whether an agreement is not longer than `max_term` allows."""
        return self.lines.allowed(node, move)

    def _gone(self, node: Node) -> bool:
        return self.offer.supplier in node.failed or self.offer.id in node.withdrawn

    def _keep_or_leave(
        self, node: Node, live: Live | None
    ) -> Iterator[tuple[Live | None, Fees, Decided]]:
        """The present agreement: what becomes of it as the period begins."""
        if live is None:
            yield None, (), ()
            return
        live = replace(live, age=live.age + 1)
        by_itself = (
            live.age >= self.longest
            or self._gone(node)
            or self.offer.id in node.ended
            or (live.told and live.ends == node.period)
        )
        if by_itself:
            yield None, (), ()
        elif live.ends == node.period:
            yield None, self._fees(node, live.age), ()
        else:
            yield live, (), ()
            if self.notice == 0 and not live.told:
                yield None, self._fees(node, live.age), (("end", node.period),)

    def _start(
        self, node: Node, kept: Live | None, coming: tuple[Coming, ...]
    ) -> Iterator[tuple[Live | None, tuple[Coming, ...], Decided]]:
        """Agreements that start here, and procurement."""
        due = [c for c in coming if c.start == node.period]
        later = tuple(c for c in coming if c.start > node.period)
        if due and not self._gone(node):
            if kept is not None:
                return  # two live agreements of one offer
            (first,) = due
            kept = Live(0, first.known, node.id)
        may = self._may_procure(node)
        yield kept, later, ()
        if not may or any(c.start == node.period + self.lead for c in later):
            return
        decided = (("procure", node.period + self.lead),)
        known = frozenset(node.arisen)
        if self.lead:
            signed = (*later, Coming(node.period + self.lead, known))
            yield kept, tuple(sorted(signed, key=lambda c: c.start)), decided
        elif kept is None:
            yield Live(0, known, node.id), later, decided

    def _may_procure(self, node: Node) -> bool:
        start = node.period + self.lead
        if start >= self.ground.periods or self._gone(node):
            return False
        begins = self.ground.case.horizon.begins
        framework = self.lines.framework
        expires = None if framework is None else framework.expires
        if expires is not None and begins(node.period) > expires:
            return False
        day = begins(start)
        window = self.offer.available
        early = window.from_ is not None and day < window.from_
        late = window.until is not None and day > window.until
        return not early and not late

    def _give_notice(self, node: Node, live: Live | None) -> Iterator[tuple[Live | None, Decided]]:
        """Notice of the live agreement. The end of the horizon and expiry need none."""
        yield live, ()
        effect = node.period + self.notice
        if self.notice == 0 or live is None or live.ends is not None:
            return
        if effect < self.ground.periods and live.age + self.notice < self.longest:
            yield replace(live, ends=effect), (("end", effect),)

    def _fees(self, node: Node, age: int) -> Fees:
        """Fee of an end at an age: each missing period's, by the period in which it is due."""
        if not self.lines.binding:
            return ()
        each = exact(self.offer.exit.fee_per_missing_year) * self.ground.part
        last = self.ground.periods - 1
        missing = self.lines.missing(age)
        return tuple((min(node.period + k, last), each) for k in range(missing) if each)
