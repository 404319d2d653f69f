"""What a user can do with Sourcemix, one file each."""

from __future__ import annotations

from sourcemix.app.award import award_event
from sourcemix.app.plan import plan_case
from sourcemix.app.verify import verify_document

__all__ = ["award_event", "plan_case", "verify_document"]
