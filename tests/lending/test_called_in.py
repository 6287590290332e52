"""People who are called in: how many there are, for how long each of them comes, and that levers bring just these.

Whom a plan asks is counted from its levers, by hand, not from the model.
"""
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_neighbours import TEXT, two_neighbours

from optimizer.lending.inputs.call_ins import off_duty
from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.inputs.sources import called_in_of, city_of, is_called_in
from optimizer.lending.menu.stances import STANCES
from optimizer.lending.model import lending
from optimizer.lending.model.terms import allowed
from optimizer.lending.trials import orders
from optimizer.lending.trials.orders import of_people, relays, stints
from sim.reading.loading import load
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.world.build import build

JULY, AUGUST = date(2021, 7, 1), date(2021, 8, 1)
STANCE = {stance.name: stance for stance in STANCES}
DAY = timedelta(days=1)


# --- how many there are ----------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    return province(two_neighbours(tmp_path_factory.mktemp("towns")))


def test_sources_have_the_name_of_their_city():
    assert (called_in_of("town"), city_of("town+"), city_of("town")) == ("town+", "town", "town")
    assert (is_called_in("town+"), is_called_in("town")) == (True, False)


def test_who_may_help_are_people_on_duty_and_called_in_of_others_and_a_citys_own_called_in(towns):
    assert towns.pairs == (("neighbour", "town"), ("neighbour+", "town"), ("town+", "town"))
    assert towns.lenders == ("neighbour",)
    assert towns.called_in == ("neighbour+", "town+")


def test_one_half_comes_of_those_off_duty_and_rested(towns):
    """Of 24 six are at work from eight to four and six until midnight; who went at midnight is rested at eleven, who
    went at four is not that day. In the two hours from ten to noon the fewest count."""
    one = towns.off_duty["town"]
    assert one.rested[4:12].tolist() == [6, 6, 9, 9, 6, 6, 6, 6]
    assert one.rested[16:24].tolist() == one.rested[4:12].tolist()
    assert towns.off_duty["neighbour"].rested[4:8].tolist() == [10, 10, 15, 15]


def test_places_are_those_at_which_nobody_sits(towns):
    assert towns.off_duty["town"].places[[0, 4, 8]].tolist() == [20, 14, 14]
    assert towns.off_duty["neighbour"].places[4] == 30
    assert towns.off_duty["town"].remote == np.inf


@pytest.mark.parametrize(("shortest", "longest", "blocks"), [
    ("4 h", "8 h", (2, 4)), ("3 h", "9 h", (2, 4)), ("5 h", "7 h", (3, 3)), ("30 min", "1 h", (1, 1))])
def test_stints_are_whole_blocks_within_the_terms_of_calls(tmp_path, shortest, longest, blocks):
    """Of two hours: no shorter than the shortest, and no longer than the longest if that is a block at all."""
    changes = {"shortest: 4 h": f"shortest: {shortest}", "longest: 8 h": f"longest: {longest}"}
    scenario = two_neighbours(tmp_path, **changes)
    one = province(scenario).off_duty["town"]
    assert (one.shortest, one.longest) == blocks


def test_overtime_and_days_of_rest_that_are_left(towns):
    """36 hours a month each. Half of all are at work each day, so everybody has three and a half shifts a week: of the
    seven days but one, two and a half are left."""
    one = towns.off_duty["town"]
    assert one.hours == {JULY: 24 * 36, AUGUST: 24 * 36}
    assert one.days == 24 * 2.5
    assert one.notice_s == 3600
    assert one.pay == pytest.approx(2 * float(towns.scenario.staffing_terms.prices.hour))


def test_hours_of_levers_of_the_scenario_are_taken_off_by_month(tmp_path):
    """Two people for six hours, on the last of July and the first two days of August; they are not there to be called
    again, and sit at two workplaces."""
    lever = ("levers:\n  - {kind: call_in, city: town, people: 2, from: 2021-07-30 08:00, to: 2021-08-02,"
             " hours: [\"10:00\", \"16:00\"]}\n")
    one = province(two_neighbours(tmp_path, more=lever)).off_duty["town"]
    assert one.hours == {JULY: 24 * 36 - 12, AUGUST: 24 * 36 - 24}
    assert one.rested[4:9].tolist() == [6, 4, 7, 7, 6]
    assert one.places[4:9].tolist() == [14, 12, 12, 12, 14]


@pytest.mark.parametrize(("rules", "hours", "days"), [
    ("overtime_month: 10", 240, 60), ("weekly_rest: 2", 864, 36), ("weekly_rest: 4", 864, 0),
    ("overtime_month: 0", 0, 60)])
def test_rules_of_work_say_what_is_left(tmp_path, rules, hours, days):
    one = province(two_neighbours(tmp_path, rules)).off_duty["town"]
    assert (one.hours[JULY], one.days) == (hours, days)


def test_in_an_emergency_of_the_plan_or_of_the_rules_neither_binds(tmp_path, towns):
    one = towns.off_duty["town"]
    assert (one.bound(emergency=False), one.bound(emergency=True)) == (True, False)
    declared = province(two_neighbours(tmp_path, "emergency: true")).off_duty["town"]
    assert not declared.bound(emergency=False)


def test_groups_who_answer_some_classes_only_are_not_asked_for_loans(tmp_path):
    """Ten of the 24 answer all classes; two fifths of them come, where the group says so."""
    groups = ("groups: {all: {people: 10, shifts: days, call_in: {willing: 40 %, shortest: 4 h, longest: 6 h, "
              "notice: 2 h}}, some: {people: 14, shifts: days, answers: [other]}}")
    text = f"""people: {{all: {{call_in: {{willing: 50 %, shortest: 2 h, longest: 8 h, notice: 1 h}}}},
         town: {{{groups}}}}}
classes:
  more: {{name: {{zh: 又一, en: more}}, patience: {{law: exponential, mean: 5 min}}, talk: {{law: fixed, mean: 4 min}},
         after_busy: {{share: 0 %, delay: {{law: exponential, mean: 2 min}}}},
         after_hanging_up: {{share: 0 %, delay: {{law: exponential, mean: 10 min}}}}}}
"""
    lines = [line for line in TEXT.splitlines() if not line.startswith(("people:", "classes:"))]
    people, classes = text.split("classes:\n")
    whole = "\n".join(lines).replace("  other: {name", f"{people}classes:\n{classes}  other: {{name", 1).replace(
        "agents: 24, ", "")
    path = tmp_path / "towns.yaml"
    path.write_text(whole + "\n", encoding="utf-8")
    scenario = load(path)
    p = province(scenario)
    one = p.off_duty["town"]
    assert one.rested[4:9] == pytest.approx([2, 2, 3, 3, 2])     # 0.4 of 5 and 7.5
    assert (one.shortest, one.longest, one.notice_s) == (2, 3, 7200)   # the narrower of both
    assert off_duty(scenario, p.blocks, "town", p.agreement).rested.tolist() == one.rested.tolist()


def test_a_seat_that_is_always_there_takes_more_people_where_they_have_breaks(tmp_path):
    """A fifth of the hour is a break: five people man four seats; at home a person opens four fifths of a seat."""
    scenario = two_neighbours(tmp_path, **{"shrinkage: 0": "shrinkage: 20 %"})
    one = province(scenario).off_duty["neighbour"]
    assert (one.people_per_guest, one.worth_at_home) == pytest.approx((1.25, 0.8))
    assert (one.people_of("town"), one.people_of("neighbour")) == (pytest.approx(1.25), 1.0)
    p = province(scenario)
    assert p.caps["neighbour+"][:3].tolist() == [8, 8, 12]      # of 10, 10 and 15 people
    assert p.worth("town+", "town", 4) == 0.8
    assert p.price("neighbour+") == pytest.approx(0.1 * 1.25)
    assert p.price("town+") == pytest.approx(0.1)


def test_caps_are_the_fewest_of_people_places_and_seats_for_others(tmp_path):
    p = province(two_neighbours(tmp_path, more="", **{"seats: 20": "seats: 10", "willing: 50 %": "willing: 100 %",
                                                      "people: {all: {": "people: {all: {remote_seats: 7, "}))
    assert p.caps["town+"][:3].tolist() == [4, 4, 4]            # places; its own people need no seat for others
    assert p.caps["neighbour+"].tolist() == [7] * 21
    assert p.off_duty["neighbour"].remote == 7


def test_a_part_of_the_horizon_has_a_part_of_the_hours_and_days(towns):
    one = towns.off_duty["town"].part_of(slice(12, 24), 0.25)
    assert (one.hours, one.days) == ({JULY: 216, AUGUST: 216}, 15)
    assert len(one.rested) == len(one.places) == 12


# --- who comes, counted from levers ----------------------------------------------------------------------------------

class Came:
    """People of a city whom levers call in: by day (from, to, how many)."""

    def __init__(self, p, levers, city):
        self.days = defaultdict(list)
        for one in levers:
            if isinstance(one, CallIn) and one.city == city:
                self.add(one, float(one.people), 3600)
            elif isinstance(one, Lend) and one.lender == city and float(one.off_duty) == 1:
                self.add(one, float(one.seats) * p.off_duty[city].people_per_guest, 0)

    def add(self, lever, number, notice_s):
        first, last = lever.hours
        opens = lever.start + timedelta(seconds=notice_s)
        day = datetime.combine(lever.start.date(), datetime.min.time())
        while day < lever.end:
            begin, end = day + timedelta(minutes=first), day + timedelta(minutes=last)
            if opens <= begin and end <= lever.end:
                self.days[day.date()].append((begin, end, number))
            else:       # nobody comes for a part of what a lever says: then it would say so
                assert end <= opens or lever.end <= begin
            day += DAY

    def by(self, moment):
        return sum(n for begin, _, n in self.days[moment.date()] if begin <= moment)

    def at(self, moment):
        return sum(n for begin, end, n in self.days[moment.date()] if begin <= moment < end)

    @property
    def lengths(self):
        return {(end - begin) / timedelta(hours=1) for day in self.days.values() for begin, end, _ in day}

    def hours(self, month):
        return sum((end - begin) / timedelta(hours=1) * n for on, day in self.days.items() for begin, end, n in day
                   if on.replace(day=1) == month)

    @property
    def people(self):
        return sum(n for day in self.days.values() for *_, n in day)


WAYS = {
    "as it is": {}, "more come": {"willing: 50 %": "willing: 100 %"},
    "long days only": {"shortest: 4 h": "shortest: 8 h"}, "short stints": {"longest: 8 h": "longest: 4 h"},
    "of six hours": {"shortest: 4 h": "shortest: 6 h", "longest: 8 h": "longest: 6 h"},
    "few places": {"seats: 20": "seats: 8", "seats: 40": "seats: 12"},
    "with breaks": {"shrinkage: 0": "shrinkage: 20 %"},
    "days that hold": {"block: 2 h": "block: 2 h, hold: 3 days"}, "by the hour": {"block: 2 h": "block: 1 h"},
    "few seats for others": {"people: {all: {": "people: {all: {remote_seats: 4, "},
}


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """A stance's province, what is lent, and the levers of it."""
    made = {}

    def make(way, stance, rules=""):
        key = (way, stance, rules)
        if key not in made:
            scenario = two_neighbours(tmp_path_factory.mktemp("way"), rules, **WAYS[way])
            k = STANCE[stance].known(knowledge(province(scenario)))
            lent = lending.solve(k).lent
            made[key] = k, lent, orders.levers_of(k.province, lent)
        return made[key]
    return make


EACH = pytest.mark.parametrize("way", WAYS)
ASKED = pytest.mark.parametrize("stance", ["called_in", "emergency"])


@EACH
@ASKED
def test_nobody_comes_twice_a_day_or_beyond_those_rested_and_the_places(solved, way, stance):
    """Whoever came this day is not called again: by any moment no more have come than can be called then: those who
    are rested, and in an emergency all whom the world lets go to a loan."""
    k, _, levers = solved(way, stance)
    for city, one in k.province.off_duty.items():
        came = Came(k.province, levers, city)
        assert came.people > 0
        for block in k.province.open_blocks:
            moment = k.province.blocks[block].start
            whose = city if city in k.province.borrowers else k.province.borrowers[0]
            assert came.by(moment) <= one.come(k.province.emergency, whose)[block] + 1e-9
            seats = came.at(moment) / one.people_of("town")
            assert seats <= one.places[block] + 1e-9
            assert seats <= one.remote or city == "town"


@EACH
@ASKED
def test_stints_are_within_the_shortest_and_the_longest(solved, way, stance):
    """Of each person, as the levers order it."""
    k, _, levers = solved(way, stance)
    for city, one in k.province.off_duty.items():
        hours = k.province.block_s / 3600
        for length in Came(k.province, levers, city).lengths:
            assert one.shortest * hours <= length <= one.longest * hours


@EACH
@ASKED
def test_levers_bring_the_seats_of_the_plan(solved, way, stance):
    """Seats by block, summed over levers; and no lever is about a time at which nothing is planned."""
    k, lent, levers = solved(way, stance)
    p = k.province
    for block in p.open_blocks:
        moment, slot = p.blocks[block].start, p.slot_of(block)
        for city, one in p.off_duty.items():
            planned = sum(n for (source, _, *at), n in lent.items() if source == city + "+" and tuple(at) == slot)
            assert Came(p, levers, city).at(moment) == pytest.approx(planned * one.people_of("town"))
        on_duty = sum(float(one.seats) for one in levers if isinstance(one, Lend) and float(one.off_duty) == 0
                      and one.span.covers(moment))
        assert on_duty == sum(n for (source, _, *at), n in lent.items() if source == "neighbour" and tuple(at) == slot)


@EACH
@pytest.mark.parametrize("stance", ["called_in", "within", "emergency"])
def test_the_world_has_as_many_seats_as_the_plan_says_and_nobody_in_two_places(solved, way, stance):
    """Read back from the world that the engines see: guests from the neighbour, the town's own seats, and what the
    neighbour still has itself."""
    k, lent, levers = solved(way, stance)
    p = k.province
    alone, setting = build(p.scenario), build(orders.with_plan(p, levers))

    def seats(where, block, **named):
        return sum(int(where.world.seats[p.blocks[block].first:p.blocks[block].last, i].min())
                   for i, pool in enumerate(where.names.pools)
                   if all(getattr(pool, name) == value for name, value in named.items()))

    at_the_phone = p.cities["town"].at_the_phone
    for block in p.open_blocks:
        planned = {source: sum(n for (of, _, *at), n in lent.items() if of == source and tuple(at) == p.slot_of(block))
                   for source in ("neighbour", "neighbour+", "town+")}
        assert abs(seats(setting, block, kind="lent") - planned["neighbour"] - planned["neighbour+"]) <= 1
        own = seats(setting, block, kind="own", home="town") - seats(alone, block, kind="own", home="town")
        assert abs(own - planned["town+"] * at_the_phone) <= 1
        left = seats(setting, block, kind="own", home="neighbour")
        taken = seats(alone, block, kind="own", home="neighbour") - left
        assert abs(taken - planned["neighbour"]) <= 1           # those on duty only: who is called in leaves no seat
    whole = sum(int(setting.world.seats[p.blocks[b].first, i]) for b in p.open_blocks
                for i, pool in enumerate(setting.names.pools) if pool.kind == "lent")
    assert abs(whole - sum(n * len([b for b in p.open_blocks if p.slot_of(b) == tuple(at)])
                           for (source, _, *at), n in lent.items() if city_of(source) == "neighbour")) <= 1


# --- hours of overtime and days of rest ------------------------------------------------------------------------------

@pytest.mark.parametrize(("rules", "july", "august"), [("overtime_month: 2", 48, 48), ("overtime_month: 1", 24, 24)])
def test_overtime_of_a_month_binds_ordinarily_and_not_in_an_emergency(solved, rules, july, august):
    """Of the town's 24 people; July has one day of the three."""
    k, _, levers = solved("as it is", "called_in", rules)
    came = Came(k.province, levers, "town")
    assert 0 < came.hours(JULY) <= july
    assert 0 < came.hours(AUGUST) <= august
    k, _, levers = solved("as it is", "emergency", rules)
    came = Came(k.province, levers, "town")
    assert came.hours(JULY) + came.hours(AUGUST) > july + august


def test_where_no_overtime_is_left_nobody_is_called_in_but_in_an_emergency(solved):
    _, lent, levers = solved("as it is", "called_in", "overtime_month: 0")
    assert (lent, levers) == ({}, ())
    _, lent, _ = solved("as it is", "emergency", "overtime_month: 0")
    assert any(is_called_in(source) for source, *_ in lent)


def test_a_declared_emergency_of_the_rules_frees_an_ordinary_plan_too(solved):
    _, lent, _ = solved("as it is", "called_in", "overtime_month: 0, emergency: true")
    assert lent


def test_days_of_rest_of_a_week_bind_ordinarily_and_not_in_an_emergency(solved):
    """Three and a third days of rest leave everybody a sixth of a day: four people of the town in all three days."""
    rules = "weekly_rest: 3.3333333333333335"
    k, _, levers = solved("as it is", "called_in", rules)
    assert k.province.off_duty["town"].days == pytest.approx(4)
    assert 0 < Came(k.province, levers, "town").people <= 4
    _, _, levers = solved("as it is", "emergency", rules)
    assert Came(k.province, levers, "town").people > 4


def test_hours_that_hold_for_days_count_on_each_of_them(solved):
    """One plan of hours for three days, of which July has one."""
    k, _, levers = solved("days that hold", "called_in", "overtime_month: 1")
    came = Came(k.province, levers, "town")
    assert came.hours(JULY) <= 24
    assert came.hours(AUGUST) <= 24
    assert came.people > 0


# --- which plans of calls are allowed --------------------------------------------------------------------------------

def calls(source, *by_block, day=0):
    return {(source, "town", day, 4 + i): n for i, n in enumerate(by_block) if n}


@pytest.mark.parametrize(("kept", "broken"), [
    ((1, 1), (1,)),                             # nobody comes for less than four hours
    ((1, 1, 1, 1), (1, 0, 1, 1)),
    ((1, 2, 1), (1, 3, 1)),                     # two who come one after the other, and no third between them
    ((1, 1, 1, 1, 1, 1, 1), (0, 0, 0, 0, 0, 0, 1)),
    ((6, 6, 6, 6), (7, 7)),                     # six come
    ((6, 6, 6, 6), (6, 6, 7, 7)),               # between, nine are rested: three of them work from four on
    ((3, 3, 0, 0, 3, 3), (4, 4, 0, 0, 4, 4)),   # whoever came in the morning is not called again
    ((3,) * 4 + (3, 3, 3), (4,) * 4 + (4, 4, 4)),       # nor after the longest stint: three follow three
], ids=str)
def test_who_may_come_is_counted_by_people(towns, kept, broken):
    """Of the town, of which six come until noon and after four."""
    k = STANCE["called_in"].known(knowledge(towns))
    assert allowed(k)(calls("town+", *kept))
    assert not allowed(k)(calls("town+", *broken))


@pytest.mark.parametrize(("seats", "kept", "broken"), [(13, (2, 1), (2, 2)), (40, (6, 4), (6, 5))])
def test_two_borrowers_share_a_citys_places_and_people(tmp_path, seats, kept, broken):
    """Of the neighbour ten come, and ten of its workplaces are taken."""
    third = """  other: {name: {zh: 他镇, en: Other}, calls_a_day: {assume: 500, range: [10, 9000], why: invented},
          seats: 20, agents: 24, absence: 0, shrinkage: 0, shifts: days}
people: {all: {"""
    p = province(two_neighbours(tmp_path, **{"people: {all: {": third, "borrowers: [town]": "borrowers: [town, other]",
                                             "seats: 40": f"seats: {seats}"}))
    keeps_terms = allowed(STANCE["called_in"].known(knowledge(p)))

    def both(town, other):
        return {("neighbour+", to, 0, block): n for to, n in (("town", town), ("other", other)) for block in (4, 5)}

    assert keeps_terms(both(*kept))
    assert not keeps_terms(both(*broken))


def test_people_of_a_lender_sit_at_its_seats_for_others_on_duty_or_not(tmp_path):
    """Four such seats."""
    whole = knowledge(province(two_neighbours(tmp_path, **WAYS["few seats for others"])))
    k = STANCE["emergency"].known(replace(whole, most={"neighbour": np.full(21, 9)}))
    on_duty, called = calls("neighbour", 2, 2), calls("neighbour+", 2, 2)
    assert allowed(k)(on_duty | called)
    assert not allowed(k)(on_duty | calls("neighbour+", 3, 3))
    assert allowed(k)(on_duty | called | calls("town+", 6, 6))


def test_a_citys_own_people_are_called_as_long_before_as_their_notice_is(towns):
    """An hour. Who answers for others is lent, and called by its own city."""
    levers = orders.levers_of(towns, calls("town+", 2, 2) | calls("neighbour+", 3, 3))
    call, lend = sorted(levers, key=lambda one: one.kind)
    assert (call.kind, call.city, float(call.people), call.hours) == ("call_in", "town", 2, (480, 720))
    assert (call.start, call.end) == (datetime(2021, 7, 31, 7), datetime(2021, 7, 31, 12))
    assert (lend.kind, lend.pair, float(lend.seats), float(lend.off_duty)) == ("lend", ("neighbour", "town"), 3, 1)
    assert (lend.start, lend.end) == (datetime(2021, 7, 31, 8), datetime(2021, 7, 31, 12))


# --- stints ----------------------------------------------------------------------------------------------------------

def of(*by_block):
    return tuple((i, n) for i, n in enumerate(by_block) if n)


@pytest.mark.parametrize(("found", "most", "cut"), [
    ([(0, 4, 2)], 4, [(0, 4, 2)]),
    ([(0, 7, 2)], 4, [(0, 3, 2), (3, 7, 2)]),            # as even as can be
    ([(0, 9, 1)], 4, [(0, 3, 1), (3, 6, 1), (6, 9, 1)]),
    ([(0, 8, 1), (0, 4, 2)], 4, [(0, 4, 3), (4, 8, 1)]),   # alike ones are one
    ([], 4, []),
])
def test_a_stint_that_is_too_long_is_cut_into_relays(found, most, cut):
    assert relays(found, most) == cut


@pytest.mark.parametrize(("seats", "shortest", "longest", "who"), [
    ((1, 1, 1, 1), 2, 4, {(0, 4, 1)}),
    ((1, 1, 1, 1, 1, 1, 1), 2, 4, {(0, 4, 1), (4, 7, 1)}),          # the second one comes as late as can be
    ((1, 1, 2, 2, 1, 1), 2, 4, {(0, 4, 1), (2, 6, 1)}),             # by levels: one for too long, one for two blocks
    ((8, 8, 8, 10, 2, 2, 2), 2, 4, {(0, 4, 8), (3, 7, 2)}),
    ((1, 0, 1), 2, 4, {(0, 1, 1), (2, 3, 1)}),                      # nobody can do it otherwise
    ((2, 2, 2, 2, 2), 9, 9, {(0, 5, 2)}),                           # a day that is open for less than the shortest
])
def test_seats_are_shared_out_among_as_few_people_as_can_be(seats, shortest, longest, who):
    found = of_people(of(*seats), shortest, longest)
    assert set(found) == who
    assert len(found) == len(who)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 3), st.integers(0, 3),
       st.lists(st.tuples(st.integers(0, 11), st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=5))
def test_whoever_can_come_in_stints_does(shortest, more, people):
    """Any stints within both lengths are added up; found are stints of no more people, that add up to the same."""
    longest = shortest + more
    mine = [(first, first + shortest + min(extra, more), n) for first, extra, n in people]
    seats = [sum(n for first, last, n in mine if first <= block < last) for block in range(20)]
    found = of_people(of(*seats), shortest, longest)
    assert all(shortest <= last - first <= longest and n > 0 for first, last, n in found)
    assert [sum(n for first, last, n in found if first <= block < last) for block in range(20)] == seats
    assert sum(n for *_, n in found) <= sum(n for *_, n in mine)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 11), st.integers(1, 6), max_size=12), st.integers(1, 5))
def test_relays_add_up_and_are_no_longer_than_the_longest(seats, longest):
    found = relays(stints(seats), longest)
    assert all(0 < last - first <= longest for first, last, _ in found)
    for block in range(13):
        assert sum(n for first, last, n in found if first <= block < last) == seats.get(block, 0)
