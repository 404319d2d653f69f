"""Who runs when: prices and plans side by side, in rounds, until the gap or the time is reached.

In every round the search for prices and the search for plans each do a piece of work, on two cores;
at its end they exchange what they know: prices and support one way, the cost of the best plan the
other. With a given effort the pieces are of fixed size, so that the same effort always comes to the
same result. Once the prices of the whole case move the bound no more, it is halved (`branching`).
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial

import numpy as np

from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer, Routes, Ties
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.planning.solve import solve as solve_exactly
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.again import kept_multipliers
from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.begin import Begun, begin
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.branching import Branching
from sourcemix.engine.search.climb import DONE, Climb
from sourcemix.engine.search.exact_part import ExactPart, Now
from sourcemix.engine.search.explorers import Explorers
from sourcemix.engine.search.pace import sized, timed
from sourcemix.engine.search.plain import holds, left_out
from sourcemix.engine.search.polish import procurements
from sourcemix.engine.search.pricing import Pricing, moved_to
from sourcemix.engine.search.programme import NEVER
from sourcemix.engine.search.response import core_of
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.standing import PROVEN, Standing
from sourcemix.engine.search.sums import families_of
from sourcemix.engine.search.tables import Tables, compile_tables
from sourcemix.engine.search.words import plan_nodes
from sourcemix.model.plan import Progress, Reason, Status

log = logging.getLogger(__name__)
LISTEN = 0.2
"""Seconds after which it is asked again whether the search is over before it has begun."""
STEPS, TRIES = 10, 20
"""Steps and neighbourhoods of a round: always with a given effort, else of the first."""
SETTLED = 2e-4
"""Share by which the bound has to grow in `PATIENCE` steps for one search for prices of the whole
case to go on; else it is halved (`branching`)."""
PATIENCE = 100


class Portfolio:
    """One search, from a compiled case to an answer."""

    def __init__(
        self,
        problem: Problem,
        rules: list[ActiveRule],
        limits: Limits,
        on_progress: OnProgress | None = None,
        *,
        both: bool = False,
        earlier: Earlier | None = None,
    ) -> None:
        """Compile the arrays; nothing runs yet.

        Args:
            problem: the compiled case.
            rules: its rules.
            limits: gap, seconds (or effort) and seed.
            on_progress: called as cost and bound move.
            both: whether the exact model of the whole case runs beside it, from the start.
            earlier: an earlier plan to begin from.
        """
        self.began = time.monotonic()
        self.problem, self.rules, self.limits = problem, rules, limits
        self.tell, self.earlier = on_progress, earlier
        self.tables = self.sought = compile_tables(problem, rules)
        self.boosted = False
        self.aside: Ints = np.zeros((0, 0), dtype=np.int64)
        self.core = core_of(self.tables)
        self.missing = left_out(problem, rules)
        self.pricing = Pricing(problem, rules, self.tables, families_of(problem, rules))
        self.know = Standing()
        self.exact = ExactPart(problem, rules, limits, self.know, bool(self.missing), both)
        self.explorers = Explorers(self.core, limits.seed)
        self.climb: Climb | None = None
        self.branching: Branching | None = None
        self.peaks: list[tuple[float, float]] = []
        self.seen = float("inf")
        if self.missing:
            log.info("the search leaves to the exact model: %s", ", ".join(self.missing))

    def run(self) -> PlanAnswer:
        """Search until the gap or the time is reached, or the user interrupts."""
        reason: Reason = "time_limit"
        pool = ThreadPoolExecutor(max_workers=3)
        try:
            if self.exact.both:
                self.exact.ask_whole(pool, self._left())
            reason = self._rounds(pool)
        except KeyboardInterrupt:
            reason = "interrupted"
        self.exact.stopping = True
        try:
            pool.shutdown()
            self._take_exact()
        except KeyboardInterrupt:
            # What the exact model was about to say is not waited for.
            reason = "interrupted"
            pool.shutdown(wait=False, cancel_futures=True)
        if self.exact.hopeless:
            log.info("no procurements at all make a plan: the exact route gives the verdict")
            limits = self.limits.until(self.began + self.limits.seconds)
            return solve_exactly(self.problem.case, self.problem.tree, limits, self.tell)
        return self._answer(reason)

    @property
    def _record(self) -> float:
        """Weighted pounds of the best plan, about, at the prices at which bounds are sought."""
        return self.explorers.record + self.sought.constant - self.tables.constant

    def _left(self) -> float:
        if self.limits.effort is not None:
            return float("inf")
        return self.limits.seconds - (time.monotonic() - self.began)

    def _rounds(self, pool: ThreadPoolExecutor) -> Reason:
        begun = self._begun()
        while not begun.done():
            over = self._over()
            if over is not None:
                return over
            wait([begun], timeout=LISTEN)
            self._take_exact()
            self._tell()
        self.climb, self.know.pool = begun.result().climb, set(begun.result().pool)
        # What was signed before the case begins cannot follow one another in any way.
        self.exact.hopeless |= self.climb.bound >= NEVER / 2
        self._take_plan()
        steps, tries, done = STEPS, TRIES, 0
        fixed = self.limits.effort is not None
        while True:
            over = self._over()
            if over is not None:
                return over
            if fixed and done >= (self.limits.effort or 0):
                return "effort_spent"
            settled = self._settled()
            if settled and self.branching is None:
                self.branching = Branching(self.tables, self.climb)
            guide = self.climb if self.branching is None else self.branching.climb
            prices = Prices(guide.prices.split.copy(), guide.prices.rows.copy())
            presence = guide.march.presence.copy()
            search = partial(timed, self.explorers.work, guide, prices, presence, tries)
            if self.exact.whole is None:
                # Read before the worker moves it: the same effort has to come to the same.
                record = self._record
                worker = pool.submit(search)
                spent = self._bound(steps, record)
                steps = steps if fixed else sized(steps, spent)
                spent = worker.result()
            else:
                # The other core is the exact model's.
                steps = sized(steps, self._bound(steps, self._record))
                spent = search()
            tries = tries if fixed else sized(tries, spent)
            done += 1
            self._take_plan()
            self._take_exact()
            self._reprice()
            better = self.seen + self.sought.constant < self.know.cost
            held = self.pricing.held
            states = None if held is None or held.cost >= self.know.cost else held.states
            now = Now(self.tables, self.climb, self.explorers.best, settled, better, states)
            self.exact.ask(pool, now, self._left())
            if fixed or self.exact.tiny:
                self.exact.wait()
                self._take_exact()

    def _bound(self, steps: int, record: float) -> float:
        """Work on the bound; how many seconds it took."""
        assert self.climb is not None
        if self.branching is not None:
            cost = self.know.cost
            return timed(self.branching.work, record, cost, steps)
        spent = timed(self.climb.go, record, steps)
        self.peaks.append((self.climb.march.figures[DONE], self.climb.bound))
        return spent

    def _begun(self) -> Future[Begun]:
        """Make first plans and prices; at the first use of all, their code is compiled as well.

        The thread is left behind if time is over before: a compiler cannot be interrupted.
        """
        begun: Future[Begun] = Future()

        def work() -> None:
            try:
                begun.set_result(begin(self.tables, self.explorers, self.earlier))
            except BaseException as error:
                begun.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        return begun

    def _reprice(self) -> None:
        """Move the prices on rules that the arrays cannot hold, and go on at the new ones."""
        pricing = self.pricing
        pricing.look(self.tables, self.explorers.best)
        if self.climb is None or (pricing.over and not pricing.pending):
            return
        if self.boosted:
            pricing.judge(self.explorers.record + self.sought.constant)
        if self.boosted and not pricing.over:
            self._seek(self.tables, boosted=False)
            return
        if not pricing.over:
            self._move()
        if pricing.hard:
            self._seek(pricing.tables(more=True), boosted=True)
        else:
            self._seek(self.tables, boosted=False)

    def _move(self) -> None:
        """Move the prices at which bounds are sought."""
        assert self.climb is not None
        self.know.priced = max(self.know.priced, safe_bound(self.tables, self.climb))
        record = self._record
        cost = min(record + self.tables.constant, self.know.cost)
        tables = self.pricing.turn(self.tables, self.explorers.best, cost)
        climb = moved_to(core_of(tables), self.climb)
        # Never the one without the other, whenever the user interrupts.
        self.climb = None
        self.tables, self.core = tables, climb.core
        self.climb = climb
        climb.go(self._record, 1)
        self.peaks = []

    def _seek(self, tables: Tables, *, boosted: bool) -> None:
        """Search for plans at other prices; each kind goes on from the best plan of its kind."""
        if boosted != self.boosted:
            here, there = self.explorers.best, self.aside
            self.aside, self.explorers.best = here, there if there.size else here
        self.sought, self.boosted, self.seen = tables, boosted, float("inf")
        self.explorers.move(core_of(tables))

    def _over(self) -> Reason | None:
        """Why the search ends here; None where it goes on."""
        # Once the exact model has come to the end, what is left of the gap is rounding.
        proved = self.know.gap <= PROVEN and not self.exact.tiny
        if self.exact.hopeless or self.exact.finished or proved:
            return "proved"
        if self.limits.gap and self.know.gap <= self.limits.gap:
            return "gap_reached"
        if self._left() <= 0.0:
            return "time_limit"
        return None

    def _settled(self) -> bool:
        """Whether one search for prices of the whole case has done its work."""
        assert self.climb is not None
        if self.branching is not None:
            return True
        if not self.pricing.over:
            return False
        steps = self.climb.march.figures[DONE]
        before = [bound for at, bound in self.peaks if at <= steps - PATIENCE]
        return bool(before) and self.climb.bound - before[-1] < SETTLED * abs(self.climb.bound)

    def _take_plan(self) -> None:
        """Note what the searches have found."""
        if self.climb is not None:
            self.know.bound = max(self.know.bound, self.climb.bound + self.tables.constant)
        if self.branching is not None:
            self.know.bound = max(self.know.bound, self.branching.bound)
        if self.explorers.record < self.seen:
            self.seen = self.explorers.record
            self.know.pool |= procurements(self.tables, self.explorers.best)
            cost = self.seen + self.sought.constant
            better = cost < self.know.cost
            if better and not self.missing and holds(self.tables, self.explorers.best):
                self.know.cost, self.know.exact = cost, None
                self.know.states = self.explorers.best
        self._tell()

    def _take_exact(self) -> None:
        """Note what the exact model has come to."""
        if self.exact.take():
            self._tell()

    def _tell(self) -> None:
        known = min(self.know.cost, self.exact.promised)
        cost = known if np.isfinite(known) else None
        bound = self.know.best_bound
        shown = Progress(
            seconds=time.monotonic() - self.began,
            cost=cost,
            bound=bound if np.isfinite(bound) else None,
        )
        last = self.know.trace[-1] if self.know.trace else None
        if last is None or (last.cost, last.bound) != (shown.cost, shown.bound):
            self.know.trace.append(shown)
        if self.tell is not None:
            self.tell(shown)

    def _answer(self, reason: Reason) -> PlanAnswer:
        know = self.know
        safe = know.priced
        if self.climb is not None:
            safe = max(safe, safe_bound(self.tables, self.climb))
        if self.branching is not None:
            safe = max(safe, min(self.branching.bound, know.cost))
        bound = max(know.proven, safe)
        nodes, exact = None if know.exact is None else know.exact.nodes, know.exact is not None
        if nodes is None and know.states is not None:
            nodes = plan_nodes(self.tables, know.states)
        found = bound if np.isfinite(bound) else None
        if nodes is None:
            routes = replace(self._routes(exact, safe), plan=None)
            return PlanAnswer("unknown", reason, None, found, tuple(know.trace), routes=routes)
        gap = (know.cost - bound) / max(abs(know.cost), 1e-9)
        status: Status = "feasible"
        if gap <= max(self.limits.gap, PROVEN) or self.exact.finished:
            status = "optimal" if gap <= PROVEN or self.exact.finished else "within_gap"
        trace = tuple(know.trace)
        ties: Ties = "open" if self.limits.gap == 0.0 and status == "optimal" else "not_asked"
        routes = self._routes(exact, safe)
        kept = None if self.climb is None else kept_multipliers(self.tables, self.climb.best)
        return PlanAnswer(
            status,
            reason,
            know.cost,
            found,
            trace,
            interrupted=reason == "interrupted",
            nodes=nodes,
            ties=ties,
            routes=routes,
            multipliers=kept,
        )

    def _routes(self, exact: bool, safe: float) -> Routes:
        """Which route did what."""
        bound = max(safe, self.know.proven)
        return Routes(
            taken="both" if self.exact.both else "search",
            plan="exact" if exact else "search",
            bound=None if np.isinf(bound) else "search" if safe >= self.know.proven else "exact",
        )
