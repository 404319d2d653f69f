"""Awarding an event: solved, recomputed, put together."""

from __future__ import annotations

from importlib.metadata import version

from sourcemix import verify
from sourcemix.analysis.figures import Figures, figures
from sourcemix.app.run_record import now, run_record
from sourcemix.engine import award as engine
from sourcemix.engine.answer import AwardAnswer, Limits, OnProgress
from sourcemix.errors import UnsupportedError, VerificationError
from sourcemix.model.award import Award, AwardResult
from sourcemix.model.canonical import canonical, digest
from sourcemix.model.event import Event
from sourcemix.settings import Settings
from sourcemix.verify import AwardAccounts


def award_event(
    event: Event,
    *,
    gap: float | None = None,
    seconds: float | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Award:
    """Find the cheapest award of an event, prove how good it is, and check it independently.

    Args:
        event: the event.
        gap: stop when (cost - bound) / |cost| is at most this; none: 0, the cheapest.
        seconds: time limit of the search; none: 300.
        seed: seed of the search.
        on_progress: called as cost and bound move.

    Returns:
        The award as a document. Its `result` is the same for the same input, seed and version.

    Raises:
        UnsupportedError: the event uses terms that this version cannot award by; all at once.
        SolverError: the solver ended without an answer.
        VerificationError: the award found does not survive being recomputed.
    """
    started = now()
    asked = 0.0 if gap is None else gap
    limits = Limits(gap=asked, seconds=Settings.time if seconds is None else seconds, seed=seed)
    faults = engine.unsupported(event)
    if faults:
        raise UnsupportedError(faults)
    ready = canonical(event)
    answer = engine.solve(ready, limits, on_progress)
    accounts = None if answer.winners is None else _checked(ready, answer)
    judged = figures(answer, accounts.cost if accounts else None, asked)
    result = _result(ready, answer, accounts, judged, seed)
    return Award(
        status=result.status,
        reason=result.reason,
        cost=result.cost,
        bound=result.bound,
        gap=result.gap,
        verified=result.verified,
        result=result,
        run=run_record(started, answer, limits, {}),
        event=ready,
    )


def _result(
    event: Event,
    answer: AwardAnswer,
    accounts: AwardAccounts | None,
    judged: Figures,
    seed: int,
) -> AwardResult:
    return AwardResult(
        status=judged.status,
        reason=judged.reason,
        cost=judged.cost,
        bound=judged.bound,
        gap=judged.gap,
        verified=accounts is not None,
        input_sha256=digest(event),
        version=version("sourcemix"),
        seed=seed,
        ground="award" if event.purpose == "award" else "analysis, not a ground for award",
        winners=(answer.winners or ()) if accounts else (),
        suppliers=accounts.suppliers if accounts else (),
        unawarded=answer.unawarded if accounts else (),
        costs=accounts.costs if accounts else {},
        conflicts=answer.conflicts,
        verification=accounts.verification if accounts else None,
    )


def _checked(event: Event, answer: AwardAnswer) -> AwardAccounts:
    """Recompute an award.

    Raises:
        VerificationError: something does not agree.
    """
    assert answer.winners is not None
    accounts = verify.award(event, answer.winners, answer.unawarded)
    if accounts.discrepancies:
        raise VerificationError(accounts.discrepancies)
    return accounts
