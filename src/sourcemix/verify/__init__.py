"""The independent check: recomputes plans, awards and trees in exact arithmetic.

It never sees the engine. What it does not know how to check it names.
"""

from __future__ import annotations

from sourcemix.verify.accounts import Accounts, account
from sourcemix.verify.awards import AwardAccounts, award
from sourcemix.verify.documents import award_document, plan_document
from sourcemix.verify.kinds import kind_faults, without_rules
from sourcemix.verify.trees import tree_faults

__all__ = [
    "Accounts",
    "AwardAccounts",
    "account",
    "award",
    "award_document",
    "kind_faults",
    "plan_document",
    "tree_faults",
    "without_rules",
]
