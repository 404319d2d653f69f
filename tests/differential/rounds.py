"""All cases, in rounds, spread over two processes: what does not agree, and the census.

The seeds of a round are judged with the same knowledge of which terms have been seen to count
often enough, so that the census is the same however the work is spread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from tests.differential.agreement import faults, least_exposure
from tests.differential.counting import count
from tests.differential.draw import drawn

ENOUGH = 50
"""How often a term is seen to count before no more cases are tried for it."""
PROCESSES = 2


@dataclass
class Tally:
    """What has been seen.

    Attributes:
        cases: how many cases.
        wrong: by seed, what does not agree.
        refused: drafts that were too large to be enumerated.
        impossible: cases in which no plan is possible.
        tied: cases in which plans that cost the same differ in exposure by a pound or more.
        occurs: by term, cases with it.
        tried: by term, cases that were also planned without it.
        counts: by term, cases in which that made a difference.
    """

    cases: int = 0
    wrong: dict[int, list[str]] = field(default_factory=dict)
    refused: int = 0
    impossible: int = 0
    tied: int = 0
    occurs: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add what has been seen elsewhere."""
        self.cases += other.cases
        self.wrong |= other.wrong
        self.refused += other.refused
        self.impossible += other.impossible
        self.tied += other.tied
        self.occurs += other.occurs
        self.tried += other.tried
        self.counts += other.counts


def judged(seed: int, enough: frozenset[str], agree: bool = True) -> Tally:
    """One case: whether all agree, and which of its terms count."""
    case = drawn(seed)
    tally = Tally(cases=1, refused=case.refused, impossible=int(case.best is None))
    if agree:
        try:
            wrong = faults(case)
        except Exception as error:  # a crash is a disagreement, too
            wrong = [repr(error)]
        if wrong:
            tally.wrong[seed] = wrong
    exposure = None if case.best is None else least_exposure(case)
    tally.tied += exposure is not None and exposure[1] - exposure[0] >= 1
    for name, counts in count(case, enough).items():
        tally.occurs[name] += 1
        tally.tried[name] += counts is not None
        tally.counts[name] += counts is True
    drawn.cache_clear()
    return tally


def all_cases(cases: int, agree: bool = True) -> Tally:
    """So many cases, the same ones every time."""
    tally = Tally()
    with ProcessPoolExecutor(PROCESSES) as pool:
        for seeds in _rounds(cases):
            enough = frozenset(name for name, n in tally.counts.items() if n >= ENOUGH)
            work = partial(judged, enough=enough, agree=agree)
            for found in pool.map(work, seeds, chunksize=5):
                tally.add(found)
    return tally


def _rounds(cases: int) -> Iterator[range]:
    """Short rounds first, while most terms are still looked for."""
    start = 0
    while start < cases:
        end = min(cases, start + (60 if start < 600 else 400))
        yield range(start, end)
        start = end
