"""Keeping count of what was checked, and of what did not agree."""

from __future__ import annotations

from collections.abc import Iterable


class Findings:
    """Statements checked so far, and those that did not hold, in words."""

    def __init__(self) -> None:
        """Begin with nothing checked."""
        self.checks = 0
        self.discrepancies: list[str] = []

    def expect(self, holds: bool, sentence: str) -> None:
        """Check one statement; the sentence says what is wrong where it does not hold."""
        self.checks += 1
        if not holds:
            self.discrepancies.append(sentence)

    def report(self, sentences: Iterable[str], *, checks: int = 0) -> None:
        """Take over what another check found, and how many statements it checked."""
        self.checks += checks
        self.discrepancies += sentences
