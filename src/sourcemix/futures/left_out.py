"""What a plan does not take into account, in words."""

from __future__ import annotations

from sourcemix.model.case import Case
from sourcemix.model.drivers import SupplierFailureDriver, WithdrawalDriver
from sourcemix.model.offers import Offer


def left_out(case: Case) -> tuple[str, ...]:
    """One sentence each for failures and withdrawals that are no drivers, and for what is idle."""
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
    never = sorted(
        {offer.name or _described(case, offer) for offer in case.offers if _never_live(case, offer)}
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
    if never:
        sentences.append(
            "These offers can never start within the horizon, by their lead time, their "
            f"availability or their framework, so no plan uses them: {', '.join(never)}."
        )
    return (*sentences, *_unpriced(case))


def _unpriced(case: Case) -> tuple[str, ...]:
    """Weights of outcomes without what a weight is worth, or the other way round."""
    weighted = sorted(one.id for one in case.outcomes if one.swing_weight is not None)
    priced = case.appraisal.swing_value is not None
    if weighted and not priced:
        return (
            "These outcomes have a weight but no price (`appraisal.swing_value`), so they move no "
            f"decision: {', '.join(weighted)}.",
        )
    if priced and not weighted:
        return (
            "`appraisal.swing_value` is the price of a weight, but no outcome has a "
            "`swing_weight`, so it moves no decision.",
        )
    return ()


def _never_live(case: Case, offer: Offer) -> bool:
    """Whether an offer has no agreement of today, and can be procured in no period."""
    if any(agreement.offer == offer.id for agreement in case.agreements):
        return False
    horizon = case.horizon
    form = case.forms.get(offer.form)
    lead = offer.lead if offer.lead is not None or form is None else form.lead
    ahead = (lead or 0) // horizon.months
    first, until = offer.available.from_, offer.available.until
    earliest = max(ahead, 0 if first is None else horizon.first_from(first))
    latest = horizon.periods - 1 if until is None else horizon.period_of(until)
    for framework in case.frameworks:
        if framework.id == offer.framework and framework.expires is not None:
            latest = min(latest, horizon.period_of(framework.expires) + ahead)
    return earliest > min(latest, horizon.periods - 1)


def _described(case: Case, offer: Offer) -> str:
    supplier = case.supplier(offer.supplier)
    services = sorted(case.service(name).name or name for name in offer.services)
    return f"{supplier.name or supplier.id} for {' and '.join(services)}"
