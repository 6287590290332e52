"""Counts of callers: Poisson's quantile, against its definition and against another one."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from sim.world.callers import poisson

BELOW_ONE = 1 - 2.0**-53
U = st.floats(1e-12, 1 - 1e-9)
MEANS = st.one_of(st.floats(1e-9, 50.0), st.floats(50.0, 1e6))


def one(u, mean):
    return int(poisson(np.array([u]), np.array([mean]))[0])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(U, MEANS), min_size=1, max_size=30))
def test_counts_are_those_of_another_quantile(pairs):
    u, means = np.array(pairs).T
    assert poisson(u, means).tolist() == stats.poisson.ppf(u, means).astype(int).tolist()


@settings(deadline=None, max_examples=300)
@given(st.floats(0, BELOW_ONE), MEANS)
def test_a_count_is_the_smallest_that_is_likely_enough(u, mean):
    k = one(u, mean)
    assert k >= 0
    assert special.pdtr(k, mean) >= u
    assert k == 0 or special.pdtr(k - 1, mean) < u


@settings(deadline=None, max_examples=300)
@given(st.floats(0, BELOW_ONE), MEANS, st.floats(1e-9, 3.0))
def test_a_count_never_falls_as_the_mean_rises(u, mean, more):
    assert one(u, mean * (1 + more)) >= one(u, mean)


@settings(deadline=None, max_examples=300)
@given(st.floats(0, BELOW_ONE), st.floats(0, BELOW_ONE), MEANS)
def test_a_count_never_falls_as_luck_rises(one_u, other_u, mean):
    low, high = sorted((one_u, other_u))
    assert one(low, mean) <= one(high, mean)


@pytest.mark.parametrize("u", [0.0, 5e-324, 0.5, BELOW_ONE])
def test_nobody_comes_where_nobody_is_expected(u):
    assert one(u, 0.0) == 0


@pytest.mark.parametrize("mean", [1e-12, 0.5, 3.0, 700.0, 1e6])
def test_the_ends_of_luck_have_counts(mean):
    assert one(0.0, mean) == 0
    spread = 10 * np.sqrt(mean) + 40
    assert 0 <= one(1e-300, mean) <= mean
    assert mean <= one(BELOW_ONE, mean) <= mean + spread
    assert one(5e-324, mean) <= one(1e-12, mean) <= one(BELOW_ONE, mean)


def test_counts_around_the_steps_of_the_law():
    """Just below, at and just above the chance of so many or fewer."""
    for mean in (0.3, 4.0, 60.0, 2500.0):
        middle, spread = round(mean), round(4 * np.sqrt(mean)) + 1
        for k in range(max(middle - spread, 0), middle + spread):
            chance = float(special.pdtr(k, mean))
            around = np.array([chance * (1 - 1e-13), chance, min(chance * (1 + 1e-13), BELOW_ONE)])
            assert poisson(around, np.full(3, mean)).tolist() == [k, k, k + 1]


@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (0, 3), (3, 4), (2, 3, 4)])
def test_counts_have_the_shape_of_the_means(shape):
    size = int(np.prod(shape))
    u = (np.arange(size) + 0.5).reshape(shape) / max(size, 1)
    means = np.linspace(0.0, 40.0, size).reshape(shape)
    found = poisson(u, means)
    assert found.shape == shape
    assert found.dtype == np.int64
    assert found.ravel().tolist() == [one(a, b) for a, b in zip(u.ravel(), means.ravel(), strict=True)]


def test_a_transposed_table_keeps_its_places():
    u, means = np.linspace(0.01, 0.99, 12).reshape(3, 4), np.geomspace(0.1, 500, 12).reshape(3, 4)
    assert (poisson(u.T, means.T) == poisson(u, means).T).all()
