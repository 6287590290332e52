"""Theory, as far as there is time for it at every change: ``tests/proofs/theory.py`` simulates a thousand times more.

Queues of every family against their exact answers, the tables of the laws against the laws, counts of callers against
Poisson's law. Luck is fixed, so a test passes always or never. With other luck, and a model that agrees with theory,
one of some 300 z would be beyond MOST_Z once in 500 times (Bonferroni: 300 x 6.8e-6).
"""
import json
from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from scipy import special, stats
from theory import MEASURES, NOT_MEASURED, PRIMARY, cases, chunk, document, find, plan_of, rate_of, setting_of, untrue
from worlds import keys

from sim.core import draws
from sim.core.arrays import KNOTS
from sim.scenario.quantities import Distribution
from sim.world.callers import draw_callers, poisson
from sim.world.distributions import table_ms

MOST_Z = 4.5
CASES = {case["id"]: case for case in cases()}

# --- queues ----------------------------------------------------------------------------------------------------------

FEW = ["C1_erlangC_14", "K3_mmck_irs_10_15", "K4_mmnkm_20_30", "G1_mmn_D_patience", "G2_weibull_patience", "S1_md1",
       "B2_erlangB_10_A20, deterministic", "S7_mlnn_n", "R4_retrial_n10_over", "R8_both_n5", "R9_two_dials",
       "P4_mg1_priority", "O1_overflow_loss", "O1_overflow_loss, on busy", "O2_reserved_2", "O2_reserved_2, on busy",
       "O2_reserved_1, on busy", "O4_room_on_busy", "O5_both_ways_on_busy", "O3_lent_pool_10_5", "W1_acw_lines10",
       "T2_lines_12_18", "T4_shift_drop_exhaustive", "T9_arrival_counts"]
NEEDS_LONG_WARM_UP = ("S1", "P4")  # one seat, no end of patience: these queues remember for hours


def plan(name):
    """A small part of what the slow command simulates."""
    case = CASES[name]
    usual = plan_of(case, dials=6_000, batches=40)
    if usual.before == 0 or name.startswith(NEEDS_LONG_WARM_UP):
        return usual
    return usual._replace(before=6, window=max(6, round(6_000 / rate_of(case["params"]) / 3600)), after=3)


@lru_cache
def found(name):
    return find(CASES[name], plan(name))


@pytest.mark.parametrize("name", FEW)
def test_simulated_queues_agree_with_exact_ones(name):
    rows = found(name).rows
    judged = [rows[i] for i in found(name).judged]
    assert [(row.measure, row.place, row.exact, row.simulated, row.z) for row in judged if abs(row.z) > MOST_Z] == []
    assert untrue(rows) == []


@pytest.mark.parametrize("name", ["K4_mmnkm_20_30", "O3_lent_pool_10_5", "W1_acw_lines10"])
def test_an_answer_four_percent_off_would_be_noticed(name):
    primary = found(name).rows[found(name).primary]
    assert primary.error * MOST_Z < 0.04 * primary.exact


def test_every_measure_of_every_case_is_known():
    for case in CASES.values():
        assert case["family"] in PRIMARY
        unknown = {name for name in case["expected"] if name not in MEASURES | NOT_MEASURED}
        assert unknown <= {"p_30_in_system"}


class Site:
    """One of two sites: calls that talk or wait there. A call of the other site that finds all its lines taken is
    answered here while more seats are idle than are reserved, if it is ``open`` to such calls."""

    def __init__(self, p, name, is_open):
        self.seats, self.lines, self.rate = (p[name][key] for key in ("agents", "lines_total", "arrival_rate_per_s"))
        self.reserved, self.open = p[name].get("reserved", 0), is_open
        self.ends_s, self.gives_up_s = p["mean_service_s"], p.get("mean_patience_s") or np.inf

    def spares(self, calls):
        return self.open and self.seats - calls > self.reserved

    def ends(self, calls):
        """Talks and waits that end in a second, while so many calls are here."""
        return min(calls, self.seats) / self.ends_s + max(calls - self.seats, 0) / self.gives_up_s


def balance(a, b):
    """The share of time with so many calls at A and at B: [lines of A + 1, lines of B + 1]."""
    states = list(product(range(a.lines + 1), range(b.lines + 1)))
    number, moves = {state: n for n, state in enumerate(states)}, np.zeros((len(states), len(states)))
    for (i, k), n in number.items():
        for rate, to in ((a.rate, (i + 1, k) if i < a.lines else (i, k + b.spares(k))),
                         (b.rate, (i, k + 1) if k < b.lines else (i + a.spares(i), k)),
                         (a.ends(i), (i - 1, k)), (b.ends(k), (i, k - 1))):
            if to in number:
                moves[n, number[to]] += rate
    moves -= np.diag(moves.sum(axis=1))
    share = np.linalg.lstsq(np.vstack([moves.T, np.ones(len(states))]), np.eye(len(states) + 1)[-1], rcond=None)[0]
    return share.reshape(a.lines + 1, b.lines + 1)


def of_calls(share, here, there):
    """Of the calls of a site: those that find no line there, that are then forwarded, that hang up; its occupancy."""
    alone = share.sum(axis=1)
    full, waiting = alone[-1], alone @ np.maximum(np.arange(here.lines + 1) - here.seats, 0)
    forwarded = sum(part for calls, part in enumerate(share[-1]) if there.spares(calls))
    occupancy = alone @ np.minimum(np.arange(here.lines + 1), here.seats) / here.seats
    return full, forwarded, waiting / here.gives_up_s / here.rate, occupancy


def two_sites(p):
    """What becomes of the calls of two sites: from the balance of calls at A and at B, talks and patience being
    exponential."""
    a, b = Site(p, "siteA", p.get("on_busy") == "both ways"), Site(p, "siteB", True)
    share, found = balance(a, b), {}
    for name, times, here, there in (("A", share, a, b), ("B", share.T, b, a)):
        full, forwarded, hang_up, occupancy = of_calls(times, here, there)
        found |= {f"p_overflow_{name}": full, f"p_forwarded_{name}": forwarded, f"occupancy_{name}": occupancy,
                  f"p_busy_{name}_callers": full - forwarded, f"p_abandon_{name}_callers": hang_up,
                  f"p_block_{name}_callers": full - forwarded + hang_up,
                  f"answer_rate_{name}": 1 - (full - forwarded + hang_up)}
    answered = a.rate * found["answer_rate_A"] + b.rate * found["answer_rate_B"]
    return found | {"answer_rate_total": answered / (a.rate + b.rate)}


@pytest.mark.parametrize("case", [case for case in CASES.values() if case["family"] == "two-site overflow"],
                         ids=lambda case: case["id"])
def test_two_sites_are_what_their_balance_says(case):
    found = two_sites(case["params"])
    assert {name: found[name] for name in case["expected"]} == pytest.approx(case["expected"], rel=1e-9)


# --- laws ------------------------------------------------------------------------------------------------------------

MEAN_S = 240.0
MEAN_ERROR, SECOND_MOMENT_ERROR = 2e-4, 1e-3


def moments_s(table):
    """Mean and second moment of a law as the engines draw it: straight lines between knots, the last cell once more."""
    seconds = table / 1000
    coarse, fine = seconds[:KNOTS], seconds[KNOTS + 1:]
    moments = []
    for of_cell in (lambda a, b: (a + b) / 2, lambda a, b: (a * a + a * b + b * b) / 3):
        whole, last = of_cell(coarse[:-1], coarse[1:]).sum(), of_cell(fine[:-1], fine[1:]).sum()
        moments.append((whole + last / KNOTS) / KNOTS)
    return moments


def weibull_moments(mean, shape):
    scale = mean / special.gamma(1 + 1 / shape)
    return mean, scale**2 * special.gamma(1 + 2 / shape)


def capped_moments(mean, most):
    """Of an exponential law that is cut off."""
    far = most / mean
    return mean * -np.expm1(-far), 2 * mean**2 * (1 - np.exp(-far) * (1 + far))


def mixed_moments(*parts):
    """Of (share, mean, second moment) each."""
    return sum(w * m for w, m, _ in parts), sum(w * s for w, _, s in parts)


def exponential(mean, share=None):
    return {"law": "exponential", "mean": f"{mean} s"} | ({} if share is None else {"share": share})


LAWS = {
    "exponential": (exponential(MEAN_S), (MEAN_S, 2 * MEAN_S**2)),
    "exponential, short": (exponential(1), (1.0, 2.0)),
    "exponential, at most 5 min": (exponential(MEAN_S) | {"at_most": "5 min"}, capped_moments(MEAN_S, 300)),
    "fixed": ({"law": "fixed", "mean": "60 s"}, (60.0, 3600.0)),
    "lognormal, cv 1.15": ({"law": "lognormal", "mean": "240 s", "cv": 1.15}, (MEAN_S, MEAN_S**2 * (1 + 1.15**2))),
    "lognormal, cv 1.2": ({"law": "lognormal", "mean": "240 s", "cv": 1.2}, (MEAN_S, MEAN_S**2 * (1 + 1.2**2))),
    "lognormal, sigma 1.5": ({"law": "lognormal", "median": "100 s", "sigma": 1.5},
                             (100 * np.exp(1.5**2 / 2), 100**2 * np.exp(2 * 1.5**2))),
    "lognormal, cv 0.1": ({"law": "lognormal", "mean": "240 s", "cv": 0.1}, (MEAN_S, MEAN_S**2 * 1.01)),
    "weibull, shape 0.7": ({"law": "weibull", "mean": "240 s", "shape": 0.7}, weibull_moments(MEAN_S, 0.7)),
    "weibull, shape 1.5": ({"law": "weibull", "mean": "240 s", "shape": 1.5}, weibull_moments(MEAN_S, 1.5)),
    "gamma, cv 0.1": ({"law": "gamma", "mean": "240 s", "cv": 0.1}, (MEAN_S, MEAN_S**2 * 1.01)),
    "gamma, cv 0.5": ({"law": "gamma", "mean": "240 s", "cv": 0.5}, (MEAN_S, MEAN_S**2 * 1.25)),
    "gamma, cv 1.5": ({"law": "gamma", "mean": "240 s", "cv": 1.5}, (MEAN_S, MEAN_S**2 * 3.25)),
    "mixture of two exponentials": (
        {"law": "mixture", "parts": [exponential(20, 0.3), exponential(300, 0.7)]},
        mixed_moments((0.3, 20, 2 * 20**2), (0.7, 300, 2 * 300**2))),
    "mixture of a few long ones": (
        {"law": "mixture", "parts": [exponential(20, 0.9), exponential(900, 0.1)]},
        mixed_moments((0.9, 20, 2 * 20**2), (0.1, 900, 2 * 900**2))),
    "mixture of the short and the heavy": (
        {"law": "mixture", "parts": [{"law": "lognormal", "mean": "60 s", "cv": 1.2, "share": 0.3},
                                     {"law": "weibull", "mean": "300 s", "shape": 0.7, "share": 0.7}]},
        mixed_moments((0.3, 60, 60**2 * 2.44), (0.7, *weibull_moments(300, 0.7)))),
    "mixture with a gap": (
        {"law": "mixture", "parts": [{"law": "lognormal", "mean": "10 s", "cv": 0.05, "share": 0.5},
                                     {"law": "lognormal", "mean": "600 s", "cv": 0.05, "share": 0.5}]},
        mixed_moments((0.5, 10, 10**2 * 1.0025), (0.5, 600, 600**2 * 1.0025))),
}


@pytest.mark.parametrize("name", LAWS)
def test_tables_keep_mean_and_second_moment(name):
    law, exact = LAWS[name]
    mean, second = moments_s(table_ms(Distribution.model_validate(law)))
    assert mean == pytest.approx(exact[0], rel=MEAN_ERROR)
    assert second == pytest.approx(exact[1], rel=SECOND_MOMENT_ERROR)


@pytest.mark.parametrize("name", LAWS)
def test_tables_never_fall(name):
    table = table_ms(Distribution.model_validate(LAWS[name][0]))
    coarse, fine = table[:KNOTS + 1], table[KNOTS + 1:]
    assert (np.diff(coarse) >= 0).all()
    assert (np.diff(fine) >= 0).all()
    assert (coarse[KNOTS - 1], coarse[KNOTS]) == (fine[0], fine[-1])


# --- counts of callers -----------------------------------------------------------------------------------------------

def evenly(moments, queues=1, seed=7):
    """Uniforms in (0, 1) as counts of callers get them: [moments, queues]."""
    out = np.empty((moments, queues))
    draws.uniforms(np.uint64(seed), keys(queues), keys(moments, 1000), draws.COUNT, out)
    return out


def test_counts_are_poissons_quantiles():
    u = evenly(2000)[:, 0]
    for mean in (1e-9, 0.01, 0.5, 1.0, 3.7, 20.0, 50.0):
        k = np.arange(200)
        cumulated = np.cumsum(np.exp(k * np.log(mean) - mean - special.gammaln(k + 1)))
        assert poisson(u, np.full_like(u, mean)).tolist() == np.searchsorted(cumulated, u).tolist()


def test_extreme_counts_are_quantiles_too():
    # By definition: P(N <= k) >= u, and P(N <= k - 1) < u.
    u = np.array([0.5**64, 1e-12, 1e-6, 0.001, 0.5, 0.999, 1 - 1e-9])
    for mean in np.geomspace(1e-12, 4e6, 400):
        k = poisson(u, np.full_like(u, mean))
        assert (special.pdtr(k, mean) >= u).all()
        assert (special.pdtr(np.maximum(k - 1, 0), mean)[k > 0] < u[k > 0]).all()


def test_nobody_comes_where_nobody_is_expected():
    assert poisson(np.array([0.5, 1 - 2.0**-53]), np.zeros(2)).tolist() == [0, 0]


def test_a_higher_mean_never_lowers_a_count():
    u = evenly(100)[:, 0]
    for centre in (1e-6, 0.3, 8.0, 250.0, 30_000.0):
        means = np.sort(centre * np.concatenate([np.linspace(0.5, 2, 200), 1 + np.arange(100) * 1e-13]))
        counts = np.array([poisson(u, np.full_like(u, mean)) for mean in means])
        assert (np.diff(counts, axis=0) >= 0).all()


def test_counts_have_the_moments_and_the_law_of_poisson():
    for mean in (0.4, 5.0, 321.5):
        u = evenly(40_000, seed=int(10 * mean))
        counts = poisson(u, np.full_like(u, mean))[:, 0].astype(float)
        n = len(counts)
        assert abs(counts.mean() - mean) < MOST_Z * np.sqrt(mean / n)
        spread = np.sqrt((mean + 2 * mean**2) / n)  # of the mean squared deviation
        assert abs(((counts - mean) ** 2).mean() - mean) < MOST_Z * spread
        edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 25), mean))
        expected = n * np.diff(stats.poisson.cdf([-1, *edges, np.inf], mean))
        seen = np.histogram(counts, [-np.inf, *(edges + 0.5), np.inf])[0]
        assert stats.chisquare(seen, expected).pvalue > 1e-5


# --- replications ----------------------------------------------------------------------------------------------------

def fresh(name, replications, hours, seed=1, **changes):
    """How many people dial first in each interval of each queue: [replications, intervals, queues]."""
    setting = setting_of(json.dumps(document(CASES[name], hours) | changes), "")
    return np.array([draw_callers(setting, seed, r).fresh for r in range(replications)])


def test_raising_the_demand_keeps_everyone():
    usual, more = (fresh("T9_arrival_counts", 20, 24, everyday_level=level) for level in (1, 1.1))
    assert (more >= usual).all()
    assert 1.05 < more.sum() / usual.sum() < 1.15


def test_busyness_is_one_factor_a_day_of_the_right_gamma_law():
    days = fresh("T9_arrival_counts", 300, 240)[..., 0].reshape(300, 10, 96).astype(float)
    factors = days.sum(axis=2).ravel() / 16459.2
    # Poisson's own part is 1 / 16459 of the variance, 0.4 % of it.
    shape = 0.13**-2
    assert stats.kstest(factors, stats.gamma(shape, scale=1 / shape).cdf).pvalue > 1e-5


def correlation(one, other):
    """The correlation, and the most by which independent ones differ from 0."""
    return abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]), MOST_Z / np.sqrt(one.size)


@pytest.mark.parametrize("lag", [1, 2, 3, 8])
def test_counts_of_replications_intervals_and_classes_are_independent(lag):
    counts = fresh("P1_np_priority_1", 40, 2400).astype(float)
    for one, other in ((counts[:-lag], counts[lag:]), (counts[:, :-lag], counts[:, lag:]),
                       (counts[:, lag:, 0], counts[:, :-lag, 1]), (counts[..., 0], counts[..., 1])):
        size, most = correlation(one - one.mean(axis=(0, 1)), other - other.mean(axis=(0, 1)))
        assert size < most


def test_another_seed_is_other_luck():
    one, other = (fresh("P1_np_priority_1", 20, 2400, seed).astype(float) for seed in (1, 2))
    size, most = correlation(one[..., 0], other[..., 0])
    assert size < most
    assert np.array_equal(one, fresh("P1_np_priority_1", 20, 2400, 1))


def test_what_happens_in_replications_is_independent():
    case = CASES["T4_shift_drop_exhaustive"]
    days = chunk(case, plan_of(case)._replace(batch=1), 0, 400)[0]
    for name in ("offered", "gone", "busy"):
        values = np.array([day[name].sum() for day in days], float)
        for lag in (1, 2, 3):
            size, most = correlation(values[:-lag], values[lag:])
            assert size < most
