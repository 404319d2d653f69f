"""Who runs when: prices and plans side by side, in rounds, until the gap or the time is reached.

In every round the search for prices and the search for plans each do a piece of work, on two cores;
at its end they exchange what they know: prices and support one way, the cost of the best plan the
other. With a given effort the pieces are of fixed size, so that the same effort always comes to the
same result. Once the prices move no more, the exact model on what is still open takes their place.
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
from sourcemix.engine.search.begin import Begun, begin
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.branching import Branching
from sourcemix.engine.search.climb import DONE, Climb
from sourcemix.engine.search.explorers import Explorers
from sourcemix.engine.search.fixing import still_open
from sourcemix.engine.search.pace import sized, timed
from sourcemix.engine.search.plain import holds, left_out
from sourcemix.engine.search.polish import Polished, Procurements, lines_below, polish, procurements
from sourcemix.engine.search.pricing import Pricing, moved_to
from sourcemix.engine.search.programme import NEVER
from sourcemix.engine.search.response import core_of
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.standing import PROVEN, Standing
from sourcemix.engine.search.tables import compile_tables
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
TINY = 1_500
"""Most offers times nodes for which the exact model is quick in any case."""
CHECKED = 15_000
"""Most offers times nodes for which it is worth while to ask what no better plan procures."""
LINES = 20_000
"""Most lines of an exact model that is worth its while: procurements times nodes below them."""
ROOMS = (0.002, 0.01, 0.05, 1e9)
"""How much more than the bound a plan may cost for its procurements to be in the exact model, as
shares of it: one after the other, until there is a plan that holds everything."""
PIECE = 20.0
"""Most seconds of an exact model that is no proof."""
EXACT_EFFORT = 20
"""With a given effort: that of every exact model."""


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
        self.tables = compile_tables(problem, rules)
        self.core = core_of(self.tables)
        self.missing = left_out(problem, rules)
        self.pricing = Pricing(problem, rules)
        self.rooms = ROOMS if problem.nodes * len(problem.offers) > TINY else ROOMS[-1:]
        self.know = Standing()
        self.explorers = Explorers(self.core, limits.seed)
        self.climb: Climb | None = None
        self.branching: Branching | None = None
        self.exact: Future[Polished] | None = None
        self.both = both
        self.whole: Future[Polished] | None = None
        self.cutoff, self.room, self.stopping = float("inf"), 0, False
        self.peaks: list[tuple[float, float]] = []
        self.asked = float("inf")
        self.finished: Procurements = frozenset()
        self.widest = self.hopeless = False
        self.seen = self.heard = float("inf")
        if self.missing:
            log.info("the search leaves to the exact model: %s", ", ".join(self.missing))

    def run(self) -> PlanAnswer:
        """Search until the gap or the time is reached, or the user interrupts."""
        reason: Reason = "time_limit"
        with ThreadPoolExecutor(max_workers=3) as pool:
            try:
                if self.both:
                    self._ask_whole(pool)
                reason = self._rounds(pool)
            except KeyboardInterrupt:
                reason = "interrupted"
            self.stopping = True
        self._take_exact()
        self._take_whole()
        if self.hopeless:
            log.info("no procurements at all make a plan: the exact route gives the verdict")
            limits = self.limits.until(self.began + self.limits.seconds)
            return solve_exactly(self.problem.case, self.problem.tree, limits, self.tell)
        return self._answer(reason)

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
            self._take_whole()
        self.climb, self.know.pool = begun.result().climb, set(begun.result().pool)
        # What was signed before the case begins cannot follow one another in any way.
        self.hopeless = self.climb.bound >= NEVER / 2
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
            if self.whole is None:
                worker = pool.submit(search)
                spent = self._bound(steps)
                steps = steps if fixed else sized(steps, spent)
                spent = worker.result()
            else:
                # The other core is the exact model's.
                steps = sized(steps, self._bound(steps))
                spent = search()
            tries = tries if fixed else sized(tries, spent)
            done += 1
            self._take_plan()
            self._take_exact()
            self._take_whole()
            self._reprice()
            self._ask_exact(pool, settled)
            if fixed and self.exact is not None:
                wait([self.exact])
                self._take_exact()

    def _bound(self, steps: int) -> float:
        """Work on the bound; how many seconds it took."""
        assert self.climb is not None
        if self.branching is not None:
            cost = self.know.cost
            return timed(self.branching.work, self.explorers.record, cost, steps)
        spent = timed(self.climb.go, self.explorers.record, steps)
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
        if self.climb is None or self.pricing.over:
            return
        self.know.priced = max(self.know.priced, safe_bound(self.tables, self.climb))
        cost = min(self.explorers.record + self.tables.constant, self.know.cost)
        self.tables = self.pricing.turn(self.tables, self.explorers.best, cost)
        self.core = core_of(self.tables)
        self.explorers.move(self.core)
        self.climb = moved_to(self.core, self.climb)
        self.climb.go(self.explorers.record, 1)
        self.seen, self.peaks = float("inf"), []

    def _over(self) -> Reason | None:
        """Why the search ends here; None where it goes on."""
        if self.hopeless or self.know.gap <= PROVEN:
            return "proved"
        if self.know.gap <= self.limits.gap:
            return "gap_reached"
        if self._left() <= 0.0:
            return "time_limit"
        return None

    def _settled(self) -> bool:
        """Whether one search for prices of the whole case has done its work."""
        assert self.climb is not None
        if self.branching is not None:
            return True
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
            cost = self.seen + self.tables.constant
            better = cost < self.know.cost
            if better and not self.missing and holds(self.tables, self.explorers.best):
                self.know.cost, self.know.nodes = cost, None
                self.know.states = self.explorers.best
        self._tell()

    def _tell(self) -> None:
        cost = self.know.cost if np.isfinite(self.know.cost) else None
        bound = max(self.know.bound, self.know.proven)
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

    def _ask_exact(self, pool: ThreadPoolExecutor, settled: bool) -> None:
        """Let the exact model finish plans, or prove what is best, where that is worth it."""
        if self.exact is not None or self._left() < 1.0:
            return
        self.cutoff, only, seconds = float("inf"), None, self._left() - 0.5
        if self.seen + self.tables.constant < self.know.cost or self.missing:
            only = self._to_finish()
            # There is nothing wider to try: then it gets all the time that there is.
            if np.isfinite(self.know.cost) or not self.widest:
                seconds = min(PIECE, seconds)
        if only is None and (settled or len(self.rooms) == 1) and np.isfinite(self.know.cost):
            only, seconds = self._to_prove(), self._left() - 0.5
        if only is None:
            return
        listen = None if np.isinf(self.cutoff) else partial(self._heard, self.cutoff)
        limits = replace(self.limits, gap=max(self.limits.gap, PROVEN) / 2, seconds=seconds)
        limits = replace(limits, effort=None if limits.effort is None else EXACT_EFFORT)
        self.exact = pool.submit(
            polish, self.problem, self.rules, only, limits, listen, lambda: self.stopping
        )

    def _ask_whole(self, pool: ThreadPoolExecutor) -> None:
        """Let the exact model of the whole case run beside the search."""
        limits = replace(self.limits, seconds=self._left())
        listen = partial(self._heard, float("inf"))
        self.whole = pool.submit(
            polish, self.problem, self.rules, None, limits, listen, self._whole_is_enough
        )

    def _whole_is_enough(self) -> bool:
        """Whether what is known by all makes the best plan of the whole model good enough."""
        if self.stopping:
            return True
        bound = max(self.know.bound, self.know.proven)
        room = max(self.limits.gap, PROVEN) * abs(self.heard)
        return bool(np.isfinite(self.heard) and self.heard - bound <= room)

    def _to_finish(self) -> Procurements | None:
        """What the exact model should choose from to make plans of the search hold everything."""
        assert self.climb is not None
        best = procurements(self.tables, self.explorers.best)
        pool = frozenset(self.know.pool)
        if not np.isfinite(self.know.cost):
            room, self.room = self.room, self.room + 1
            if room == 0:
                return best
            if room > len(self.rooms):
                return None
            self.widest = room == len(self.rooms)
            limit = self.climb.bound + self.rooms[room - 1] * abs(self.climb.bound)
            return best | pool | still_open(self.climb, limit, self.tables.order)
        if pool == self.finished:
            return None
        self.finished = pool
        return pool

    def _to_prove(self) -> Procurements | None:
        """All that a better plan could procure, if that is little enough and not yet looked at."""
        assert self.climb is not None
        if self.asked <= self.know.cost * (1.0 + PROVEN):
            return None
        if self.both or self.problem.nodes * len(self.problem.offers) > CHECKED:
            return None
        self.asked = self.know.cost
        cost = self.know.cost - self.tables.constant
        only = still_open(self.climb, cost, self.tables.order)
        if lines_below(self.tables, only) > LINES:
            return None
        self.cutoff = self.know.cost
        return only

    def _heard(self, cutoff: float, progress: Progress) -> None:
        """Take a bound of the exact model: what it left out costs at least the cut-off."""
        if progress.bound is not None:
            self.know.proven = max(self.know.proven, min(progress.bound, cutoff))
        if np.isinf(cutoff) and progress.cost is not None:
            self.heard = progress.cost

    def _take_exact(self) -> None:
        if self.exact is None or not self.exact.done():
            return
        found = self.exact.result()
        self.exact = None
        if np.isfinite(self.cutoff):
            self.know.proven = max(self.know.proven, min(found.bound, self.cutoff))
        self.hopeless = self.widest and found.nodes is None and found.bound == float("inf")
        if found.cost < self.know.cost:
            self.know.cost, self.know.nodes = found.cost, found.nodes
        self._tell()

    def _take_whole(self) -> None:
        """Take what the exact model of the whole case has come to."""
        if self.whole is None or not self.whole.done():
            return
        found = self.whole.result()
        self.whole, self.heard = None, float("inf")
        self.hopeless |= found.nodes is None and found.bound == float("inf")
        if np.isfinite(found.bound):
            self.know.proven = max(self.know.proven, found.bound)
        if found.cost < self.know.cost:
            self.know.cost, self.know.nodes = found.cost, found.nodes
        self._tell()

    def _answer(self, reason: Reason) -> PlanAnswer:
        know = self.know
        safe = know.priced
        if self.climb is not None:
            safe = max(safe, safe_bound(self.tables, self.climb))
        if self.branching is not None:
            safe = max(safe, min(self.branching.bound, know.cost))
        bound = max(know.proven, safe)
        nodes, exact = know.nodes, know.nodes is not None
        if nodes is None and know.states is not None:
            nodes = plan_nodes(self.tables, know.states)
        found = bound if np.isfinite(bound) else None
        if nodes is None:
            routes = replace(self._routes(exact, safe), plan=None)
            return PlanAnswer("unknown", reason, None, found, tuple(know.trace), routes=routes)
        gap = (know.cost - bound) / max(abs(know.cost), 1e-9)
        status: Status = "feasible"
        if gap <= max(self.limits.gap, PROVEN):
            status = "optimal" if gap <= PROVEN else "within_gap"
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
            taken="both" if self.both else "search",
            plan="exact" if exact else "search",
            bound=None if np.isinf(bound) else "search" if safe >= self.know.proven else "exact",
        )
