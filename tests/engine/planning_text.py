"""What functions of the planning model add to it, as algebra that a person can check.

The model of a tiny case is built with a builder and a ledger that also note who asked for what: the
functions of `engine/planning` on the call stack. So the text holds what the functions under
scrutiny add, and nothing else, and it is known which lines of the engine were heard.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Any
from unittest.mock import patch

from pydantic import BaseModel

from sourcemix import engine
from sourcemix.engine.milp import Builder, Milp
from sourcemix.engine.planning import model as planning_model
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.model import PlanModel
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import TODAY, Problem, compile_problem
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.components import Component
from sourcemix.model.rules import Rule

PLANNING = Path(engine.__file__).parent / "planning"
PLUMBING = ("ledger", "rules.exact")
"""Modules that only pass on what others ask for."""


WORDS = {
    "interfaces": "main",
    "any": "present",
    "avoided": "all_avoided",
    "node_cost": "cost",
    "add_risk": "risk",
}
"""Words for what has no name of its own, by the function that makes it."""


@dataclass(frozen=True, slots=True)
class Site:
    """A line of the engine in one of its functions, such as `timeline`, `_carry`, 191."""

    module: str
    function: str
    line: int


Stack = tuple[Site, ...]
"""From the innermost function outwards."""


@dataclass(slots=True)
class Entry:
    """Something that was added: a column, a row or a charge.

    Attributes:
        stack: who asked for it.
        kind: what it is.
        at: index of the column or row.
        cost: what it adds to the objective, in pounds.
        amount: pounds at the node for each unit of the column (charges of the ledger).
        what: the line of the bill, and who is paid for it.
    """

    stack: Stack
    kind: str
    at: int
    cost: float = 0.0
    amount: float = 0.0
    what: str = ""


@dataclass(frozen=True, slots=True)
class Golden:
    """A minimal case, and the functions whose share of its model is written out.

    Attributes:
        about: what a reader should look for, in words.
        shows: functions (`running._transition`) or whole modules (`timeline`).
        given: the case.
        build: settings of `build_model`.
        rules: rules, each added to the case by itself; none: the case as it is.
    """

    about: str
    shows: tuple[str, ...]
    given: Case
    build: dict[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


class Recorder(Builder):
    """A builder that notes who asked for what."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.billed: Entry | None = None

    def column(self, cost: float, lower: float, upper: float, *, integer: bool = False) -> int:
        at = super().column(cost, lower, upper, integer=integer)
        self.entries.append(Entry(_stack(), "column", at, cost))
        return at

    def row(self, lower: float, upper: float, columns: Any, values: Any) -> int:
        at = super().row(lower, upper, columns, values)
        self.entries.append(Entry(_stack(), "row", at))
        return at

    def charge(self, column: int, cost: float) -> None:
        super().charge(column, cost)
        if self.billed is None:
            self.entries.append(Entry(_stack(), "objective", column, cost))
        else:
            self.billed.cost, self.billed = cost, None

    def scale(self, factor: float) -> None:
        super().scale(factor)
        self.entries.append(Entry(_stack(), "scale", 0, factor))


class Book(Ledger):
    """A ledger that notes who asked for what."""

    def charge(
        self,
        node: int,
        component: Component,
        column: int,
        amount: float,
        offer: int | None = None,
        **more: Any,
    ) -> None:
        builder = self.builder
        assert isinstance(builder, Recorder)
        if amount:
            to = "" if offer is None else f" of {self.problem.offers[offer].id}"
            what = f"at {node}, {component}{to}"
            builder.billed = Entry(_stack(), "charge", column, amount=amount, what=what)
            builder.entries.append(builder.billed)
        super().charge(node, component, column, amount, offer, **more)

    def always(self, node: int, amount: float) -> None:
        builder, before = self.builder, self.builder.offset
        assert isinstance(builder, Recorder)
        super().always(node, amount)
        if amount:
            added = builder.offset - before
            entry = Entry(_stack(), "always", 0, added, amount, f"at {node}, overhead in any case")
            builder.entries.append(entry)


def _stack() -> Stack:
    """The functions of the planning model that led here."""
    found = []
    frame = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PLANNING):
            module = ".".join(path.relative_to(PLANNING).with_suffix("").parts)
            function = frame.f_code.co_qualname.split(".<locals>")[0].split(".")[-1]
            found.append(Site(module, function, frame.f_lineno))
        if frame.f_code is planning_model.build_model.__code__:
            break
        frame = frame.f_back  # type: ignore[assignment]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Recording:
    """A model with who asked for what."""

    problem: Problem
    model: PlanModel
    entries: list[Entry]

    def shown(self, shows: Iterable[str]) -> list[Entry]:
        """What the functions named, or what they call, have added."""
        wanted = set(shows)
        return [
            entry
            for entry in self.entries
            if any({site.module, f"{site.module}.{site.function}"} & wanted for site in entry.stack)
        ]


def record(golden: Golden) -> list[Recording]:
    """Build the model of a case, with each of its rules in turn, and note who asks for what."""
    if not golden.rules:
        return [_record(golden, golden.given)]
    return [
        _record(golden, golden.given.model_copy(update={"rules": (rule,)})) for rule in golden.rules
    ]


def _record(golden: Golden, given: Case) -> Recording:
    case = canonical(given)
    problem = compile_problem(case, grow(case))
    made: list[Recorder] = []

    def recorder() -> Recorder:
        made.append(Recorder())
        return made[0]

    with patch.multiple(planning_model, Builder=recorder, Ledger=Book):
        model = planning_model.build_model(problem, active_rules(problem), **golden.build)
    return Recording(problem, model, made[0].entries)


def golden_text(golden: Golden, recordings: list[Recording]) -> str:
    """The case, its nodes, and what the functions shown add to the model, one after the other."""
    lines = [*wrap(golden.about, 96), "", *_terms(golden.given), ""]
    lines += _nodes(recordings[0].problem)
    for recording in recordings:
        if golden.rules:
            (rule,) = recording.problem.case.rules
            lines += ["", f"--- {_inline(_fields(rule))}"]
        lines += _blocks(golden, recording)
    return "\n".join(lines) + "\n"


def _blocks(golden: Golden, recording: Recording) -> list[str]:
    named = Names(recording)
    lines: list[str] = []
    last = ""
    for entry in recording.shown(golden.shows):
        title = _title(entry.stack)
        if title != last:
            lines += ["", title]
        last = title
        lines.append(f"  {_line(recording.model.milp, named, entry)}")
    return lines or ["", "nothing"]


def _title(stack: Stack) -> str:
    passed_on = (site for site in stack if site.module not in PLUMBING)
    site = next(site for site in passed_on if site.function != "charge")
    return f"{site.module}.{site.function}"


def _terms(case: Case) -> list[str]:
    """The rows of the case that matter, as they would stand in a file."""
    document = _fields(case)
    lines = []
    for name in ("services", "links", "outcomes", "offers", "frameworks", "agreements"):
        lines += [f"{name[:-1]}: {_inline(row)}" for row in document.get(name, ())]
    for name in ("drivers", "rules"):
        lines += [f"{name[:-1]}: {_inline(row)}" for row in document.get(name, ())]
    for name, row in document.get("appraisal", {}).items():
        lines.append(f"{name}: {_inline(row)}")
    return lines


def _fields(document: BaseModel) -> dict[str, Any]:
    return document.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if part is not None}
        return "{" + ", ".join(f"{key}: {_inline(part)}" for key, part in kept.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(part) for part in value) + "]"
    return str(value)


def _nodes(problem: Problem) -> list[str]:
    lines = []
    for node in problem.tree.nodes:
        parent = "" if node.parent is None else f" under {node.parent}"
        begins = problem.case.horizon.begins(node.period)
        figures = [
            f"probability {problem.probability[node.id]:.10g}",
            f"discount {problem.discount[node.period]:.10g}",
            *(f"{name} {units}" for name, units in node.demand.items()),
            *(f"{name}: {seen}" for name, seen in node.seen.items()),
        ]
        lines.append(f"node {node.id}{parent}: from {begins}, {', '.join(figures)}")
    return lines


class Names:
    """Names of columns, by what they stand for."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._known: dict[int, str] = {recording.model.timelines.one: "one"}
        self._timelines()
        self._serving()
        self._others()

    def of(self, column: int) -> str:
        """The name of a column."""
        return self._known[column]

    def _name(self, column: int, name: str) -> None:
        self._known.setdefault(column, name)

    def _timelines(self) -> None:
        problem = self._recording.problem
        for timeline in self._recording.model.timelines.all:
            offer = problem.offers[timeline.offer].id
            for node, column in timeline.procured.items():
                self._name(column, f"procure[{offer} at {node}]")
            for line in timeline.lines:
                begins = "today" if line.start == TODAY else f"from {line.start}"
                for node, column in line.at.items():
                    self._name(column, f"run[{offer} {begins}, at {node}]")
                for node, column in line.notices.items():
                    self._name(column, f"notice[{offer} {begins}, given at {node}]")
            for node, column in timeline.live.items():
                self._name(column, f"live[{offer} at {node}]")

    def _serving(self) -> None:
        problem, serving = self._recording.problem, self._recording.model.serving
        for (node, service), spans in serving.spans.items():
            place = f"{problem.services[service]} at {node}"
            for number, span in enumerate(spans):
                offer = problem.offers[span.offer].id
                for column in span.when:
                    self._name(column, f"band{number}[{offer}, {place}]")
                for part, column in enumerate(span.columns):
                    self._name(column, f"serve{number}{'ab'[part]}[{offer}, {place}]")
        for found, word in ((serving.unmet, "unmet"), (serving.avoided, "avoided")):
            for (node, service), column in found.items():
                self._name(column, f"{word}[{problem.services[service]} at {node}]")

    def _others(self) -> None:
        """By the first bill for them, or else by the function that made them."""
        bills: dict[int, tuple[str, str]] = {}
        for entry in self._recording.entries:
            if entry.kind == "charge":
                place, _, line = entry.what.partition(", ")
                component, _, offer = line.partition(" of ")
                bills.setdefault(entry.at, (component, f"[{offer} {place}]".replace("[ ", "[")))
        counts: dict[tuple[str, str], int] = {}
        for entry in self._recording.entries:
            if entry.kind != "column" or entry.at in self._known:
                continue
            made_by = entry.stack[0].function.strip("_")
            word, of = bills.get(entry.at, (WORDS.get(made_by, made_by), ""))
            counts[word, of] = counts.get((word, of), 0) + 1
            number = "" if of and counts[word, of] == 1 else str(counts[word, of])
            self._name(entry.at, f"{word}{number}{of}")


def _line(milp: Milp, named: Names, entry: Entry) -> str:
    if entry.kind == "row":
        return _row(milp, named, entry.at)
    if entry.kind == "scale":
        return f"multiply the objective so far by {entry.cost:.10g}"
    if entry.kind == "always":
        return f"{entry.what}: {entry.amount:.10g}; objective {entry.cost:+.10g}"
    name = named.of(entry.at)
    if entry.kind == "charge":
        return f"{entry.what}: {_times(entry.amount, name)}; objective {entry.cost:+.10g}"
    if entry.kind == "objective":
        return f"objective {entry.cost:+.10g} {name}"
    kind = "whole" if milp.integer[entry.at] else "real"
    low, high = milp.lower[entry.at], milp.upper[entry.at]
    cost = f"; objective {entry.cost:+.10g}" if entry.cost else ""
    return f"let {name} be {kind}, from {low:.10g} to {high:.10g}{cost}"


def _times(value: float, name: str) -> str:
    return name if value == 1.0 else f"{value:.10g} {name}"


def _row(milp: Milp, named: Names, row: int) -> str:
    """Left what counts for it, right what counts against it and the limit."""
    entries = range(milp.start[row], milp.start[row + 1])
    terms = [(float(milp.value[e]), named.of(int(milp.index[e]))) for e in entries]
    left = " + ".join(_times(value, name) for value, name in terms if value > 0.0)
    right = " + ".join(_times(-value, name) for value, name in terms if value < 0.0)
    low, high = float(milp.row_lower[row]), float(milp.row_upper[row])
    if not left:
        left, right, low, high = right, left, -high, -low
    if low == high:
        return f"{left} = {_side(right, low)}"
    parts = []
    if high < float("inf"):
        parts.append(f"{left} <= {_side(right, high)}")
    if low > float("-inf"):
        parts.append(f"{left} >= {_side(right, low)}")
    return " and ".join(parts)


def _side(terms: str, constant: float) -> str:
    if not terms:
        return f"{constant + 0.0:.10g}"
    if constant == 0.0:
        return terms
    return f"{terms} {'+' if constant > 0.0 else '-'} {abs(constant):.10g}"
