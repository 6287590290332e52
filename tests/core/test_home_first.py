"""Lent seats that answer their own city first: days solved by hand, and the way from a scenario file to a world.

In the days pool 0 sits in city 1. It answers queue 1, its own, and helps queue 0. A talk lasts 10 ms.
"""
import numpy as np
import pytest
from helping import with_levers
from test_keep_idle import LEND
from worlds import Edge, both_engines, diary, hand_made

from sim.core.arrays import HELP, NO_HELP, ON_BUSY
from sim.core.engines.reference import Network
from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from sim.studies.study import simulate
from sim.studies.twins import verify
from sim.world.build import build
from sim.world.components import part_of
from surgeline.locale import in_lang

EDGES = [Edge(0, 0, rank=9, reserve=HELP), Edge(0, 1, rank=1)]


def helping(borrowed, own, seats, stops=0, begins=0, **more):
    """A day of pool 0, which stops helping with so many idle seats and begins with more than so many."""
    return hand_made({0: borrowed, 1: own}, **{
        "until_ms": 60, "seats": [seats], "edges": EDGES, "city": (0, 1), "home": (1,), "helps": {0: (stops, begins)},
        **more})


def story(engine, case):
    return diary(engine.run(*case, keep_calls=True))


def answered_at(engine, case, queue=0):
    """When the calls of a queue are answered, in the order in which they were dialled."""
    calls = np.sort(engine.run(*case, keep_calls=True).calls, order=["dialled_ms", "caller"])
    return [int(c["dialled_ms"] + c["waited_ms"]) for c in calls if c["queue"] == queue and c["pool"] >= 0]


# --- own calls come first --------------------------------------------------------------------------------------------

@both_engines
def test_own_calls_go_before_borrowed_ones_that_have_waited_longer(engine):
    # One seat. 0: nobody of its own waits, so a borrowed call is answered, until 10. 10: the own call of 5, though the
    # borrowed one of 1 has waited longer; 20: the own call of 12; 30 and 40: the borrowed ones.
    assert story(engine, helping([0, 1, 2], [5, 12], seats=1)) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 0 answers 30, talk ends 40",
        "2/0/0 dials 2, pool 0 answers 40, talk ends 50",
        "5/1/0 dials 5, pool 0 answers 10, talk ends 20",
        "12/1/0 dials 12, pool 0 answers 20, talk ends 30",
    ]


@both_engines
def test_seats_of_the_own_hall_take_their_calls_before_shared_ones_do(engine):
    # Pool 1 is the hall of city 1. 0: it has the own call, so the shared seat is there for the borrowed one. 10: both
    # free, and the hall has the own call again.
    edges = [Edge(0, 0, rank=9, reserve=HELP), Edge(0, 1, rank=2), Edge(1, 1, rank=1)]
    case = hand_made({0: [0], 1: [0, 1]}, until_ms=30, seats=[1, 1], edges=edges, city=(0, 1), helps={0: (0, 0)})
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10",
        "1/1/0 dials 1, pool 1 answers 10, talk ends 20",
    ]


# --- seats kept idle, and when help begins again ---------------------------------------------------------------------

@both_engines
def test_seats_are_kept_idle_for_own_calls(engine):
    # Three seats, one kept. 0: two borrowed calls, then one seat is idle. 2: it has the own call. 10: two seats free,
    # so the third is answered. 12: the own call ends, two are idle: the borrowed one of 3.
    case = helping([0, 0, 0, 3], [2], seats=3, stops=1, begins=1)
    assert answered_at(engine, case) == [0, 0, 10, 12]
    assert answered_at(engine, case, queue=1) == [2]


@both_engines
def test_help_that_has_stopped_begins_again_when_more_are_idle(engine):
    # Four seats; help stops with one idle and begins with more than two. 0, 1, 2: answered, and one is idle: it stops.
    # 3 waits. 10: two are idle, no more. 11: three are, so 3 is answered, and two are left: it goes on. 12: another
    # seat frees; 13 and 14 are answered, and it stops again. Without the second limit 3 is answered at 10 already.
    borrowed = [0, 1, 2, 3, 13, 14]
    assert answered_at(engine, helping(borrowed, [], seats=4, stops=1, begins=2)) == [0, 1, 2, 11, 13, 14]
    assert answered_at(engine, helping(borrowed, [], seats=4, stops=1, begins=1)) == [0, 1, 2, 10, 13, 14]


@both_engines
def test_own_calls_stop_help_too(engine):
    # Two seats; help stops with none idle and begins with two. 0, 1: own calls, none is idle. 10: one frees, and an own
    # call has it. 11: one is idle, which is not enough. 20: two are: the borrowed call of 2, and with one idle it goes
    # on: that of 21.
    case = helping([2, 21], [0, 1, 10], seats=2, begins=1)
    assert answered_at(engine, case) == [20, 21]
    assert answered_at(engine, case, queue=1) == [0, 1, 10]


@both_engines
def test_help_goes_on_while_it_has_not_stopped(engine):
    # Three seats. 0: three are idle, so help has begun before anybody calls whom to help; 1: an own call, 2: another,
    # one is idle: the borrowed call of 3 is answered still.
    assert answered_at(engine, helping([3], [1, 2], seats=3, begins=1)) == [3]
    # Two seats. 0: two own calls stop it. 10: both end while nobody waits, and it begins. 11: an own call, one is idle.
    assert answered_at(engine, helping([13], [0, 0, 11], seats=2, begins=1)) == [13]


# --- what counts within a millisecond --------------------------------------------------------------------------------

@both_engines
def test_seats_that_an_own_call_of_the_same_moment_takes_are_not_idle(engine):
    # Two seats; help begins with two idle. At 10 both free and an own call has one: one is idle, and the borrowed call
    # of 2 waits until 20.
    assert answered_at(engine, helping([2], [0, 0, 10], seats=2, begins=1)) == [20]


@both_engines
def test_a_seat_that_closes_as_another_frees_does_not_stop_help(engine):
    # Three seats, from 10 on two. 0: a borrowed call, 1: an own one, one is idle and help goes on. At 10 a seat closes
    # and the first call ends: one is idle as before: the borrowed call of 10 is answered.
    assert answered_at(engine, helping([0, 10], [1], seats={0: 3, 10: 2}, begins=1)) == [0, 10]


@both_engines
def test_help_begins_as_seats_open_and_stops_as_they_close(engine):
    # Help begins with two idle. 0: one seat, so 0 waits until a second one opens at 5; one is idle: 6 is answered.
    assert answered_at(engine, helping([0, 6], [], seats={0: 1, 5: 2}, begins=1)) == [5, 6]
    # 0: two seats, one stays idle. At 5 it closes: help stops. From 7 on one is idle again, and 8 waits until 10.
    assert answered_at(engine, helping([0, 8], [], seats={0: 2, 5: 1, 7: 2}, begins=1)) == [0, 10]


@both_engines
def test_whom_it_helps_after_a_wait_is_answered_as_the_wait_ends(engine):
    # 0 is answered once it has waited 4 ms; by 6, as 3 has waited no longer than 3 ms, an own call has the other seat.
    edges = [Edge(0, 0, rank=9, after_ms=4, reserve=HELP), Edge(0, 1, rank=1)]
    assert answered_at(engine, helping([0, 3], [6], seats=2, edges=edges)) == [4, 14]


@both_engines
def test_help_on_busy_keeps_to_the_same_limits(engine):
    # City 0 has no line. Two seats; help stops with none idle and begins with two. 0 and 1 are answered at once, and
    # none is idle: 2 hears a busy signal. 10: one is idle, so 10 does too. 11: two are: 11 and 12 are answered.
    edges = [Edge(0, 0, rank=9, after_ms=ON_BUSY, reserve=HELP), Edge(0, 1, rank=1)]
    world, callers = helping([0, 1, 2, 10, 11, 12], [], seats=2, begins=1, edges=edges)
    world = world._replace(lines=np.tile([0, 9], (len(world.lines), 1)))
    assert [line.split(", ")[1] for line in story(engine, (world, callers))] == [
        "pool 0 answers 0", "pool 0 answers 1", "busy", "busy", "pool 0 answers 11", "pool 0 answers 12"]


# --- pace ------------------------------------------------------------------------------------------------------------

@both_engines
def test_only_borrowed_calls_go_at_the_pace_of_guests(engine):
    # Guests take twice as long, and half as long again for this class of the borrower: 10 -> 20 -> 30, wrap-up 4 -> 12.
    edges = [Edge(0, 0, rank=9, reserve=HELP, speed_pm=1500), Edge(0, 1, rank=1)]
    case = helping([0], [0], seats=2, edges=edges, speed_pm=2000, wrap_up=4)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 30, seat free 42",
        "0/1/0 dials 0, pool 0 answers 0, talk ends 10, seat free 14",
    ]


# --- a live rehearsal ------------------------------------------------------------------------------------------------

def test_seats_that_are_lent_in_a_live_rehearsal_begin_to_help_at_that_moment():
    # Nobody answers until at 5 two seats are shared, which help with two idle: 0 at 5. At 6 it is to begin with more
    # than five idle: as it has begun it goes on, with the call of 7. Then it stops, and does not begin again.
    nobody, callers = hand_made({0: [0, 7, 10]}, until_ms=40, seats=[0], edges=[], city=(0, 1), home=(1,))
    network = Network(nobody, callers, keep_calls=True)
    for moment, begins in ((5, 1), (6, 5)):
        network.advance(moment)
        network.change(helping([], [], seats=2, begins=begins, until_ms=40)[0], callers)
    network.advance(40)
    assert diary(network.outcomes()) == [
        "0/0/0 dials 0, pool 0 answers 5, talk ends 15",
        "7/0/0 dials 7, pool 0 answers 7, talk ends 17",
        "10/0/0 dials 10, waits",
    ]


# --- from a scenario to a world --------------------------------------------------------------------------------------

FIRST = LEND | {"serves": "home_first"}


def edges_of_the_loan(scenario):
    """(city, class) to (rank, reserve, speed_pm) of every edge of the lent pool."""
    world, names = build(scenario).world, build(scenario).names
    pool = [one.name for one in names.pools].index("west→east")
    return {names.queues[q]: (rank, reserve, speed) for p, q, rank, reserve, speed in
            zip(*(getattr(world, f"edge_{name}").tolist() for name in ("pool", "queue", "rank", "reserve", "speed_pm")),
                strict=True) if p == pool}


def test_every_own_call_ranks_before_any_borrowed_one_urgent_or_not():
    edges = edges_of_the_loan(with_levers(FIRST))
    assert edges["west", "everyday"][0] < edges["east", "urgent"][0] < edges["east", "everyday"][0]
    assert {(city, reserve) for (city, _), (_, reserve, _) in edges.items()} == {("west", 0), ("east", HELP)}


@pytest.mark.parametrize(("terms", "limits"), [
    ({}, (0, 0)), ({"keep_idle": 2}, (2, 2)), ({"keep_idle": 2, "resume_idle": 5}, (2, 5)),
    ({"resume_idle": 1}, (0, 1))])
def test_help_begins_again_with_as_many_idle_as_it_keeps_unless_more_are_said(terms, limits):
    setting = build(with_levers(FIRST | terms))
    for world in (setting.world, part_of(setting, np.array([0, 1])).world):
        assert list(zip(world.pool_release.tolist(), world.pool_resume.tolist(), strict=True)) == [
            (NO_HELP, NO_HELP), (NO_HELP, NO_HELP), limits]


def test_seats_on_other_terms_are_another_pool():
    setting = build(with_levers(FIRST, FIRST | {"resume_idle": 1}, FIRST))
    assert [pool.name for pool in setting.names.pools] == ["east", "west", "west→east", "west→east 2"]


def test_where_all_cities_are_one_pool_shared_seats_still_answer_their_own_first():
    edges = edges_of_the_loan(with_levers(FIRST, {"kind": "route", "policy": "pooled"}))
    assert edges["west", "everyday"][0] < edges["east", "urgent"][0]


def test_own_calls_take_as_long_as_with_the_citys_own_people():
    scenario = with_levers(FIRST)
    factor = {"lent": 1.3, "own": 0.9}
    classes = {key: one.model_copy(update={"handle_factor": factor}) for key, one in scenario.classes.items()}
    scenario = scenario.model_copy(update={"classes": classes})
    assert {(city, speed) for (city, _), (_, _, speed) in edges_of_the_loan(scenario).items()} == {
        ("west", 900), ("east", 1300)}
    shared = scenario.with_levers([LEND])
    assert {speed for _, _, speed in edges_of_the_loan(shared).values()} == {1300}


def test_both_engines_tell_the_same_of_them():
    check = verify(with_levers(FIRST | {"keep_idle": 1, "resume_idle": 3, "seats": 6, "presence": "70 %"}))
    assert check.calls > 1000
    assert check.differences == []


def test_the_own_city_hardly_pays_and_more_seats_kept_idle_cost_the_borrower():
    """West's rate of answered dials, and east's, by the terms on which eight seats are shared all day."""
    terms = {"both": LEND, "first": FIRST, "kept": FIRST | {"keep_idle": 3},
             "again": FIRST | {"keep_idle": 3, "resume_idle": 7}}
    west, east = ({name: simulate(with_levers(lever), replications=20, seed=1).value(
        "answer_rate_dials", f"city:{city}").mean for name, lever in terms.items()} for city in ("west", "east"))
    assert west["both"] < west["first"] <= west["kept"]
    assert east["first"] > east["kept"] > east["again"]


# --- what can't be meant ---------------------------------------------------------------------------------------------

MINE = ("surgeline: 1\nextends: two-cities\nlevers:\n  replace:\n"
        "  - {kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 12:00, to: 2021-08-02 20:00, ")


@pytest.mark.parametrize(("terms", "en", "zh"), [
    ("serves: both, resume_idle: 2",
     "resume_idle: does nothing unless the seats answer their own city first: add serves: home_first, or leave it "
     "out",
     "座席不是先接本市时不起作用：请加上 serves: home_first，或删去"),
    ("keep_idle: 1, serves: borrower",
     "keep_idle: does nothing unless the seats serve their own city too: add serves: both, or home_first",
     "座席不兼顾本市时不起作用：请加上 serves: both 或 home_first"),
    ("serves: home_first, keep_idle: 2, resume_idle: 1",
     "resume_idle: must be >= keep_idle, which is 2, got 1: help begins again when no fewer are idle than when it "
     "stops",
     "须 >= keep_idle（2），现为 1：恢复支援时的空闲不少于停止支援时的"),
    ("serves: home_first, resume_idle: 4",
     "resume_idle: must be less than the seats, of which there are 4: never more than 4 are idle, and help never "
     "begins",
     "须少于座席数（4）：空闲永不多于 4 席，支援无从开始"),
    ("serves: home_first, keep_idle: 4", "keep_idle: keeps all of these 4 seats idle: the borrower gets none", None),
    ("serves: home_first, first: true",
     "first: calls can't go first to seats that answer their own city first: leave first out, or add serves: borrower",
     "先接本市的座席不能让求援市的来电先到：请删去 first，或改为 serves: borrower"),
    ("serves: home_first, resume_idle: -1", "resume_idle: must be >= 0, got -1", None),
    ("serves: home_frist",
     'serves: must be one of "borrower", "both", "home_first", got "home_frist"; did you mean "home_first"?', None),
])
def test_terms_that_can_not_be_meant_are_told(tmp_path, terms, en, zh):
    file = tmp_path / "mine.yaml"
    file.write_text(f"{MINE}{terms}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{file}:5:")
    assert in_lang(problem.told, "en").endswith(f"levers[0].{en}")
    assert zh is None or in_lang(problem.told, "zh").endswith(zh)


@pytest.mark.parametrize("terms", ["keep_idle: 3", "keep_idle: 1, resume_idle: 3", "resume_idle: 0"])
def test_terms_that_can_be_meant_are_read(tmp_path, terms):
    file = tmp_path / "mine.yaml"
    file.write_text(f"{MINE}serves: home_first, {terms}}}\n", encoding="utf-8")
    assert load(file).levers[0].serves == "home_first"
