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
    for outcome in case.outcomes:
        if outcome.swing_weight is not None:
            yield f"`swing_weight` of outcome `{outcome.id}`"
    for offer in case.offers:
        one_off = {
            *offer.setup,
            *case.forms[offer.form].setup,
            "takeover",
            "exit_fee",
            "transition",
        }
        for line in sorted(set(offer.classes) - one_off):
            yield f"the class of `{line}`, which is not a one-off line of offer `{offer.id}`,"
    for driver in case.drivers:
        if isinstance(driver, ReorganisationDriver):
            for way in sorted({driver.on_vesting, *driver.by_offer.values()} & {"split", "merge"}):
                yield f"reorganisation `{driver_id(driver)}` that says `{way}`"
