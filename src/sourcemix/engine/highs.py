"""Solve a mixed-integer model with HiGHS, in a process of its own.

A process, because a solver that ignores its time limit, runs out of memory or crashes must not
take the best plan with it. The parent ends it `GRACE` seconds after the time limit.
"""

from __future__ import annotations

import io
import json
import logging
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

import numpy as np

from sourcemix.engine import standby
from sourcemix.engine.answer import Limits, OnProgress
from sourcemix.engine.milp import Bools, Floats, Milp
from sourcemix.errors import SolverError
from sourcemix.model.plan import Progress, Reason, Status

GRACE = 10.0
"""Seconds after the time limit at which the process is ended."""
PROVEN = 1e-6
"""Relative gap that counts as none."""
LISTEN = 0.2
"""Seconds after which it is asked again whether to go on."""
TOLERANCE = 1e-8
"""Tolerance of rows and whole numbers. Tighter than usual, as results are recomputed exactly; any
tighter, and the search can stall beyond its time limit."""
NODES = 50
"""Nodes of branch and bound that are one piece of work, where effort is given in place of time."""
USUAL = 1e-6
"""HiGHS's own tolerance. Bounds of about the size of the tolerance have led to wrong verdicts."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """A further objective, minimised once a model is solved to the end.

    Attributes:
        cost: what is minimised, by column.
        slack: by how much the objective before may then exceed its least; None: by any amount.
        kept: columns that keep the value they had.
    """

    cost: Floats
    slack: float | None
    kept: Bools


@dataclass(frozen=True, slots=True)
class MilpAnswer:
    """What came of a solve.

    Attributes:
        status: `infeasible` is the solver's word alone; ask again without presolve.
        reason: why it ended.
        x: value by column; None where no solution was found.
        objective: of `x`, in pounds.
        bound: proven lower bound in pounds; None where nothing is proven.
        trace: how cost and bound moved.
        then: solutions of further stages, as many as were solved to the end.
        interrupted: whether the user interrupted it, be it after the model itself was solved.
    """

    status: Status
    reason: Reason
    x: Floats | None
    objective: float | None
    bound: float | None
    trace: tuple[Progress, ...] = ()
    then: tuple[Floats, ...] = ()
    interrupted: bool = False


def solve(
    milp: Milp,
    limits: Limits,
    *,
    on_progress: OnProgress | None = None,
    presolve: bool = True,
    start: Floats | None = None,
    then: Sequence[Stage] = (),
    stopped: Callable[[], bool] | None = None,
) -> MilpAnswer:
    """Solve a model within limits.

    An interrupt (Ctrl-C), a crash of the solver or its time limit keep the best solution so far.

    Args:
        milp: the model, costs in pounds.
        limits: gap, seconds and seed.
        on_progress: called with cost and bound as they move.
        presolve: without it, and with the usual tolerance, "infeasible" is a second opinion.
        start: a solution known already, if it holds: the answer is never dearer. HiGHS itself is
            not told: started from a solution, it has called a dearer one optimal (see the canary
            among the tests).
        then: further objectives, one after the other, in the time that is left once the model is
            solved to the end.
        stopped: asked now and then; once it says so, the search ends as if it was interrupted.

    Raises:
        SolverError: the process ended at once without an answer or a message.
    """
    if milp.columns == 0:
        return _without_columns(milp)
    if start is not None and not milp.holds(start):
        start = None
    sent = packed(milp, limits, presolve=presolve, then=then)
    process = standby.take()
    watch = _Watch(milp, on_progress, start, stopped)
    try:
        seconds = limits.seconds if limits.effort is None else float("inf")
        return watch.finish(_converse(process, sent, seconds, watch), process)
    finally:
        standby.end(process)


def _without_columns(milp: Milp) -> MilpAnswer:
    holds = bool(np.all(milp.row_lower <= 0.0) and np.all(milp.row_upper >= 0.0))
    if not holds:
        return MilpAnswer("infeasible", "proved", None, None, None)
    return MilpAnswer("optimal", "proved", np.zeros(0), milp.offset, milp.offset)


class _Watch:
    """Keeps the best solution and the trace while messages come in."""

    def __init__(
        self,
        milp: Milp,
        on_progress: OnProgress | None,
        start: Floats | None,
        stopped: Callable[[], bool] | None,
    ) -> None:
        self.x = start
        self.cost = None if start is None else milp.objective(start)
        self.bound: float | None = None
        self.trace: list[Progress] = []
        self.end: dict[str, Any] | None = None
        self.then: list[Floats] = []
        self.over = False
        self._started = self.cost
        self._on_progress = on_progress
        self.stopped = stopped or (lambda: False)

    def take(self, message: dict[str, Any], x: Floats | None) -> None:
        if message["kind"] in ("stage", "over"):
            self.over = message["kind"] == "over"
            if x is not None:
                self.then.append(x)
            return
        if x is not None and self._no_dearer(message["cost"]):
            self.x, self.cost = x, message["cost"]
        if message["bound"] is not None:
            self.bound = max(
                message["bound"], message["bound"] if self.bound is None else self.bound
            )
        if message["kind"] == "end":
            self.end = message
            self.over = not message["more"]
            if x is None:
                return
        shown = Progress(seconds=message["seconds"], cost=self.cost, bound=self.bound)
        last = self.trace[-1] if self.trace else None
        if last is None or (last.cost, last.bound) != (shown.cost, shown.bound):
            self.trace.append(shown)
        if self._on_progress is not None:
            self._on_progress(shown)

    def _no_dearer(self, cost: float) -> bool:
        """Whether a solution is as good as the one that the search started from."""
        return self._started is None or cost <= self._started + PROVEN

    def finish(self, reason: Reason, process: subprocess.Popen[bytes]) -> MilpAnswer:
        interrupted = reason == "interrupted"
        if self.end is None:
            if reason == "solver_stopped" and self.x is None:
                process.wait()
                raise SolverError(_last_words(process))
            return MilpAnswer(
                "unknown" if self.x is None else "feasible",
                reason,
                self.x,
                self.cost,
                self.bound,
                tuple(self.trace),
                interrupted=interrupted,
            )
        return replace(self._ended(self.end["status"]), interrupted=interrupted)

    def _ended(self, word: str) -> MilpAnswer:
        trace = tuple(self.trace)
        if word in ("kInfeasible", "kUnboundedOrInfeasible"):
            if self.x is not None:
                log.warning("the solver calls a model infeasible that it has solved")
                return MilpAnswer("unknown", "solver_stopped", None, None, None, trace)
            return MilpAnswer("infeasible", "proved", None, None, None, trace)
        answer = MilpAnswer(
            "unknown", "solver_stopped", self.x, self.cost, self.bound, trace, tuple(self.then)
        )
        if word == "kTimeLimit":
            answer = replace(answer, reason="time_limit")
        if word == "kSolutionLimit":
            answer = replace(answer, reason="effort_spent")
        if self.x is None or self.cost is None:
            return answer
        if word != "kOptimal" or self.bound is None:
            return replace(answer, status="feasible")
        gap = (self.cost - self.bound) / max(abs(self.cost), 1e-9)
        if gap <= PROVEN or self.cost - self.bound <= PROVEN:
            return replace(answer, status="optimal", reason="proved")
        return replace(answer, status="within_gap", reason="gap_reached")


def _last_words(process: subprocess.Popen[bytes]) -> str:
    said = b"" if process.stderr is None or process.stderr.closed else process.stderr.read()
    log.debug("the solver's process said: %s", said.decode(errors="replace"))
    code = process.returncode
    if code is not None and code < 0:
        return (
            f"The solver's process was ended by the system (signal {-code}), perhaps for want of "
            "memory. Try a smaller case, or a machine with more memory."
        )
    return "The solver's process ended without an answer. Run again with -v to see why."


def _converse(
    process: subprocess.Popen[bytes], sent: bytes, seconds: float, watch: _Watch
) -> Reason:
    """Send the model, take messages until the end, the deadline or an interrupt."""
    assert process.stdin is not None and process.stdout is not None
    deadline = time.monotonic() + seconds + GRACE
    messages: queue.Queue[tuple[dict[str, Any], Floats | None] | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, messages), daemon=True)
    reader.start()
    try:
        try:
            process.stdin.write(sent)
            process.stdin.close()
        except BrokenPipeError:
            return "solver_stopped"
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "time_limit"
            if watch.stopped():
                return "interrupted"
            try:
                message = messages.get(timeout=min(left, LISTEN))
            except queue.Empty:
                continue
            if message is None:
                return "solver_stopped"
            watch.take(*message)
            if watch.over:
                return "proved"
    except KeyboardInterrupt:
        return "interrupted"
    finally:
        if process.poll() is None and not watch.over:
            process.kill()
        reader.join(timeout=GRACE)


def packed(
    milp: Milp,
    limits: Limits,
    *,
    presolve: bool,
    then: Sequence[Stage] = (),
) -> bytes:
    """A model and its settings as the solvers' processes read them."""
    settings = {
        "gap": limits.gap,
        "seconds": limits.seconds if limits.effort is None else float("inf"),
        "nodes": None if limits.effort is None else NODES * limits.effort,
        "seed": limits.seed,
        "presolve": presolve,
        "tolerance": TOLERANCE if presolve else USUAL,
        "slack": [stage.slack for stage in then],
    }
    arrays = {
        "cost": milp.cost,
        # HiGHS has taken the fractional bound of a whole column for its value (see the canary).
        "lower": np.where(milp.integer, np.ceil(milp.lower), milp.lower),
        "upper": np.where(milp.integer, np.floor(milp.upper), milp.upper),
        "integer": milp.integer,
        "row_lower": milp.row_lower,
        "row_upper": milp.row_upper,
        "start": milp.start,
        "index": milp.index,
        "value": milp.value,
        "offset": np.float64(milp.offset),
        **{f"cost_{number}": stage.cost for number, stage in enumerate(then)},
        **{f"kept_{number}": stage.kept for number, stage in enumerate(then)},
    }
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    return json.dumps(settings).encode() + b"\n" + packed.getvalue()


def _read(
    stream: IO[bytes], messages: queue.Queue[tuple[dict[str, Any], Floats | None] | None]
) -> None:
    """Turn the process's output into messages; None at its end."""
    try:
        while line := stream.readline():
            message = json.loads(line)
            x = None
            if "size" in message:
                data = stream.read(message["size"])
                if len(data) < message["size"]:
                    break
                x = np.frombuffer(data, dtype=np.float64)
            messages.put((message, x))
    except ValueError:
        # The process was ended in the middle of a message.
        pass
    messages.put(None)
