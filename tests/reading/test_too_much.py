"""Scenarios that no machine holds, or finishes, are refused with a place before anything is built."""

import beside
import numpy as np
import pytest
from worlds import Edge, assert_equal, both_engines, hand_made

from sim.core import arrays, rules
from sim.core.arrays import MOST_DIALS, NO_LIMIT, ONE
from sim.core.engines import kernel, reference
from sim.reading.loading import load
from sim.scenario.problems import ScenarioError, WorldError
from sim.world.build import build
from sim.world.demand import busiest
from sim.world.routing import POLICIES, Queue, Seats, ways

problems = beside.problems
HEAD = "surgeline: 1\nextends: two-cities\n"
NO_LEVERS = "levers: []\nvariants: {none: {levers: []}, at-once: {levers: []}, longer-shared: {levers: []}}\n"
ONCE = "classes: {everyday: {most_dials: 1}}\n"


# --- dials -----------------------------------------------------------------------------------------------------------

def habits(**said):
    return "classes: {everyday: {" + ", ".join(f"{name}: {value}" for name, value in said.items()) + "}}\n"


AT_ONCE = "{law: fixed, mean: 0 s}"
SET = f"at most {MOST_DIALS:,} can be simulated: set most_dials to 1,000 or less, a longer delay or a smaller share"


@pytest.mark.parametrize(("said", "where"), [
    ({"after_busy": f"{{share: 100 %, delay: {AT_ONCE}}}"}, "after_busy"),
    ({"after_busy": f"{{share: 10 %, by_try: [10 %, 100 %], delay: {AT_ONCE}}}"}, "after_busy"),
    ({"after_busy": "{share: 100 %, delay: {law: fixed, mean: 1 s}}"}, "after_busy"),
    ({"after_busy": f"{{share: 99.999 %, delay: {AT_ONCE}}}"}, "after_busy"),
    ({"patience": AT_ONCE, "after_hanging_up": f"{{share: 100 %, delay: {AT_ONCE}}}"}, "after_hanging_up"),
])
def test_a_caller_who_would_dial_without_end(problems, said, where):
    [problem] = problems(habits(most_dials="null", **said))
    assert problem.startswith(f"classes.everyday.{where}.share: with this, a caller whom nobody answers makes ")
    assert problem.endswith(" dials in 24 h; " + SET)
    assert problems(habits(most_dials=1000, **said)) == []


@pytest.mark.parametrize("said", [
    {"after_busy": "{share: 100 %, delay: {mean: 5 min}}"},
    {"after_busy": "{share: 100 %, delay: {law: fixed, mean: 6 s}}"},
    {"after_busy": f"{{share: 99 %, delay: {AT_ONCE}}}"},
    {"patience": "for ever", "after_hanging_up": f"{{share: 100 %, delay: {AT_ONCE}}}"},
])
def test_callers_who_take_their_time_or_may_give_up(problems, said):
    assert problems(habits(most_dials="null", **said)) == []


def test_nobody_is_busy_where_lines_have_no_limit(problems):
    no_limit = "cities: {east: {lines_per_seat: null}, west: {lines_per_seat: null}}\n"
    assert problems(no_limit + habits(most_dials="null", after_busy=f"{{share: 100 %, delay: {AT_ONCE}}}")) == []


def test_more_dials_than_anybody_waits_for(problems):
    [problem] = problems("cities: {east: {calls_a_day: 9000000}}\n" + habits(
        most_dials=1000, after_busy="{share: 100 %, delay: {law: fixed, mean: 1 s}}"))
    assert problem.startswith("classes.everyday.after_busy.share: with this, there may be 9,001,200,000 dials where ")


@both_engines
def test_nobody_dials_more_often_than_a_record_can_tell(engine):
    """No line, no end, and a dial every millisecond."""
    case = hand_made({0: [0]}, until_ms=6 * MOST_DIALS, interval_ms=6 * MOST_DIALS, seats=[0], lines=0,
                     redial_if_busy=(ONE,), redial_delay=1)
    flows = engine.run(*case).flows.sum(axis=(0, 1))
    assert flows[[arrays.DIALS, arrays.DIALS_BLOCKED, arrays.CALLERS_LOST]].tolist() == [MOST_DIALS, MOST_DIALS, 1]


def test_engines_stop_at_the_same_dial():
    case = hand_made({0: [0, 0], 1: [0]}, until_ms=60_000, interval_ms=60_000, seats=[1], lines=1, city=(0, 0),
                     edges=[Edge(0, 0)], patience=2, redial_if_busy=(ONE,), redial_if_hung_up=(ONE,), redial_delay=1)
    outcomes = [engine.run(*case, keep_calls=True) for engine in (reference, kernel)]
    assert_equal(*outcomes)
    assert outcomes[0].calls["attempt"].max() <= MOST_DIALS


def test_the_last_dial_of_all():
    assert rules.dials_again(0, ONE, MOST_DIALS - 1)
    assert not rules.dials_again(0, ONE, MOST_DIALS)
    assert not rules.dials_again(0, 0, 1)


# --- callers ---------------------------------------------------------------------------------------------------------

def test_more_callers_in_an_interval_than_have_numbers(problems):
    crowd = ("with this, 9,000,014 people call east in one interval of an ordinary day; at most 4,194,304 can be "
             "simulated")
    shock = ("surges: {replace: [{city: east, class: everyday, profile: plain, shocks: [{at: 2021-08-02 10:00, "
             "callers: 9000000, ")
    assert problems(ONCE + shock + "half_life: 1 s}]}]}\n") == [
        f"surges[0].shocks[0].callers: {crowd}: take shorter intervals"]
    daily = "horizon: {interval: 24 h}\nlending: null\ncities: {east: {calls_a_day: 9000000}}\n"
    [problem] = problems(ONCE + NO_LEVERS + daily)
    assert problem.startswith("cities.east.calls_a_day: with this, 9,000,")


def test_a_crowd_that_comes_on_the_busiest_days_only(problems):
    daily = "cities: {east: {calls_a_day: 9000000}}\n"
    assert problems(ONCE + daily + "everyday: {everyday: {busyness_cv: 0.1}}\n") == []
    assert problems(ONCE + daily + "everyday: {everyday: {busyness_cv: 3}}\n") == [
        "everyday.everyday.busyness_cv: with this, 202,576 people call east in one interval of an ordinary day; at "
        "most 46,949 can be simulated where days differ so much: take shorter intervals"]


def test_shocks_at_different_times_are_no_crowd(problems):
    shocks = ", ".join(f"{{at: 2021-08-02 {h:02}:00, callers: 2000000, half_life: 1 s}}" for h in range(8))
    surge = "surges: {replace: [{city: east, class: everyday, profile: plain, shocks: [" + shocks
    assert problems(ONCE + surge + "]}]}\n") == []
    together = shocks.replace("01:00", "00:00").replace("02:00", "00:00")
    [problem] = problems(ONCE + surge.replace(shocks, together) + "]}]}\n")
    assert problem.startswith("surges[0].shocks[0].callers: with this, 6,000,002 people call east")


def test_a_forgotten_per_cent_sign(problems):
    assert problems("everyday: {everyday: {busyness_cv: 13}}\n") == [
        "everyday.everyday.busyness_cv: must be <= 3, got 13; write 0.13 if 13 % is meant"]


def test_days_are_never_busier_than_that():
    from scipy import special
    cv = np.array([0.01, 0.1, 0.13, 0.5, 1.0, 2.0, 3.0])
    assert (special.gammaincinv(cv**-2, 1 - 2.0**-53) * cv**2 <= busiest(cv)).all()


def test_what_is_built_without_a_file_is_refused_too():
    scenario = load("two-cities")
    east = scenario.cities["east"]
    crowd = east.model_copy(update={"calls_a_day": east.calls_a_day.model_copy(update={"number": 9e8})})
    with pytest.raises(WorldError, match="fresh callers in one interval; at most 16,777,216"):
        build(scenario.model_copy(update={"cities": scenario.cities | {"east": crowd}}))


# --- who may answer whom ---------------------------------------------------------------------------------------------

def test_thousands_of_cities_that_all_answer_each_other(tmp_path):
    city = ("every_city: {name: {zh: 市, en: C}, calls_a_day: 9, seats: 1, agents: 3, shifts: days, absence: 0, "
            "shrinkage: 0}\n")
    cities = "cities: {" + ", ".join(f"c{i}: {{}}" for i in range(2300)) + "}\n"
    for pooled, place in (("routing: {policy: pooled}\n" + NO_LEVERS, "routing.policy"),
                          (NO_LEVERS.replace("levers: []", "levers: [{kind: route, policy: pooled}]", 1),
                           "levers[0].policy")):
        (tmp_path / "mine.yaml").write_text(HEAD + pooled + "lending: null\n" + city + cities, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load(tmp_path / "mine.yaml")
        assert (f": {place}: 10,598,408 ways in which seats may answer calls, with 2,302 cities and 96 intervals; at "
                "most 5,000,000 can be simulated") in str(caught.value)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seats", [
    Seats("a", ("a",), (), own=True, both=False, first=False),
    Seats("a", ("a",), ("x", "z"), own=True, both=False, first=False),
    Seats("b", ("a",), ("x",), own=False, both=True, first=True),
    Seats("b", ("a",), (), own=False, both=False, first=False),
    Seats(None, ("a", "b"), ("x", "y"), own=False, both=False, first=False),
])
def test_edges_are_counted_as_they_are_made(policy, seats):
    cities, classes = "abcde", "xyz"
    made = [POLICIES[policy](seats, Queue(city, klass, 1), 60.0) for city in cities for klass in classes]
    assert ways(POLICIES[policy], seats, len(cities), len(classes)) == len([edge for edge in made if edge is not None])


@pytest.mark.parametrize("policy", POLICIES)
def test_edges_of_a_world_are_those_of_its_policy(policy):
    """Pool by pool, queue by queue, sorted by pool, rank and queue."""
    scenario = load("two-cities")
    setting = build(scenario.model_copy(update={"routing": scenario.routing.model_copy(update={"policy": policy})}))
    rows = []
    for p, pool in enumerate(setting.names.pools):
        seats = Seats(pool.home, pool.serves, (), own=pool.kind == "own", both=False, first=False)
        for q, (city, klass) in enumerate(setting.names.queues):
            edge = POLICIES[policy](seats, Queue(city, klass, scenario.classes[klass].urgency), 0.0)
            if edge is not None:
                rows.append((p, edge[0], q))
    world = setting.world
    assert sorted(rows) == list(zip(world.edge_pool, world.edge_rank, world.edge_queue, strict=True))


def test_a_city_that_never_gives_a_busy_signal_has_no_limit():
    scenario = load("two-cities")
    west = scenario.cities["west"].model_copy(update={"lines_per_seat": None})
    lines = build(scenario.model_copy(update={"cities": scenario.cities | {"west": west}})).world.lines
    assert (lines[:, 1] == NO_LIMIT).all()
    assert lines[0, 0] == 24
    assert lines[4 * 12, 0] == 24 + 2 * 4
