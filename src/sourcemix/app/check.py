"""Checking a file: everything that is wrong with it, or what would be planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sourcemix import files
from sourcemix.app.placed import in_file
from sourcemix.engine import award
from sourcemix.errors import UnsupportedError
from sourcemix.evidence import fill
from sourcemix.futures import grow
from sourcemix.model.award import Award
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan
from sourcemix.model.suppliers import Form
from sourcemix.report.words import duration, percent, plain, pounds
from sourcemix.settings import Settings


@dataclass(frozen=True, slots=True)
class Default:
    """A figure that the file leaves open.

    Attributes:
        what: where it is used, in words.
        value: the figure.
        range: low to high, where it is a range.
        prior: row of the priors that it rests on.
    """

    what: str
    value: str
    range: str = ""
    prior: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sound file holds.

    Attributes:
        kind: `case`, `event`, `plan` or `award`.
        title: its title.
        counts: how many of what it holds; for a case with the nodes of its tree of futures.
        defaults: figures that the file leaves open.
        not_modelled: what a plan would not take into account.
    """

    kind: str
    title: str
    counts: dict[str, int]
    defaults: tuple[Default, ...] = ()
    not_modelled: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


def check_file(path: Path, *, nodes: int = Settings.nodes) -> Checked:
    """Read a file and say what it holds.

    Args:
        path: a case, event, plan or award.
        nodes: most nodes of the tree of futures.

    Raises:
        InputError: everything that is wrong with it, all at once.
        UnsupportedError: nothing is wrong, but an event uses terms that awards do not follow yet.
        TreeTooLarge: its drivers make more nodes than allowed.
    """
    document = files.read(path)
    with in_file(path):
        match document:
            case Case():
                return _case(document, nodes)
            case Event():
                return _event(document)
            case Plan():
                return Checked("plan", document.case.title, {"nodes": len(document.result.nodes)})
            case Award():
                winners = len(document.result.winners)
                return Checked("award", document.event.event, {"winning bids": winners})
    raise TypeError(f"{type(document).__name__} is no document")


def _case(case: Case, nodes: int) -> Checked:
    filled = fill(case)
    tree = grow(filled, budget=nodes)
    return Checked(
        kind="case",
        title=case.title,
        counts={
            "services": len(case.services),
            "suppliers": len(case.suppliers),
            "offers": len(case.offers),
            "agreements of today": len(case.agreements),
            "drivers": len(case.drivers),
            "rules": len(case.rules),
            "nodes in the tree of futures": len(tree.nodes),
        },
        defaults=tuple(_defaults(case, filled)),
        not_modelled=tree.not_modelled,
    )


def _event(event: Event) -> Checked:
    unsupported = award.unsupported(event)
    if unsupported:
        raise UnsupportedError(unsupported)
    return Checked(
        kind="event",
        title=event.event,
        counts={
            "lots": len(event.lots),
            "suppliers": len(event.suppliers),
            "bids": len(event.bids),
            "discounts": len(event.discounts),
            "rules": len(event.rules),
        },
    )


def _defaults(case: Case, filled: Case) -> Iterator[Default]:
    for name in sorted({offer.form for offer in case.offers}):
        yield from _form_defaults(name, case.forms.get(name, Form()), filled.forms[name])
    given = {supplier.id: supplier for supplier in case.suppliers}
    for supplier in filled.suppliers:
        if supplier.failure is not None and given[supplier.id].failure is None:
            who = supplier.name or supplier.id
            yield _rate(f"chance that {who} fails in a year", supplier.failure)
    offers = {offer.id: offer for offer in case.offers}
    for offer in filled.offers:
        if offer.change_rate is not None and offers[offer.id].change_rate is None:
            yield _rate(f"mark-up on changed work, offer {offer.id}", offer.change_rate)


def _form_defaults(name: str, own: Form, full: Form) -> Iterator[Default]:
    what = f"form {plain(name)}"
    if own.lead is None and full.lead is not None:
        yield Default(f"{what}, lead time", duration(full.lead))
    if own.manage is None and full.manage is not None:
        yield _money(f"{what}, managing it, a year", full.manage)
    for line in sorted(set(full.setup) - set(own.setup)):
        yield _money(f"{what}, {plain(line)}", full.setup[line])
    if own.withdrawal is None and full.withdrawal is not None:
        yield _rate(f"{what}, chance of withdrawal in a year", full.withdrawal)


def _money(what: str, value: Decimal | Indicative[Decimal]) -> Default:
    if isinstance(value, Indicative):
        limits = f"{pounds(value.low)} to {pounds(value.high)}"
        return Default(what, pounds(value.central), limits, value.prior)
    return Default(what, pounds(value))


def _rate(what: str, value: Decimal | Indicative[Decimal]) -> Default:
    if isinstance(value, Indicative):
        limits = f"{percent(value.low, 2)} to {percent(value.high, 2)}"
        return Default(what, percent(value.central, 2), limits, value.prior)
    return Default(what, percent(value, 2))
