"""Whoever was called in until late does not come early on the next day: in the model, and of a plan that was edited.

Of the town's 24 people half are neither on duty nor just home when help is needed late or early, and half of these
come: six. At noon nine are rested. Hours and blocks are as in two_neighbours where nothing else is said.
"""
from __future__ import annotations

from datetime import date, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from ordered import ordered
from two_neighbours import TEXT, two_neighbours

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.stances import STANCES
from optimizer.lending.model import lending
from optimizer.lending.model.calls import dated
from optimizer.lending.model.lending import under_terms
from optimizer.lending.model.terms import allowed
from optimizer.lending.trials import orders
from optimizer.lending.trials.broken.every import broken_terms
from sim.scenario.levers import ONE_LEVER
from surgeline.cli import main
from surgeline.folders.order_entries import BrokenTerm
from surgeline.reports.lending_plan import edited
from surgeline.reports.page.words import Words

STANCE = {stance.name: stance for stance in STANCES}
SHIFTS = '[{start: "08:00", hours: 8, share: 25 %}, {start: "16:00", hours: 8, share: 25 %}]'
HOURS = 'hours: ["08:00", "22:00"]'
FINE = {"block: 2 h": "block: 1 h", HOURS: 'hours: ["06:00", "24:00"]'}
HOLD = {"block: 2 h": "block: 2 h, hold: 2 days"}


def known(folder, rules: str = "", stance: str = "called_in", **changes: str):
    return STANCE[stance].known(knowledge(province(two_neighbours(folder, rules, **changes))))


@pytest.fixture(scope="module")
def keeps(tmp_path_factory):
    """Tells of plans whether they keep the terms of a way."""
    made = {}

    def of(rules="", stance="called_in", **changes):
        key = (rules, stance, *changes.items())
        if key not in made:
            made[key] = allowed(known(tmp_path_factory.mktemp("way"), rules, stance, **changes))
        return made[key]
    return of


def call(day: int, first: int, people: int, blocks: int = 2, source: str = "town+", borrower: str = "town"):
    """People who come on a day for some blocks from this one on; of two hours, block 4 is at eight and 9 at six."""
    return {(source, borrower, day, block): people for block in range(first, first + blocks) if people}


# --- in the model ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("late", "early", "kept"), [
    (6, 0, True), (0, 6, True), (3, 3, True), (5, 1, True), (6, 1, False), (4, 3, False), (1, 6, False)])
def test_who_goes_home_at_ten_is_not_there_at_eight_but_somebody_else(keeps, late, early, kept):
    """Eleven hours: until nine."""
    assert keeps()(call(0, 9, late) | call(1, 4, early)) == kept


@pytest.mark.parametrize(("day_1", "day_2"), [
    (call(0, 8, 6), call(1, 4, 6)),             # home at eight in the evening, rested at seven
    (call(0, 9, 6), call(1, 5, 6)),             # home at ten, and there at ten
    (call(0, 9, 6), call(2, 4, 6)),             # a day between
], ids=["early home", "late there", "a day between"])
def test_who_is_rested_comes_again(keeps, day_1, day_2):
    assert keeps()(day_1 | day_2)


@pytest.mark.parametrize(("rest", "kept"), [("0", True), ("10", True), ("10.5", False), ("11", False), ("16", False)])
def test_rest_is_as_long_as_the_rules_say(keeps, rest, kept):
    """Ten hours lie between ten in the evening and eight."""
    assert keeps(f"rest_between_shifts: {rest}")(call(0, 9, 4) | call(1, 4, 4)) == kept


def test_without_rest_all_who_are_off_duty_come_late_and_early(keeps):
    """Half of eighteen: whoever was on duty until four comes as well."""
    assert keeps("rest_between_shifts: 0")(call(0, 9, 9) | call(1, 4, 9))
    assert not keeps("rest_between_shifts: 0")(call(0, 9, 10))


@pytest.mark.parametrize(("rules", "stance"), [("", "emergency"), ("emergency: true", "called_in")])
def test_an_emergency_lifts_it(keeps, rules, stance):
    both = call(0, 9, 6) | call(1, 4, 6)
    assert keeps(rules, stance)(both)
    assert not keeps()(both)


def test_it_binds_a_lenders_people_too_whomever_they_help(keeps):
    """Ten of the neighbour come, to either of two towns."""
    third = """  other: {name: {zh: 他镇, en: Other}, calls_a_day: {assume: 500, range: [10, 9000], why: invented},
          seats: 20, agents: 24, absence: 0, shrinkage: 0, shifts: days}
people: {all: {"""
    of = keeps(**{"people: {all: {": third, "borrowers: [town]": "borrowers: [town, other]"})
    late, neighbour = call(0, 9, 6, source="neighbour+"), {"source": "neighbour+", "borrower": "other"}
    assert of(late | call(1, 4, 4, **neighbour))
    assert not of(late | call(1, 4, 5, **neighbour))
    assert of(late | call(1, 5, 10, **neighbour))


def test_a_guests_seat_takes_more_than_one_person(keeps):
    """With a fifth of the hour in breaks at home, four lent seats that are always there take five of the ten."""
    of = keeps(**{"shrinkage: 0, shifts": "shrinkage: 20 %, shifts"})
    late = call(0, 9, 4, source="neighbour+")
    assert of(late | call(1, 4, 4, source="neighbour+"))
    assert not of(late | call(1, 4, 5, source="neighbour+"))


@pytest.mark.parametrize(("late", "early", "kept"), [
    ((20, 4), (10, 3), False),      # home at midnight, rested at eleven
    ((20, 4), (11, 3), True),
    ((19, 4), (10, 3), True),       # home at eleven
    ((19, 4), (9, 3), False),
    ((18, 4), (8, 3), False),       # home at ten
    ((17, 4), (8, 3), True),        # home at nine
], ids=str)
def test_each_hour_of_the_evening_has_its_hour_of_the_morning(keeps, late, early, kept):
    """In blocks of an hour, from six until midnight; four of the six."""
    of = keeps(**FINE, **{"shortest: 4 h": "shortest: 3 h"})
    plan = call(0, late[0], 4, late[1]) | call(1, early[0], 4, early[1])
    assert of(plan) == kept


LATE_SHIFTS = {"block: 2 h": "block: 1 h", HOURS: 'hours: ["06:00", "22:00"]',
               SHIFTS: '[{start: "13:00", hours: 8, share: 25 %}, {start: "21:00", hours: 2, share: 25 %}]'}


def test_people_are_counted_at_the_time_at_which_they_come(keeps):
    """Six work from one to nine in the evening, six more until eleven at night. At ten at night the other twelve are
    off duty and rested, of whom six come; at six in the morning the same twelve are, and from eight on eighteen."""
    of = keeps(**LATE_SHIFTS)
    late = call(0, 18, 6, 4)
    assert not of(late | call(1, 6, 3, 4))
    assert of(call(0, 18, 3, 4) | call(1, 6, 3, 4))
    assert of(late | call(1, 8, 3, 4))
    assert not of(late | call(1, 8, 4, 4))
    assert of(late | call(1, 9, 6, 4))


def test_hours_that_hold_for_two_days_are_late_and_early_on_both(keeps):
    """Who comes at eight on the second day did not go home at ten on the first: of the same hours, six in all. The
    third day has hours of its own, and follows the second."""
    of = keeps(**HOLD)
    assert of(call(0, 9, 3) | call(0, 4, 3))
    assert not of(call(0, 9, 4) | call(0, 4, 3))
    assert of(call(0, 9, 3) | call(1, 4, 3))
    assert not of(call(0, 9, 3) | call(1, 4, 4))


def test_who_comes_early_and_stays_until_late_on_each_of_two_days_counts_twice(keeps):
    """From eight to ten at night on both days: three who do and three others are the six."""
    of = keeps(**HOLD, **{"longest: 8 h": "longest: 14 h"})
    assert of(call(0, 4, 3, 7))
    assert not of(call(0, 4, 4, 7))


NOON = {"horizon: {start: 2021-07-31, end": 'horizon: {start: "2021-07-31 12:00", end',
        "agreed: 2021-07-31,": 'agreed: "2021-07-31 12:00",'}
UNTIL_TEN = {"end: 2021-08-02, interval": 'end: "2021-08-01 10:00", interval',
             "to: 2021-08-02,": 'to: "2021-08-01 10:00",'}
ONE_BLOCK = {"shortest: 4 h": "shortest: 2 h"}


@pytest.mark.parametrize("changes", [NOON, UNTIL_TEN, NOON | UNTIL_TEN], ids=["from noon", "until ten", "both"])
@pytest.mark.parametrize("hold", [{}, HOLD], ids=["each day", "two days"])
def test_a_horizon_may_begin_or_end_within_a_day(keeps, changes, hold):
    of, then = keeps(**changes, **hold, **ONE_BLOCK), 0 if hold else 1
    assert of(call(0, 9, 4) | call(then, 4, 2, 1))
    assert not of(call(0, 9, 4) | call(then, 4, 3, 1))


def test_the_blocks_of_a_day_are_found_by_its_date(tmp_path):
    p = province(two_neighbours(tmp_path, **NOON))
    assert [p.blocks[p.block_at[day]].start for day in ((date(2021, 7, 31), 6), (date(2021, 8, 1), 4))] == [
        datetime(2021, 7, 31, 12), datetime(2021, 8, 1, 8)]


def test_a_first_block_that_begins_late_is_the_first_of_its_day(tmp_path):
    p = province(two_neighbours(tmp_path, **{one: many.replace("12:00", "13:00") for one, many in NOON.items()}))
    first = p.blocks[p.block_at[date(2021, 7, 31), 6]]
    assert (first.start, first.end) == (datetime(2021, 7, 31, 13), datetime(2021, 7, 31, 14))


def test_stints_have_the_dates_on_which_they_are_open(tmp_path):
    """Of two days that share their hours the first begins at noon and the second ends at ten: a stint until noon is of
    the second only, one from ten on of the first only, and one from eight until two of both."""
    model = under_terms(known(tmp_path, **NOON, **UNTIL_TEN, **HOLD, **ONE_BLOCK))
    dates = {}
    for on, stint in dated(model, "town"):
        dates.setdefault((stint.first, stint.last), []).append(on.day)
    assert dates[4, 4] == [1]
    assert dates[6, 7] == dates[10, 10] == [31]
    assert all(days in ([31], [1], [31, 1]) for days in dates.values())


BUSY = {"[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]":
        "[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]", "assume: 3000": "assume: 9000",
        "block: 2 h": "block: 2 h, licences: {town: 0}"}


@pytest.mark.parametrize(("rules", "most"), [("", 6), ("rest_between_shifts: 0", 18), ("emergency: true", 12)])
def test_the_solver_calls_whomever_it_may_and_no_more(tmp_path, rules, most):
    """All call from eight to ten in the evening and from eight to ten in the morning, far more than are answered, and
    no guests may come: of the town's own people all come who may."""
    night = {one: many.replace("10:00", "12:00") for one, many in UNTIL_TEN.items()}
    lent = lending.solve(known(tmp_path, rules, **BUSY, **NOON, **night), gap=1e-6).lent
    assert lent.get(("town+", "town", 0, 10), 0) + lent.get(("town+", "town", 1, 4), 0) == most


# --- of an edited plan -----------------------------------------------------------------------------------------------

def at_home(day: int, begin: int, end: int, people: float, **more: object) -> dict:
    """People of the town who are called an hour before they come."""
    return {"kind": "call_in", "city": "town", "people": people, "from": f"2021-08-{day:02} {begin - 1:02}:00",
            "to": f"2021-08-{day:02} {end:02}:00", "hours": [f"{begin:02}:00", f"{end:02}:00"]} | more


def lend(day: int, begin: int, end: int, seats: float, **more: object) -> dict:
    return {"kind": "lend", "lender": "neighbour", "borrower": "town", "seats": seats, "off_duty": "100 %",
            "presence": "100 %", "from": f"2021-08-{day:02} {begin:02}:00", "to": f"2021-08-{day:02} {end:02}:00",
            "hours": [f"{begin:02}:00", f"{end:02}:00"]} | more


def levers(*raw: dict) -> tuple:
    return tuple(ONE_LEVER.validate_python(one, context={"file": True}) for one in raw)


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    return province(two_neighbours(tmp_path_factory.mktemp("towns")))


def broken(p, *raw: dict) -> list[tuple]:
    return [(one.city, f"{one.at:%d %H}", one.found, one.limit) for one in broken_terms(p, levers(*raw))
            if one.term == "rest_between_shifts"]


@pytest.mark.parametrize(("raw", "named"), [
    ((at_home(1, 18, 22, 6), at_home(2, 8, 12, 3)), [("town", "02 08", 9, 6)]),
    ((at_home(1, 18, 22, 3), at_home(2, 8, 12, 3)), []),
    ((at_home(1, 18, 22, 6), at_home(2, 9, 13, 6)), []),            # rested at nine
    ((at_home(1, 17, 21, 6), at_home(2, 8, 12, 6)), []),
    ((at_home(1, 18, 22, 6), at_home(1, 8, 12, 6)), []),            # another term's: they come twice a day
    ((at_home(1, 18, 22, 6), at_home(2, 7, 12, 6)), [("town", "02 07", 12, 9)]),   # before eight nobody is on duty
    ((lend(1, 18, 22, 8), lend(2, 8, 12, 5)), [("neighbour", "02 08", 13, 10)]),
    ((lend(1, 18, 22, 8), lend(2, 8, 12, 2)), []),
    ((lend(1, 18, 22, 8, off_duty="50 %"), lend(2, 8, 12, 5)), []),  # four of them are called in
    ((lend(1, 18, 22, 8, off_duty=0), lend(2, 8, 12, 10)), []),
    ((lend(1, 18, 22, 8), at_home(2, 8, 12, 6)), []),               # people of two cities
], ids=range(11))
def test_who_is_called_in_late_and_early_is_named_once_for_a_city(towns, raw, named):
    assert broken(towns, *raw) == named


def test_a_lever_of_many_days_is_named_where_it_is_broken_most(towns):
    """From eight until noon and from six until ten on each day; on the second morning one more."""
    every = {"from": "2021-07-31 07:00", "to": "2021-08-02 22:00"}
    some = at_home(1, 8, 12, 4, **every), at_home(1, 18, 22, 4, **every)
    assert broken(towns, *some) == [("town", "01 08", 8, 6)]
    assert broken(towns, *some, at_home(2, 8, 12, 1)) == [("town", "02 08", 9, 6)]


def test_hours_of_a_lever_that_are_split_are_the_same_people(towns):
    """Six until ten in the evening, written by the hour."""
    split = [at_home(1, hour, hour + 1, 3) for hour in (20, 21)]
    assert broken(towns, *split, at_home(2, 8, 12, 3)) == []
    assert broken(towns, *split, at_home(2, 8, 12, 4)) == [("town", "02 08", 7, 6)]
    assert broken(towns, *split, at_home(2, 7, 11, 6)) == []        # before eight nine come


def test_who_works_past_midnight_is_not_two_people(towns):
    """From ten at night until four; another at eight has to be somebody else."""
    night = at_home(1, 22, 24, 4, hours=["22:00", "04:00"], to="2021-08-02 04:00")
    assert broken(towns, night) == []
    assert broken(towns, night, at_home(2, 8, 12, 2)) == []
    assert broken(towns, night, at_home(2, 8, 12, 3)) == [("town", "02 08", 7, 6)]
    assert broken(towns, night, at_home(2, 3, 9, 3)) == []          # at one time, of which other rules tell
    assert broken(towns, night, at_home(2, 3, 9, 3), at_home(2, 8, 12, 1)) == [("town", "02 08", 8, 6)]


def test_the_limit_is_of_the_time_at_which_more_come(tmp_path):
    """Nine until nine in the evening, six at six in the morning."""
    p = province(two_neighbours(tmp_path, **LATE_SHIFTS))
    late = at_home(1, 17, 21, 6)
    assert broken(p, late, at_home(2, 6, 10, 3)) == []
    assert broken(p, late, at_home(2, 6, 10, 4)) == [("town", "02 06", 10, 9)]
    assert broken(p, at_home(1, 18, 22, 6), at_home(2, 6, 10, 3)) == [("town", "02 06", 9, 6)]


@pytest.mark.parametrize("rules", ["rest_between_shifts: 0", "emergency: true"])
def test_where_rest_does_not_bind_nothing_is_named(tmp_path, rules):
    p = province(two_neighbours(tmp_path, rules))
    assert broken(p, at_home(1, 18, 22, 6), at_home(2, 8, 12, 6)) == []


def test_what_lies_outside_the_horizon_has_no_limit(towns):
    assert broken(towns, at_home(2, 18, 22, 6), at_home(3, 8, 12, 6)) == []
    assert broken(towns, at_home(4, 18, 22, 6), at_home(5, 8, 12, 6)) == []


@pytest.fixture(scope="module")
def fine(tmp_path_factory):
    k = known(tmp_path_factory.mktemp("fine"), **FINE)
    return k.province, allowed(k)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(6, 20), st.integers(4, 8), st.integers(1, 4)), min_size=2,
                max_size=5))
def test_what_the_model_allows_is_not_named(fine, stints):
    """Whatever stints its seats are ordered by."""
    p, of = fine
    lent: dict[tuple, int] = {}
    for day, first, blocks, people in stints:
        for block in range(first, min(first + blocks, 24)):
            lent["town+", "town", day, block] = lent.get(("town+", "town", day, block), 0) + people
    found = [one for one in broken_terms(p, orders.levers_of(p, lent)) if one.term == "rest_between_shifts"]
    assert not (found and of(lent))


# --- what a planner reads --------------------------------------------------------------------------------------------

TERM = {"term": "rest_between_shifts", "city": "east", "at": "2021-08-03T08:00", "found": 9, "limit": 6}


def test_the_page_names_it_with_the_rule_of_its_city(tmp_path):
    done = ordered(tmp_path, broken_terms=[TERM])
    for lang, how in (("zh", "东城前一天晚上与 8/3 08:00 一早共召回 9 人，能来的只有 6 人："
                             "两头都来的人没有休息够，应急时才可以"),
                      ("en", "Eastville calls people in until late and others early on 3 Aug 08:00, 9 in all; 6 can "
                             "come, and nobody who does both has rested, as only an emergency allows")):
        w = Words(lang)
        assert edited.section(done, w).blocks[0].rows == (("people.east.rules.rest_between_shifts", how),)
        assert how in edited.terms(done, w)


@pytest.mark.parametrize("term", ["share", "keep", "hold", "speed", "licences"])
def test_terms_of_help_are_fields_of_lending(term):
    assert edited.field(BrokenTerm(term=term, city="east")) == f"lending.{term}"


def test_a_plan_that_somebody_has_edited_says_so(tmp_path):
    """A plan of the town's own people only: six until ten, and three of them at eight."""
    text = TEXT.replace("RULES", "") + "levers:\n" + "".join(
        f"  - {{kind: call_in, city: town, people: {people}, from: '2021-08-{day:02} {begin - 1:02}:00', "
        f"to: '2021-08-{day:02} {begin + 4:02}:00', hours: ['{begin:02}:00', '{begin + 4:02}:00']}}\n"
        for day, begin, people in ((1, 18, 6), (2, 8, 3)))
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["plan", "--from", str(tmp_path / "mine.yaml"), "--replications", "10", "--lang",
                                     "en", "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "Town calls people in until late and others early on 2 Aug 08:00, 9 in all; 6 can come" in said
