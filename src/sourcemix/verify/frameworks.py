"""What is spent through frameworks, future by future, against their ceilings."""

from __future__ import annotations

from fractions import Fraction

from sourcemix.verify.arithmetic import ZERO, pounds, total
from sourcemix.verify.findings import Findings
from sourcemix.verify.lines import SPEND, Line
from sourcemix.verify.world import World


def check_ceilings(world: World, lines: tuple[tuple[Line, ...], ...], findings: Findings) -> None:
    """Check that no future spends more through a framework than its ceiling, undiscounted."""
    for framework in world.case.frameworks:
        if framework.ceiling is None:
            continue
        along: list[Fraction] = []
        for node, here in zip(world.tree.nodes, lines, strict=True):
            above = ZERO if node.parent is None else along[node.parent]
            along.append(above + total(a.amount for a in here if _counts(world, a, framework.id)))
        for leaf in world.leaves:
            findings.expect(
                along[leaf] <= framework.ceiling,
                f"the future that ends at node {leaf} spends {pounds(along[leaf])} through the "
                f"framework `{framework.id}`, more than its ceiling of "
                f"{pounds(framework.ceiling)}",
            )


def _counts(world: World, line: Line, framework: str) -> bool:
    """Whether a line is spend through a framework."""
    if line.offer is None or line.component not in SPEND:
        return False
    offer = world.offers[line.offer]
    return offer.framework == framework and not world.in_house(offer)
