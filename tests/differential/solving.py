"""The engine without processes of its own, so that thousands of small cases can be planned.

The model, the solver with its settings, and what becomes of its answer are the engine's; the
worker that stands at the other end of a pipe elsewhere is called. Where nothing is possible, the
second opinion and the search for reasons are left out: the enumeration is the second opinion.
`test_agreement` plans some cases the usual way, too.
"""

from __future__ import annotations

import io
import queue
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

from sourcemix.engine import highs, highs_worker, standby
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.planning import solve
from sourcemix.model.case import Case
from sourcemix.model.plan import Reason
from sourcemix.model.tree import Tree

EXACT = Limits(gap=0, seconds=120)
PLANNING = import_module("sourcemix.engine.planning.solve")
"""The module, which its package hides behind the function of the same name."""


class _Standard:
    """A standard stream with bytes behind it."""

    def __init__(self, data: bytes = b"") -> None:
        self.buffer = io.BytesIO(data)


def _converse(_process: Any, sent: bytes, _seconds: float, watch: Any) -> Reason:
    """As in the engine, with the worker called in place of a process."""
    before = signal.getsignal(signal.SIGINT)
    out = _Standard()
    with patch.object(sys, "stdin", _Standard(sent)), patch.object(sys, "stdout", out):
        try:
            highs_worker.main()
        finally:
            signal.signal(signal.SIGINT, before)
    messages: queue.Queue[Any] = queue.Queue()
    highs._read(io.BytesIO(out.buffer.getvalue()), messages)
    while (message := messages.get()) is not None:
        watch.take(*message)
        if watch.over:
            return "proved"
    return "solver_stopped"


def _agree(*_: Any) -> MilpAnswer:
    return MilpAnswer("infeasible", "proved", None, None, None)


@contextmanager
def in_process() -> Iterator[None]:
    """Solve without a process for each model."""
    with (
        patch.object(highs, "_converse", _converse),
        patch.object(standby, "take", lambda: None),
        patch.object(standby, "end", lambda _: None),
    ):
        yield


def planned(case: Case, tree: Tree, limits: Limits = EXACT) -> PlanAnswer:
    """The engine's answer."""
    with (
        in_process(),
        patch.object(PLANNING, "ask", _agree),
        patch.object(PLANNING, "conflicts", lambda *_: ()),
    ):
        return solve(case, tree, limits)
