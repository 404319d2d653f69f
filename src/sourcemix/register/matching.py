"""Which names and numbers are one supplier.

Numbers first: the same company or charity number is the same supplier; the same VAT number is so
where the names are not at odds, because groups and councils share one. Then names: the same in
plain form, or so close that only a slip of the pen, a cut end or a trading name explains it. Bodies
of different kinds (a council and the NHS trust of the same town) never meet by name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from sourcemix.register.names import Name, is_nobody, plain_name

__all__ = ["Entry", "Link", "match", "score"]

ENOUGH = 90.0
"""Score from which two names are one supplier."""

_CUTS = (range(28, 37), range(39, 41), range(49, 51), range(59, 66), range(98, 101))
"""Lengths at which payment systems and notices cut names off."""

_FULL = re.compile(r"(?i)\b(?:ltd|limited|plc|llp|inc|cic)\W*$")
_LARGEST_BLOCK = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with its numbers, as one source writes them.

    Attributes:
        name: the name.
        company: company number, in eight signs.
        charity: charity number.
        vat: VAT number.
        weight: rows that say so.
    """

    name: str
    company: str = ""
    charity: str = ""
    vat: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    """Which supplier an entry belongs to, and why.

    Attributes:
        group: number of the supplier, from 1.
        how: `company number`, `charity number`, `VAT number`, `same name`, `similar name`, `alone`.
        score: how sure that is, up to 100.
    """

    group: int
    how: str
    score: float


def score(first: str, second: str) -> float:
    """How surely two names are one supplier, from 0 to 100."""
    one, two = plain_name(first), plain_name(second)
    best = _score(one, two)
    for other in one.others:
        best = max(best, min(95.0, _exact(plain_name(other), two)))
    for other in two.others:
        best = max(best, min(95.0, _exact(one, plain_name(other))))
    if best == 0.0 and one.kinds == two.kinds:
        best = _cut_short(first, second)
    return best


def _exact(one: Name, two: Name) -> float:
    same = one.kinds == two.kinds and one.key == two.key and len(one.key) >= 4
    return 100.0 if same else 0.0


def _score(one: Name, two: Name) -> float:
    if one.kinds != two.kinds or (one.level and two.level and one.level != two.level):
        return 0.0
    if one.key == two.key:
        return 100.0
    if sorted(one.tokens) == sorted(two.tokens):
        return 98.0
    if _digits(one) != _digits(two):
        return 0.0
    if len(one.tokens) == len(two.tokens):
        return _slip(one.tokens, two.tokens)
    if abs(len(one.key) - len(two.key)) <= 1 and min(len(one.key), len(two.key)) >= 12:
        return 94.0 if DamerauLevenshtein.distance(one.key, two.key) <= 1 else 0.0
    return 0.0


def _cut_short(first: str, second: str) -> float:
    """Whether one name is the beginning of the other, at a length where systems cut names off."""
    short, long = sorted((" ".join(first.split()), " ".join(second.split())), key=len)
    if not any(len(short) in span for span in _CUTS) or _FULL.search(short):
        return 0.0
    return 92.0 if _letters(long).startswith(_letters(short)) else 0.0


def _letters(text: str) -> str:
    text = text.casefold().replace("&", " and ")
    return re.sub(r"[^0-9a-z]", "", re.sub(r"\blimited\b", "ltd", text))


def _slip(one: Sequence[str], two: Sequence[str]) -> float:
    """Names of as many words, of which one may be misspelt or cut at the end."""
    pairs = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    if len(pairs) != 1:
        return 0.0
    first, second = pairs[0]
    longest, alone = max(len(first), len(second)), len(one) == 1
    distance = DamerauLevenshtein.distance(first, second)
    if first[0] != second[0] or (alone and longest < 9):
        return 0.0
    shortened = first.startswith(second) or second.startswith(first)
    if shortened and min(len(first), len(second)) >= 3 and len(one) >= 4:
        # A word may be shortened where three others agree: `National Youth Adv Service`.
        return 91.0
    if {first, second} in ({first, first + "s"}, {second, second + "s"}):
        return 95.0 if longest >= 6 else 0.0
    if (longest >= 7 and distance == 1) or (longest >= 10 and distance == 2 and not alone):
        return 93.0
    return 0.0


def _digits(name: Name) -> list[str]:
    return [token for token in name.tokens if any(sign.isdigit() for sign in token)]


class _Groups:
    """Entries joined step by step."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.company: list[set[str]] = [set() for _ in range(size)]

    def find(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def join(self, first: int, second: int) -> bool:
        one, two = sorted((self.find(first), self.find(second)))
        if one == two:
            return False
        self.parent[two] = one
        self.company[one] |= self.company[two]
        return True

    def at_odds(self, first: int, second: int) -> bool:
        """Whether two groups have company numbers, and not one in common."""
        one, two = self.company[self.find(first)], self.company[self.find(second)]
        return bool(one and two and not one & two)


def match(entries: Sequence[Entry]) -> list[Link]:
    """The supplier of each entry; the same whatever the order of the entries."""
    order = sorted(range(len(entries)), key=lambda i: (-entries[i].weight, _sorted(entries[i]), i))
    ranked = [entries[i] for i in order]
    groups = _Groups(len(ranked))
    how: dict[int, tuple[str, float]] = {}
    for index, entry in enumerate(ranked):
        if entry.company:
            groups.company[index].add(entry.company)
    _by_number(ranked, groups, how)
    _by_name(ranked, groups, how)
    _by_likeness(ranked, groups, how)
    numbers: dict[int, int] = {}
    links: list[Link] = [Link(0, "", 0.0)] * len(entries)
    for position, index in enumerate(order):
        root = groups.find(position)
        group = numbers.setdefault(root, len(numbers) + 1)
        why, sure = how.get(position, ("alone", 100.0))
        links[index] = Link(group, why, sure)
    return links


def _sorted(entry: Entry) -> tuple[str, str, str, str]:
    return entry.name, entry.company, entry.charity, entry.vat


def _by_number(ranked: Sequence[Entry], groups: _Groups, how: dict[int, tuple[str, float]]) -> None:
    for kind, label in (("company", "company number"), ("charity", "charity number"),
                        ("vat", "VAT number")):  # fmt: skip
        holders: dict[str, list[int]] = defaultdict(list)
        for index, entry in enumerate(ranked):
            number = getattr(entry, kind)
            if number and not is_nobody(entry.name):
                holders[number].append(index)
        for found in holders.values():
            for index in found[1:]:
                least = 40 if kind != "vat" else 75
                near = next(
                    (i for i in found if i < index and _like(ranked, i, index, least)), None
                )
                if near is None or (kind == "vat" and groups.at_odds(near, index)):
                    continue
                if groups.join(near, index):
                    how[index] = (label, 100.0)


def _like(ranked: Sequence[Entry], first: int, second: int, least: float) -> bool:
    """Whether two names are not at odds; numbers are mistyped and shared."""
    one, two = plain_name(ranked[first].name), plain_name(ranked[second].name)
    if one.kinds != two.kinds and {"nhs", "council", "school"} & (one.kinds ^ two.kinds):
        return False
    texts = " ".join(one.tokens), " ".join(two.tokens)
    return fuzz.token_set_ratio(*texts) >= least or set(one.tokens) & set(two.tokens) != set()


def _by_name(ranked: Sequence[Entry], groups: _Groups, how: dict[int, tuple[str, float]]) -> None:
    first: dict[tuple[str, frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    for index, entry in enumerate(ranked):
        if is_nobody(entry.name):
            continue
        name = plain_name(entry.name)
        for key in dict.fromkeys((name.key, " ".join(sorted(name.tokens)))):
            known = first[(key, name.kinds, name.level)]
            near = next((i for i in known if not groups.at_odds(i, index)), None)
            if near is not None and groups.join(near, index):
                how[index] = ("same name", 100.0)
            known.append(index)


def _by_likeness(
    ranked: Sequence[Entry], groups: _Groups, how: dict[int, tuple[str, float]]
) -> None:
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(ranked):
        if not is_nobody(entry.name):
            for block in _blocks(entry.name):
                blocks[block].append(index)
    pairs: set[tuple[int, int]] = set()
    for found in blocks.values():
        if len(found) <= _LARGEST_BLOCK:
            pairs.update(_unlike(found, ranked))
    sure = [(score(ranked[a].name, ranked[b].name), a, b) for a, b in pairs]
    for points, a, b in sorted(sure, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if points >= ENOUGH and not groups.at_odds(a, b) and groups.join(a, b):
            how.setdefault(b, ("similar name", points))


def _unlike(found: list[int], ranked: Sequence[Entry]) -> Iterable[tuple[int, int]]:
    """Pairs of a block whose names differ: equal ones were joined before."""
    distinct = {plain_name(ranked[i].name): i for i in reversed(found)}
    kept = sorted(distinct.values())
    return ((a, b) for place, a in enumerate(kept) for b in kept[place + 1 :])


def _blocks(text: str) -> Iterable[str]:
    """Keys that names of one supplier share even with a slip in one of their words."""
    name = plain_name(text)
    for tokens in (name.tokens, *(plain_name(other).tokens for other in name.others)):
        if tokens:
            yield "first:" + tokens[0][:6]
            yield "last:" + " ".join(tokens[1:])[:24]
            yield "whole:" + "".join(tokens)[:8]
