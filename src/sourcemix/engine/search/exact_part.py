"""The exact model's part in a search: what it is asked, and when, and what becomes of its answers.

It finishes plans of the search where the arrays leave something out, proves what is best where
little is still open, and of middling cases it solves the whole beside the search.
"""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
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
from sourcemix.engine.search.moves import Moves
from sourcemix.engine.search.polish import (
    Kept,
    Polished,
    Procurements,
    lines_below,
    live_in,
    nobody,
    polish,
    procurements,
)
from sourcemix.engine.search.standing import PROVEN, Standing
from sourcemix.engine.search.tables import Tables
from sourcemix.errors import SolverError
from sourcemix.model.plan import Progress

log = logging.getLogger(__name__)

TINY = 1_500
"""Most offers times nodes for which the exact model is quick in any case."""
CHECKED = 15_000
"""Most offers times nodes for which it is worth while to ask what no better plan procures."""
MOVING = 0.05
"""As `ROOMS`, for parts of a plan."""
ENOUGH = 8
"""Parts in a row that better nothing, after which a proof is tried."""
LINES = 20_000
"""Most lines of an exact model that is worth its while: procurements times nodes below them."""
ROOMS = (0.002, 0.01, 0.05)
"""How much more than the bound a plan may cost for its procurements to be in the exact model, as
shares of it: one after the other, until there is a plan that holds everything; then all."""
FIRST_PIECE, PIECE = 1.0, 20.0
"""Seconds of the first exact model that is no proof, and most; each may take twice the one before,
as what plans procure is often enough to choose from only once prices are near their best."""
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
        held: states of the cheapest plan that breaks no rule on a sum, if the arrays call that
            cheaper than any that holds everything.
    """

    tables: Tables
    climb: Climb
    best: Ints
    settled: bool
    better: bool
    held: Ints | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What it is asked.

    Attributes:
        only: what may be procured where; None: all that the case allows.
        seconds: how long it has.
        kept: who stays live.
        cutoff: what all else costs at least, infinite where there is nothing else; None: it is not
            to prove anything.
        everything: whether all that could be procured may be.
        move: whether it is a part of the best plan.
        any_plan: whether the first plan that is found is enough.
    """

    only: Procurements | None
    seconds: float
    kept: Kept | None = None
    cutoff: float | None = None
    everything: bool = False
    move: bool = False
    any_plan: bool = False


class ExactPart:
    """What the exact model does for a search.

    Attributes:
        both: whether it solves the whole case beside the search.
        whole: its work on that, while it goes on.
        tiny: whether the case is so small that the exact model is asked for every proof.
        finished: whether it has come to the end of all that a better plan could procure.
        promised: cost of the plan that it has of the whole case, and gives once it ends.
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
        self.tiny = problem.nodes * len(problem.offers) <= TINY
        self.piece: Future[Polished] | None = None
        self.whole: Future[Polished] | None = None
        self.stopping = self.finished = self.hopeless = False
        self._proved = self.promised = float("inf")
        self._room = self._in_vain = 0
        self._finished: Procurements = frozenset()
        self._tried, self._seconds, self._moved = b"", FIRST_PIECE, False
        self._moves = Moves(problem, limits.seed)

    def ask(self, pool: ThreadPoolExecutor, now: Now, left: float) -> None:
        """Let it finish plans, or prove what is best, where that is worth it.

        Args:
            pool: who runs it.
            now: where the search is.
            left: seconds.
        """
        if self.piece is not None or left < 1.0:
            return
        asked = self._to_better(now, left - 0.5) or self._to_prove(now, left - 0.5)
        if asked is None:
            return
        self._asked = asked
        listen = None if asked.cutoff is None else partial(self._heard, asked.cutoff)
        gap = 1.0 if asked.any_plan else self.limits.gap / 2
        limits = replace(self.limits, gap=gap, seconds=asked.seconds)
        limits = replace(limits, effort=None if limits.effort is None else EXACT_EFFORT)
        given = (self.problem, self.rules, asked.only, limits, listen, self._is_stopping)
        self.piece = pool.submit(polish, *given, asked.kept, self.know.cost)

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
            taken, found, self.piece = True, self._came_to(self.piece), None
            cutoff, before = self._asked.cutoff, self.know.cost
            if cutoff is not None:
                self.finished |= found.finished
                bound = min(found.bound, cutoff)
                self.know.proven = max(self.know.proven, bound if bound < np.inf else -np.inf)
            self._note(found, self._asked.everything)
            if self._asked.move:
                self._moves.judge(found.cost - found.bound <= PROVEN * abs(found.cost))
                self._in_vain = 0 if self.know.cost < before else self._in_vain + 1
        if self.whole is not None and self.whole.done():
            taken, found, self.whole = True, self._came_to(self.whole), None
            self.promised = float("inf")
            self.finished |= found.finished
            if np.isfinite(found.bound):
                self.know.proven = max(self.know.proven, found.bound)
            self._note(found, True)
        return taken

    def _came_to(self, work: Future[Polished]) -> Polished:
        """What became of some work; nothing, where the solver failed: the search goes on."""
        try:
            return work.result()
        except SolverError as error:
            log.warning("the exact model's solver failed, and the search goes on alone: %s", error)
            return Polished(None, float("inf"), float("-inf"), nobody(self.problem))

    def _note(self, found: Polished, everything: bool) -> None:
        """Note a plan; or that there is none, where everything could be procured."""
        none = found.nodes is None and found.bound == float("inf")
        self.hopeless |= everything and none and np.isinf(self.know.cost)
        if found.cost < self.know.cost:
            self.know.cost, self.know.exact = found.cost, found

    def _is_stopping(self) -> bool:
        return self.stopping

    def _whole_is_enough(self) -> bool:
        """Whether what is known by all makes the best plan of the whole model good enough."""
        if self.stopping:
            return True
        room = max(self.limits.gap, PROVEN) * abs(self.promised)
        known = np.isfinite(self.promised)
        return bool(known and self.promised - self.know.best_bound <= room)

    def _to_better(self, now: Now, left: float) -> _Asked | None:
        """What it should look at for a plan that holds everything and is better than any known."""
        held = now.held if self.missing and not self.tiny else None
        if held is not None and held.tobytes() != self._tried:
            self._tried, live = held.tobytes(), live_in(now.tables, held)
            kept = Kept(live, np.ones_like(live))
            return _Asked(procurements(now.tables, held), left, kept)
        if not (now.better or self.missing):
            return None
        if not np.isfinite(self.know.cost):
            return self._to_find(now, left)
        pool = frozenset(self.know.pool)
        if self.tiny and self.finished:
            return None
        if pool != self._finished and not self._moved:
            self._finished, self._moved = pool, True
            seconds, self._seconds = self._seconds, min(2.0 * self._seconds, PIECE)
            return _Asked(pool, min(seconds, left))
        self._moved = False
        return self._to_move(now, left) if self._in_vain < ENOUGH else None

    def _to_find(self, now: Now, left: float) -> _Asked | None:
        """What it should choose from to find any plan at all."""
        best = procurements(now.tables, now.best)
        room, self._room = self._room, self._room + 1
        if room == 0 and not self.tiny:
            return _Asked(best, min(FIRST_PIECE, left))
        if room > len(ROOMS) + 1 or (self.tiny and room > 0):
            return None
        everything = room > len(ROOMS) or self.tiny
        if everything:
            # There is nothing wider to try: then it gets all the time that there is.
            cutoff = float("inf")
            return _Asked(None, left, cutoff=cutoff, everything=True, any_plan=not self.tiny)
        limit = now.climb.bound + ROOMS[room - 1] * abs(now.climb.bound)
        only = best | self.know.pool | still_open(now.climb, limit, now.tables.order)
        return _Asked(only, min(PIECE, left), any_plan=True)

    def _to_move(self, now: Now, left: float) -> _Asked | None:
        """A part of the best plan, to be looked at anew."""
        known = self.know.exact
        if self.tiny or not self.missing or known is None:
            return None
        could: AbstractSet[tuple[int, int]] = self.know.pool
        if self.problem.nodes * len(self.problem.offers) <= CHECKED:
            limit = now.climb.bound + MOVING * abs(now.climb.bound)
            could = self.know.pool | still_open(now.climb, limit, now.tables.order)
        part = self._moves.part(known, could)
        return _Asked(part.only, min(FIRST_PIECE, left), part.kept, move=True)

    def _to_prove(self, now: Now, left: float) -> _Asked | None:
        """All that a better plan could procure, if that is little enough and not yet looked at."""
        cost = self.know.cost
        if not np.isfinite(cost) or not (now.settled or self.tiny):
            return None
        if self._proved <= cost * (1.0 + PROVEN):
            return None
        if self.both or self.problem.nodes * len(self.problem.offers) > CHECKED:
            return None
        self._proved, self._in_vain = cost, 0
        only = still_open(now.climb, cost - now.tables.constant, now.tables.order)
        if lines_below(now.tables, only) > LINES:
            return None
        return _Asked(only, left, cutoff=cost)

    def _heard(self, cutoff: float, progress: Progress) -> None:
        """Take a bound of the exact model: what it left out costs at least the cut-off."""
        if progress.bound is not None:
            self.know.proven = max(self.know.proven, min(progress.bound, cutoff))
        if np.isinf(cutoff) and progress.cost is not None:
            self.promised = progress.cost
