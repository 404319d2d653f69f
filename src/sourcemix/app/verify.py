"""Verifying a document: a plan or an award, recomputed independently of how it was found."""

from __future__ import annotations

from sourcemix.errors import InputError
from sourcemix.evidence import fill
from sourcemix.files import Document
from sourcemix.model.award import Award
from sourcemix.model.canonical import canonical, digest
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan, Verification
from sourcemix.verify import award_document, plan_document


def verify_document(document: Document, *, against: Document | None = None) -> Verification:
    """Recompute every figure of a plan or an award.

    Args:
        document: a plan or an award.
        against: the case or event that it should answer; none: the one inside it.

    Returns:
        The record of the check. Its `discrepancies` are empty if all agrees.

    Raises:
        InputError: it is neither a plan nor an award, or `against` is of the other kind.
    """
    match document:
        case Plan():
            wrong = plan_document(document)
            expected = _hash_of(against, Case, "case")
        case Award():
            wrong = award_document(document)
            expected = _hash_of(against, Event, "event")
        case _:
            raise InputError("this is neither a plan nor an award; there is nothing to verify")
    stated = document.result.input_sha256
    if expected not in (None, stated):
        wrong += (f"it answers another input: its hash is {stated}, not {expected}",)
    # The record inside the document has been compared with the recomputed one.
    inside = document.result.verification or Verification(checks=0)
    return inside.model_copy(update={"discrepancies": wrong})


def _hash_of(document: Document | None, kind: type[Case] | type[Event], name: str) -> str | None:
    if document is None:
        return None
    if not isinstance(document, kind):
        raise InputError(f"`--case` should be the {name} that the document answers")
    if isinstance(document, Case):
        return digest(canonical(fill(document)))
    return digest(document)
