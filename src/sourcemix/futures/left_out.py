"""What a tree leaves out, in words."""

from __future__ import annotations

from sourcemix.model.case import Case
from sourcemix.model.drivers import SupplierFailureDriver, WithdrawalDriver
from sourcemix.model.offers import Offer


def left_out(case: Case) -> tuple[str, ...]:
    """One sentence for suppliers whose failure, one for offers whose withdrawal is no driver."""
    failing = {d.supplier for d in case.drivers if isinstance(d, SupplierFailureDriver)}
    leaving = {d.offer for d in case.drivers if isinstance(d, WithdrawalDriver)}
    offering = {offer.supplier for offer in case.offers}
    suppliers = sorted(
        supplier.name or supplier.id
        for supplier in case.suppliers
        if supplier.kind != "in_house" and supplier.id in offering - failing
    )
    informal = sorted(
        offer.name or _described(case, offer)
        for offer in case.offers
        if offer.id not in leaving
        and offer.form in case.forms
        and case.forms[offer.form].binding is False
    )
    sentences = []
    if suppliers:
        sentences.append(
            f"That these suppliers may fail is not taken into account: {', '.join(suppliers)}."
        )
    if informal:
        sentences.append(
            "That the other side may withdraw is not taken into account for these informal "
            f"agreements: {', '.join(informal)}."
        )
    return tuple(sentences)


def _described(case: Case, offer: Offer) -> str:
    supplier = case.supplier(offer.supplier)
    services = sorted(case.service(name).name or name for name in offer.services)
    return f"{supplier.name or supplier.id} for {' and '.join(services)}"
