"""What tables of durations can't hold is known, and told; what they can is what the file says."""
import numpy as np
import pytest
from beside import wrong_with
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from sim.reading.limits import MILD, MILD_S, harmless, moved
from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from sim.scenario.quantities import Distribution
from sim.world.distributions import limited, longest, off, quantile, table_ms

HEAD = "surgeline: 1\nextends: two-cities\nclasses: {everyday: "


def law(**said):
    return Distribution.model_validate(said)


LAWS = [
    law(mean="240 s"), law(law="fixed", mean="90 s"), law(law="lognormal", mean="240 s", cv=1.2),
    law(law="lognormal", median="60 s", sigma=2), law(law="lognormal", mean="60 s", cv=0), law(mean="0 s"),
    law(law="weibull", mean="240 s", shape=0.5), law(law="gamma", mean="240 s", cv=2),
    law(law="gamma", mean="240 s", cv=0.3), law(law="data", samples_s=(5, 600, 20, 80, 33)),
    law(law="mixture", parts=[{"mean": "45 s", "share": "70 %"}, {"law": "gamma", "mean": "15 min", "cv": 2,
                                                                 "share": "30 %", "at_most": "30 min"}]),
]


@pytest.mark.parametrize("most_s", [1.0, 60.0, 300.0, 4000.0, 1e7])
@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("one", LAWS, ids=lambda one: one.law)
def test_moments_are_the_areas_under_quantiles(one, power, most_s):
    """Of a mixture those of its parts, added up."""
    def area(part, most):
        def height(tail):  # from the end, where quantiles are steep
            return np.minimum(quantile(part)(np.array([1 - np.exp(-tail)])), most)[0] ** power * np.exp(-tail)
        return integrate.quad(height, 0, 34, limit=800, points=[1, 3, 8, 20])[0]
    parts = [(float(p.share), p) for p in one.parts] or [(1.0, one)]
    exact = sum(share * area(part, min(most_s, longest(part))) for share, part in parts)
    assert limited(one, power, most_s) == pytest.approx(exact, rel=2e-3, abs=1e-9)


def test_a_part_of_a_mixture_is_cut_where_it_says_so():
    whole = law(mean="100 s", at_most="50 s")
    alone = law(law="mixture", parts=[{"mean": "100 s", "at_most": "50 s", "share": "100 %"}])
    assert np.abs(table_ms(alone) - table_ms(whole)).max() <= 2
    assert limited(alone, 1) == pytest.approx(100 * (1 - np.exp(-0.5)))
    both = law(law="mixture", at_most="40 s", parts=[{"mean": "100 s", "at_most": "50 s", "share": "50 %"},
                                                     {"mean": "9 s", "share": "50 %"}])
    assert table_ms(both).max() == 40_000
    assert abs(off(both)[0]) < 2e-4


def test_mixtures_of_fixed_durations_have_steps():
    table = table_ms(law(law="mixture", parts=[{"law": "fixed", "mean": "1 min", "share": "25 %"},
                                               {"law": "fixed", "mean": "5 min", "share": "75 %"}]))
    assert set(table) == {60_000, 300_000}
    assert np.mean(table[:4097] == 60_000) == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize(("one", "mean", "second"), [
    (law(law="lognormal", mean="240 s", sigma=3), -0.034, -0.90),
    (law(law="lognormal", mean="240 s", sigma=4), -0.303, -1),
    (law(law="lognormal", mean="240 s", sigma=5), -0.680, -1),
    (law(law="weibull", mean="240 s", shape=0.1), -0.309, -0.99),
    (law(law="lognormal", mean="240 s", cv=5), 0.0004, -0.006),
    (law(law="lognormal", mean="240 s", cv=10), 0.0004, -0.117),
    (law(law="fixed", mean="30 days"), -0.171, -0.314), (law(mean="8 days"), -0.045, -0.184),
    (law(mean="240 s"), 0, 0), (law(law="fixed", mean="0 s"), 0, 0), (law(mean="0.4 ms"), 0, 0),
])
def test_how_far_a_table_is_off(one, mean, second):
    assert off(one) == pytest.approx((mean, second), abs=6e-4 if abs(second) < 0.02 else 6e-3)


@pytest.fixture
def problems(tmp_path):
    """What is wrong with the two cities where everyday callers are so."""
    def told(more):
        path = tmp_path / "mine.yaml"
        path.write_text(f"{HEAD}{{{more}}}}}\n", encoding="utf-8")
        return wrong_with(path)
    return told


CUT = ("can't be simulated as it stands: its rarest durations are cut, and none is longer than 24.9 days, which moves "
       "its")


@pytest.mark.parametrize(("habit", "told"), [
    ("talk: {law: lognormal, mean: 240 s, sigma: 4}",
     f"talk: {CUT} mean by -30.3%; give it at_most: 1 day, or a smaller spread"),
    ("wrap_up: {law: lognormal, mean: 240 s, cv: 10}",
     f"wrap_up: {CUT} mean square by -11.7%; give it at_most: 1 day, or a smaller spread"),
    ("patience: {law: weibull, mean: 240 s, shape: 0.1}",
     f"patience: {CUT} mean by -30.9%; give it at_most: 4 h, or a smaller spread"),
    ("patience: {law: fixed, mean: 30 days}",
     f"patience: {CUT} mean by -17.1%; give it a shorter mean"),
    ("after_busy: {share: 50 %, delay: {law: lognormal, median: 10 min, sigma: 3}}",
     f"after_busy.delay: {CUT} mean by -48.1%; give it at_most: 1 day, or a smaller spread"),
    ("repeat_contact: {share: 5 %, delay: {mean: 8 days}}",
     f"repeat_contact.delay: {CUT} mean by -4.5%; give it at_most: 24 days, or a smaller spread"),
    ("after_busy: {share: 50 %, delay: {law: mixture, parts: [{law: fixed, mean: 0 s, share: 99.9 %}, "
     "{mean: 1 h, share: 0.1 %}]}}",
     "after_busy.delay: can't be simulated as it stands: its part with a share of 0.100% falls between the points of a "
     "table, which moves its mean by 1.8%; leave that part out, or give it a larger share"),
    ("talk: {law: lognormal, mean: 240 s, sigma: 5, at_most: 4 h}",
     f"talk: {CUT} mean by -2.2%; give it at_most: 1 h, or a smaller spread"),
])
def test_a_law_that_no_table_holds(problems, habit, told):
    assert problems(habit) == [f"classes.everyday.{told}"]


@pytest.mark.parametrize("habit", [
    "talk: {law: lognormal, mean: 240 s, sigma: 4, at_most: 1 day}", "talk: {law: lognormal, mean: 240 s, cv: 5}",
    "patience: {law: weibull, mean: 240 s, shape: 0.1, at_most: 4 h}", "patience: {law: fixed, mean: 24 days}",
    "repeat_contact: {share: 5 %, delay: {mean: 4.3 days}}",
    "repeat_contact: {share: 5 %, delay: {mean: 8 days, at_most: 24 days}}",
    "patience: for ever",
])
def test_laws_that_tables_hold(problems, habit):
    assert problems(habit) == []


@pytest.mark.parametrize(("habit", "told"), [
    ("talk: {mean: 3 min, share: 50 %}", "talk.share: has no use outside of a mixture"),
    ("patience: {mean: 3 min, share: 50 %}", "patience.share: has no use outside of a mixture"),
    ("after_busy: {share: 50 %, delay: {mean: 3 min, share: 50 %}}",
     "after_busy.delay.share: has no use outside of a mixture"),
    ("talk: {law: fixed, mean: 3 min, at_most: 2 min}", "talk.at_most: has no use where the law is fixed"),
])
def test_what_has_no_use_in_a_law(problems, habit, told):
    assert problems(habit) == [f"classes.everyday.{told}"]


def test_very_many_different_laws_take_too_long_to_look_at(tmp_path):
    habits = ("name: {{zh: 甲, en: A}}, patience: for ever, talk: {{law: gamma, mean: {} s, cv: 2}}, "
              "after_busy: {{share: 0, delay: {{mean: 1 s}}}}, after_hanging_up: {{share: 0, delay: {{mean: 1 s}}}}")
    classes = "".join(f"  k{i}: {{{habits.format(i + 1)}}}\n" for i in range(150))
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: two-cities\nclasses:\n" + classes, encoding="utf-8")
    with pytest.raises(ScenarioError, match="is one too many: a scenario may have 150 different laws of durations"):
        load(tmp_path / "mine.yaml")


def test_a_law_that_is_cut_at_nothing_has_no_moments():
    law = Distribution.model_validate({"law": "lognormal", "median": "60 s", "sigma": 1})
    with np.errstate(all="raise"):
        assert limited(law, 1, 0.0) == 0
    assert limited(law, 1, 0.0) == limited(law, 2, 0.0) == 0


@given(st.sampled_from(sorted(MILD)).flatmap(lambda name: st.tuples(st.just(name), st.floats(*MILD[name]))),
       st.floats(*MILD_S), st.booleans())
def test_laws_that_need_no_reckoning_are_held(shape, duration_s, is_told_otherwise):
    """Other than its mean and cv, a lognormal law may have its median and sigma."""
    name, spread = shape
    spreads = {"lognormal": ("cv", "sigma"), "gamma": ("cv", "cv"), "weibull": ("shape", "shape")}[name]
    middle = "median" if name == "lognormal" and is_told_otherwise else "mean"
    one = law(law=name, **{middle: f"{duration_s} s", spreads[is_told_otherwise]: spread})
    assert harmless(one)
    assert not moved(one, with_second=True)
