"""The figures of a draft that nobody has given: finding them, and moving them in their range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sourcemix.evidence import prior
from sourcemix.model.case import Case
from sourcemix.report.words import plain

End = Literal["low", "high"]
Steps = tuple[str | int, ...]

CHANGE_RATE = "P051"
"""Mark-up on changed work."""
_RANGE = {"low", "central", "high", "prior"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with a range.

    Attributes:
        path: where it stands in the case.
        what: the same in words; figures of the same words move together.
        low: low end.
        central: as it stands in the case.
        high: high end.
        prior: what it rests on.
    """

    path: Steps
    what: str
    low: Decimal
    central: Decimal
    high: Decimal
    prior: str


def figures_in(case: Case) -> tuple[Figure, ...]:
    """Every indicative figure of a case, and the mark-ups on changed work, in document order."""
    ranges = tuple(
        Figure(path, _words(case, path), **value)
        for path, value in _ranges(case.model_dump(by_alias=True), ())
    )
    return (*ranges, *_change_rates(case))


def moved(case: Case, figures: Iterable[Figure], end: End) -> Case:
    """The case with some of its figures at an end of their ranges."""
    data = case.model_dump(by_alias=True)
    for figure in figures:
        holder: Any = data
        for step in figure.path[:-1]:
            holder = holder[step]
        holder[figure.path[-1]] = figure.low if end == "low" else figure.high
    return Case.model_validate(data)


def _change_rates(case: Case) -> Iterator[Figure]:
    # A change rate has no range of its own in the model; that of its prior stands in.
    row = prior(CHANGE_RATE)
    assert row.low is not None
    assert row.high is not None
    if not any(driver.kind == "requirement" for driver in case.drivers):
        return
    for place, offer in enumerate(case.offers):
        if offer.change_rate:
            yield Figure(
                ("offers", place, "change_rate"),
                "mark-up on changed work",
                row.low / 100,
                offer.change_rate,
                row.high / 100,
                row.id,
            )


def _words(case: Case, path: Steps) -> str:
    """A figure in words: `price of “Contract, five years”`, `mobilisation, contract`."""
    match path:
        case ("offers", int(place), "services", _, "price"):
            return f"price of “{case.offers[place].name}”"
        case ("offers", int(place), "exit", _):
            return f"fee for leaving “{case.offers[place].name}” early"
        case ("forms", str(form), "setup", str(line)):
            return f"{plain(line)}, {case.forms[form].title.lower()}"
        case ("forms", str(form), "manage"):
            return f"managing it, {case.forms[form].title.lower()}"
        case ("services", *_):
            return "cover at short notice, while nobody has an agreement"
    return plain(str(path[-1]))


def _ranges(value: Any, path: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    if isinstance(value, dict):
        if value.keys() == _RANGE:
            yield path, value
            return
        for key, item in value.items():
            yield from _ranges(item, (*path, key))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _ranges(item, (*path, place))
