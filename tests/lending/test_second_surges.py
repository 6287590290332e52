"""Second surges that strike a lender: the callers they bring, what is recalled and called in, and what is written."""
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.inputs.second_surges import struck as struck_in
from optimizer.lending.inputs.second_surges import with_surge
from optimizer.lending.model import lending
from optimizer.lending.model.terms import with_room
from optimizer.lending.trials import orders
from optimizer.lending.trials.contingencies import answered, armed
from optimizer.lending.trials.orders import FOR_BORROWERS, Serves, Way
from optimizer.lending.trials.replay import ReplicationCache
from sim.reading.loading import load
from sim.scenario.lending_terms import Agreement, LenderSurge
from sim.scenario.levers import Lend
from sim.world.build import build
from surgeline.cli import main

THREE = """
surgeline: 1
extends: two-cities
cities:
  north: {name: {zh: 北城, en: Northville}, tile: [0, 1], calls_a_day: 500, seats: 14, agents: 26, shifts: days,
          absence: 0, shrinkage: 20 %, lines_per_seat: 2}
surges:
  replace:
  - {city: east, class: everyday, profile: plain, shocks: [{at: 2021-08-02 10:00, callers: 1500, half_life: 4 h}]}
  - {city: west, class: urgent, profile: plain, by_day: {2021-08-02: 40}}
"""
TERMS = {"agreed": "2021-08-02 10:00", "connect": "1 h", "rehearsal": "1 h", "to": "2021-08-02", "block": "1 h",
         "hours": ["08:00", "20:00"], "share": "60 %", "recall": "2 h", "borrowers": ["east"],
         "lenders": ["west", "north"]}
STRIKE = {"city": "west", "from": "2021-08-02 14:00", "to": "2021-08-02 19:00", "times": 3, "chance": "30 %"}
BY_NEED = Serves(Way("both"), Way("both"))
ANSWER = range(16, 19)  # hours in which seats can be home again, or called in


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("strikes") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def known(scenario):
    """What is known under other terms; the tables of cities, which do not depend on them, are made once."""
    def terms_of(strikes=(STRIKE,), **more):
        return Agreement.model_validate(TERMS | {"second_surges": list(strikes)} | more)

    base = knowledge(province(scenario.model_copy(update={"lending": terms_of()})))

    def make(*strikes, **more):
        p = replace(base.province, agreement=terms_of(*strikes, **more))
        return replace(base, province=p, strikes=struck_in(p))
    return make


@pytest.fixture(scope="module")
def planned(known):
    """What is known, and the best plan for it."""
    def make(*strikes, **more):
        k = known(*strikes, **more)
        return k, lending.solve(k)
    return make


@pytest.fixture(scope="module")
def struck(planned):
    return planned()


# --- the callers of a second surge -----------------------------------------------------------------------------------

def callers(scenario):
    """By city, the callers to expect in each interval."""
    setting, found = build(scenario), defaultdict(lambda: 0.0)
    for q, (city, _) in enumerate(setting.names.queues):
        found[city] = found[city] + setting.demand.mean[:, q]
    return found


@pytest.mark.parametrize("times", [1.0, 1.5, 4.0])
@pytest.mark.parametrize("span", [("14:00", "19:00"), ("09:30", "09:45"), ("14:05", "15:05"), ("00:00", "24:00")])
def test_a_second_surge_brings_so_many_times_the_usual_callers_and_only_then(struck, times, span):
    p, (first, last) = struck[0].province, (f"2021-08-02 {clock}" for clock in span)
    strike = LenderSurge.model_validate(STRIKE | {"times": times, "from": first, "to": last})
    moments = [p.scenario.horizon.start + timedelta(minutes=15 * i) for i in range(96)]
    factor = np.array([times if strike.start <= at < strike.end else 1.0 for at in moments])
    usual, now = callers(p.scenario), callers(with_surge(p, strike))
    assert now["west"] == pytest.approx(factor * usual["west"], rel=1e-9)
    assert (now["east"] == usual["east"]).all()
    assert (now["north"] == usual["north"]).all()
    assert usual["west"].min() > 0


def test_a_second_surge_is_of_the_class_of_which_there_is_most(struck):
    p = struck[0].province
    setting, there = build(p.scenario), build(with_surge(p, p.agreement.second_surges[0]))
    changed = {queue for q, queue in enumerate(there.names.queues)
               if (there.demand.mean[:, q] != setting.demand.mean[:, setting.names.queues.index(queue)]).any()}
    assert changed == {("west", "everyday")}


def test_a_second_surge_leaves_the_cities_in_focus(struck):
    p = struck[0].province
    assert p.borrowers == ("east",)
    assert with_surge(p, p.agreement.second_surges[0]).focus == p.scenario.surged()


def test_only_the_struck_city_is_another_in_a_second_surge(struck):
    k, _ = struck
    there = k.strikes[0].province
    assert there.cities["west"].callers[14:19] == pytest.approx(3 * k.province.cities["west"].callers[14:19])
    assert there.cities["west"].callers[:14] == pytest.approx(k.province.cities["west"].callers[:14])
    assert there.cities["north"] is k.province.cities["north"]
    assert (k.strikes[0].lender.most <= k.lenders["west"].most).all()
    assert k.strikes[0].lender.most[2:7].max() < k.lenders["west"].most.min()


# --- what is done about it -------------------------------------------------------------------------------------------

def blocks_at(k, hours):
    return {b for b, block in enumerate(k.province.blocks) if block.start.hour in hours}


@pytest.mark.parametrize(("recall", "hours"), [("0 h", range(14, 19)), ("2 h", ANSWER), ("90 min", ANSWER),
                                               ("4 h", range(18, 19)), ("5 h", ())])
def test_nothing_is_done_before_seats_can_be_home(planned, recall, hours):
    k, best = planned(recall=recall)
    struck = k.strikes[0]
    assert struck.surge == blocks_at(k, range(14, 19))
    assert struck.answer == blocks_at(k, hours)
    changed = {block for part in (best.answers[0].back, best.answers[0].called) for _, block in part}
    assert changed <= struck.answer
    assert bool(changed) == bool(hours)


def test_seats_come_home_where_the_struck_citys_floor_would_give_way(known):
    """No more of them: here it costs nothing that lenders answer fewer, so nothing but the floor asks for them."""
    k = replace(known(), costs=0.0)
    limits = dict(zip(k.province.open_blocks, k.strikes[0].lender.most, strict=True))
    lent = {("west", "east", 0, hour): 4 for hour in range(13, 20)}
    answer = lending.beside(k, lent)[1].answers[0]
    assert answer.back == {(("west", "east"), block): 4 - limits[block] for block in ANSWER if limits[block] < 4}
    assert len(answer.back) == 3
    dear = lending.beside(replace(k, costs=2.0), lent)[1].answers[0].back
    assert all(answer.back[key] <= dear[key] <= 4 for key in dear)
    assert dear.keys() == answer.back.keys()


def test_nobody_comes_home_where_nobody_calls_more(known):
    """Within the limits of the floors, and worth more where they are."""
    k = known([STRIKE | {"times": 1}])
    lent = {("west", "east", 0, hour): 2 for hour in range(12, 19)}
    assert lending.beside(k, lent)[1].answers[0].back == {}


@pytest.mark.parametrize("more", [{}, {"seats": 5}, {"licences": {"east": 5}}], ids=str)
def test_limits_hold_for_what_stands_by_and_is_called_in(planned, more):
    k, best = planned(**more)
    p, answer = k.province, best.answers[0]
    assert answer.called
    assert {pair[0] for pair, _ in answer.called} == {"north"}
    assert {pair[0] for pair, _ in answer.back} <= {"west"}
    for (pair, block), seats in answer.called.items():
        assert 0 < seats <= best.standby[(*pair, 0, block)]
    for (pair, block), seats in answer.back.items():
        assert 0 < seats <= best.lent[(*pair, 0, block)]
    for name in p.lenders:
        for o, block in enumerate(p.open_blocks):
            away = sum(n for (giver, *_, number), n in best.lent.items() if (giver, number) == (name, block))
            ready = sum(n for (giver, *_, number), n in best.standby.items() if (giver, number) == (name, block))
            assert away + ready <= min(p.caps[name][o], k.most[name][o])
    most = min([float(limit) for limit in (p.agreement.seats, p.agreement.licences.get("east")) if limit is not None],
               default=99)
    for block in ANSWER:
        total = (sum(n for (*_, number), n in best.lent.items() if number == block)
                 + sum(n for (_, at), n in answer.called.items() if at == block)
                 - sum(n for (_, at), n in answer.back.items() if at == block))
        assert total <= most


def test_two_second_surges_have_answers_of_their_own(planned):
    other = STRIKE | {"city": "north", "from": "2021-08-02 12:00", "to": "2021-08-02 17:00"}
    best = planned([STRIKE, other])[1]
    assert [answer.struck.strike.city for answer in best.answers] == ["west", "north"]
    for answer, (home, ready) in zip(best.answers, [("west", "north"), ("north", "west")], strict=True):
        assert {pair[0] for pair, _ in answer.back} <= {home}
        assert {pair[0] for pair, _ in answer.called} <= {ready}
        assert all(seats <= best.standby[(*pair, 0, block)] for (pair, block), seats in answer.called.items())
    assert any(answer.called for answer in best.answers)


def test_courses_of_events_weigh_what_they_are_likely(known):
    courses = lending.build(known([STRIKE, STRIKE | {"chance": "20 %"}])).courses
    assert [course.weight for course in courses] == pytest.approx([0.5, 0.3, 0.2])
    assert [course.weight for course in lending.build(known([])).courses] == [1.0]


# --- what is written and simulated -----------------------------------------------------------------------------------

def seats_away(levers, moments):
    """[lenders, moments] read from the spans of levers."""
    return {name: [sum(float(one.seats) for one in levers
                        if isinstance(one, Lend) and one.lender == name and one.span.covers(at))
                   for at in moments] for name in ("west", "north")}


def test_levers_of_an_answer_differ_from_the_plan_only_in_its_blocks(struck):
    k, best = struck
    p, answer = k.province, best.answers[0]
    moments = [p.scenario.horizon.start + timedelta(minutes=15 * i) for i in range(96)]
    plan = seats_away(orders.levers_of(p, best.lent), moments)
    changed = seats_away(answered(p, best.lent, answer, FOR_BORROWERS), moments)
    assert answer.back
    assert answer.called
    for name in ("west", "north"):
        for at, before, after in zip(moments, plan[name], changed[name], strict=True):
            key = (name, "east"), at.hour
            assert after - before == answer.called.get(key, 0) - answer.back.get(key, 0)
            assert after == before or at.hour in ANSWER


def test_an_answer_without_changes_is_the_plan(struck):
    k, best = struck
    nothing = replace(best.answers[0], back={}, called={})
    assert set(answered(k.province, best.lent, nothing, BY_NEED)) == set(
        orders.levers_of(k.province, best.lent, BY_NEED))


def test_what_is_said_of_an_answer_is_what_it_changes(struck):
    k, best = struck
    again = lending.beside(with_room(k, best.lent), best.lent)[1]
    standby, (one,) = armed(k, again, FOR_BORROWERS, ReplicationCache(3, k.province), 2)
    answer = again.answers[0]
    assert again.lent == best.lent
    assert one.recalled == {"east": max(answer.back.values())}
    assert one.called == {"north": max(answer.called.values())}
    assert standby == {"north": max(again.standby.values())}
    assert one.called["north"] <= standby["north"]
    assert one.strike == k.province.agreement.second_surges[0]
    assert 0 <= one.dropped[1] <= one.floors
    assert 0 <= one.dropped[0] <= one.floors
    assert one.people.mean != 0


def test_nothing_is_worth_doing_where_nothing_can_be_done(planned):
    k, best = planned(recall="5 h")
    again = lending.beside(with_room(k, best.lent), best.lent)[1]
    _, (one,) = armed(k, again, FOR_BORROWERS, ReplicationCache(3, k.province), 2)
    assert (one.recalled, one.called, one.people.mean, one.floors) == ({}, {}, 0.0, 0)
    assert not one.worth_it


def test_a_plan_without_second_surges_is_not_armed(planned):
    k, best = planned([])
    assert armed(k, best, FOR_BORROWERS, ReplicationCache(3, k.province), 2) == ({}, [])
    assert best.standby == {}
    assert best.answers == []


def test_a_plan_that_simulation_took_beyond_the_limits_can_be_armed(struck):
    k, _ = struck
    lent = {("west", "east", 0, hour): int(seats) for hour, seats in zip(range(12, 20), k.province.caps["west"],
                                                                         strict=True)}
    assert max(lent.values()) > k.most["west"].min()
    assert lending.beside(with_room(k, lent), lent)[1].lent == lent


# --- bad input -------------------------------------------------------------------------------------------------------

DAY = "from: 2021-08-02 14:00, to: 2021-08-02 18:00"


@pytest.mark.parametrize(("says", "strikes"), [
    ("mine.yaml:4:85: lending.second_surges[0].times: must be 1 or more",
     f"[{{city: west, {DAY}, times: 0.5, chance: 20 %}}]"),
    ("lending.second_surges[1].times: must be 1 or more",
     f"[{{city: west, {DAY}, times: 2, chance: 20 %}}, {{city: west, {DAY}, times: 0.9, chance: 20 %}}]"),
    ("lending.second_surges[0].chance: must be <= 1 (100 %)", f"[{{city: west, {DAY}, times: 2, chance: 120 %}}]"),
    ("lending.second_surges: chances add up to more than 100 %",
     f"[{{city: west, {DAY}, times: 2, chance: 60 %}}, {{city: west, {DAY}, times: 2, chance: 41 %}}]"),
    ('lending.second_surges[0].city: "wst" is no city; did you mean "west"?',
     f"[{{city: wst, {DAY}, times: 2, chance: 20 %}}]"),
    ("lending.second_surges[0].to: must end later than it begins",
     "[{city: west, from: 2021-08-02 14:00, to: 2021-08-02 13:00, times: 2, chance: 20 %}]"),
    ("lending.second_surges[0].to: must end later than it begins",
     "[{city: west, from: 2021-08-02 14:00, to: 2021-08-02 14:00, times: 2, chance: 20 %}]"),
    ("lending.second_surges[0].city: east lends nothing: no plan changes if it is struck",
     f"[{{city: east, {DAY}, times: 2, chance: 20 %}}]"),
    ("lending.second_surges[0].from: no seat is away then: seats are lent from 2021-08-02 12:00 to 2021-08-03 00:00",
     "[{city: west, from: 2022-08-02 14:00, to: 2022-08-02 18:00, times: 2, chance: 20 %}]"),
    ("lending.second_surges[0].times: is missing", f"[{{city: west, {DAY}, chance: 20 %}}]"),
])
def test_second_surges_that_make_no_sense_are_told(tmp_path, says, strikes):
    (tmp_path / "mine.yaml").write_text(f"surgeline: 1\nextends: two-cities\nlending:\n  second_surges: {strikes}\n")
    done = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml"), "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 2
    assert says in done.output


def test_second_surges_that_are_certain_together_pass(tmp_path):
    one = f"{{city: west, {DAY}, times: 2, chance: 50 %}}"
    (tmp_path / "mine.yaml").write_text(f"surgeline: 1\nextends: two-cities\nlending:\n"
                                        f"  second_surges: [{one}, {one}]\n")
    done = CliRunner().invoke(main, ["check", str(tmp_path / "mine.yaml"), "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert load(tmp_path / "mine.yaml").lending.second_surges[0].end == datetime(2021, 8, 2, 18)
