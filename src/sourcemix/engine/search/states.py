"""The state of an offer after the decisions of a node: who is live, what is to come.

A state is ``live part × patterns + pattern``. The live part is 0 for idle, else ``1 + variant ×
(notice + 1) + left``, with `left` the periods until it ends by a notice that was given (0: none).
A pattern says in which of the next `lead` periods an agreement starts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of starts to come that an offer may have.

    Attributes:
        shifted: by pattern, that of the next period.
        joined: by pattern, that with a start `lead` from now; -1 where there cannot be one.
        due: by pattern, whether an agreement starts in the next period.
    """

    shifted: tuple[int, ...]
    joined: tuple[int, ...]
    due: tuple[bool, ...]


def patterns_of(lead: int, apart: int) -> Patterns:
    """Patterns of starts within `lead` periods that are `apart` or more from one another.

    Args:
        lead: periods from decision to start.
        apart: least periods between two starts of one offer.
    """
    known = [0] + [bits for bits in range(1, 1 << lead) if _spaced(bits, apart)]
    place = {bits: index for index, bits in enumerate(known)}
    top = 1 << (lead - 1) if lead else 0
    return Patterns(
        shifted=tuple(place[bits >> 1] for bits in known),
        joined=tuple(-1 if not top or bits & top else place.get(bits | top, -1) for bits in known),
        due=tuple(bool(bits & 1) for bits in known),
    )


def count_of(lead: int, apart: int) -> int:
    """How many patterns there are, without making them."""
    counts = [1]
    for length in range(1, lead + 1):
        counts.append(counts[-1] + counts[max(0, length - apart)])
    return counts[-1]


def _spaced(bits: int, apart: int) -> bool:
    last = None
    for place in range(bits.bit_length()):
        if bits >> place & 1:
            if last is not None and place - last < apart:
                return False
            last = place
    return True


def least_run(longest: int, notice: int, reorganised: bool) -> int:
    """Least periods from one start of an offer to the next."""
    return 1 if reorganised else max(1, min(longest, notice))
