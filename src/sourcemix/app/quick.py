"""The first answer in fifteen minutes: five answers per service in, one page out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from sourcemix.app.quick_answer import answer_for, of_running
from sourcemix.app.quick_case import draft_case, one_service
from sourcemix.app.quick_input import QuickService
from sourcemix.app.quick_unknowns import rank
from sourcemix.model.case import Case
from sourcemix.report.first_answer import FirstAnswer

SECONDS = 60.0
"""Time limit of the plan of each service."""
MOST_UNKNOWNS = 3
"""Figures that the page names."""


def quick(
    services: Iterable[QuickService],
    *,
    today: date,
    authority: str = "Your authority",
    seconds: float = SECONDS,
    seed: int = 0,
    on_service: Callable[[str], None] | None = None,
) -> tuple[Case, FirstAnswer]:
    """Draft a case from five answers per service, and say what can be said at once.

    Services are looked at one by one, so that every plan is small.

    Args:
        services: what is known of each.
        today: the day of asking.
        authority: whose question it is.
        seconds: time limit of the plan of each service.
        seed: seed of the search.
        on_service: called with the name of each service before it is looked at.

    Raises:
        SolverError: a plan was not found in time.
    """
    known = tuple(services)
    draft = draft_case(known, today=today, authority=authority)
    answers = []
    for service, given in zip(draft.services, known, strict=True):
        if on_service is not None:
            on_service(service.name)
        alone = one_service(draft, service.id)
        answers.append(answer_for(alone, given, today, seconds=seconds, seed=seed))
    unknowns = sorted((unknown for answer in answers for unknown in answer.unknowns), key=rank)
    return draft, FirstAnswer(
        today=today,
        years=draft.horizon.periods * draft.horizon.months // 12,
        price_base=draft.money.price_base,
        services=tuple(answers),
        unknowns=tuple(unknowns[:MOST_UNKNOWNS]),
        indicative_share=of_running(answers),
    )
