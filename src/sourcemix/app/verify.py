"""Verifying a document: a plan or an award, recomputed independently of how it was found."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from sourcemix.errors import InputError
from sourcemix.evidence import fill
from sourcemix.files import Document
from sourcemix.futures.left_out import left_out
from sourcemix.model.award import Award
from sourcemix.model.canonical import canonical, digest
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan, Verification
from sourcemix.report import sentences
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
            wrong += () if wrong else tuple(_other_words(document))
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


def _other_words(plan: Plan) -> Iterator[str]:
    """Sentences of a sound plan that its decisions do not bear out.

    Only those that this version wrote: another one may put the same decisions in other words.
    """
    case, result = plan.case, plan.result
    if result.version != version("sourcemix") or result.authority_cost is None:
        return
    right: dict[str, object] = {
        "first": sentences.first_decisions(case, result.nodes),
        "later": sentences.later_decisions(case, result.tree, result.nodes),
        "ledger": sentences.ledger(result.parties),
        "not_modelled": left_out(case),
    }
    for name, words in right.items():
        if getattr(result, name) != words:
            yield f"result.{name}: its words are not those of the decisions and figures"


def _hash_of(document: Document | None, kind: type[Case] | type[Event], name: str) -> str | None:
    if document is None:
        return None
    if not isinstance(document, kind):
        raise InputError(f"`--case` should be the {name} that the document answers")
    if isinstance(document, Case):
        return digest(canonical(fill(document)))
    return digest(document)
