"""Luck is even, luck has no memory, and luck goes by names.

All keys are fixed, so a test passes always or never. A threshold is where a fair source would fail once in a million.
"""
from itertools import combinations

import numpy as np
import pytest
from numba import njit
from worlds import keys

from sim.core import draws

MASK = 2**64 - 1
GOLD = 0x9E3779B97F4A7C15
RUN, QUEUE, MOMENT = 0x0123456789ABCDEF, 0xFEDCBA9876543210, 27_000_000

N = 1 << 16
MOST_CHI2_255 = 373.3  # of 255 degrees of freedom, one time in a million more
MOST_CORRELATION = 4.9 / np.sqrt(N)  # 4.9 standard deviations: one time in a million more, either way

PURPOSES = [draws.ARRIVAL, draws.PATIENCE, draws.TALK, draws.WRAP_UP, draws.REDIAL, draws.REDIAL_DELAY, draws.CHANNEL,
            draws.BOT, draws.AWAY, draws.SETTLED, draws.RETURN_DELAY, draws.COUNT, draws.BUSYNESS]


# --- the same luck, told in plain whole numbers ----------------------------------------------------------------------

class Splitmix64:
    """The generator as published: state by state."""

    def __init__(self, state):
        self.state = state

    def next(self):
        self.state = (self.state + GOLD) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def scrambled(z):
    return Splitmix64((z - GOLD) & MASK).next()


def name(key, part):
    return scrambled(Splitmix64(key).next() ^ ((part * GOLD + 1) & MASK))


def test_draws_are_the_published_numbers():
    # The first numbers of splitmix64 from seed 1234567, as published with many implementations.
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                 16408922859458223821]
    generator = Splitmix64(1234567)
    assert [generator.next() for _ in published] == published
    assert [draws.draw(1234567, 0, purpose) for purpose in range(5)] == [number >> 1 for number in published]


def test_attempts_go_on_where_the_purposes_of_the_one_before_end():
    generator = Splitmix64(99)
    numbers = [generator.next() >> 1 for _ in range(5 * draws.PURPOSES)]
    assert numbers == [draws.draw(99, attempt, purpose) for attempt in range(5) for purpose in range(draws.PURPOSES)]


def test_mixing_is_the_published_finalizer():
    for z in (0, 1, GOLD, MASK, 0x0123456789ABCDEF):
        assert draws.mix(z) == scrambled(z)


def test_names_equal_a_second_telling():
    for key, part in ((0, 0), (1, 0), (0, 1), (MASK, MASK), (RUN, QUEUE), (QUEUE, RUN)):
        assert draws.name(key, part) == name(key, part)
        assert draws.run_key(key, part) == name(scrambled((key + GOLD) & MASK), part)
    assert draws.caller_key(RUN, QUEUE, MOMENT, 7) == name(name(name(RUN, QUEUE), MOMENT), 7)


def test_uniforms_equal_a_second_telling():
    # So many that a few draws are small enough for the half that keeps a uniform from being nothing.
    queues, moments = keys(100), np.arange(100).astype(np.uint64)
    out = np.zeros((100, 100))
    draws.uniforms(RUN, queues, moments, draws.COUNT, out)
    for i, moment in enumerate(moments):
        for q, queue in enumerate(queues):
            draw = draws.draw(name(name(RUN, int(queue)), int(moment)), 0, draws.COUNT)
            assert out[i, q] == (draw + 0.5) / 2**63


# --- compiled and plain ----------------------------------------------------------------------------------------------

@njit
def many_draws(callers, attempt, purpose, out):
    for k in range(len(callers)):
        out[k] = draws.draw(callers[k], attempt, purpose)


@njit
def many_callers(run, queue, moment, first, out):
    for k in range(len(out)):
        out[k] = draws.caller_key(run, queue, moment, np.uint64(first + k))


def draws_of(callers, attempt, purpose):
    """The draws of many callers."""
    out = np.empty(len(callers), np.int64)
    many_draws(callers, attempt, purpose, out)
    return out


def callers_of(run=RUN, queue=QUEUE, moment=MOMENT, first=0, length=N):
    """The keys of neighbours: k = first, first + 1 .."""
    out = np.empty(length, np.uint64)
    many_callers(np.uint64(run), np.uint64(queue), np.uint64(moment), first, out)
    return out


def test_a_loop_that_is_compiled_a_call_from_python_and_plain_python_draw_the_same():
    some = callers_of(length=200)
    for attempt, purpose in ((0, draws.ARRIVAL), (1, draws.TALK), (32_767, draws.BUSYNESS)):
        in_a_loop = draws_of(some, attempt, purpose).tolist()
        assert in_a_loop == [draws.draw(int(key), attempt, purpose) for key in some]
        assert in_a_loop == [draws.draw(key, attempt, purpose) for key in some]
        with np.errstate(over="ignore"):  # whole numbers of 64 bits are meant to wrap
            assert in_a_loop == [plain_draw(key, attempt, purpose) for key in some]
    assert some.tolist() == [draws.caller_key(RUN, QUEUE, MOMENT, k) for k in range(200)]


def plain_draw(key, attempt, purpose):
    counter = np.uint64(attempt) * np.uint64(draws.PURPOSES) + np.uint64(purpose) + np.uint64(1)
    return int(draws.mix.py_func(key + draws.GOLD * counter) >> np.uint64(1))


# --- even ------------------------------------------------------------------------------------------------------------

def families():
    """Draws that differ in one thing only, by steps of one: what a weak source would do badly."""
    everybody, ones = callers_of(), np.arange(N).astype(np.uint64)
    for purpose in PURPOSES:
        yield f"k, purpose {purpose}", draws_of(everybody, 1, purpose)
    for attempt in (0, 1, 2, 3, 4):
        yield f"k, attempt {attempt}", draws_of(everybody, attempt, draws.REDIAL)
    yield "attempts", np.array([draws.draw(everybody[0], a, draws.TALK) for a in range(N)])
    yield "bare keys", draws_of(ones, 0, draws.ARRIVAL)
    for what, key in (("moments", lambda n: draws.caller_key(RUN, QUEUE, n, 0)),
                      ("queues", lambda n: draws.caller_key(RUN, n, MOMENT, 0)),
                      ("replications", lambda n: draws.run_key(5, n)), ("seeds", lambda n: draws.run_key(n, 0))):
        yield what, draws_of(np.array([key(n) for n in range(N)], np.uint64), 0, draws.COUNT)


FAMILIES = dict(families())
each_family = pytest.mark.parametrize("family", FAMILIES)


def chi2(cells):
    expected = N / len(cells)
    return ((cells - expected)**2 / expected).sum()


@each_family
@pytest.mark.parametrize("bits", ["highest", "lowest"])
def test_every_draw_is_equally_likely(family, bits):
    numbers = FAMILIES[family]
    assert (numbers >= 0).all()
    cells = np.bincount(numbers >> 55 if bits == "highest" else numbers & 255, minlength=256)
    assert chi2(cells) < MOST_CHI2_255


@each_family
def test_a_draw_says_nothing_about_the_next(family):
    numbers = FAMILIES[family]
    pairs = np.bincount((numbers[:-1] >> 59) * 16 + (numbers[1:] >> 59), minlength=256)
    assert chi2(pairs) < MOST_CHI2_255
    for lag in (1, 2, 3, 16):
        assert abs(np.corrcoef(numbers[:-lag], numbers[lag:])[0, 1]) < MOST_CORRELATION


@each_family
def test_no_draw_comes_twice(family):
    # Of 65,536 fair draws of 63 bits two are the same one time in four billion.
    assert len(np.unique(FAMILIES[family])) == N


# --- independent -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("one", "other"), list(combinations(PURPOSES, 2)))
def test_purposes_have_nothing_in_common(one, other):
    first, second = FAMILIES[f"k, purpose {one}"], FAMILIES[f"k, purpose {other}"]
    assert_independent(first, second)


@pytest.mark.parametrize(("one", "other"), list(combinations(range(5), 2)))
def test_attempts_have_nothing_in_common(one, other):
    assert_independent(FAMILIES[f"k, attempt {one}"], FAMILIES[f"k, attempt {other}"])


@pytest.mark.parametrize("other", [
    {"run": RUN + 1}, {"queue": QUEUE + 1}, {"moment": MOMENT + 1}, {"moment": MOMENT + 15}, {"first": 1},
    {"first": 16}, {"run": RUN ^ 2**63}, {"queue": RUN, "run": QUEUE}, {"queue": MOMENT, "moment": QUEUE},
])
def test_neighbours_have_nothing_in_common(other):
    assert_independent(draws_of(callers_of(), 0, draws.ARRIVAL), draws_of(callers_of(**other), 0, draws.ARRIVAL))


def assert_independent(first, second):
    assert chi2(np.bincount((first >> 59) * 16 + (second >> 59), minlength=256)) < MOST_CHI2_255
    assert abs(np.corrcoef(first, second)[0, 1]) < MOST_CORRELATION


def test_one_bit_of_a_key_changes_half_of_the_bits_of_a_draw():
    some = callers_of(length=2000)
    before = draws_of(some, 1, draws.TALK)
    for bit in range(64):
        flipped = draws_of(some ^ np.uint64(1 << bit), 1, draws.TALK) ^ before
        changed = [float(((flipped >> out) & 1).mean()) for out in range(63)]
        # Half of 2,000, give or take 6 standard deviations of 0.011: one of 4,032 shares more, once in 100,000 tests.
        assert min(changed) > 0.433
        assert max(changed) < 0.567


# --- by name ---------------------------------------------------------------------------------------------------------

def test_purposes_and_their_room():
    assert len(set(PURPOSES)) == len(PURPOSES)
    assert max(PURPOSES) < draws.PURPOSES


def test_purposes_keep_their_numbers():
    # A purpose that moves changes every number of every scenario: only ever add at the end.
    assert [*range(11), 14, 15] == PURPOSES
    assert draws.PURPOSES == 16


def test_callers_are_told_apart_by_each_part_of_their_name():
    callers = {draws.caller_key(run, queue, moment, k)
               for run in range(6) for queue in range(6) for moment in range(6) for k in range(6)}
    assert len(callers) == 6**4


def test_replications_are_told_apart_by_seed_and_number():
    assert len({draws.run_key(seed, replication) for seed in range(50) for replication in range(50)}) == 2500


def test_uniforms_go_by_name_and_not_by_place():
    queues, moments = keys(4), keys(3, first=50)
    all_of_them, some = np.zeros((3, 4)), np.zeros((2, 2))
    draws.uniforms(RUN, queues, moments, draws.BUSYNESS, all_of_them)
    draws.uniforms(RUN, queues[[3, 1]], moments[[2, 0]], draws.BUSYNESS, some)
    np.testing.assert_array_equal(some, all_of_them[np.ix_([2, 0], [3, 1])])
    assert len(np.unique(all_of_them)) == 12


def test_uniforms_are_strictly_between_nothing_and_one():
    out = np.zeros((100, 100))
    draws.uniforms(RUN, keys(100), keys(100, first=500), draws.COUNT, out)
    assert 0 < out.min() < 0.001
    assert 0.999 < out.max() < 1
