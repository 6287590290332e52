"""Choosing the best variant: by hand, by experiment, and in a study that goes on until it is told."""
import numpy as np
import pytest

from sim.reading.loading import load
from sim.studies.selection import Selection, objective, rate, values_of
from sim.studies.study import study

DELTA = 0.005
RULE = Selection()
MACRO = 400


def test_the_constant_is_kim_and_nelsons():
    # Three variants, n0 = 10: eta = (0.05 ** (-2 / 9) - 1) / 2 = 0.47295, h^2 = 2 * 9 * eta.
    assert RULE.h_squared(3) == pytest.approx(18 * 0.4729456, rel=1e-5)
    # Two variants, n0 = 3: eta = (0.1 ** -1 - 1) / 2 = 4.5, h^2 = 2 * 2 * 4.5.
    assert Selection(first_stage=3).h_squared(2) == pytest.approx(18)


def test_a_small_case_by_hand():
    # Differences 2, 4, 0: variance 4. h^2 S^2 / delta^2 = 18 * 4 / 4 = 18, so the slack is (18 - r) * 2 / (2 r):
    # 5 at r = 3, 3.5 at 4, 2.6 at 5, 2 at 6. The means are 2, 2.25, 2.2, 3: beaten at 6.
    gains = np.array([2.0, 4, 0, 3, 2, 7])
    values = np.stack([np.zeros(6), gains], axis=1)
    rule = Selection(indifference=2, first_stage=3)
    assert rule.choose(values[:5]).decided_after is None
    choice = rule.choose(values)
    assert (choice.out_after, choice.decided_after, choice.left) == ((6, None), 6, [1])


def test_too_few_replications_tell_nothing():
    values = np.array([[0.0, 1.0]] * 9)
    assert RULE.choose(values).decided_after is None
    assert RULE.choose(values).left == [0, 1]


def test_who_does_the_same_is_left_with_the_best():
    noise = np.random.default_rng(1).normal(0, 0.02, 60)
    values = np.stack([noise, noise - 0.1, noise], axis=1)
    choice = RULE.choose(values)
    assert choice.left == [0, 2]
    assert choice.decided_after == 10
    assert RULE.choose(values[:, [0, 2]]).decided_after == 10


def test_without_any_chance_the_larger_wins_at_once():
    values = np.tile([0.5, 0.5001, 0.4], (10, 1))
    assert RULE.choose(values).left == [1]
    assert RULE.choose(values).decided_after == 10


def test_what_is_decided_stays_decided():
    values = np.random.default_rng(2).normal([0, 0.004, 0.008], 0.01, (400, 3))
    after = RULE.choose(values).decided_after
    assert RULE.choose(values[:after - 1]).decided_after is None
    assert all(RULE.choose(values[:n]) == RULE.choose(values) for n in (after, after + 1, 399))


def chosen_right(means, spreads, correlation):
    """The share of experiments on normal values that choose the last variant, and the replications they take."""
    k = len(means)
    matrix = np.full((k, k), correlation) + (1 - correlation) * np.eye(k)
    root = np.linalg.cholesky(matrix * np.outer(spreads, spreads))
    draws = np.random.default_rng(3).standard_normal((MACRO, 1000, k)) @ root.T + means
    choices = [RULE.choose(values) for values in draws]
    assert all(choice.decided_after for choice in choices)
    return np.mean([choice.left == [k - 1] for choice in choices])


@pytest.mark.parametrize(("others", "spreads", "correlation"), [
    (1, [0.02, 0.02], 0.0), (1, [0.01, 0.03], 0.5), (3, [0.015, 0.01, 0.02, 0.015], 0.6),
    (7, [0.01, 0.012, 0.014, 0.016, 0.01, 0.012, 0.014, 0.01], 0.3),
])
def test_the_best_is_chosen_as_often_as_promised(others, spreads, correlation):
    # The least favourable case: all others exactly the indifference zone worse. Three standard errors below 95 %.
    means = np.array([0.0] * others + [DELTA])
    assert chosen_right(means, spreads, correlation) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / MACRO)


def test_equal_variants_are_told_apart_in_the_end():
    assert 0.3 < chosen_right(np.zeros(2), [0.02, 0.02], 0.0) < 0.7


# --- in a study ------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def decided():
    return study(load("two-cities"), ["none", "at-once"], replications=2, enough=RULE, workers=1)


def test_a_study_goes_on_until_the_best_is_told(decided):
    choice = RULE.choose(values_of(decided))
    assert choice.decided_after == decided.replications >= 10
    assert not decided.capped
    assert choice.left == [2]


def test_an_interrupted_study_goes_on_and_decides_the_same(decided, tmp_path):
    def stop(share):
        if share > 0.6:
            raise KeyboardInterrupt

    options = {"variants": ["none", "at-once"], "replications": 10, "enough": RULE, "workers": 1}
    with pytest.raises(KeyboardInterrupt):
        study(load("two-cities"), **options, folder=tmp_path / "unfinished", tell=stop)
    assert list((tmp_path / "unfinished").iterdir())
    again = study(load("two-cities"), **options, folder=tmp_path / "unfinished")
    assert np.array_equal(values_of(again), values_of(decided))


def test_it_stops_at_the_cap():
    never = study(load("two-cities"), ["none"], replications=2, enough=lambda _: False, most=4, workers=1)
    assert (never.replications, never.capped) == (4, True)


def test_the_objective_is_the_answer_rate_of_the_cities_in_focus(decided):
    first = decided.first
    assert objective(first) == pytest.approx(first.sample("answer_rate_callers", "city:east"))
    both = study(load("two-cities").model_copy(update={"focus": ("east", "west")}), [], replications=2, workers=1).first
    east, west = ((both.sample("answer_rate_dials", f"city:{c}"), both.sample("dials", f"city:{c}"))
                  for c in ("east", "west"))
    expected = (east[0] * east[1] + west[0] * west[1]) / (east[1] + west[1])
    assert rate(both, "dials") == pytest.approx(expected)


def test_the_table_of_differences_is_paired(decided):
    table = decided.table("none", 0.975)
    row = table[(table.metric == "answer_rate_callers") & (table.scope == "city:east")].iloc[0]
    figure = decided.difference("none", "answer_rate_callers", "city:east", confidence=0.975)
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((figure.mean, figure.low, figure.high))
    assert row["mean"] == pytest.approx((objective(decided.results["none"]) - objective(decided.first)).mean())
