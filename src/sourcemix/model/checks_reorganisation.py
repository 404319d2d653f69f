"""Checks of what reorganisation is said to do with agreements."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.errors import Fault, Path
from sourcemix.model.case import Case
from sourcemix.model.drivers import ReorganisationDriver
from sourcemix.model.wording import quoted


def reorganisation_faults(case: Case) -> Iterator[Fault]:
    """Splits among too few successors; agreements that two drivers would split or merge."""
    first: dict[str, int] = {}
    for i, driver in enumerate(case.drivers):
        if isinstance(driver, ReorganisationDriver):
            yield from _successors(("drivers", i), driver)
            yield from _only_once(("drivers", i), driver, case, first)


def _successors(path: Path, driver: ReorganisationDriver) -> Iterator[Fault]:
    seen: set[str] = set()
    for j, name in enumerate(driver.successors):
        if name in seen:
            yield Fault((*path, "successors", j), f"`{name}` is listed twice; take one out")
        seen.add(name)
    if len(driver.successors) >= 2:
        return
    number = "one is" if driver.successors else "none is"
    message = f"a split needs two or more `successors`, and {number} named; name them all"
    for place in _places(driver, "split"):
        yield Fault((*path, *place), message)


def _only_once(
    path: Path, driver: ReorganisationDriver, case: Case, first: dict[str, int]
) -> Iterator[Fault]:
    """Offers that an earlier driver splits or merges, too; one fault for each place and driver."""
    again: dict[tuple[Path, int], list[str]] = {}
    for offer in dict.fromkeys(offer.id for offer in case.offers):
        if driver.by_offer.get(offer, driver.on_vesting) not in ("split", "merge"):
            continue
        if offer in first:
            place: Path = ("by_offer", offer) if offer in driver.by_offer else ("on_vesting",)
            again.setdefault(((*path, *place), first[offer]), []).append(offer)
        first.setdefault(offer, int(path[-1]))
    for (where, before), offers in again.items():
        message = (
            f"`drivers[{before}]` already splits or merges agreements of {quoted(offers, 'and')}; "
            "only one driver may: let this one `novate` them"
        )
        yield Fault(where, message)


def _places(driver: ReorganisationDriver, way: str) -> Iterator[Path]:
    """Where a driver says what becomes of agreements: for all, and offer by offer."""
    if driver.on_vesting == way:
        yield ("on_vesting",)
    for offer, said in driver.by_offer.items():
        if said == way:
            yield "by_offer", offer
