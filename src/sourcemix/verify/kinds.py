"""What plans to compare with may do: each kind as a predicate on the decisions of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver
from sourcemix.model.offers import Offer
from sourcemix.model.plan import Comparator, Decision, PlanNode
from sourcemix.model.rules import MaxTerm
from sourcemix.model.tree import Node, Tree
from sourcemix.verify.agreements import Ended, Standing, decisions_of, follow
from sourcemix.verify.cheapest import cheapest, may_start
from sourcemix.verify.facts import fits
from sourcemix.verify.rule_checks import all_rules, applies
from sourcemix.verify.world import World

Fate = tuple[tuple[int, str], ...]
"""What has happened to an offer so far: period and event."""


def without_rules(case: Case) -> Case:
    """The case without its rules that have no price, those that a policy may bring included."""
    return case.model_copy(
        update={
            "rules": tuple(rule for rule in case.rules if rule.soft is not None),
            "drivers": tuple(
                driver
                for driver in case.drivers
                if not isinstance(driver, PolicyDriver) or driver.rule.soft is not None
            ),
        }
    )


def kind_faults(
    case: Case, tree: Tree, nodes: tuple[PlanNode, ...], kind: Comparator, name: str
) -> tuple[str, ...]:
    """What a plan of a kind to compare with does and may not do, in words; nothing if all is well.

    That its decisions are possible at all, and that rules hold, is for `account` to check.

    Args:
        case: the case; `without_rules` of it where the plan was made without them.
        tree: the tree that the plan was made for.
        nodes: the plan's nodes in the order of the tree.
        kind: what it may do.
        name: name of the baseline, where the kind has offers of its own.
    """
    world = World(case, tree)
    decisions = decisions_of(nodes)
    standings, _ = follow(world, decisions)
    fates = _fates(world)
    found = [*_procured(world, decisions, kind, name), *_apart(world, decisions, fates)]
    if kind != "fixed_plan":
        found += _dropped(world, standings, fates, today=kind == "as_is")
    return tuple(found)


def _procured(
    world: World, decisions: Mapping[int, tuple[Decision, ...]], kind: Comparator, name: str
) -> Iterator[str]:
    """Procurements of offers that are not for the kind."""
    started = sorted(
        {d.offer for here in decisions.values() for d in here if d.action == "procure"}
    )
    if kind == "cheapest_now":
        yield from _not_cheapest(world, started)
        return
    allowed = _offers_of(world.case, kind, name)
    for offer in started:
        if allowed is not None and offer not in allowed:
            yield f"`{offer}` is procured, which is not for a plan `{name}`"


def _offers_of(case: Case, kind: Comparator, name: str) -> frozenset[str] | None:
    """The offers that a kind may procure; None: all."""
    match kind:
        case "single_partnership" | "named":
            return frozenset(case.baselines[name].offers) if name in case.baselines else frozenset()
        case "as_is":
            return frozenset(agreement.offer for agreement in case.agreements)
        case "in_house":
            own = {supplier.id for supplier in case.suppliers if supplier.kind == "in_house"}
            return frozenset(offer.id for offer in case.offers if offer.supplier in own)
        case _:
            return None


def _not_cheapest(world: World, started: list[str]) -> Iterator[str]:
    """Procurements that cannot each be the one offer picked for a service of its own."""
    best = cheapest(world)
    picked: dict[str, str] = {}
    for offer in started:
        if not any(offer in offers for offers in best.values()):
            yield (
                f"`{offer}` is procured, which is not for a plan `cheapest_now`: for none of its "
                "services is its charge the lowest today"
            )
        elif not _pick(offer, best, picked, set()):
            yield (
                f"`{offer}` is procured beside an offer that is as cheap today for the same "
                "service; `cheapest_now` takes one for each service"
            )


def _pick(
    offer: str, best: Mapping[str, frozenset[str]], picked: dict[str, str], tried: set[str]
) -> bool:
    """Give an offer a service for which it is the pick, moving others where that makes room."""
    for service, offers in best.items():
        if offer in offers and service not in tried:
            tried.add(service)
            if service not in picked or _pick(picked[service], best, picked, tried):
                picked[service] = offer
                return True
    return False


def _fates(world: World) -> tuple[Mapping[str, Fate], ...]:
    """What has happened to each offer by each node; offers to which nothing has are left out."""
    found: list[Mapping[str, Fate]] = []
    for node in world.tree.nodes:
        above = None if node.parent is None else world.tree.nodes[node.parent]
        before = {} if node.parent is None else found[node.parent]
        if above is not None and not node.ended and _gone(node) == _gone(above):
            found.append(before)
            continue
        new = {
            offer.id: (*before.get(offer.id, ()), *events)
            for offer in world.case.offers
            if (events := _events(offer, node, above))
        }
        found.append({**before, **new})
    return tuple(found)


def _gone(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return node.failed, node.withdrawn


def _events(offer: Offer, node: Node, above: Node | None) -> Fate:
    """What happens to an offer at a node."""
    happened = (
        ("failed", offer.supplier in node.failed, above and offer.supplier in above.failed),
        ("withdrawn", offer.id in node.withdrawn, above and offer.id in above.withdrawn),
        ("ended", offer.id in node.ended, False),
    )
    return tuple((node.period, what) for what, here, before in happened if here and not before)


def _apart(
    world: World,
    decisions: Mapping[int, tuple[Decision, ...]],
    fates: tuple[Mapping[str, Fate], ...],
) -> Iterator[str]:
    """Nodes of a period that decide about an offer in two ways although its fate is the same."""
    decided = sorted({decision.offer for here in decisions.values() for decision in here})
    first: dict[tuple[int, str, Fate], tuple[int, frozenset[Decision]]] = {}
    for node in world.tree.nodes:
        here = decisions.get(node.id, ())
        for offer in decided:
            done = frozenset(decision for decision in here if decision.offer == offer)
            key = (node.period, offer, fates[node.id].get(offer, ()))
            other, did = first.setdefault(key, (node.id, done))
            if did != done:
                yield (
                    f"node {node.id} decides about `{offer}` otherwise than node {other} of the "
                    "same period, where the offer has had the same fate"
                )


def _dropped(
    world: World,
    standings: tuple[Standing, ...],
    fates: tuple[Mapping[str, Fate], ...],
    *,
    today: bool,
) -> Iterator[str]:
    """Agreements that are over and not followed by the same offer, although they could be."""
    for node, standing in zip(world.tree.nodes, standings, strict=True):
        for ended in standing.ended:
            before = None if node.parent is None else standings[node.parent].live[ended.offer]
            of_plan = before is not None and before.procured is not None
            if ended.offer in standing.live or not (today or of_plan):
                continue
            if ended.why in ("failed", "withdrawn", "reorganised"):
                continue
            run_out = ended.why in ("expired", "noticed_before")
            if before is not None and before.since is not None:
                run_out = run_out or _too_long(world, ended, node, fates)
            if run_out and not _renewable(world, world.offers[ended.offer], node, fates):
                continue
            yield (
                f"node {node.id}: `{ended.offer}` is not live any more; it should be kept or "
                "renewed"
            )


def _too_long(
    world: World, ended: Ended, node: Node, fates: tuple[Mapping[str, Fate], ...]
) -> bool:
    """Whether a `max_term` let an agreement go on no longer, here or where the fate is the same."""
    limits = _max_terms(world, world.offers[ended.offer])
    fate = fates[node.id].get(ended.offer, ())
    return any(
        ended.age * world.months >= rule.months and applies(world, rule, policy, other.id)
        for rule, policy in limits
        for other in world.tree.nodes
        if other.period == node.period and fates[other.id].get(ended.offer, ()) == fate
    )


def _max_terms(world: World, offer: Offer) -> list[tuple[MaxTerm, str | None]]:
    """The rules without a price that limit how long an agreement runs, each with its policy."""
    return [
        (rule, policy)
        for _, rule, policy in all_rules(world.case)
        if isinstance(rule, MaxTerm) and rule.soft is None and fits(rule.who, world.supplier(offer))
    ]


def _renewable(
    world: World, offer: Offer, node: Node, fates: tuple[Mapping[str, Fate], ...]
) -> bool:
    """Whether its terms allow an offer to start at a node."""
    return may_start(world, offer, node.period) and _in_time(world, offer, node, fates)


def _in_time(world: World, offer: Offer, node: Node, fates: tuple[Mapping[str, Fate], ...]) -> bool:
    """Whether an agreement that starts at a node can be left before it breaks a `max_term`.

    One decision starts it at all nodes of the period below those of the same fate, so it has to
    be left in time at all of them.
    """
    limits = _max_terms(world, offer)
    if not limits:
        return True
    soonest = max(world.notice(offer), 1) if world.binding(offer) else 1
    shortest = min(world.longest(offer), soonest)
    alike = _decided_alike(world, offer, node, fates)
    for other in world.tree.nodes:
        age = other.period - node.period
        if not 0 <= age < shortest or _ancestor(world, other, alike[1]) not in alike[0]:
            continue
        gone = [
            what
            for period, what in fates[other.id].get(offer.id, ())
            if what != "ended" or period > node.period
        ]
        if not gone and any(
            applies(world, rule, policy, other.id) and (age + 1) * world.months > rule.months
            for rule, policy in limits
        ):
            return False
    return True


def _decided_alike(
    world: World, offer: Offer, node: Node, fates: tuple[Mapping[str, Fate], ...]
) -> tuple[frozenset[int], int]:
    """The nodes at which a start at a node would be decided, and their period."""
    period = node.period - world.lead(offer)
    fate = fates[_ancestor(world, node, period)].get(offer.id, ())
    return frozenset(
        at.id
        for at in world.tree.nodes
        if at.period == period and fates[at.id].get(offer.id, ()) == fate
    ), period


def _ancestor(world: World, node: Node, period: int) -> int:
    """The node of a period on the way to a node."""
    return next(at for at in world.tree.path(node.id) if world.tree.nodes[at].period == period)
