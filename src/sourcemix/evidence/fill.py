"""Filling a case with the defaults that it leaves open.

Nothing that the case states is changed. Every default is marked as indicative with the prior that
it rests on, where its field allows that.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from difflib import get_close_matches

from sourcemix.errors import Fault, InputError
from sourcemix.evidence.forms import forms
from sourcemix.evidence.priors import Prior, prior
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, Rate
from sourcemix.model.drivers import RequirementDriver, SupplierFailureDriver
from sourcemix.model.offers import Offer
from sourcemix.model.suppliers import Form, Supplier, SupplierKind

__all__ = ["fill"]

COMPANIES = "P068"
"""Insolvencies of companies a year."""
CHARITIES = "P072"
"""Charities removed from the register a year: an upper bound on failures."""
CHANGE = "P051"
"""Mark-up on changed work."""
HAZARD: dict[SupplierKind, str] = {
    "commercial": COMPANIES,
    "voluntary": CHARITIES,
    "community": CHARITIES,
}
"""Prior of failure by kind. Public bodies do not become insolvent: see `_failure`."""
LIKE = "contract"
"""Form of the library whose lead and cost to manage a form of the user's own takes by default."""
INFORMAL = "informal_sla"
"""Form of the library whose hazard a form of the user's own takes if it is not binding."""
PLACES = Decimal("0.000001")
"""Rates have six decimals."""


def fill(case: Case) -> Case:
    """Return the case with every default filled in.

    - `forms`: every form that an offer uses, in full: what the case states, over the library field
      by field and set-up line by line. Leads of the library are rounded up to the period. A form
      that only the case knows takes its lead and its cost to manage from `contract` where it
      leaves them out, and no set-up lines.
    - `failure` of suppliers that a `supplier_failure` driver names: P068 for companies, P072 for
      charities and community groups, 0 for in-house teams and public bodies (an assumption).
    - `change_rate` of offers for services that a `requirement` driver names: the central figure
      of P051; 0 in-house, where own staff take on changed work at cost (an assumption). Said in
      `note`.

    Pure; filling twice changes nothing more.

    Raises:
        InputError: an offer uses a form that neither the case nor the library knows.
    """
    _check_forms(case)
    named = {d.supplier for d in case.drivers if isinstance(d, SupplierFailureDriver)}
    changing = {
        service
        for driver in case.drivers
        if isinstance(driver, RequirementDriver)
        for service in driver.services
    }
    kinds = {supplier.id: supplier.kind for supplier in case.suppliers}
    return case.model_copy(
        update={
            "forms": _forms(case),
            "suppliers": tuple(
                _with_failure(supplier) if supplier.id in named else supplier
                for supplier in case.suppliers
            ),
            "offers": tuple(
                _with_change_rate(offer, changing, own=kinds.get(offer.supplier) == "in_house")
                for offer in case.offers
            ),
        }
    )


def _check_forms(case: Case) -> None:
    known = sorted({*forms(), *case.forms})
    faults = []
    for position, offer in enumerate(case.offers):
        if offer.form not in known:
            message = f"form `{offer.form}` is neither in `forms` nor in the library"
            close = get_close_matches(offer.form, known, n=1)
            message += f"; did you mean `{close[0]}`?" if close else ""
            faults.append(Fault(("offers", position, "form"), message))
    if faults:
        raise InputError(faults)


def _forms(case: Case) -> dict[str, Form]:
    used = {offer.form for offer in case.offers} | set(case.forms)
    return {name: _form(case, name) for name in sorted(used)}


def _form(case: Case, name: str) -> Form:
    own = case.forms.get(name, Form())
    base = forms().get(name)
    if base is None:
        like = forms()[LIKE]
        base = Form(title=name, lead=like.lead, manage=like.manage, binding=like.binding)
    update: dict[str, object] = {
        field: getattr(base, field)
        for field in Form.model_fields
        if field != "setup" and getattr(own, field) in (None, "")
    }
    if own.lead is None and base.lead is not None:
        update["lead"] = _rounded_up(base.lead, case.horizon.months)
    update["setup"] = base.setup | own.setup
    full = own.model_copy(update=update)
    if full.binding is False and full.withdrawal is None:
        return full.model_copy(update={"withdrawal": forms()[INFORMAL].withdrawal})
    return full


def _rounded_up(months: int, period: int) -> int:
    return -(-months // period) * period


def _with_failure(supplier: Supplier) -> Supplier:
    if supplier.failure is not None:
        return supplier
    return supplier.model_copy(update={"failure": _failure(supplier.kind)})


def _failure(kind: SupplierKind) -> Indicative[Rate]:
    if kind in HAZARD:
        return _as_rate(prior(HAZARD[kind]))
    # A public body is reorganised, not wound up by creditors: that is a driver of its own.
    nothing = Decimal(0)
    return Indicative[Rate](low=nothing, central=nothing, high=nothing, prior="assumption")


def _as_rate(row: Prior) -> Indicative[Rate]:
    """A prior in per cent as a rate; an end of the range that is not known is the central one."""
    if row.central is None:
        raise InputError(f"prior `{row.id}` has no central figure")
    figures = (row.low, row.central, row.high)
    low, middle, high = (
        ((row.central if figure is None else figure) / 100).quantize(PLACES) for figure in figures
    )
    return Indicative[Rate](low=low, central=middle, high=high, prior=row.id)


def _with_change_rate(offer: Offer, changing: Collection[str], *, own: bool) -> Offer:
    if offer.change_rate is not None or not set(changing) & set(offer.services):
        return offer
    if own:
        # Nobody charges the authority a mark-up on its own work.
        rate = Decimal(0)
        said = "The change rate of 0 is a default (assumption: own staff take it on at cost)."
    else:
        rate = _as_rate(prior(CHANGE)).central.normalize()
        said = f"The change rate of {rate} is a default ({CHANGE})."
    note = f"{offer.note.rstrip()} {said}" if offer.note else said
    return offer.model_copy(update={"change_rate": rate, "note": note})
