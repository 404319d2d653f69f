"""Awards whose answer is worked out by hand, and random ones against trying every set of bids."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from sourcemix.engine import highs
from sourcemix.engine.answer import AwardAnswer, Limits
from sourcemix.engine.award import solve, unsupported
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.milp import Milp
from sourcemix.model.event import Event
from tests.conftest import FULL
from tests.engine.award_cases import divisible, event, lot, whole
from tests.engine.award_enumeration import cheapest
from tests.engine.award_random import divisible_event, random_event

EXACT = Limits(gap=0.0, seconds=30.0, seed=0)


def award(**document: Any) -> AwardAnswer:
    """The exact answer to an event."""
    return solve(event(**document), EXACT)


def won(answer: AwardAnswer) -> dict[str, dict[str, Decimal]]:
    """Units won by bid and lot."""
    assert answer.winners is not None
    return {winner.bid: winner.lots for winner in answer.winners}


def proven(answer: AwardAnswer, cost: float) -> None:
    """The answer is optimal at this cost."""
    assert (answer.status, answer.reason) == ("optimal", "proved")
    assert answer.claimed == pytest.approx(cost, abs=1e-9)
    assert answer.bound == pytest.approx(cost, abs=1e-9)


SINGLES = [whole("a", "s1", 100, A=1), whole("b", "s2", 90, B=1)]
LOTS = [lot("A"), lot("B")]


def test_the_cheaper_of_bundle_and_singles_wins() -> None:
    dear = award(lots=LOTS, bids=[*SINGLES, whole("ab", "s3", 191, A=1, B=1)])
    proven(dear, 190)
    assert won(dear) == {"a": {"A": 1}, "b": {"B": 1}}
    cheap = award(lots=LOTS, bids=[*SINGLES, whole("ab", "s3", 189, A=1, B=1)])
    proven(cheap, 189)
    assert won(cheap) == {"ab": {"A": 1, "B": 1}}


def test_of_an_xor_group_one_wins() -> None:
    bids = [{**bid, "xor": "g"} for bid in SINGLES]
    answer = award(lots=LOTS, bids=[*bids, whole("b2", "s1", 120, B=1)])
    proven(answer, 220)


def test_a_bid_wins_only_with_those_it_needs() -> None:
    bids = [*SINGLES, whole("a2", "s2", 150, A=1), whole("b2", "s1", 130, B=1)]
    answer = award(lots=LOTS, bids=bids, conditions=[{"bid": "a", "needs": ["b2"]}])
    # a + b2 = 230 and a2 + b = 240; a + b is not allowed.
    proven(answer, 230)


def test_divisible_bids_share_a_lot() -> None:
    bids = [divisible("d1", "s1", 1, 0, A=60), divisible("d2", "s2", 1.25, 0, A=80)]
    answer = award(lots=[lot("A", quantity=100)], bids=bids)
    proven(answer, 60 + 40 * 1.25)
    assert won(answer) == {"d1": {"A": 60}, "d2": {"A": 40}}


def test_a_divisible_bid_wins_its_minimum_or_nothing() -> None:
    bids = [divisible("d1", "s1", 1, 0, A=60), divisible("d2", "s2", 1.25, 50, A=80)]
    answer = award(lots=[lot("A", quantity=100)], bids=bids)
    proven(answer, 50 + 50 * 1.25)


def test_the_price_of_a_quantity_is_rounded_half_even() -> None:
    for quantity, price in ((1, 0.12), (3, 0.38)):
        bids = [divisible("d", "s1", 0.125, 0, A=3)]
        proven(award(lots=[lot("A", quantity=quantity)], bids=bids), price)


def test_quantities_are_whole_thousandths() -> None:
    # A third of the value each: 33.333 and 33.334 units, never 33.3333....
    bids = [divisible(f"d{i}", f"s{i}", 1 + i / 100, 0, A=100) for i in (1, 2, 3)]
    answer = award(
        lots=[lot("A", quantity=100)],
        bids=bids,
        rules=[{"kind": "max_share", "who": {}, "share": 0.34}],
    )
    assert (answer.status, answer.claimed) == ("optimal", answer.bound)
    quantities = [lots["A"] for lots in won(answer).values()]
    assert sum(quantities) == 100
    assert all(quantity == round(quantity, 3) for quantity in quantities)
    paid = [winner.price for winner in answer.winners or ()]
    assert all(part <= Decimal("0.34") * sum(paid) for part in paid)


@pytest.mark.parametrize(("threshold", "cost"), [(190, 171.0), (190.01, 190.0)])
def test_a_discount_holds_from_its_threshold(threshold: float, cost: float) -> None:
    bids = [whole("a", "s1", 100, A=1), whole("b", "s1", 90, B=1)]
    discount = {"supplier": "s1", "from_value": threshold, "rate": 0.1}
    proven(award(lots=LOTS, bids=bids, discounts=[discount]), cost)


def test_a_discount_can_be_worth_a_dearer_bid() -> None:
    bids = [*SINGLES, whole("b1", "s1", 95, B=1)]
    discount = {"supplier": "s1", "from_lots": 2, "rate": 0.1}
    answer = award(lots=LOTS, bids=bids, discounts=[discount])
    proven(answer, 175.5)
    assert set(won(answer)) == {"a", "b1"}


def test_an_incremental_discount_holds_beyond_its_thresholds() -> None:
    discounts = [
        {"supplier": "s1", "from_value": start, "rate": rate, "kind": "incremental"}
        for start, rate in ((50, 0.1), (80, 0.5))
    ]
    answer = award(lots=[lot("A")], bids=[whole("a", "s1", 100, A=1)], discounts=discounts)
    proven(answer, 100 - 3 - 10)


def test_a_discount_is_rounded_half_even() -> None:
    discount = {"supplier": "s1", "from_value": 0, "rate": 0.05}
    for price, cost in ((10.1, 9.6), (10.3, 9.78)):
        bids = [whole("a", "s1", price, A=1)]
        proven(award(lots=[lot("A")], bids=bids, discounts=[discount]), cost)


def test_switching_onboarding_and_unawarded_are_costs() -> None:
    lots = [lot("A", incumbent="s1", switching=20), lot("B", unawarded=94)]
    bids = [*SINGLES, whole("a2", "s2", 85, A=1)]
    suppliers = [{"id": "s2", "onboarding": 6}]
    # Nobody new: 100 + 94. With s2 on A and B: 85 + 20 + 90 + 6. On B alone: 100 + 90 + 6.
    answer = award(lots=lots, bids=bids, suppliers=suppliers)
    proven(answer, 194)
    assert answer.unawarded == ("B",)


def test_with_free_disposal_a_lot_left_unawarded_has_no_winner_at_all() -> None:
    lots = [lot("A"), lot("B", quantity=2, unawarded=5)]
    bids = [whole("ab", "s1", 10, A=1, B=1), whole("a", "s2", 30, A=1)]
    # The bundle would leave half of B: neither covered nor left alone.
    proven(award(lots=lots, bids=bids, free_disposal=True), 35)


def test_bids_over_the_reserve_are_left_out() -> None:
    lots = [lot("A", reserve=100), lot("B", quantity=10, reserve=90, unawarded=500)]
    # Half of B's reserve is 45: 145 for the two is allowed, a penny more is not.
    inside = whole("in", "s1", 145, A=1, B=5)
    rest = whole("rest", "s2", 45, B=5)
    proven(award(lots=lots, bids=[inside, rest]), 190)
    outside = whole("out", "s1", 145.01, A=1, B=5)
    answer = award(lots=lots, bids=[outside, rest])
    assert answer.status == "infeasible"
    assert answer.conflicts == (
        "Lot A has no bid that can win, and it may not be left unawarded. "
        "Left out: out (it costs more than the reserve of its lots).",
    )


def test_a_share_holds_to_the_penny() -> None:
    rules = [{"kind": "max_share", "who": {}, "share": 0.5}]
    even = [whole("a", "s1", 100, A=1), whole("b", "s2", 100, B=1)]
    proven(award(lots=LOTS, bids=even, rules=rules), 200)
    odd = [whole("a", "s1", 100.01, A=1), whole("b", "s2", 100, B=1)]
    answer = award(lots=LOTS, bids=odd, rules=rules)
    assert answer.status == "infeasible"
    assert answer.conflicts == (
        "Without rule max_share (who each, share 0.5) there would be an award.",
    )


def test_a_share_of_nothing_is_a_share() -> None:
    bids = [whole("a", "s1", 100, A=1), whole("b", "s2", 100, B=1), whole("c", "s3", 300, A=1)]
    needless = {"kind": "min_share", "who": {"supplier": "s1"}, "share": 0}
    proven(award(lots=LOTS, bids=bids, rules=[needless]), 200)
    small = [{"id": "s1", "sme": True}, {"id": "s4", "sme": True}]
    none = {"kind": "max_share", "who": {"sme": True}, "share": 0, "stated_in_notice": True}
    both = [*bids, whole("d", "s4", 200, A=1)]
    answer = award(lots=LOTS, bids=both, suppliers=small, rules=[none])
    proven(answer, 400)


def test_a_discount_rounded_up_may_bring_an_award_under_its_limit() -> None:
    # 90% off £10.04 is £9.036, rounded £9.04: £1.00 is paid, which is allowed.
    supplier = {"id": "s1", "max_value": 1}
    discount = {"supplier": "s1", "from_value": 5, "rate": 0.9}
    bids = [whole("a", "s1", 10.04, A=1), whole("b", "s2", 2, A=1)]
    proven(award(lots=[lot("A")], bids=bids, suppliers=[supplier], discounts=[discount]), 1)


def test_a_region_counts_its_own_winners() -> None:
    lots = [lot("A", region="north"), lot("B", region="north"), lot("C", region="south")]
    bids = [
        *SINGLES,
        whole("b1", "s1", 110, B=1),
        whole("c1", "s1", 50, C=1),
        whole("c3", "s3", 40, C=1),
    ]
    rules = [{"kind": "max_winners", "limit": 1, "region": "north"}]
    answer = award(lots=lots, bids=bids, rules=rules)
    proven(answer, 250)
    assert set(won(answer)) == {"a", "b1", "c3"}


def test_impossible_rules_are_named_without_a_solver() -> None:
    rules = [
        {"kind": "min_winners", "limit": 3},
        {"kind": "must_not_use", "offer": "a", "id": "no_a"},
        {"kind": "must_use", "offer": "a", "id": "take_a"},
    ]
    answer = award(lots=LOTS, bids=SINGLES, rules=rules)
    assert (answer.status, answer.reason) == ("infeasible", "proved")
    assert answer.conflicts == (
        "Lot A has no bid that can win, and it may not be left unawarded. "
        "Left out: a (rule no_a forbids it).",
        "Rule min_winners (limit 3) asks for at least 3 winning suppliers; only 1 has bids that "
        "can win.",
        "Rule take_a asks for bid a, which cannot win: rule no_a forbids it.",
    )


def test_terms_that_stand_in_the_way_together_are_named() -> None:
    bids = [{**bid, "xor": "g"} for bid in SINGLES]
    answer = award(lots=LOTS, bids=bids)
    assert answer.conflicts == (
        "Without the conditions and xor groups of the bids there would be an award.",
    )


def test_infeasible_has_a_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    real = highs.solve

    def doubtful(milp: Milp, limits: Limits, **options: Any) -> MilpAnswer:
        asked.append(options.get("presolve", True))
        if asked == [True]:
            return MilpAnswer("infeasible", "proved", None, None, None)
        return real(milp, limits, **options)

    monkeypatch.setattr(highs, "solve", doubtful)
    proven(award(lots=LOTS, bids=SINGLES), 190)
    assert asked == [True, False]


def test_no_award_in_time_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    late = MilpAnswer("unknown", "time_limit", None, None, 120.004)
    monkeypatch.setattr(highs, "solve", lambda *_, **__: late)
    answer = award(lots=LOTS, bids=SINGLES)
    assert (answer.status, answer.reason) == ("unknown", "time_limit")
    assert answer.winners is None
    # Every award costs a multiple of £10 here, so the bound may be rounded up to the next.
    assert answer.bound == 130


def test_terms_that_are_not_followed_are_named() -> None:
    used = event(
        lots=LOTS,
        bids=SINGLES,
        quality={"weight": 0.4},
        tie="lots",
        rules=[
            {"kind": "max_live", "limit": 2},
            {"kind": "max_winners", "limit": 2, "soft": 100, "from": "2027-04-01"},
            {"kind": "min_share", "of": "service", "service": "x", "who": {}, "share": 0.1},
        ],
    )
    assert [fault.place for fault in unsupported(used)] == [
        "quality",
        "tie",
        "rules[0].kind",
        "rules[1].soft",
        "rules[1].from",
        "rules[2].of",
    ]
    assert unsupported(event(lots=LOTS, bids=SINGLES)) == ()


def shuffled(one: Event, seed: int) -> Event:
    """The same event with its rows in another order."""
    dice = Random(seed)
    rows = {
        name: tuple(dice.sample(getattr(one, name), len(getattr(one, name))))
        for name in ("lots", "suppliers", "bids", "conditions", "discounts", "rules")
    }
    return one.model_copy(update=rows)


def test_ties_do_not_depend_on_the_order_of_rows() -> None:
    bids = [whole(f"b{i}{j}", f"s{j}", 10, **{f"L{i}": 1}) for i in range(6) for j in range(4)]
    one = event(
        lots=[lot(f"L{i}") for i in range(6)],
        bids=bids,
        rules=[{"kind": "max_winners", "limit": 3}, {"kind": "min_winners", "limit": 2}],
    )
    first = solve(one, EXACT)
    proven(first, 60)
    for seed in (1, 2):
        again = solve(shuffled(one, seed), EXACT)
        assert (again.winners, again.claimed, again.bound) == (
            first.winners,
            first.claimed,
            first.bound,
        )


def _disagreement(one: Event) -> str | None:
    best = cheapest(one)
    answer = solve(one, EXACT)
    if best is None:
        agrees = answer.status == "infeasible"
    else:
        agrees = (
            answer.status == "optimal"
            and answer.claimed == pytest.approx(best / 100, abs=1e-9)
            and answer.bound == pytest.approx(best / 100, rel=1e-6)
        )
    return None if agrees else f"{one.event}: {best} pence by trying all, engine says {answer}"


def _agree(events: list[Event]) -> None:
    with ThreadPoolExecutor(2) as pool:
        wrong = [message for message in pool.map(_disagreement, events) if message]
    assert not wrong, "\n".join(wrong)


def test_random_events_agree_with_trying_every_set_of_bids() -> None:
    _agree([random_event(seed) for seed in range(1000 if FULL else 100)])


def test_random_divisible_bids_agree_with_trying_every_quantity() -> None:
    _agree([divisible_event(seed) for seed in range(300 if FULL else 30)])
