"""What this version reads but cannot yet plan with; refused by name, never silently."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.planning.rules import SUPPORTED
from sourcemix.errors import Fault
from sourcemix.model.case import Appraisal, Case
from sourcemix.model.drivers import PolicyDriver, ReorganisationDriver
from sourcemix.model.offers import Offer
from sourcemix.model.rules import Rule

LATER = "this version cannot plan with it yet; leave it out"


def unsupported(case: Case) -> tuple[Fault, ...]:
    """Every term of a case that cannot be planned with, each with its place."""
    return tuple(_faults(case))


def _faults(case: Case) -> Iterator[Fault]:
    for position, outcome in enumerate(case.outcomes):
        if outcome.swing_weight is not None:
            yield Fault(
                ("outcomes", position, "swing_weight"),
                f"`swing_weight`: {LATER}, or give a `value` in pounds",
            )
    for position, offer in enumerate(case.offers):
        yield from _offer(offer, position)
    if case.frameworks:
        yield Fault(("frameworks",), f"frameworks with shared terms: {LATER}")
    for position, rule in enumerate(case.rules):
        yield from _rule(rule, ("rules", position))
    for position, driver in enumerate(case.drivers):
        if isinstance(driver, PolicyDriver):
            yield from _rule(driver.rule, ("drivers", position, "rule"))
        if isinstance(driver, ReorganisationDriver):
            for way in sorted({driver.on_vesting, *driver.by_offer.values()} - {"novate", "end"}):
                message = f"agreements that `{way}` on vesting: {LATER}"
                yield Fault(("drivers", position, "on_vesting"), message)
    if case.appraisal.risk.weight:
        yield Fault(("appraisal", "risk", "weight"), f"a weight on risk: {LATER}, or set it to 0")
    if case.appraisal.tie != Appraisal().tie:
        message = f"the tie rule `{case.appraisal.tie}`: {LATER}"
        yield Fault(("appraisal", "tie"), message)
    if any(case.appraisal.optimism_bias.values()):
        yield Fault(("appraisal", "optimism_bias"), f"optimism bias: {LATER}")


def _offer(offer: Offer, position: int) -> Iterator[Fault]:
    for service, terms in offer.services.items():
        if terms.tiers:
            path = ("offers", position, "services", service, "tiers")
            yield Fault(path, f"`tiers`: {LATER}")
    if offer.framework is not None:
        yield Fault(("offers", position, "framework"), f"`framework`: {LATER}")
    if "capital" in offer.classes.values():
        yield Fault(("offers", position, "classes"), f"capital cost lines: {LATER}")


def _rule(rule: Rule, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if type(rule) not in SUPPORTED:
        yield Fault(path, f"the rule `{rule.kind}`: {LATER}")
    if rule.soft is not None:
        yield Fault((*path, "soft"), f"soft rules: {LATER}")
    if rule.kind in _PER_NODE and rule.scope != "every_node":
        message = f"scope `{rule.scope}` for the rule `{rule.kind}`: {LATER}"
        yield Fault((*path, "scope"), message)


_PER_NODE = frozenset(
    {
        "max_suppliers",
        "min_suppliers",
        "must_use",
        "must_not_use",
        "max_live",
        "max_term",
        "excludes",
        "requires",
    }
)
"""Rules that this version holds at every node only."""
