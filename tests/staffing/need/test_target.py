"""Promises and counts, by hand."""
import numpy as np
import pytest

from optimizer.staffing.need.target import Target, levels, surely_missed

# offered, answered, within, short, dials, callers; two days of one interval
DAYS = np.array([[[[100, 80, 60, 10, 110, 50]]], [[[50, 50, 50, 0, 50, 50]]]])


@pytest.mark.parametrize(("of", "share"), [
    ("offered", 110 / 150), ("answered", 110 / 130), ("short hang-ups left out", 110 / 140)])
def test_a_service_level_by_its_definition(of, share):
    assert Target(share=0.5, of=of).level(DAYS, "share") == pytest.approx(share)


def test_answered_at_all_leaves_short_hang_ups_out_too():
    assert Target(answered=0.5).level(DAYS, "answered") == pytest.approx(130 / 150)
    assert Target(answered=0.5, of="short hang-ups left out").level(DAYS, "answered") == pytest.approx(130 / 140)


def test_on_how_many_days():
    assert Target(share=0.6, in_share=0.9).level(DAYS, "share") == pytest.approx(0.6)  # the worse of both
    assert Target(share=0.6, in_share=0.5).level(DAYS, "share") == pytest.approx(1.0)  # one of two may miss
    assert Target(share=0.6, in_share=0.9).kept(DAYS).all()
    assert not Target(share=0.61, in_share=0.9).kept(DAYS).any()


def test_both_promises_must_hold():
    assert Target(share=0.7, answered=0.8).kept(DAYS).all()
    assert not Target(share=0.7, answered=0.9).kept(DAYS).any()
    assert (Target(share=0.7, answered=0.9).short_of(DAYS) > 0).all()
    assert (Target(share=0.7, answered=0.8).short_of(DAYS) < 0).all()


def test_nobody_is_failed_where_nobody_calls():
    nobody = np.zeros((3, 1, 1, 6), int)
    assert Target(in_share=0.9).kept(nobody).all()
    assert levels(Target(), nobody)["share"].mean == 1


def test_intervals_of_confidence():
    level = levels(Target(share=0.7), DAYS)["share"]
    assert level.mean == pytest.approx(110 / 150)
    assert level.low < level.mean < level.high
    assert (level.days, level.days_high) == (0.5, pytest.approx(0.9874, abs=1e-4))


def test_of_many_periods_none_is_surely_missed_by_chance():
    """672 quarter-hours of 80 calls: each keeps 80 % but for luck. Of their own intervals some lie below it."""
    rng, shape = np.random.default_rng(3), (32, 672, 1)
    target, offered = Target(share=0.8), np.full(shape, 80)

    def counts(shares):
        within = rng.binomial(offered, np.broadcast_to(shares, shape))
        return np.stack([offered, offered, within, 0 * offered, offered, offered], axis=-1)
    lucky = counts(0.8)
    assert (levels(target, lucky)["share"].high < 0.8).sum() > 5
    assert not surely_missed(target, lucky).any()
    shares = np.full((672, 1), 0.8)
    shares[5] = 0.6
    assert np.flatnonzero(surely_missed(target, counts(shares))).tolist() == [5]


def test_periods_without_calls_do_not_make_others_less_sure():
    one = np.array([[[[100, 100, 70, 0, 100, 100]]], [[[100, 100, 72, 0, 100, 100]]]] * 3)
    silent = np.concatenate([one, np.zeros((6, 500, 1, 6), int)], axis=1)
    assert surely_missed(Target(share=0.8), silent)[0] == surely_missed(Target(share=0.8), one)[0] == [True]


def test_a_margin_is_in_standard_errors():
    error = np.sqrt(2 * ((60 - 220 / 3)**2 + (50 - 110 / 3)**2)) / 150
    target = Target(share=0.7)
    assert target.level(DAYS, "share", errors=0.5) == pytest.approx(110 / 150 - error / 2)
    assert target.kept(DAYS).all()
    assert not target.kept(DAYS, errors=0.5).any()
    assert target.short_of(DAYS, errors=0.5) > 0 > target.short_of(DAYS)
    assert target.kept(DAYS[:1] * [1, 1, 9, 1, 1, 1], errors=9.0).all()  # one day tells nothing of errors


def test_a_margin_leaves_fewer_days_that_may_miss():
    days = np.array([[[[10, 10, within, 0, 10, 10]]] for within in range(1, 11)])
    target = Target(share=0.3, in_share=0.6)
    assert target.level(days, "share") == pytest.approx(0.5)              # four of ten may miss
    assert target.level(days, "share", errors=1.0) == pytest.approx(0.3)  # 4 - sqrt(10 x 0.6 x 0.4) = 2.45
    assert target.level(days, "share", errors=9.0) == pytest.approx(0.1)


@pytest.mark.parametrize(("promise", "says"), [
    ({"share": None}, "a target needs share, answered or both"),
    ({"share": 1.0}, "share must be above 0 and below 1, got 1"),
    ({"in_share": 0.0}, "in_share must be above 0 and below 1, got 0"),
    ({"within_s": -1.0}, "within_s must be at least 0, got -1"),
])
def test_nonsense_is_refused(promise, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        Target(**promise)
