"""What is said once for all: every city, every class, totals, multiples of the usual, and a shorter horizon."""
from datetime import date

import beside
import pytest

from sim.core.arrays import LAW
from sim.reading.common import whole_numbers
from sim.reading.loading import load, with_places
from sim.world.build import build

write, write_mine, told = beside.write, beside.write_mine, beside.told_of_mine
HEAD = "surgeline: 1\nextends: two-cities\n"


# --- every class -----------------------------------------------------------------------------------------------------

def test_every_class_has_what_it_does_not_say_itself(write_mine):
    text = HEAD + """every_class: {most_dials: 9, wrap_up: {law: gamma, mean: 2 min, cv: 0.5}}
classes: {urgent: {most_dials: ~}, everyday: {wrap_up: {mean: 90 s}}}
"""
    classes = load(write_mine(text)).classes
    assert [one.most_dials for one in classes.values()] == [None, 20]
    assert (classes["urgent"].wrap_up.law, float(classes["urgent"].wrap_up.mean)) == ("gamma", 120)
    assert (classes["everyday"].wrap_up.law, float(classes["everyday"].wrap_up.mean)) == ("exponential", 90)


def test_what_is_wrong_with_every_class_is_told_once(told):
    classes = "classes: {a: {name: {zh: 甲, en: A}}, b: {name: {zh: 乙, en: B}}}\n"
    common = ("every_class: {patience: for ever, talk: {law: fixed, mean: -1 min}, after_busy: {share: 0, delay: {"
              "mean: 1 s}}, after_hanging_up: {share: 0, delay: {mean: 1 s}}, urgncy: 1}\n")
    assert told(HEAD + common + classes) == [
        "mine.yaml:3:60: every_class.talk.mean: must be >= 0, got -1 min",
        'mine.yaml:3:163: every_class.urgncy: is no known name; did you mean "urgency"?']


# --- totals ----------------------------------------------------------------------------------------------------------

def test_largest_remainders_get_what_is_left():
    assert whole_numbers(10, {"a": 0.26, "b": 0.37, "c": 0.37}) == {"a": 2, "b": 4, "c": 4}
    assert whole_numbers(7, {"a": 0.5, "b": 0.5}) == {"a": 4, "b": 3}


NORTH = """north: {name: {zh: 北城, en: Northville}, tile: [0, 1], calls_a_day: 500, shifts: days, absence: 0,
  shrinkage: 20 %, population: 100000, agents: 20}"""
TOTAL = "every_city: {seats: {total: {assume: 60, range: [40, 100], why: law}, by: population}}\n"


def test_a_total_is_split_over_those_that_do_not_say_their_own(write_mine):
    text = HEAD + TOTAL + f"cities:\n  east: {{seats: ~, population: 300000}}\n  {NORTH}\n"
    cities = load(write_mine(text)).cities
    assert {name: float(city.seats) for name, city in cities.items()} == {"east": 35, "west": 14, "north": 11}
    seats = cities["east"].seats  # 46 x 3/4 = 34.5, 11.5 for north; (40 - 14) x 3/4 and (100 - 14) x 3/4
    assert (seats.kind, seats.note, seats.range) == ("assumed", "law", (20, 64))


@pytest.mark.parametrize(("old", "new", "says"), [
    ("by: population", "by: people", "3:75: every_city.seats.by: must be one of population, calls_a_day, agents, "
                                     'lines, got "people"'),
    ("assume: 60", "assume: 10", "3:38: every_city.seats.total.assume: 10 lies outside its own range 40 to 100"),
    ("{assume: 60, range: [40, 100], why: law}", "13", "3:29: every_city.seats.total: 13 is less than the 14 that "
                                                       "single cities say"),
    ("why: law}", "why: law}, whi: x", '3:71: every_city.seats.whi: is no known name'),
    ("every_city: {seats", "every_city: {shrinkage: {total: 1, by: population}, seats",
     "3:26: every_city.shrinkage.total: can't be split: only calls_a_day, seats, agents, lines can"),
])
def test_totals_that_cannot_be_split(told, old, new, says):
    text = HEAD + TOTAL.replace(old, new) + f"cities:\n  east: {{seats: ~, population: 300000}}\n  {NORTH}\n"
    problems = told(text)
    assert len(problems) == 1
    assert problems[0].startswith(f"mine.yaml:{says}")


def test_what_lacks_to_split_by_is_told_of_each_city(told):
    text = HEAD + TOTAL + f"cities:\n  east: {{seats: ~}}\n  {NORTH}\n"
    assert told(text) == [
        "mine.yaml:5:9: cities.east.population: must be > 0, because seats of all cities are split by population"]


# --- times -----------------------------------------------------------------------------------------------------------

def test_three_times_the_usual(write_mine):
    text = HEAD + "surges: {tuesday: {city: west, times: {assume: 3, range: [2, 5], why: x}, on: 2021-08-02}}\n"
    _, tuesday = load(write_mine(text)).surges
    callers = tuesday.by_day[date(2021, 8, 2)]
    assert (tuesday.name, tuesday.city, tuesday.klass, tuesday.profile) == ("tuesday", "west", "everyday", "plain")
    assert (float(callers), callers.kind, callers.range) == (1000, "assumed", (500, 2000))  # 500 a day, twice more
    mean = build(load(write_mine(text))).demand
    west = [q for q, (city, klass) in enumerate(build(load("mine.yaml")).names.queues)
            if (city, klass) == ("west", "everyday")]
    assert mean.mean[:, west] == pytest.approx(3 * mean.ordinary[:, west])


def test_multiples_go_by_the_weekday_and_the_class(write_mine):
    text = HEAD + """horizon: {end: 2021-08-03}
profiles: {plain: {week: [2, 1, 1, 1, 1, 0.5, 0.5]}}
everyday: {everyday: {share: 90 %}, urgent: {share: 10 %, profile: plain}}
surges: {add: [{city: all, class: urgent, times: 2, from: 2021-08-02, to: 2021-08-03}]}
"""
    east, west = load(write_mine(text)).surges[1:]
    assert [float(callers) for callers in east.by_day.values()] == [120, 60]
    assert [float(callers) for callers in west.by_day.values()] == [100, 50]


@pytest.mark.parametrize(("surge", "says"), [
    ("city: east, times: 0.5, on: 2021-08-02", "times: must be >= 1, got 0.5"),
    ("city: east, times: 2", "times: needs days: on: 2021-08-03, or from and to"),
    ("city: east, times: 2, on: Tuesday", 'on: must be a date such as 2021-08-07, got "Tuesday"'),
    ("city: east, times: 2, on: 2021-08-02, profile: plain", "profile: has no use beside times"),
    ("city: east, times: 2, on: 2021-08-02, class: urgent", 'nobody calls "east" on ordinary days of this class'),
    ("city: est, times: 2, on: 2021-08-02", 'nobody calls "est" on ordinary days'),
    ("city: east, times: 2, from: 2021-08-03, to: 2021-08-02", "from: must come before to"),
])
def test_multiples_that_make_no_sense(told, surge, says):
    problems = told(HEAD + f"surges: {{add: [{{{surge}}}]}}\n")
    assert len(problems) == 1
    assert problems[0].partition(": surges[1]")[2].lstrip(".: ").startswith(says)


# --- a shorter horizon -----------------------------------------------------------------------------------------------

BASE = HEAD + """horizon: {end: 2021-08-05}
surges: {more: {city: west, class: urgent, profile: plain, by_day: {2021-08-02: 40, 2021-08-04: 60}}}
absences:
- {city: west, from: 2021-08-02, to: 2021-08-04, share: 9 %}
- {city: west, from: 2021-08-04, to: 2021-08-04, share: 5 %}
levers: {add: [{kind: call_in, city: east, people: 1, from: 2021-08-04, to: 2021-08-05}]}
observed:
- {metric: dials, value: 9000, within: 90 %, source: x}
- {metric: dials, from: 2021-08-02, to: 2021-08-02, value: 2000, within: 90 %, source: x}
spotlight: {from: 2021-08-02, to: 2021-08-04}
"""


def test_what_a_base_says_of_other_days_is_left_out(write_mine):
    write_mine(BASE, "base.yaml")
    assert len(load("base.yaml").levers) == 2
    scenario, document = with_places(write_mine("surgeline: 1\nextends: base\nhorizon: {end: 2021-08-02}\n"))
    assert [list(surge.by_day) for surge in scenario.surges] == [[], [date(2021, 8, 2)]]
    assert [float(one.share) for one in scenario.absences] == [0.09]
    assert [lever.kind for lever in scenario.levers] == ["lend"]
    assert [one.start is None for one in scenario.observed] == [False]
    assert scenario.spotlight is None
    assert [str(notice) for notice in document.notices] == [
        "base.yaml:10:3: observed[0]: is left out: it is about days that are not in the horizon",
        "base.yaml:12:12: spotlight: is left out: it is about days that are not in the horizon"]


def test_what_the_file_itself_says_of_other_days_is_told(write_mine, told):
    write_mine(BASE, "base.yaml")
    lever = "{kind: call_in, city: east, people: 1, from: 2021-08-04, to: 2021-08-05}"
    [problem] = told(f"surgeline: 1\nextends: base\nhorizon: {{end: 2021-08-02}}\nlevers: {{add: [{lever}]}}\n")
    assert "2021-08-04 00:00 lies outside the horizon" in problem


def test_a_horizon_of_other_days_cuts_nothing(told):
    problems = told(HEAD + "horizon: {start: 2021-08-03, end: 2021-08-03}\n")
    assert all("outside the horizon" in problem or "so long before" in problem for problem in problems)
    assert len(problems) >= 3


@pytest.mark.parametrize(("days", "says"), [
    ("from: 2021-08-01, to: 2021-08-02",
     "spotlight: must lie within the horizon (2021-08-02 00:00 to 2021-08-03 00:00)"),
    ("from: 2021-08-02, to: 2021-08-03", "spotlight: must lie within the horizon"),
    ("from: 2021-08-02 10:05, to: 2021-08-02 12:00", "spotlight: must be whole intervals of 15 min"),
    ("from: 2021-08-02 12:00, to: 2021-08-02 12:00", "spotlight.to: must end later than it begins"),
])
def test_the_spotlight_falls_on_what_is_simulated(told, days, says):
    [problem] = told(HEAD + f"spotlight: {{{days}}}\n")
    assert says in problem


# --- handle times ----------------------------------------------------------------------------------------------------

def test_calls_may_take_another_time_in_one_city(write_mine):
    text = HEAD + "cities: {west: {handle_times: {urgent: {talk: {law: fixed, mean: 1 min}, wrap_up: none}}}}\n"
    scenario = load(write_mine(text))
    assert float(scenario.handle_times("west", "urgent")[0].mean) == 60
    assert float(scenario.handle_times("east", "urgent")[0].mean) == 180
    setting = build(scenario)
    at = {queue: number for number, queue in enumerate(setting.names.queues)}
    law = setting.world.talk
    assert law[at["east", "urgent"]] != law[at["west", "urgent"]]
    assert law[at["east", "everyday"]] == law[at["west", "everyday"]]
    mine = law[at["west", "urgent"]]
    assert set(setting.world.law_ms[mine * LAW:(mine + 1) * LAW].tolist()) == {60_000}


def test_handle_times_of_classes_that_there_are_not(told):
    assert told(HEAD + "cities: {west: {handle_times: {urgnt: {wrap_up: none}, urgent: {}}}}\n") == [
        "mine.yaml:3:64: cities.west.handle_times.urgent: says nothing: give talk, wrap_up or both"]
    assert told(HEAD + "cities: {west: {handle_times: {urgnt: {wrap_up: none}}}}\n") == [
        'mine.yaml:3:39: cities.west.handle_times.urgnt: "urgnt" is no class; did you mean "urgent"?']
