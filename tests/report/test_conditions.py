from __future__ import annotations

from decimal import Decimal
from itertools import product

from sourcemix.model.tree import Node, Tree
from sourcemix.report.conditions import describe, known


def tree(*branches: dict[str, tuple[str, ...]]) -> Tree:
    """A tree in which each period multiplies by what its drivers may do."""
    nodes = [Node(id=0, parent=None, period=0, p=Decimal(1))]
    ends = [0]
    for period, drivers in enumerate(branches, start=1):
        following = []
        for parent in ends:
            for values in product(*drivers.values()):
                seen = dict(zip(drivers, values, strict=True))
                nodes.append(
                    Node(id=len(nodes), parent=parent, period=period, p=Decimal("0.5"), seen=seen)
                )
                following.append(len(nodes) - 1)
        ends = following
    return Tree(nodes=tuple(nodes))


def at(made: Tree, period: int) -> list[int]:
    return [node.id for node in made.nodes if node.period == period]


def test_all_nodes_need_no_words() -> None:
    made = tree({"a": ("0", "1")})
    assert describe(known(made), frozenset(at(made, 1)), at(made, 1)) == ()


def test_one_fact_is_enough_where_one_driver_decides() -> None:
    made = tree({"a": ("0", "1"), "b": ("0", "1")})
    chosen = frozenset(n.id for n in made.nodes if n.seen.get("b") == "1")
    assert describe(known(made), chosen, at(made, 1)) == ((("b", "1"),),)


def test_two_facts_where_both_must_hold() -> None:
    made = tree({"a": ("0", "1"), "b": ("0", "1")})
    chosen = frozenset(n.id for n in made.nodes if n.seen == {"a": "0", "b": "1"})
    assert describe(known(made), chosen, at(made, 1)) == ((("a", "0"), ("b", "1")),)


def test_either_of_two_where_any_may_hold() -> None:
    made = tree({"a": ("0", "1"), "b": ("0", "1")})
    chosen = frozenset(n.id for n in made.nodes if "1" in n.seen.values())
    terms = describe(known(made), chosen, at(made, 1))
    assert terms is not None
    assert len(terms) == 2
    rows = known(made)
    assert {
        n for n in at(made, 1) if any(all(rows[n][k] == v for k, v in term) for term in terms)
    } == chosen


def test_what_has_failed_stays_failed_and_trends_are_dated() -> None:
    made = tree({"failure:x": ("yes", "no")}, {"failure:x": ("no",), "t": ("low", "high")})
    last = known(made)[at(made, 2)[0]]
    assert last == {"failure:x": "yes", "t": "low"}
    again = tree({"t": ("low", "high")}, {"t": ("low", "high")})
    assert known(again)[at(again, 2)[1]] == {"t@1": "low", "t@2": "high"}


def test_too_many_words_are_refused() -> None:
    made = tree(dict.fromkeys("abcd", ("0", "1")))
    odd = frozenset(n.id for n in made.nodes[1:] if list(n.seen.values()).count("1") % 2)
    assert describe(known(made), odd, at(made, 1)) is None
