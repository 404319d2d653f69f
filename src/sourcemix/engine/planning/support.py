"""What this version reads but cannot yet plan with; refused by name, never silently."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.planning.rules import SUPPORTED
from sourcemix.errors import Fault
from sourcemix.model.case import Appraisal, Case
from sourcemix.model.drivers import PolicyDriver, ReorganisationDriver
from sourcemix.model.offers import Offer
from sourcemix.model.references import scope_faults
from sourcemix.model.rules import Rule

OTHER_LINES = ("takeover", "exit_fee", "transition")
"""One-off lines beside those of set-up; they can be classed, too."""
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
        yield from _classes(case, offer, position)
    for position, rule in enumerate(case.rules):
        yield from _rule(rule, ("rules", position))
    for position, driver in enumerate(case.drivers):
        if isinstance(driver, PolicyDriver):
            yield from _rule(driver.rule, ("drivers", position, "rule"))
        if isinstance(driver, ReorganisationDriver):
            for way in sorted({driver.on_vesting, *driver.by_offer.values()} - {"novate", "end"}):
                message = f"agreements that `{way}` on vesting: {LATER}"
                yield Fault(("drivers", position, "on_vesting"), message)
    if case.appraisal.tie != Appraisal().tie:
        message = f"the tie rule `{case.appraisal.tie}`: {LATER}"
        yield Fault(("appraisal", "tie"), message)


def _classes(case: Case, offer: Offer, position: int) -> Iterator[Fault]:
    """Classes of lines that the offer does not have, or that recur."""
    form = case.forms.get(offer.form)
    lines = {*offer.setup, *(form.setup if form is not None else ()), *OTHER_LINES}
    for line in sorted(offer.classes.keys() - lines):
        message = (
            f"`{line}` is not a one-off line of this offer; name one of its set-up lines, "
            "`takeover`, `exit_fee` or `transition`"
        )
        yield Fault(("offers", position, "classes", line), message)


def _rule(rule: Rule, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if type(rule) not in SUPPORTED:
        yield Fault(path, f"the rule `{rule.kind}`: {LATER}")
    yield from scope_faults(path, rule)
