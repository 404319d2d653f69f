"""What is known from elsewhere: priors, past deals, the library of forms, and defaults.

Data files lie under `data/` with their sources; nothing here is a constant in code.
"""

from __future__ import annotations

from sourcemix.evidence.deals import Deal, Survey, deals, surveys
from sourcemix.evidence.fill import fill
from sourcemix.evidence.forms import forms
from sourcemix.evidence.priors import Prior, prior, priors

__all__ = [
    "Deal",
    "Prior",
    "Survey",
    "deals",
    "fill",
    "forms",
    "prior",
    "priors",
    "surveys",
]
