"""Checks that names lead somewhere; cases and events share them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from sourcemix.errors import Fault, Path
from sourcemix.model.rules import (
    EVERY_NODE_ONLY,
    MaxShare,
    MaxValue,
    MinShare,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
)
from sourcemix.model.wording import unknown

Known = Mapping[str, Collection[str]]
"""The names that each list of a document defines, by the name of the list."""


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its short name."""
        ...


def one(path: Path, name: str | None, known: Known, where: str) -> Iterator[Fault]:
    """A name that should be in a list of the document."""
    if name is not None and name not in known[where]:
        yield Fault(path, unknown(name, known[where], where))


def many(path: Path, names: Iterable[str], known: Known, where: str) -> Iterator[Fault]:
    """A list of names that should be in a list of the document, each once."""
    seen: set[str] = set()
    for i, name in enumerate(names):
        yield from one((*path, i), name, known, where)
        if name in seen:
            yield Fault((*path, i), f"`{name}` is listed twice; take one out")
        seen.add(name)


def keys(path: Path, names: Iterable[str], known: Known, where: str) -> Iterator[Fault]:
    """Fields named after entries of a list of the document."""
    for name in names:
        yield from one((*path, name), name, known, where)


def duplicates(where: str, names: Iterable[str | None]) -> Iterator[Fault]:
    """Entries of one list that share an id."""
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if name is None:
            continue
        if name in first:
            message = (
                f"the id `{name}` is already used by `{where}[{first[name]}]`; every entry needs "
                "an id of its own"
            )
            yield Fault((where, i, "id"), message)
        first.setdefault(name, i)


def ids(items: Iterable[Named]) -> list[str]:
    """The ids of some things, in order."""
    return [item.id for item in items]


NAMED = {
    "service": "services",
    "services": "services",
    "supplier": "suppliers",
    "offer": "offers",
    "offers": "offers",
    "needs": "offers",
    "outcome": "outcomes",
}
"""Fields of rules that name something, and the list that should hold it."""


def rule_references(path: Path, rule: Rule, known: Known, *, event: bool) -> Iterator[Fault]:
    """Everything that a rule names; in an event, `offer` and `offers` name bids."""
    for field, where in NAMED.items():
        value = getattr(rule, field, None)
        if value is None:
            continue
        if event and where in ("services", "outcomes"):
            yield Fault((*path, field), f"an event has no {where}; leave `{field}` out")
            continue
        where = "bids" if event and where == "offers" else where
        if isinstance(value, str):
            yield from one((*path, field), value, known, where)
        else:
            yield from many((*path, field), value, known, where)
    who = getattr(rule, "who", None)
    if who is not None:
        yield from one((*path, "who", "supplier"), who.supplier, known, "suppliers")


def rule_sense(path: Path, rule: Rule) -> Iterator[Fault]:
    """What a rule must say to mean anything."""
    if isinstance(rule, MustUse | MustNotUse) and (rule.offer is None) == (rule.supplier is None):
        yield Fault(path, "give `offer` or `supplier`, and only one of them")
    if isinstance(rule, MaxShare | MinShare):
        if rule.of == "service" and rule.service is None:
            yield Fault(path, "missing field `service`: `of: service` needs one")
        if rule.of == "spend" and rule.service is not None:
            yield Fault((*path, "service"), "goes with `of: service`; this is a share of spend")
    if isinstance(rule, MinShare) and not rule.who.model_dump(exclude_none=True):
        yield Fault((*path, "who"), "say whose share: `supplier`, `kind`, `sme` or `local`")
    if isinstance(rule, Requires) and rule.offer in rule.needs:
        yield Fault((*path, "needs"), f"`{rule.offer}` cannot need itself")
    if rule.from_ is not None and rule.until is not None and rule.from_ > rule.until:
        yield Fault((*path, "until"), f"{rule.until} is before `from` ({rule.from_})")


def scope_faults(path: Path, rule: Rule) -> Iterator[Fault]:
    """A scope that makes no sense for a rule of a case."""
    if rule.kind in EVERY_NODE_ONLY and rule.scope != "every_node":
        message = f"an average says nothing about `{rule.kind}`; leave `scope` out"
        yield Fault((*path, "scope"), message)
    if isinstance(rule, MaxValue) and rule.scope == "expected_each_period":
        message = (
            "`max_value` speaks of the plan as a whole: `every_node` holds it in every future, "
            "`whole_plan` on average"
        )
        yield Fault((*path, "scope"), message)
