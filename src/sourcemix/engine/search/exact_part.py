"""The exact model's part in a search: what it is asked, and when, and what becomes of its answers.

It finishes plans of the search where the arrays leave something out, proves what is best where
little is still open, and of middling cases it solves the whole beside the search.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.climb import Climb
from sourcemix.engine.search.fixing import still_open
from sourcemix.engine.search.polish import Polished, Procurements, lines_below, polish, procurements
from sourcemix.engine.search.standing import PROVEN, Standing
from sourcemix.engine.search.tables import Tables
from sourcemix.model.plan import Progress

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


@dataclass(frozen=True, slots=True)
class Now:
    """Where a search is.

    Attributes:
        tables: the case as arrays.
        climb: the search for prices.
        best: states of the best plan.
        settled: whether the prices of the whole case have done their work.
        better: whether the arrays call the best plan cheaper than any that holds everything.
    """

    tables: Tables
    climb: Climb
    best: Ints
    settled: bool
    better: bool


class ExactPart:
    """What the exact model does for a search.

    Attributes:
        both: whether it solves the whole case beside the search.
        whole: its work on that, while it goes on.
        hopeless: whether it has found that there is no plan at all.
        stopping: whether it should end with what there is.
    """

    def __init__(
        self,
        problem: Problem,
        rules: list[ActiveRule],
        limits: Limits,
        know: Standing,
        missing: bool,
        both: bool,
    ) -> None:
        """Nothing is asked yet.

        Args:
            problem: the compiled case.
            rules: its rules.
            limits: gap, effort and seed.
            know: what the search knows; its plan and its proven bound are bettered.
            missing: whether the arrays leave anything out.
            both: whether it solves the whole case beside the search.
        """
        self.problem, self.rules, self.limits, self.know = problem, rules, limits, know
        self.missing, self.both = missing, both
        self.rooms = ROOMS if problem.nodes * len(problem.offers) > TINY else ROOMS[-1:]
        self.piece: Future[Polished] | None = None
        self.whole: Future[Polished] | None = None
        self.stopping = self.hopeless = False
        self._cutoff = self._asked = self._heard_cost = float("inf")
        self._room, self._widest = 0, False
        self._finished: Procurements = frozenset()

    def ask(self, pool: ThreadPoolExecutor, now: Now, left: float) -> None:
        """Let it finish plans, or prove what is best, where that is worth it.

        Args:
            pool: who runs it.
            now: where the search is.
            left: seconds.
        """
        if self.piece is not None or left < 1.0:
            return
        self._cutoff, only, seconds = float("inf"), None, left - 0.5
        if now.better or self.missing:
            only = self._to_finish(now)
            # There is nothing wider to try: then it gets all the time that there is.
            if np.isfinite(self.know.cost) or not self._widest:
                seconds = min(PIECE, seconds)
        if only is None and (now.settled or len(self.rooms) == 1) and np.isfinite(self.know.cost):
            only, seconds = self._to_prove(now), left - 0.5
        if only is None:
            return
        listen = None if np.isinf(self._cutoff) else partial(self._heard, self._cutoff)
        limits = replace(self.limits, gap=max(self.limits.gap, PROVEN) / 2, seconds=seconds)
        limits = replace(limits, effort=None if limits.effort is None else EXACT_EFFORT)
        self.piece = pool.submit(
            polish, self.problem, self.rules, only, limits, listen, lambda: self.stopping
        )

    def ask_whole(self, pool: ThreadPoolExecutor, left: float) -> None:
        """Let it solve the whole case beside the search, within so many seconds."""
        limits = replace(self.limits, seconds=left)
        listen = partial(self._heard, float("inf"))
        self.whole = pool.submit(
            polish, self.problem, self.rules, None, limits, listen, self._whole_is_enough
        )

    def wait(self) -> None:
        """Wait until it has done what it was asked, but for the whole case."""
        if self.piece is not None:
            wait([self.piece])

    def take(self) -> bool:
        """Take what it has come to; whether there was anything."""
        taken = False
        if self.piece is not None and self.piece.done():
            taken, found, self.piece = True, self.piece.result(), None
            if np.isfinite(self._cutoff):
                self.know.proven = max(self.know.proven, min(found.bound, self._cutoff))
            self._note(found, self._widest)
        if self.whole is not None and self.whole.done():
            taken, found, self.whole = True, self.whole.result(), None
            self._heard_cost = float("inf")
            if np.isfinite(found.bound):
                self.know.proven = max(self.know.proven, found.bound)
            self._note(found, True)
        return taken

    def _note(self, found: Polished, everything: bool) -> None:
        """Note a plan; or that there is none, where everything could be procured."""
        none = found.nodes is None and found.bound == float("inf")
        self.hopeless |= everything and none and np.isinf(self.know.cost)
        if found.cost < self.know.cost:
            self.know.cost, self.know.nodes = found.cost, found.nodes

    def _whole_is_enough(self) -> bool:
        """Whether what is known by all makes the best plan of the whole model good enough."""
        if self.stopping:
            return True
        room = max(self.limits.gap, PROVEN) * abs(self._heard_cost)
        known = np.isfinite(self._heard_cost)
        return bool(known and self._heard_cost - self.know.best_bound <= room)

    def _to_finish(self, now: Now) -> Procurements | None:
        """What it should choose from to make plans of the search hold everything."""
        best = procurements(now.tables, now.best)
        pool = frozenset(self.know.pool)
        if not np.isfinite(self.know.cost):
            room, self._room = self._room, self._room + 1
            if room == 0:
                return best
            if room > len(self.rooms):
                return None
            self._widest = room == len(self.rooms)
            limit = now.climb.bound + self.rooms[room - 1] * abs(now.climb.bound)
            return best | pool | still_open(now.climb, limit, now.tables.order)
        if pool == self._finished:
            return None
        self._finished = pool
        return pool

    def _to_prove(self, now: Now) -> Procurements | None:
        """All that a better plan could procure, if that is little enough and not yet looked at."""
        if self._asked <= self.know.cost * (1.0 + PROVEN):
            return None
        if self.both or self.problem.nodes * len(self.problem.offers) > CHECKED:
            return None
        self._asked = self.know.cost
        only = still_open(now.climb, self.know.cost - now.tables.constant, now.tables.order)
        if lines_below(now.tables, only) > LINES:
            return None
        self._cutoff = self.know.cost
        return only

    def _heard(self, cutoff: float, progress: Progress) -> None:
        """Take a bound of the exact model: what it left out costs at least the cut-off."""
        if progress.bound is not None:
            self.know.proven = max(self.know.proven, min(progress.bound, cutoff))
        if np.isinf(cutoff) and progress.cost is not None:
            self._heard_cost = progress.cost
