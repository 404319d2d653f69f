"""Terms that an event may use and that awards do not follow yet."""

from __future__ import annotations

from sourcemix.errors import Fault
from sourcemix.model.event import Event
from sourcemix.model.rules import (
    Budget,
    Excludes,
    MaxShare,
    MaxSuppliers,
    MaxValue,
    MaxWinners,
    MinShare,
    MinSuppliers,
    MinWinners,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
)

_FOLLOWED = (
    Budget,
    Excludes,
    MaxShare,
    MaxSuppliers,
    MaxValue,
    MaxWinners,
    MinShare,
    MinSuppliers,
    MinWinners,
    MustNotUse,
    MustUse,
    Requires,
)


def unsupported(event: Event) -> tuple[Fault, ...]:
    """Every term of the event that awards do not follow yet, with its place."""
    faults: list[Fault] = []
    if event.quality is not None:
        faults.append(
            Fault(
                ("quality",),
                "quality scores are not followed yet; leave `quality` out to award by price",
            )
        )
    if event.tie != "content":
        faults.append(
            Fault(("tie",), f"the tie rule {event.tie!r} is not followed yet; write `content`")
        )
    for position, rule in enumerate(event.rules):
        faults.extend(_of_rule(rule, ("rules", position)))
    return tuple(faults)


def _of_rule(rule: Rule, path: tuple[str, int]) -> list[Fault]:
    if not isinstance(rule, _FOLLOWED):
        return [Fault((*path, "kind"), f"the rule `{rule.kind}` is not followed in events yet")]
    faults: list[Fault] = []
    if rule.soft is not None:
        faults.append(
            Fault((*path, "soft"), "soft rules are not followed yet; leave `soft` out or the rule")
        )
    for name, value in (("from", rule.from_), ("until", rule.until)):
        if value is not None:
            faults.append(
                Fault((*path, name), f"an event has no dates; leave `{name}` out of the rule")
            )
    if isinstance(rule, (MaxShare, MinShare)) and rule.of == "service":
        faults.append(
            Fault((*path, "of"), "shares of a service are not followed in events yet; use `spend`")
        )
    return faults
