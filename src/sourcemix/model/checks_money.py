"""Checks of what a case's figures mean: currency, VAT, price base, classes, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sourcemix.errors import Fault, Path
from sourcemix.model.case import Case
from sourcemix.model.offers import Offer
from sourcemix.model.references import Known, one
from sourcemix.model.suppliers import Form
from sourcemix.model.wording import quoted

OTHER_LINES = ("takeover", "exit_fee", "transition")
"""One-off lines beside those of set-up; they can be classed, too."""


def money_faults(case: Case, also: Known) -> Iterator[Fault]:
    """Mixed currency, VAT or price base; VAT twice over; a deflator that is not there."""
    known = {"indices": {*case.indices, *also.get("indices", ())}}
    yield from one(("money", "deflator"), case.money.deflator, known, "indices")
    first, second = case.money.price_base.split("-")
    if (int(first) + 1) % 100 != int(second):
        right = f"{first}-{(int(first) + 1) % 100:02d}"
        message = f"a financial year spans two years in a row: `{right}`, not `{first}-{second}`"
        yield Fault(("money", "price_base"), message)
    yield from _vat(("money",), case.money.irrecoverable_vat, case)
    for i, offer in enumerate(case.offers):
        yield from _basis(("offers", i), offer, case)
        yield from _vat(("offers", i), offer.irrecoverable_vat, case)


def _basis(path: Path, offer: Offer, case: Case) -> Iterator[Fault]:
    for field in ("currency", "vat", "price_base"):
        stated, wanted = getattr(offer, field), getattr(case.money, field)
        if stated is not None and stated != wanted:
            message = (
                f"mixed currency, VAT or price base: the offer says `{stated}`, the case's "
                f"`money` says `{wanted}`; convert the offer's figures first"
            )
            yield Fault((*path, field), message)


def _vat(path: Path, rate: Decimal | None, case: Case) -> Iterator[Fault]:
    """A share of VAT that cannot be, or that the figures hold already."""
    place = (*path, "irrecoverable_vat")
    if rate is not None and not 0 <= rate <= 1:
        yield Fault(place, f"a share lies between 0 and 1, not at {rate}; 0.01 is 1%")
    elif rate and case.money.vat == "included":
        message = (
            "the figures hold VAT already (`vat: included` in `money`), so it would count twice; "
            "leave it out, or give figures without VAT"
        )
        yield Fault(place, message)


def weight_faults(case: Case) -> Iterator[Fault]:
    """Outcomes whose weight has no swing to speak of."""
    for i, outcome in enumerate(case.outcomes):
        if outcome.swing_weight is not None and outcome.target == outcome.baseline:
            message = (
                f"`swing_weight` is the weight of the way from the baseline to the target, and "
                f"both are {outcome.target}; give a target that differs, or leave the weight out"
            )
            yield Fault(("outcomes", i, "target"), message)


def class_faults(case: Case, library: Mapping[str, Form], also: Known) -> Iterator[Fault]:
    """Classes of lines that the offer does not have, or that recur.

    Args:
        case: the case.
        library: forms of agreement that the library offers, by name.
        also: as for `case_faults`; forms named there are not looked into.
    """
    for i, offer in enumerate(case.offers):
        if offer.form in also.get("forms", ()):
            continue
        lines = list(dict.fromkeys((*offer.setup, *_setup(case, library, offer), *OTHER_LINES)))
        for line in offer.classes:
            if line not in lines:
                known = quoted(lines, "and")
                message = f"`{line}` is no one-off line of this offer; it has {known}"
                yield Fault(("offers", i, "classes", line), message)


def _setup(case: Case, library: Mapping[str, Form], offer: Offer) -> tuple[str, ...]:
    """Set-up lines of the offer's form, of the library's and the case's own."""
    forms = (library.get(offer.form), case.forms.get(offer.form))
    return tuple(line for form in forms if form is not None for line in form.setup)
