"""How many times an agreement's `manage` is charged: more once it is split, less once it is merged.

What a merger costs is the dearest figure of those still live. The arrays charge each of them an
equal part of its own, which is never more; the exact model has the last word.
"""

from __future__ import annotations

from sourcemix.engine.planning.managing import Group, merged_by, vested
from sourcemix.engine.problem import Problem


class Managed:
    """Splits and mergers of a case."""

    def __init__(self, problem: Problem) -> None:
        """Gather them."""
        self._problem = problem
        self._since, self._by = vested(problem), merged_by(problem)
        self._moved = {name for found in self._since for name in found}
        self._sizes: dict[Group, int] = {}
        for node in problem.tree.nodes:
            for name in node.merged:
                group = self._group(node.id, name)
                self._sizes[group] = self._sizes.get(group, 0) + 1

    @property
    def merges(self) -> bool:
        """Whether agreements of several offers may be managed as one."""
        return any(size > 1 for size in self._sizes.values())

    def moves(self, offer: int) -> bool:
        """Whether an agreement of the offer may be split or merged at all."""
        return self._problem.offers[offer].id in self._moved

    def times(self, node: int, offer: int, begins: int) -> float:
        """How often `manage` counts for an agreement live at a node since a period."""
        name = self._problem.offers[offer].id
        since = self._since[node].get(name)
        if since is None or begins >= since:
            return 1.0
        at = self._problem.tree.nodes[node]
        if name in at.merged:
            return 1.0 / self._sizes[self._group(node, name)]
        return float(at.split[name])

    def _group(self, node: int, name: str) -> Group:
        offers = self._problem.offers
        supplier = next(terms.supplier for terms in offers if terms.id == name)
        return node, self._by[name], supplier
