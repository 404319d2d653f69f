"""The life of agreements, followed through the tree from the decisions alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sourcemix.model.plan import Decision, PlanNode
from sourcemix.model.tree import Node
from sourcemix.verify.world import World

Why = Literal["failed", "withdrawn", "reorganised", "expired", "noticed_before", "decided"]
"""Why an agreement ends."""


@dataclass(frozen=True, slots=True)
class Live:
    """A live agreement at a node.

    Attributes:
        offer: its offer.
        since: node at which it started; None: it was live before the case begins.
        procured: node at which it was decided; None: it was signed before the case begins.
        age: whole periods that it had run before this one.
        ends: first period in which it is no longer live, where notice has been given.
        noticed_before: whether that notice was given before the case begins.
    """

    offer: str
    since: int | None
    procured: int | None
    age: int
    ends: int | None = None
    noticed_before: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """A start that has been decided and has not come yet.

    Attributes:
        offer: the offer.
        start: period in which it starts.
        procured: node at which it was decided; None: before the case begins.
    """

    offer: str
    start: int
    procured: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """An agreement that was live at the parent and is over at this node.

    Attributes:
        offer: its offer.
        age: whole periods that it had run.
        why: the reason.
    """

    offer: str
    age: int
    why: Why


@dataclass(frozen=True, slots=True)
class Standing:
    """How agreements stand at one node.

    Attributes:
        before: offers live at the parent.
        live: live agreements by offer.
        booked: starts still to come.
        started: offers that start here.
        ended: agreements that end here.
        procured: offers whose start is decided here.
        used: frameworks that anything has been called off from, here or above.
        first_used: those of them that are first used here.
    """

    before: frozenset[str]
    live: Mapping[str, Live]
    booked: tuple[Booked, ...]
    started: tuple[str, ...]
    ended: tuple[Ended, ...]
    procured: tuple[str, ...]
    used: frozenset[str] = frozenset()
    first_used: tuple[str, ...] = ()


def follow(
    world: World, decisions: Mapping[int, tuple[Decision, ...]]
) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """Follow every agreement from the decisions.

    Returns:
        how agreements stand at each node, and a sentence for each decision that is not allowed.
        Such a decision has no effect.
    """
    found: list[Standing] = []
    wrong: list[str] = []
    first = _today(world)
    for node in world.tree.nodes:
        before = first if node.parent is None else found[node.parent]
        step = _Step(world, node, before)
        found.append(step.take(decisions.get(node.id, ())))
        wrong += step.wrong
    return tuple(found), tuple(wrong)


def decisions_of(nodes: tuple[PlanNode, ...]) -> dict[int, tuple[Decision, ...]]:
    """The decisions of a plan by node."""
    return {node.node: node.decisions for node in nodes}


def _today(world: World) -> Standing:
    """How agreements stand just before the case begins; ages are those of the first period."""
    live: dict[str, Live] = {}
    booked = []
    horizon = world.case.horizon
    for agreement in world.case.agreements:
        if agreement.pending is not None:
            start = max(0, horizon.first_from(agreement.pending))
            booked.append(Booked(agreement.offer, start, None))
        elif agreement.started is not None:
            day = agreement.started
            run = (horizon.start.year - day.year) * 12 + horizon.start.month - day.month
            whole = run - 1 if day.day > horizon.start.day else run
            notice = agreement.in_notice
            live[agreement.offer] = Live(
                agreement.offer,
                since=None,
                procured=None,
                age=max(0, whole) // horizon.months,
                ends=None if notice is None else max(0, horizon.first_from(notice)),
                noticed_before=notice is not None,
            )
    return Standing(frozenset(), live, tuple(booked), (), (), ())


class _Step:
    """One node: drivers are seen, decisions are made, agreements end and start."""

    def __init__(self, world: World, node: Node, before: Standing) -> None:
        self.world, self.node, self.period = world, node, node.period
        self.before = frozenset(before.live)
        older = 0 if node.parent is None else 1
        self.live = {name: replace(a, age=a.age + older) for name, a in before.live.items()}
        self.booked = list(before.booked)
        self.started: list[str] = []
        self.ended: list[Ended] = []
        self.procured: list[str] = []
        self.used = before.used
        self.wrong: list[str] = []

    def take(self, decisions: tuple[Decision, ...]) -> Standing:
        """Do what the decisions say, and what happens without them."""
        for decision in decisions:
            if decision.offer not in self.world.offers:
                self._refuse(decision, "there is no such offer")
        known = [d for d in decisions if d.offer in self.world.offers]
        used_before = self.used
        self._end_by_events()
        for decision in known:
            if decision.action == "end" and decision.effect <= self.period:
                self._end(decision)
        self._end_by_notice()
        for decision in known:
            if decision.action == "procure":
                self._procure(decision)
        self._start()
        for decision in known:
            if decision.action == "end" and decision.effect > self.period:
                self._end(decision)
        return Standing(
            before=self.before,
            live=dict(sorted(self.live.items())),
            booked=tuple(self.booked),
            started=tuple(sorted(self.started)),
            ended=tuple(sorted(self.ended, key=lambda ended: ended.offer)),
            procured=tuple(sorted(self.procured)),
            used=self.used,
            first_used=tuple(sorted(self.used - used_before)),
        )

    def _end_by_events(self) -> None:
        """Ends that nobody decides: failure, withdrawal, reorganisation, expiry."""
        for name, agreement in list(self.live.items()):
            offer = self.world.offers[name]
            if offer.supplier in self.node.failed:
                self._over(agreement, "failed")
            elif name in self.node.withdrawn:
                self._over(agreement, "withdrawn")
            elif name in self.node.ended:
                self._over(agreement, "reorganised")
            elif agreement.age >= self.world.longest(offer):
                self._over(agreement, "expired")

    def _end_by_notice(self) -> None:
        for agreement in list(self.live.values()):
            if agreement.ends is not None and agreement.ends <= self.period:
                why: Why = "noticed_before" if agreement.noticed_before else "decided"
                self._over(agreement, why)

    def _over(self, agreement: Live, why: Why) -> None:
        del self.live[agreement.offer]
        self.ended.append(Ended(agreement.offer, agreement.age, why))

    def _procure(self, decision: Decision) -> None:
        """Book a start, if it may be decided here."""
        offer = self.world.offers[decision.offer]
        lead = self.world.lead(offer)
        starts = self.world.case.horizon.begins(decision.effect)
        window = offer.available
        if decision.effect != self.period + lead:
            self._refuse(decision, f"its lead time is {lead} periods")
        elif decision.effect >= self.world.periods:
            self._refuse(decision, "that is beyond the horizon")
        elif offer.supplier in self.node.failed:
            self._refuse(decision, f"its supplier `{offer.supplier}` has failed")
        elif decision.offer in self.node.withdrawn:
            self._refuse(decision, "the offer has been withdrawn")
        elif (window.from_ and starts < window.from_) or (window.until and starts > window.until):
            self._refuse(decision, f"it would start on {starts}, when it is not available")
        elif self.world.expired(offer, self.period):
            self._refuse(decision, f"its framework `{offer.framework}` has expired")
        elif any((b.offer, b.start) == (decision.offer, decision.effect) for b in self.booked):
            self._refuse(decision, "that start has been decided before")
        else:
            self.booked.append(Booked(decision.offer, decision.effect, self.node.id))
            self.procured.append(decision.offer)
            if offer.framework is not None:
                self.used |= {offer.framework}

    def _start(self) -> None:
        """Begin what is booked for this period, unless the other side is gone."""
        due = [booking for booking in self.booked if booking.start == self.period]
        self.booked = [booking for booking in self.booked if booking.start > self.period]
        for booking in due:
            offer = self.world.offers[booking.offer]
            if offer.supplier in self.node.failed or booking.offer in self.node.withdrawn:
                continue
            if booking.offer in self.live:
                self.wrong.append(
                    f"{self._where()}: `{booking.offer}` starts while an earlier agreement of the "
                    "same offer is live; an offer has at most one live agreement"
                )
                continue
            self.live[booking.offer] = Live(
                booking.offer, since=self.node.id, procured=booking.procured, age=0
            )
            self.started.append(booking.offer)

    def _end(self, decision: Decision) -> None:
        """Give notice, or leave at once, if that may be decided here."""
        agreement = self.live.get(decision.offer)
        offer = self.world.offers[decision.offer]
        notice = self.world.notice(offer)
        lag = decision.effect - self.period
        at_once = lag == 0 and not self.world.binding(offer)
        if agreement is None:
            self._refuse(decision, "no agreement of it is live")
        elif lag != notice and not at_once:
            self._refuse(decision, f"its notice is {notice} periods")
        elif agreement.ends is not None:
            self._refuse(decision, "it is in its notice period already")
        elif decision.effect >= self.world.periods:
            self._refuse(decision, "that is beyond the horizon")
        elif agreement.age + lag >= self.world.longest(offer):
            self._refuse(decision, "it expires by then without a decision")
        else:
            self.live[decision.offer] = replace(agreement, ends=decision.effect)

    def _refuse(self, decision: Decision, why: str) -> None:
        doing = "procure" if decision.action == "procure" else "end"
        self.wrong.append(
            f"{self._where()}: the decision to {doing} `{decision.offer}` from period "
            f"{decision.effect} is not allowed: {why}"
        )

    def _where(self) -> str:
        return f"node {self.node.id} (period {self.period})"
