"""Ways of taking a term out of a case: to see that it occurs, and that it counts.

Taking a term out either gives another case, or the same one where the term does not occur.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver
from sourcemix.model.rules import Rule

Without = Callable[[Case], Case]
ZERO = Decimal(0)


def each(rows: str, **fields: Any) -> Without:
    """Set fields of every row of a list; a callable gets the row."""

    def without(case: Case) -> Case:
        changed = tuple(_updated(row, fields) for row in getattr(case, rows))
        return case.model_copy(update={rows: changed})

    return without


def some(rows: str, wanted: Callable[[Any], bool], **fields: Any) -> Without:
    """The same for the rows that are wanted."""

    def without(case: Case) -> Case:
        changed = tuple(
            _updated(row, fields) if wanted(row) else row for row in getattr(case, rows)
        )
        return case.model_copy(update={rows: changed})

    return without


def _updated(row: Any, fields: dict[str, Any]) -> Any:
    values = {name: value(row) if callable(value) else value for name, value in fields.items()}
    return row.model_copy(update=values)


def drivers(kind: str, wanted: Callable[[Any], bool] = lambda _: True, **fields: Any) -> Without:
    """Set fields of drivers of a kind."""
    return some("drivers", lambda d: d.kind == kind and wanted(d), **fields)


def dropped(rows: str, wanted: Callable[[Any], bool]) -> Without:
    """Leave out the rows that are wanted."""

    def without(case: Case) -> Case:
        kept = tuple(row for row in getattr(case, rows) if not wanted(row))
        return case.model_copy(update={rows: kept})

    return without


def driver(kind: str, wanted: Callable[[Any], bool] = lambda _: True) -> Without:
    """Leave out drivers of a kind."""
    return dropped("drivers", lambda d: d.kind == kind and wanted(d))


def forms(**fields: Any) -> Without:
    """Set fields of every form."""

    def without(case: Case) -> Case:
        found = {name: _updated(form, fields) for name, form in case.forms.items()}
        return case.model_copy(update={"forms": found})

    return without


def part(name: str, **fields: Any) -> Without:
    """Set fields of a part that a case has one of."""
    return lambda case: case.model_copy(update={name: _updated(getattr(case, name), fields)})


def both(one: Without, two: Without) -> Without:
    """One after the other."""
    return lambda case: two(one(case))


def terms(**fields: Any) -> Without:
    """Set fields of what every offer says about every service."""
    return each(
        "offers",
        services=lambda offer: {name: _updated(t, fields) for name, t in offer.services.items()},
    )


def inner(rows: str, name: str, **fields: Any) -> Without:
    """Set fields of a part that every row has one of."""
    return each(rows, **{name: lambda row: _updated(getattr(row, name), fields)})


def set_up(procurement: bool, of_offer: bool = True) -> Without:
    """Without the line `procurement`, or without all others; of offers alone, or of forms, too."""

    def kept(row: Any) -> dict[str, Any]:
        return {k: v for k, v in row.setup.items() if (k == "procurement") != procurement}

    offers = each("offers", setup=kept)
    return offers if not of_offer else both(offers, forms(setup=kept))


def first(field: str) -> Callable[[Any], Any]:
    """The first figure of a list."""

    def found(row: Any) -> Any:
        value = getattr(row, field)
        return value[0] if isinstance(value, tuple) else value

    return found


def rules(wanted: Callable[[Rule], bool], **fields: Any) -> Without:
    """Set fields of rules, those that a policy brings included; none: leave them out."""

    def changed(rule: Rule) -> Rule:
        found: Rule = _updated(rule, fields) if wanted(rule) else rule
        return found

    def without(case: Case) -> Case:
        kept = [rule for rule in case.rules if fields or not wanted(rule)]
        found = []
        for one in case.drivers:
            if isinstance(one, PolicyDriver):
                if not fields and wanted(one.rule):
                    continue
                one = one.model_copy(update={"rule": changed(one.rule)})
            found.append(one)
        update = {"rules": tuple(map(changed, kept)), "drivers": tuple(found)}
        return case.model_copy(update=update)

    return without
