"""Further sources of help that terms offer: a desk, volunteers, people at home. How many there are and what they are
worth is worked by hand; what plans order is counted from levers, and from the world that these make.

Of the town's 24 people six are at work at any time from eight to midnight, at 20 workplaces: 14 are free, and 18 people
can answer from home. Blocks are two hours, from eight to ten at night, on three days.
"""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from helping import with_terms
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_plans import few_trials
from two_neighbours import TEXT, two_neighbours

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.promise import cost
from optimizer.lending.inputs.province import province
from optimizer.lending.inputs.sources import city_of, is_called_in, is_on_duty, offer_of, offered_of
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.menu.hours import cost_of, lent_by
from optimizer.lending.menu.stances import ON_DUTY, STANCES
from optimizer.lending.menu.there_already import lever_sets, there_already
from optimizer.lending.model import lending
from optimizer.lending.model.terms import allowed
from optimizer.lending.plan import Wish, plan
from optimizer.lending.rolling import by_day, planned, starts
from optimizer.lending.trials.benchmark_policies import policies
from optimizer.lending.trials.broken.every import broken_terms
from optimizer.lending.trials.orders import FOR_BORROWERS, levers_of, with_plan
from optimizer.lending.trials.replay import ReplicationCache, touched
from sim.reading.loading import load
from sim.scenario.levers import ONE_LEVER, CloudSeats, Desk
from sim.scenario.people_levers import CallIn, Volunteers
from sim.studies.replication import Job
from sim.world.build import build
from surgeline.reports.page.words import Words

STANCE = {stance.name: stance for stance in STANCES}
FULL = "speed: {day_1: 1, day_5: 1}, presence: 100 %"
LONG = "from: 2021-07-31, to: 2021-08-02"
DESK = f"{{kind: desk, name: far, cities: [town], seats: 3, {LONG}, {FULL}}}"
VOLUNTEERS = f"{{kind: volunteers, city: town, people: 9, training: 1 h, {LONG}, {FULL}}}"
AT_HOME = f"{{kind: cloud_seats, city: town, seats: 13, {LONG}, {FULL}}}"
TWO_CALLED = ("levers:\n  - {kind: call_in, city: town, people: 2, from: 2021-07-31 08:00, to: 2021-08-02,"
              " hours: [\"10:00\", \"16:00\"]}\n")
OTHER = """  other: {name: {zh: 他镇, en: Other}, calls_a_day: {assume: 3000, range: [10, 9000], why: invented},
          seats: 20, agents: 24, absence: 0, shrinkage: 0, shifts: days}
people: {all: {"""
TWO_BORROWERS = {"people: {all: {": OTHER, "borrowers: [town]": "borrowers: [town, other]"}


def offering(folder, *those: str, more: str = "", **changes: str):
    """The two neighbours, to one of which these are offered."""
    return two_neighbours(folder, more=more, **{
        **changes, "call_in_cost: 0.1": f"call_in_cost: 0.1, offers: [{', '.join(those)}]"})


@pytest.fixture
def towns(tmp_path):
    return lambda *those, **changes: province(offering(tmp_path, *those, **changes))


def known(p, stance: str = "on_duty"):
    return STANCE[stance].known(knowledge(p))


# --- how many there are ----------------------------------------------------------------------------------------------

def test_a_source_of_an_offer_has_its_place_and_the_city_whose_people_they_are():
    assert (offered_of("town", 1), offered_of("", 0)) == ("town*1", "*0")
    assert (offer_of("town*12"), offer_of("*0"), offer_of("town"), offer_of("town+")) == (12, 0, None, None)
    assert (city_of("town*12"), city_of("*0")) == ("town", "")
    assert not any(is_on_duty(source) or is_called_in(source) for source in ("town*12", "*0"))


def test_offers_stand_behind_all_who_may_help_and_each_helps_the_borrowers_that_it_names(towns):
    p = towns(DESK.replace("[town]", "[neighbour, town]"), VOLUNTEERS, AT_HOME)
    assert p.pairs[3:] == (("*0", "town"), ("town*1", "town"), ("town*2", "town"))
    assert p.lenders == ("neighbour",)
    assert p.offered == ("*0", "town*1", "town*2")


@pytest.mark.parametrize(("offer", "caps"), [
    # From eleven on the first day to five on the second: neither ten to noon nor four to six is whole.
    (DESK.replace(LONG, "from: 2021-07-31 11:00, to: 2021-08-01 17:00"), [0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, *[0] * 10]),
    (DESK.replace("seats: 3", "seats: 3.9, hours: ['09:00', '18:00']"), [0, 3, 3, 3, 3, 0, 0] * 3),
    (DESK.replace("seats: 3", "seats: 3, hours: ['20:00', '10:00']"), [3, 0, 0, 0, 0, 0, 3] * 3),
    # Three hours of training from seven on, once: at ten the first of them answers.
    (VOLUNTEERS.replace("training: 1 h, from: 2021-07-31", "training: 3 h, from: 2021-07-31 07:00"),
     [0, *[9] * 20]),
    (AT_HOME, [6, 6, 9, 9, 6, 6, 6] * 3),    # of those off duty half are willing: 12, from noon to four 18
])
def test_an_offer_has_so_many_in_each_block_that_lies_wholly_within_its_hours(towns, offer, caps):
    p = towns(offer)
    assert p.caps[p.offered[0]].tolist() == caps


def test_two_who_are_called_in_already_leave_fewer_places_and_fewer_people_at_home(towns):
    """From ten to four, on each day: of 14 places 12, and of those who come two fewer."""
    p = towns(VOLUNTEERS.replace("9", "14"), AT_HOME.replace("13", "18"),
              VOLUNTEERS.replace("9", "14, place: elsewhere"), more=TWO_CALLED)
    assert p.caps["town*0"].tolist() == [14, 12, 12, 12, 14, 14, 14] * 3
    assert p.caps["town*1"].tolist() == [6, 4, 7, 7, 6, 6, 6] * 3
    assert p.caps["town*2"].tolist() == [14] * 21


def test_a_seat_at_home_that_is_always_there_takes_more_people_where_they_have_breaks(towns):
    """A fifth of the hour is a break: six people man four seats, four three and seven five."""
    p = towns(AT_HOME.replace("13", "14"), more=TWO_CALLED, **{"shrinkage: 0": "shrinkage: 20 %"})
    assert p.caps["town*0"].tolist() == [4, 3, 5, 5, 4, 4, 4] * 3


def test_nobody_is_trained_before_help_is_agreed_upon(towns):
    """At noon, so that after three hours the block from four to six is the first."""
    p = towns(VOLUNTEERS.replace("1 h", "3 h"), **{"agreed: 2021-07-31": "agreed: 2021-07-31 12:00"})
    assert p.caps["town*0"].tolist() == [0, 0, *[9] * 17]  # what is open begins at noon
    [one] = levers_of(p, {("town*0", "town", 0, 8): 1})
    assert one.start == datetime(2021, 7, 31, 13)


# --- what they are worth, and have to be -----------------------------------------------------------------------------

def test_a_seat_is_worth_its_presence_times_its_speed_on_the_day(towns):
    """A half; four fifths on the first day and all on the fifth, so a twentieth more each day."""
    p = towns(DESK.replace(FULL, "presence: 50 %, speed: {day_1: 0.8, day_5: 1}"))
    assert [p.worth("*0", "town", block) for block in (4, 10, 16, 28)] == pytest.approx([0.4, 0.4, 0.425, 0.45])


def test_a_seat_learns_from_the_day_on_which_it_may_be_ordered(towns):
    """Offered for a day before the others are ready."""
    p = towns(DESK.replace(FULL, "presence: 100 %, speed: {day_1: 0.8, day_5: 1}"),
              **{"agreed: 2021-07-31": "agreed: 2021-08-01"})
    assert [p.worth("*0", "town", block) for block in (16, 28)] == pytest.approx([0.8, 0.85])


def test_a_seat_of_whom_some_classes_are_asked_ends_as_many_more_calls_as_these_are_shorter(tmp_path):
    """Half of the calls last four minutes and half two. Lent seats answer the long ones, which says nothing of
    desks."""
    klass = TEXT.split("classes:\n")[1].split("lending:")[0]
    short = klass.replace("  other: ", "  short: ").replace("mean: 4 min}", "mean: 2 min}")
    everyday = "everyday: {other: {profile: plain, share: 50 %}, short: {profile: plain, share: 50 %}}"
    changes = {"everyday: {other: {profile: plain}}": everyday, "lending: {": "lending: {classes: [other], ",
               "classes:\n": f"classes:\n{short}"}
    p = province(offering(tmp_path, DESK, DESK.replace("far", "near").replace("seats: 3", "seats: 3, classes: [short]"),
                          **changes))
    assert p.worth("neighbour", "town", 4) == pytest.approx(0.8 * 180 / 240, rel=1e-3)
    assert p.worth("*0", "town", 4) == pytest.approx(1.0, rel=1e-3)
    assert p.worth("*1", "town", 4) == pytest.approx(180 / 120, rel=1e-3)


def test_an_hour_of_a_desk_has_to_be_worth_that_of_a_lent_seat_and_others_that_of_people_called_in(towns):
    p = towns(DESK, VOLUNTEERS, AT_HOME, **{"seat_hour_cost: 0": "seat_hour_cost: 0.03"})
    assert [p.price(source) for source in ("neighbour", *p.offered)] == pytest.approx([0.03, 0.03, 0.1, 0.1])


def test_most_help_is_that_of_guests_and_of_its_own(towns):
    """Three of the desk and three lent, as good as the best of them; nine volunteers and six called in: 21 seats."""
    p = towns(DESK, VOLUNTEERS)
    p = replace(p, pairs=tuple(pair for pair in p.pairs if pair[0] != "neighbour+"))
    assert p.most_borrowed["town"] == 3 + 3
    assert p.most_help("town", 5) == pytest.approx(6 * 1.0 + 9 * 1.0 + 9 * p.off_duty["town"].worth_at_home)


# --- how they are shared ---------------------------------------------------------------------------------------------

def at(source, seats, *numbers, to="town"):
    return {(source, to, 0, number): seats for number in numbers}


@pytest.mark.parametrize("stance", STANCE)
def test_every_stance_may_ask_for_what_is_offered(towns, stance):
    p = towns(DESK, VOLUNTEERS, AT_HOME)
    mine = STANCE[stance].within(p)
    at_home = STANCE[stance].calls != "nobody"      # on a day off, as people called in
    assert mine.offered == (p.offered if at_home else p.offered[:2])
    assert allowed(known(p, stance))(at("*0", 3, 6) | at("town*1", 9, 6) | (at("town*2", 6, 6, 7) if at_home else {}))


@pytest.mark.parametrize("stance", ["on_duty", "called_in"])
def test_a_desk_for_two_borrowers_gives_no_more_than_it_has(tmp_path, stance):
    p = province(offering(tmp_path, DESK.replace("[town]", "[town, other]"), **TWO_BORROWERS))
    k = known(p, stance)
    assert allowed(k)(at("*0", 2, 6) | at("*0", 1, 6, to="other"))
    assert not allowed(k)(at("*0", 2, 6) | at("*0", 2, 6, to="other"))
    lent = lending.solve(k).lent
    helped = {to for source, to, *_ in lent if source == "*0"}
    for days, number in map(p.slot_of, p.open_blocks):
        assert sum(lent.get(("*0", to, days, number), 0) for to in ("town", "other")) <= 3
    assert helped == {"town", "other"}


def test_desks_sit_at_places_for_guests_and_others_do_not(towns):
    """Two licences of the town."""
    keeps = allowed(known(towns(DESK, VOLUNTEERS, **{"lending: {": "lending: {licences: {town: 2}, "})))
    assert keeps(at("*0", 2, 6) | at("town*1", 9, 6))
    assert not keeps(at("*0", 1, 6) | at("neighbour", 2, 6))


def test_a_desk_comes_and_goes_by_its_own_hours_however_rarely_lenders_may_change(towns):
    """From noon to four, which are two changes."""
    keeps = allowed(known(towns(DESK.replace("seats: 3", "seats: 3, hours: ['12:00', '16:00']"),
                                **{"lending: {": "lending: {changes_a_day: 1, "})))
    assert keeps(at("*0", 3, 6, 7))
    assert not keeps(at("neighbour", 3, 6, 7))


@pytest.mark.parametrize(("kept", "broken"), [
    ((9, 5), (9, 6)),   # volunteers and people called in: 14 places
    ((8, 6), (0, 7)),   # six come
])
def test_volunteers_and_people_called_in_share_the_places(towns, kept, broken):
    keeps = allowed(known(towns(VOLUNTEERS), "called_in"))
    assert keeps(at("town*0", kept[0], 4, 5) | at("town+", kept[1], 4, 5))
    assert not keeps(at("town*0", broken[0], 4, 5) | at("town+", broken[1], 4, 5))


@pytest.mark.parametrize("stance", ["unnoticed", "on_duty", "within"])
def test_volunteers_of_two_offers_share_the_places_whoever_else_is_asked(towns, stance):
    """Two sit there already from ten on: 12 are left. Who sits elsewhere needs none."""
    p = towns(VOLUNTEERS.replace("9", "8"), VOLUNTEERS.replace("9", "6").replace("1 h", "2 h"),
              VOLUNTEERS.replace("9", "9, place: elsewhere"), more=TWO_CALLED)
    keeps = allowed(known(p, stance))
    assert keeps(at("town*0", 8, 5) | at("town*1", 4, 5) | at("town*2", 9, 5))
    assert not keeps(at("town*0", 8, 5) | at("town*1", 5, 5))


@pytest.mark.parametrize("stance", ["called_in", "within", "emergency"])
def test_who_was_called_in_does_not_answer_from_home_too(towns, stance):
    """Six are rested and willing."""
    keeps = allowed(known(towns(AT_HOME), stance))
    assert keeps(at("town*0", 4, 4, 5) | at("town+", 2, 4, 5))
    assert not keeps(at("town*0", 4, 4, 5) | at("town+", 3, 4, 5))
    assert not keeps(at("town*0", 5, 4, 5) | at("town+", 2, 4, 5))


def test_two_offers_of_people_at_home_are_of_the_same_people(towns):
    """Four from ten on, beside the two who are called in already."""
    half = AT_HOME.replace("13", "9")
    keeps = allowed(known(towns(half, half.replace("day_1: 1", "day_1: 0.9"), more=TWO_CALLED), "called_in"))
    assert keeps(at("town*0", 3, 5, 6) | at("town*1", 1, 5, 6))
    assert not keeps(at("town*0", 3, 5, 6) | at("town*1", 2, 5, 6))


def test_who_answers_from_home_stays_as_long_as_somebody_called_in_and_comes_once(towns):
    """For four hours at the least, and eight at the most; of six nobody comes twice."""
    keeps = allowed(known(towns(AT_HOME), "called_in"))
    assert keeps(at("town*0", 6, 4, 5))
    assert keeps(at("town*0", 6, 4, 5, 6, 7))
    assert not keeps(at("town*0", 1, 4))
    assert keeps(at("town*0", 3, 4, 5, 6, 7, 8, 9))
    assert not keeps(at("town*0", 4, 4, 5, 8, 9) | at("town*0", 4, 6, 7))


def test_where_few_can_answer_from_home_all_may_be_called_in_as_long_as_nobody_does(tmp_path):
    """Of 12 who are rested at eight six come, and 1.2 can answer from home."""
    groups = "people: {town: {groups: {all: {people: 24, shifts: days, from_home: 10 %}}}, all: {"
    changes = {"people: {all: {": groups, "seats: 20,\n         agents: 24,": "seats: 20,"}
    p = province(offering(tmp_path, AT_HOME.replace("13", "1"), **changes))
    assert p.off_duty["town"].home[4] == pytest.approx(1.2)
    keeps = allowed(known(p, "called_in"))
    assert keeps(at("town+", 6, 4, 5))
    assert keeps(at("town*0", 1, 4, 5))
    assert not keeps(at("town*0", 1, 4, 5) | at("town+", 1, 4, 5))


# --- levers ----------------------------------------------------------------------------------------------------------

MORNING, EVENING = (DESK.replace("seats: 3", f"seats: {n}, hours: ['{a}', '{b}']")
                    for n, a, b in ((3, "08:00", "14:00"), (5, "14:00", "22:00")))
TAUGHT = VOLUNTEERS.replace("training: 1 h, from: 2021-07-31", "training: 3 h, from: 2021-07-31 07:00")


@pytest.fixture(scope="module", params=["1 day", "2 days"])
def offered(request, tmp_path_factory):
    """A desk of two shifts, volunteers and people at home, by hours that hold for a day or two."""
    return province(offering(tmp_path_factory.mktemp("offered"), MORNING, EVENING, TAUGHT, AT_HOME,
                             **{"block: 2 h": f"block: 2 h, hold: {request.param}",
                                "seat_hour_cost: 0": "seat_hour_cost: 0.03"}))


@pytest.fixture(scope="module")
def two_borrow(tmp_path_factory):
    return province(offering(tmp_path_factory.mktemp("two"), DESK.replace("[town]", "[town, other]"), **TWO_BORROWERS))


def room(p):
    """By slot of every offer, and of the lender on duty: seats that it may have on all days that share it."""
    found = {}
    for source, borrower in p.pairs:
        for block, most in zip(p.open_blocks, p.caps[source], strict=True):
            if not is_called_in(source):
                slot = (source, borrower, *p.slot_of(block))
                found[slot] = min(found.get(slot, int(most)), int(most))
    return {slot: most for slot, most in found.items() if most}


def plans(p):
    most = room(p)
    return st.dictionaries(st.sampled_from(sorted(most)), st.integers(1, 13), max_size=25).map(
        lambda lent: {slot: min(n, most[slot]) for slot, n in lent.items()})


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_levers_take_the_seats_of_the_plan_at_their_price_and_no_more_than_is_offered(offered, data):
    lent = data.draw(plans(offered))
    levers = levers_of(offered, lent)
    assert lent_by(offered, levers) == lent
    assert cost_of(offered, levers) == pytest.approx(cost(offered, lent))
    assert not [one for one in broken_terms(offered, levers) if one.term == "offers"]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_each_lever_is_for_one_city_and_who_is_taught_answers_from_the_first_hour(offered, data):
    for one in levers_of(offered, data.draw(plans(offered))):
        if isinstance(one, Desk):
            assert one.cities == ("town",)
        if isinstance(one, Volunteers):
            assert one.ready.hour * 60 == one.hours[0]
            assert one.start == one.ready - timedelta(hours=3) >= datetime(2021, 7, 31, 7)
        if isinstance(one, Desk | Volunteers | CloudSeats):
            number = offers.offered_as(offered.agreement, one)
            assert offers.there_throughout(offered.agreement.offers[number], one)


def test_seats_for_two_borrowers_are_two_levers(two_borrow):
    levers = levers_of(two_borrow, at("*0", 2, 6) | at("*0", 1, 6, to="other"))
    assert {(one.name, one.cities, float(one.seats)) for one in levers} == {
        ("far", ("town",), 2), ("far", ("other",), 1)}
    assert lent_by(two_borrow, levers) == at("*0", 2, 6) | at("*0", 1, 6, to="other")


def seats_by_interval(p, levers, kind):
    setting = build(with_plan(p, levers))
    mine = [i for i, pool in enumerate(setting.names.pools) if pool.kind == kind]
    return setting.world.seats[:, mine].sum(axis=1)


@pytest.mark.parametrize(("source", "kind"), [("*0", "province"), ("town*1", "volunteers"), ("town*2", "cloud"),
                                              ("neighbour", "lent")])
def test_stints_of_one_source_add_up_in_the_world_to_the_seats_of_the_plan(towns, source, kind):
    """Three stints, one within another, of which half is there: as many seats as of any guests, rounded in turn."""
    those = [one.replace("presence: 100 %", "presence: 50 %") for one in (DESK, VOLUNTEERS, AT_HOME)]
    p = towns(*those, **{"presence: 100 %": "presence: 50 %"})
    by_block = dict(zip(range(4, 11), (1, 2, 3, 3, 1, 0, 2), strict=True))
    lent = {(source, "town", 1, number): seats for number, seats in by_block.items() if seats}
    levers = levers_of(p, lent)
    assert len(levers) == (5 if kind == "cloud" else 4)     # ten hours are two turns of people at home
    found, asked = seats_by_interval(p, levers, kind), np.zeros(p.scenario.horizon.intervals)
    for b, block in enumerate(p.blocks):
        if b in p.open_blocks:
            asked[block.first:block.last] = 0.5 * lent.get((source, "town", *p.slot_of(b)), 0)
    assert found.sum() == asked.sum() == 0.5 * 4 * 12
    assert np.abs(np.cumsum(found) - np.cumsum(asked)).max() <= 0.5 + 1e-9
    assert (found[asked == 0] == 0).all()


@pytest.mark.parametrize("stance", ["on_duty", "called_in", "within"])
def test_nobody_is_ordered_who_is_not_there(towns, stance):
    """What was solved where very many call, in the world: all who answer from home, volunteer and are called in find a
    place."""
    p = towns(DESK, VOLUNTEERS, AT_HOME, more=TWO_CALLED, **{"assume: 3000": "assume: 9000"})
    k = known(p, stance)
    lent = lending.solve(k).lent
    levers = levers_of(k.province, lent)
    of_kinds = {"province": "*0", "volunteers": "town*1"} | ({"cloud": "town*2"} if stance != "on_duty" else {})
    for kind, source in of_kinds.items():
        there = seats_by_interval(p, levers, kind)
        for b in p.open_blocks:
            planned = lent.get((source, "town", *p.slot_of(b)), 0)
            assert (there[p.blocks[b].first:p.blocks[b].last] == planned).all()
    assert {source for source, *_ in lent} >= set(of_kinds.values())
    if stance != "on_duty":
        assert any(isinstance(one, CallIn) for one in levers)


def test_only_the_cities_that_levers_name_are_simulated_anew(two_borrow):
    alone = Job.of(two_borrow.scenario, "kernel", 1)
    one = Job.of(with_plan(two_borrow, levers_of(two_borrow, at("*0", 1, 6, to="other"))), "kernel", 1)
    assert touched(one, alone) == {"other"}


# --- what was there already, and what was edited ---------------------------------------------------------------------

EAST = {"kind": "desk", "name": "far", "cities": ["east"], "seats": 3, "from": "2021-08-02 12:00",
        "to": "2021-08-02 18:00"}
TRAINED = {"kind": "volunteers", "city": "east", "people": 2, "training": "2 h", "from": "2021-08-02 10:00",
           "to": "2021-08-02 20:00"}
HOURS = {"from": "2021-08-02 14:00", "to": "2021-08-02 16:00"}


def lever(raw, **changes):
    return ONE_LEVER.validate_python(raw | changes)


def with_variants(**those):
    """The two small cities, with a variant of each set of levers."""
    scenario = with_terms(offers=(EAST, TRAINED))
    bare = next(iter(scenario.variants.values()))
    return scenario.model_copy(update={"levers": (), "variants": {
        name: bare.model_copy(update={"levers": (lever(*one) if isinstance(one, tuple) else lever(one),),
                                      "change": {}}) for name, one in those.items()}})


def draft_of(scenario):
    return Draft(ON_DUTY, ON_DUTY.known(knowledge(province(scenario))), FOR_BORROWERS, {})


@pytest.mark.parametrize(("raw", "asked", "kept"), [
    (EAST, True, True), (EAST | HOURS, True, True), (EAST | {"seats": 4}, True, False),
    (EAST | {"to": "2021-08-02 19:00"}, True, False),          # offered until six
    (EAST | {"name": "near"}, False, False), (EAST | {"presence": "100 %"}, False, False),
    (EAST | {"to": "2021-08-02 21:00"}, False, False),         # nobody helps after eight
    (TRAINED, True, True),                                     # taught before seats are ready, at noon
    (TRAINED | {"training": "1 h"}, False, False), (TRAINED | {"place": "elsewhere"}, False, False)])
def test_a_variant_that_takes_up_an_offer_is_held_against_the_plan(raw, asked, kept):
    scenario = with_variants(mine=raw)
    draft = draft_of(scenario)
    assert ("mine" in lever_sets(draft, scenario)) == asked
    assert ("mine" in [one.variant for one in there_already(draft, scenario)]) == kept


@pytest.fixture(scope="module")
def two_cities():
    return province(with_terms(offers=(EAST, TRAINED)))


def found_in(*levers):
    p = province(with_terms(offers=(EAST, TRAINED)))
    return [(one.city, one.at, one.found, one.limit) for one in broken_terms(p, levers) if one.term == "offers"]


def test_an_edited_plan_is_told_what_it_has_more_of_than_is_offered():
    assert found_in(lever(EAST), lever(TRAINED)) == []
    assert found_in(lever(EAST, seats=4)) == [("east", datetime(2021, 8, 2, 12), 4, 3)]
    both = lever(EAST, **HOURS, seats=2), lever(EAST, seats=2)
    assert found_in(*both) == [("east", datetime(2021, 8, 2, 14), 4, 3)]


def test_an_edited_plan_is_told_of_hours_at_which_nothing_is_offered():
    """The desk goes at six, and who is taught from ten on answers from noon."""
    assert found_in(lever(EAST, to="2021-08-02 19:00")) == [("east", datetime(2021, 8, 2, 18), 3, 0)]
    early = lever(TRAINED, **{"from": "2021-08-02 09:00"})
    assert found_in(early) == [("east", datetime(2021, 8, 2, 11), 2, 0)]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(10, 19), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=4))
def test_an_edited_plan_is_told_of_the_hour_at_which_it_has_most_beyond_an_offer(two_cities, parts):
    """Of (first hour, hours, seats), added up hour by hour; three are offered from noon to six."""
    levers = [lever(EAST, **{"from": f"2021-08-02 {first}:00", "to": f"2021-08-02 {min(first + hours, 20)}:00",
                             "seats": seats}) for first, hours, seats in parts]
    beyond = {hour: sum(n for first, hours, n in parts if first <= hour < first + hours) - 3 * (12 <= hour < 18)
              for hour in range(10, 20)}
    worst = max(beyond, key=lambda hour: beyond[hour])
    there = 3 if 12 <= worst < 18 else 0
    told = [(one.at, one.found, one.limit) for one in broken_terms(two_cities, levers) if one.term == "offers"]
    assert told == ([(datetime(2021, 8, 2, worst), beyond[worst] + there, there)] if beyond[worst] > 0 else [])


@pytest.mark.parametrize("raw", [EAST | {"name": "near"}, EAST | {"cities": ["east", "west"]}, EAST | {"first": True},
                                 TRAINED | {"training": "30 min"}, TRAINED | {"presence": "80 %"}])
def test_an_edited_plan_is_told_of_what_is_not_offered(raw):
    assert found_in(lever(raw)) == [("east", lever(raw).start, None, None)]


def test_one_desk_of_two_shifts_may_be_ordered_for_both_at_once():
    p = province(with_terms(offers=(EAST | {"to": "2021-08-02 15:00"}, EAST | {"from": "2021-08-02 15:00"})))
    assert broken_terms(p, [lever(EAST)]) == []
    assert [(one.at, one.found, one.limit) for one in broken_terms(p, [lever(EAST, seats=5)])] == [
        (datetime(2021, 8, 2, 12), 5, 3)]


def test_guests_of_a_desk_count_where_an_edited_plan_has_too_many():
    """Of two places for guests, and of two seats that all may lend."""
    p = province(with_terms(offers=(EAST,), licences={"east": 2}, seats=2))
    assert [(one.term, one.found, one.limit) for one in broken_terms(p, [lever(EAST)])] == [
        ("licences", 3, 2), ("seats", 3, 2)]


ALL_DAY = EAST | {"from": "2021-08-02", "to": "2021-08-02"}


@pytest.mark.parametrize(("change", "terms", "wanted"), [
    ({}, {}, {}),
    ({"from": "2021-08-02 13:00"}, {"stint": "4 h"}, {}),
    ({"from": "2021-08-02 15:00"}, {"stint": "4 h"}, {"stint": (3, 4)}),
    ({"from": "2021-08-02 12:30"}, {}, {"block": (None, 60)}),
    ({"from": "2021-08-02 11:00"}, {"offers": (ALL_DAY,)}, {"agreed": (None, None)}),
    ({"from": "2021-08-02 18:00", "to": "2021-08-02 21:00"}, {"offers": (ALL_DAY,)}, {"hours": (None, None)}),
])
def test_an_edited_plan_is_told_of_the_terms_that_a_desk_breaks(change, terms, wanted):
    """Seats are ready at noon, and help is from eight to eight, by whole hours."""
    p = province(with_terms(**({"offers": (EAST,)} | terms)))
    found = broken_terms(p, [lever(EAST | change)])
    assert {one.term: (one.found, one.limit) for one in found} == wanted
    assert all(one.offered and one.city == "east" for one in found)


def test_volunteers_answer_after_their_training_and_that_is_when_terms_bind():
    p = province(with_terms(offers=(TRAINED,), stint="7 h"))
    assert broken_terms(p, [lever(TRAINED)]) == []
    [one] = broken_terms(p, [lever(TRAINED, to="2021-08-02 18:00")])
    assert (one.term, one.found, one.limit) == ("stint", 6, 7)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("term", ["agreed", "to", "hours", "block", "stint", "hold"])
def test_terms_that_others_break_have_words_of_their_own(lang, term):
    w = Words(lang)
    assert w(f"edited.term_offered_{term}", city="C", at="", found="3", limit="4").count("C") == 1


# --- what a plan brings ----------------------------------------------------------------------------------------------

def test_what_was_lent_is_placed_anew_without_what_was_not_there(towns):
    then = ONE_LEVER.validate_python({"kind": "lend", "lender": "neighbour", "borrower": "town", "seats": 2,
                                      "from": "2021-07-31", "to": "2021-08-02"})
    k = known(towns(DESK))
    made = policies(k, k.province.scenario.model_copy(update={"levers": (then,)}), FOR_BORROWERS)
    assert {one.kind for one in made["placed-anew"].levers} == {"lend"}


def test_a_city_alone_may_order_what_is_offered_to_it(tmp_path):
    """Nobody else could lend it anything."""
    neighbour = next(line for line in TEXT.splitlines() if line.startswith("  neighbour"))
    rest = TEXT.split(neighbour + "\n")[1].split("\n")[0]
    p = province(offering(tmp_path, DESK, **{f"{neighbour}\n{rest}\n": ""}))
    assert p.pairs == (("*0", "town"),)
    assert lending.solve(known(p)).lent


def test_a_plan_with_what_is_offered_brings_more_than_without_it(monkeypatch):
    few_trials(monkeypatch)
    made = plan(with_terms(offers=(EAST, TRAINED)), Wish(proof=20), workers=1)
    desks = [one for one in made.levers if isinstance(one, Desk | Volunteers)]
    assert desks
    others = tuple(one for one in made.levers if one not in desks)
    luck = ReplicationCache(77, made.province)
    whole, less = luck.of([made.scenario, with_plan(made.province, others)], 60)
    assert whole.people.mean() > less.people.mean()
    assert not [one for one in broken_terms(made.province, made.levers) if one.term == "offers"]
    bare = plan(load("two-cities").model_copy(update={"lending": with_terms().lending}), Wish(proof=20), workers=1)
    most = max(one.proof.verdict.people.mean for one in made.menu)
    assert most >= max(one.proof.verdict.people.mean for one in bare.menu)


@pytest.mark.parametrize(("evening", "first"), [
    (datetime(2021, 7, 30, 22), datetime(2021, 7, 31, 12)),   # help is agreed upon at midnight
    (datetime(2021, 7, 31, 22), datetime(2021, 8, 1, 10))])
def test_an_evening_orders_whom_it_can_still_have_trained(towns, evening, first):
    """For twelve hours: nobody answers before these are over, and somebody does then."""
    k = by_day(known(towns(VOLUNTEERS.replace("1 h", "12 h"))))
    lent = planned(k, {}, evening, 1)
    assert min(starts(k.province, slot) for slot in lent if offer_of(slot[0]) is not None) == first
