"""Suppliers: which names are one, measured on pairs that people have told apart."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from sourcemix.register.matching import ENOUGH, Entry, match, score

PAIRS = Path(__file__).with_name("same_supplier.csv")
"""Pairs of names of suppliers in public registers, notices and payments that look alike, told apart
by hand: two samples, of pairs with the same and with different plain forms, and hard cases."""


def measured() -> tuple[float, float, list[str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    hits = [(p, score(p["first"], p["second"]) >= ENOUGH) for p in pairs]
    true = sum(p["same"] == "yes" and hit for p, hit in hits)
    said = sum(hit for _, hit in hits)
    same = sum(p["same"] == "yes" for p, _ in hits)
    wrong = [f"{p['first']} | {p['second']}" for p, hit in hits if hit != (p["same"] == "yes")]
    return true / said, true / same, wrong


def test_precision_and_recall() -> None:
    precision, recall, wrong = measured()
    assert precision >= 0.98, wrong
    assert recall >= 0.85, wrong


def test_places_alone_never_match() -> None:
    for other in ("Bolton NHS Foundation Trust", "University of Bolton", "Bolton School",
                  "Bolton College", "Bolton at Home", "Bolton CVS"):  # fmt: skip
        assert score("Bolton Council", other) < ENOUGH
        assert score("Bolton Metropolitan Borough Council", other) < ENOUGH


def test_numbers_go_first() -> None:
    entries = [
        Entry("Blue Bird Ltd", company="01111112"), Entry("Bluebird Care", company="01111112"),
        Entry("Smith & Sons Ltd", company="02222223"), Entry("Smith and Sons", company="03333334"),
        Entry("Council Group School", vat="123456789"), Entry("Anytown Council", vat="123456789"),
        Entry("Thames Care Ltd", vat="987654321"), Entry("Thames Care Limited", vat="987654321"),
        Entry("Various"), Entry("Various", company="04444445"),
    ]  # fmt: skip
    groups = [link.group for link in match(entries)]
    assert groups[0] == groups[1]
    assert groups[2] != groups[3]
    assert groups[4] != groups[5]
    assert groups[6] == groups[7]
    assert groups[8] != groups[9]


def test_the_order_of_entries_does_not_matter() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        names = sorted({p[k] for p in csv.DictReader(file) for k in ("first", "second")})
    entries = [Entry(name, weight=len(name) % 5) for name in names]
    shuffled = list(entries)
    random.Random(3).shuffle(shuffled)
    first = dict(zip(names, (link.group for link in match(entries)), strict=True))
    second = dict(zip((e.name for e in shuffled), (x.group for x in match(shuffled)), strict=True))
    assert first == second
