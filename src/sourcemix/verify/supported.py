"""Terms of a case that this version cannot recompute: each is named, never passed over."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.model.case import Case
from sourcemix.model.drivers import ReorganisationDriver, driver_id


def unchecked_terms(case: Case) -> Iterator[str]:
    """One sentence for each term of a case that is not checked by this version."""
    for term in _terms(case):
        yield f"{term} is not checked by this version"


def _terms(case: Case) -> Iterator[str]:
    if case.frameworks:
        yield "`frameworks`"
    if case.appraisal.optimism_bias:
        yield "`optimism_bias`"
    if case.appraisal.risk.weight:
        yield "`risk` with a weight"
    for outcome in case.outcomes:
        if outcome.swing_weight is not None:
            yield f"`swing_weight` of outcome `{outcome.id}`"
    for offer in case.offers:
        if offer.framework is not None:
            yield f"`framework` of offer `{offer.id}`"
        if any(kind != "revenue" for kind in offer.classes.values()):
            yield f"`classes` of offer `{offer.id}`"
        for service, terms in offer.services.items():
            if terms.tiers:
                yield f"`tiers` of offer `{offer.id}` for `{service}`"
    for driver in case.drivers:
        if isinstance(driver, ReorganisationDriver):
            for way in sorted({driver.on_vesting, *driver.by_offer.values()} & {"split", "merge"}):
                yield f"reorganisation `{driver_id(driver)}` that says `{way}`"
