"""What a new search takes from a plan that was made before."""

from __future__ import annotations

from sourcemix.engine.earlier import Earlier
from sourcemix.errors import InputError
from sourcemix.model.plan import Multipliers, Plan

SOURCE = "the plan to begin from"


def earlier_from(plan: Plan) -> Earlier:
    """What can be taken from a plan.

    Raises:
        InputError: it holds no mix, or its nodes are not those of its tree.
    """
    tree, nodes = plan.result.tree, plan.result.nodes
    if not nodes:
        raise InputError(
            f"it holds no mix (its status is `{plan.status}`); plan without it", source=SOURCE
        )
    places = range(len(tree.nodes))
    parents = [node.parent for node in tree.nodes]
    ordered = parents[0] is None and all(
        parent is not None and 0 <= parent < node for node, parent in enumerate(parents[1:], 1)
    )
    if not ordered or [n.id for n in tree.nodes] != list(places):
        raise InputError("its tree is not a tree of futures; plan without it", source=SOURCE)
    if [node.node for node in nodes] != list(places):
        raise InputError("its nodes are not those of its tree; plan without it", source=SOURCE)
    return Earlier(
        horizon=plan.case.horizon,
        tree=tree,
        nodes=nodes,
        multipliers=_fitting(plan.run.multipliers, len(nodes)),
    )


def _fitting(kept: Multipliers | None, nodes: int) -> Multipliers | None:
    """The prices, if there is one for each node."""
    if kept is None:
        return None
    columns = [*kept.rules]
    for services in kept.offers.values():
        for classes in services.values():
            columns.extend(classes)
    return kept if all(len(column) == nodes for column in columns) else None
