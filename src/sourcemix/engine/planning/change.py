"""Who pays for changed requirements: agreements signed before the change, not those after."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.planning.timeline import Line
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.drivers import RequirementDriver


def unforeseen(problem: Problem, line: Line, node: int) -> Iterator[RequirementDriver]:
    """Requirements that have arisen at a node, but had not where the line was signed."""
    known = () if line.signed == TODAY else problem.tree.nodes[line.signed].arisen
    arisen = problem.tree.nodes[node].arisen
    covered = {problem.services[service] for service in problem.offers[line.offer].services}
    for driver in problem.case.drivers:
        if (
            isinstance(driver, RequirementDriver)
            and driver.id in arisen
            and driver.id not in known
            and covered.intersection(driver.services)
        ):
            yield driver


def markup(problem: Problem, line: Line, node: int, service: int) -> float:
    """Share of the charges for a service that changed requirements add at a node."""
    terms = problem.offers[line.offer]
    return sum(
        terms.change_rate * float(driver.size)
        for driver in unforeseen(problem, line, node)
        if problem.services[service] in driver.services and terms.id not in driver.adapts
    )


def adaptation(problem: Problem, line: Line, node: int) -> float:
    """Pounds paid once at a node for requirements first seen there (or before, at the start)."""
    offer = problem.offers[line.offer].id
    parent = int(problem.parent[node])
    before = () if parent == TODAY else problem.tree.nodes[parent].arisen
    return sum(
        float(driver.adapts[offer])
        for driver in unforeseen(problem, line, node)
        if offer in driver.adapts and (node == line.start or driver.id not in before)
    )
