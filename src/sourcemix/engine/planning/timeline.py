"""State machines: when offers are procured, live and left, on the tree.

An agreement of offer ``o`` that starts at node ``s`` is a line of columns ``x(s, n)``: 1 where it
is live at node ``n`` below ``s``. Columns, not rows, carry the rules of time:

- A start is decided once for all nodes below: ``x(s, s) = g(d)``, with ``d`` the ancestor
  ``lead`` periods up.
- Where an agreement cannot end, ``x(s, n)`` *is* the column of the parent.
- An end with notice is decided once: ``x(s, p(n)) - x(s, n) = h(s, m)``, with ``m`` the ancestor
  ``notice`` periods up.
- Expiry, failure, withdrawal and reorganisation: there is no column below.

``y(n) = Σ_s x(s, n) ≤ 1`` and ``g`` are whole; then every ``x`` is. An extended formulation in the
sense of Balas (1998): ages are in the columns, so that every term that depends on age is linear.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.terms import OfferTerms


@dataclass(slots=True)
class Line:
    """One agreement that could be.

    Attributes:
        offer: index of the offer.
        start: node at which it starts; `TODAY` if it is live before the first.
        begins: period in which it starts; negative if before the horizon.
        signed: node at which it was procured; `TODAY` if before the first.
        told: first period in which it is no longer live by a notice given before the case begins.
        at: column by node at which it may be live.
        freely: nodes at which it may be left, not by force: the parent's column less this one's
            (nothing, where the node is not in `at`) is an end on the authority's decision.
        notices: column by node of giving notice there.
    """

    offer: int
    start: int
    begins: int
    signed: int
    told: int | None = None
    at: dict[int, int] = field(default_factory=dict)
    freely: list[int] = field(default_factory=list)
    notices: dict[int, int] = field(default_factory=dict)

    def age(self, period: int) -> int:
        """Whole periods run before a period."""
        return period - self.begins


@dataclass(slots=True)
class Timeline:
    """All lines of one offer.

    Attributes:
        offer: index of the offer.
        procured: column of the decision to procure, by node at which it is taken.
        lines: the agreements that could be.
        live: column of y by node; absent where it cannot be live.
        was_live: column that says whether it is live before the first node (fixed), or None.
    """

    offer: int
    procured: dict[int, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    live: dict[int, int] = field(default_factory=dict)
    was_live: int | None = None

    def before(self, problem: Problem, node: int) -> int | None:
        """Column of being live at the parent of a node; None where it cannot be."""
        parent = int(problem.parent[node])
        return self.was_live if parent == TODAY else self.live.get(parent)


class Timelines:
    """Builds the state machines of all offers into a model."""

    def __init__(
        self, problem: Problem, builder: Builder, longest: dict[tuple[int, int], int]
    ) -> None:
        """Build them.

        Args:
            problem: the compiled case.
            builder: where columns and rows go.
            longest: by node and offer, the age at which an agreement that starts in the plan must
                have been left there (rule `max_term`).
        """
        self._problem, self._builder = problem, builder
        self._longest = longest
        self._children: list[list[int]] = [[] for _ in range(problem.nodes)]
        for node in range(1, problem.nodes):
            self._children[problem.parent[node]].append(node)
        self.one = builder.column(0.0, 1.0, 1.0)
        self.all = [self._timeline(offer) for offer in range(len(problem.offers))]

    def _timeline(self, offer: int) -> Timeline:
        timeline = Timeline(offer)
        self._today_line(timeline)
        self._starts(timeline)
        self._live_columns(timeline)
        return timeline

    def _today_line(self, timeline: Timeline) -> None:
        problem, offer = self._problem, timeline.offer
        for today in problem.today[offer]:
            if not today.pending:
                timeline.was_live = self.one
                line = Line(offer, TODAY, today.begins, TODAY, told=today.ends)
                self._descend(line, [0], self.one)
                timeline.lines.append(line)
                continue
            for node in range(problem.nodes):
                if problem.period[node] == today.begins and not problem.gone[node, offer]:
                    line = Line(offer, node, today.begins, TODAY)
                    self._begin(line, node, self.one)
                    timeline.lines.append(line)

    def _starts(self, timeline: Timeline) -> None:
        """A column for each node at which the offer may be procured, a line for each start."""
        problem, offer = self._problem, timeline.offer
        terms = problem.offers[offer]
        for node in range(problem.nodes):
            period = int(problem.period[node])
            if not terms.earliest <= period <= terms.latest or period < terms.lead:
                continue
            signed = problem.above(node, terms.lead)
            if problem.gone[node, offer] or problem.gone[signed, offer]:
                continue
            if problem.period[signed] > terms.call_off_until:
                continue
            if signed not in timeline.procured:
                timeline.procured[signed] = self._builder.column(0.0, 0.0, 1.0, integer=True)
            line = Line(offer, node, period, signed)
            self._begin(line, node, timeline.procured[signed])
            timeline.lines.append(line)

    def _begin(self, line: Line, node: int, column: int) -> None:
        """Start a line at a node and carry it down."""
        if self.barred(line, node):
            self._builder.row(0.0, 0.0, [column], [1.0])
        line.at[node] = column
        self._descend(line, self._children[node], column)

    def barred(self, line: Line, node: int) -> bool:
        """Whether a rule (`max_term`) wants the agreement to have been left by a node."""
        limit = self._longest.get((node, line.offer))
        age = line.age(int(self._problem.period[node]))
        return limit is not None and line.start != TODAY and age >= limit

    def _descend(self, line: Line, nodes: list[int], column: int) -> None:
        """Carry a line from a column down to nodes."""
        problem, terms = self._problem, self._problem.offers[line.offer]
        pending = [(node, column) for node in nodes]
        while pending:
            node, above = pending.pop()
            age = line.age(int(problem.period[node]))
            if (
                problem.gone[node, line.offer]
                or problem.ended[node, line.offer]
                or age >= terms.longest
                or (line.told is not None and problem.period[node] >= line.told)
            ):
                continue
            if self.barred(line, node):
                self._must_end(line, node, above)
                continue
            here = above if line.told is not None else self._carry(line, node, above, terms)
            line.at[node] = here
            pending.extend((child, here) for child in self._children[node])

    def _carry(self, line: Line, node: int, above: int, terms: OfferTerms) -> int:
        """Column of a line at a node at which it goes on or is left."""
        decided = self._decided(line, node, terms)
        if decided is None:
            return above
        line.freely.append(node)
        here = self._builder.column(0.0, 0.0, 1.0)
        if terms.notice == 0:
            self._builder.row(-INFINITY, 0.0, [here, above], [1.0, -1.0])
            return here
        notice = self._notice(line, decided)
        self._builder.row(0.0, 0.0, [above, here, notice], [1.0, -1.0, -1.0])
        return here

    def _notice(self, line: Line, decided: int) -> int:
        """Column of giving notice at a node."""
        if decided not in line.notices:
            line.notices[decided] = self._builder.column(0.0, 0.0, 1.0)
        return line.notices[decided]

    def _must_end(self, line: Line, node: int, above: int) -> None:
        """A rule ends the line here, on its own terms: in time, with its notice and its fee."""
        terms = self._problem.offers[line.offer]
        decided = self._decided(line, node, terms)
        if decided is None:
            self._builder.row(0.0, 0.0, [above], [1.0])
            return
        line.freely.append(node)
        if terms.notice:
            self._builder.row(0.0, 0.0, [above, self._notice(line, decided)], [1.0, -1.0])

    def _decided(self, line: Line, node: int, terms: OfferTerms) -> int | None:
        """Node at which an end at `node` would be decided; None where that is not possible."""
        decided = self._problem.above(node, terms.notice)
        if decided == TODAY:
            return None
        if line.start != TODAY and self._problem.period[decided] < line.begins:
            return None
        return decided

    def _live_columns(self, timeline: Timeline) -> None:
        """y(n) = Σ x(s, n), whole."""
        lines_at: dict[int, list[int]] = {}
        for line in timeline.lines:
            for node, column in line.at.items():
                lines_at.setdefault(node, []).append(column)
        for node in sorted(lines_at):
            live = self._builder.column(0.0, 0.0, 1.0, integer=True)
            columns = lines_at[node]
            self._builder.row(0.0, 0.0, [live, *columns], [1.0] + [-1.0] * len(columns))
            timeline.live[node] = live
