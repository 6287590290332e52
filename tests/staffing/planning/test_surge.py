"""Who is called in a surge: within the law and their terms, and as many seats more as people came."""
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from one_city import loaded, of_many

from optimizer.staffing.need.own_seats import Steps, own_seats, part
from optimizer.staffing.planning.calling.overtime import in_roster, overtime_terms
from optimizer.staffing.planning.calling.reach import unwilling
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.rostering import in_words
from optimizer.staffing.planning.designing import designed
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.on_duty.needs import first_grown, people_for, surge_needs
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.rostered import rostered_on
from optimizer.staffing.planning.surge.called import called, of_surge, worst_first
from optimizer.staffing.revising.overtime import Account
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import OFF, CarriedIn, Duty, Person, Problem
from sim.scenario.people import CallInTerms
from sim.scenario.staffing_terms import Prices
from sim.scenario.work_rules import WorkRules
from sim.studies.replication import Job

USUAL = np.tile([0] * 16 + [4] * 16 + [0] * 16, 2)
GROWN = USUAL + np.tile([0] * 20 + [10] * 10 + [0] * 18, 2)   # from ten to three fourteen seats instead of four
TOLD = 24 * 60 + 10 * 60                                      # minutes after the midnight before the horizon


def in_surge(scenario, change=lambda problem: problem):
    """A roster of ordinary time, and who is called on top of it."""
    presence, prices = Presence.of(scenario, "town"), scenario.staffing.prices
    usual, grown = people_for(presence, USUAL), people_for(presence, GROWN)
    needs = surge_needs(presence, usual, grown, grown, usual)
    shifts = designed(scenario.staffing.shift_types, usual, needs.most, prices, 1, 1)
    rostered = rostered_on(scenario, "town", shifts, usual, 1, 1)
    roster = rostered.solved.roster
    found = called(scenario, "town", change(rostered.problem), roster, needs, prices, first_day(scenario))
    return SimpleNamespace(scenario=scenario, found=found, problem=rostered.problem, roster=roster)


@pytest.fixture(scope="module")
def surge(tmp_path_factory):
    return in_surge(loaded(tmp_path_factory.mktemp("surge"), change=of_many))


def opened(scenario, words):
    whole = with_roster(scenario, "town", *words)
    setting = part(Job.of(whole, "kernel", 1), ("town",))
    return own_seats(setting, ("town",), Steps.of(whole, 1800))[:, 0]


def test_people_are_called_and_break_no_rule(surge):
    calls = surge.found.plan.calls
    assert len(calls) > 5
    assert evaluate(surge.found.plan.problem, surge.found.plan.roster).feasible
    assert len({(one.person, one.day) for one in calls}) == len(calls)


def test_nobody_is_called_before_the_surge_is_known_and_notice_is_kept(surge):
    for one in surge.found.plan.calls:
        assert one.call_by >= TOLD
        assert one.start >= one.call_by + 120 * (one.kind != "stays")
        assert one.end - one.start >= (240 if one.kind == "call_in" else 60)


def one_day_in_a_row(problem):
    """As if the law asked for a day of rest after each day."""
    return replace(problem, people=tuple(replace(person, limits=tuple(
        replace(rule, value=1) if rule.name == "most_days_in_a_row" else rule for rule in person.limits))
        for person in problem.people))


@pytest.mark.parametrize("emergency", [False, True])
def test_calls_make_no_more_days_in_a_row_than_the_law_has_but_in_an_emergency(tmp_path, emergency):
    rules = "people: {town: {rules: {emergency: true}}}\n" if emergency else ""
    found = in_surge(loaded(tmp_path, rules, of_many), one_day_in_a_row)
    before, after = (count_in_a_row(one) for one in (found.roster, found.found.plan.roster))
    told = [one.reached for call in found.found.plan.calls for one in call.breaks if one.name == "most_days_in_a_row"]
    assert found.found.plan.calls
    assert bool(told) is emergency
    assert (after > np.maximum(before, 1)).any() == emergency
    assert set(told) <= {2.0, 3.0}


def count_in_a_row(roster):
    """[people] the most days worked in a row."""
    rows = ("".join("x" if k != OFF else " " for k in row) for row in roster)
    return np.array([max(map(len, row.split()), default=0) for row in rows])


def test_overtime_stays_within_the_law(surge):
    minutes = {}
    for one in surge.found.plan.calls:
        if one.kind != "call_in":
            assert one.extra <= 180
        minutes[one.person] = minutes.get(one.person, 0) + one.extra
        assert one.rate == (2.0 if one.kind == "call_in" else 1.5)
        assert one.left.month >= 0
    assert max(minutes.values()) <= 36 * 60
    assert not any(one.beyond_law for one in surge.found.plan.ledger)


def test_who_does_not_come_is_not_called(surge):
    unwilling_ones = {"话务员004", "话务员007", "话务员010", "话务员014", "话务员017", "话务员020", "话务员024",
                      "话务员027", "话务员030"}                    # of ten three
    assert unwilling(surge.problem.people, CallInTerms()) == unwilling_ones
    assert not {one.person for one in surge.found.plan.calls if one.kind == "call_in"} & unwilling_ones


def test_where_everybody_is_unwilling_only_those_on_duty_work_longer(tmp_path):
    found = in_surge(loaded(tmp_path, "people: {town: {call_in: {willing: 0}}}\n", of_many)).found
    assert "call_in" not in {one.kind for one in found.plan.calls}


def test_nobody_sits_where_there_is_no_workplace(tmp_path):
    """Nine workplaces, of whose people nine of ten come: at most nine are planned at once."""
    found = in_surge(loaded(tmp_path, change=lambda text: of_many(text).replace("seats: 40", "seats: 9"))).found
    assert max(found.plan.before) < 9
    assert max(found.plan.after) == 9


def test_seats_open_where_people_were_called_and_lacking(surge):
    plan = surge.found.plan
    base = opened(surge.scenario, in_words(surge.problem, surge.roster, first_day(surge.scenario)))
    helped = opened(surge.scenario, (surge.found.shifts, surge.found.roster))
    need = np.array([row.need for row in plan.problem.cover])
    before, after = (np.array(one) for one in (plan.before, plan.after))
    lacking = ((before < need) & (after > before))[48:]
    assert lacking.sum() > 10
    assert (helped[lacking] >= base[lacking]).all()
    assert helped[lacking].sum() > base[lacking].sum()
    assert (helped[~lacking] >= base[~lacking]).all()


def test_who_is_called_has_the_hours_in_the_roster(surge):
    """Every other cell says the same hours as before."""
    by_code = {one.code: one for one in surge.found.shifts}
    asked = {(one.person, one.day): one for one in surge.found.plan.calls}
    for i, row in enumerate(surge.found.roster.rows):
        for day, code in enumerate(row.codes):
            old, call = int(surge.roster[i, day]), asked.get((row.name, day))
            hours = float(by_code[code].hours) * 60 if code in by_code else 0
            if call is not None:
                assert hours == call.duty[1] - call.duty[0]
            else:
                assert hours == (surge.problem.duties[old].presence if old != OFF else 0)


def test_nobody_on_leave_is_called(tmp_path):
    """Everybody is on leave on the second day but the first two."""
    rows = "\n".join(f"P{i:02},休,休,{'休' if i < 2 else '假'}" for i in range(30))
    (tmp_path / "roster.csv").write_text(f"姓名,2021-08-01,2021-08-02,2021-08-03\n{rows}\n", encoding="utf-8")
    more = "people: {town: {roster: {table: roster.csv}, call_in: {willing: 100 %}}}\n"
    coded = 'shifts: {days: [{start: "08:00", hours: 8, code: 白0800}]}'
    found = in_surge(loaded(tmp_path, more, lambda text: of_many(text).replace(
        'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}', coded)))
    second = {one.person for one in found.found.plan.calls if one.day == 2}
    assert second <= {"P00", "P01"}
    assert {row.codes[2] for row in found.found.roster.rows[2:]} == {"假"}


# --- when a surge begins ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("usual", "grown", "told"), [
    ([10, 10, 10], [10, 15, 30], 30),      # five more, and a fifth more
    ([10, 10, 10], [14, 14, 10], None),    # only four more
    ([50, 50, 50], [55, 59, 60], 60),      # five more are too few of fifty
    ([0, 0, 0], [0, 4, 5], 60),
    ([10, 10, 10], [9, 8, 0], None),
])
def test_a_surge_begins_with_a_fifth_and_five_people_more(usual, grown, told):
    assert first_grown(np.array([usual]), np.array([grown])) == told


def test_nobody_is_called_where_nothing_grows(surge):
    presence = Presence.of(surge.scenario, "town")
    usual = people_for(presence, USUAL)
    assert called(surge.scenario, "town", surge.problem, surge.roster,
                  surge_needs(presence, usual, usual, usual, usual),
                  surge.scenario.staffing.prices, first_day(surge.scenario)) is None


def test_who_does_not_come_is_spread_over_the_roster():
    people = [Person(f"P{i}", "g") for i in range(20)]
    assert unwilling(people, CallInTerms.model_validate({"willing": {"number": 1.0}})) == frozenset()
    assert len(unwilling(people, CallInTerms.model_validate({"willing": {"number": 0.0}}))) == 20
    half = sorted(int(name[1:]) for name in unwilling(people, CallInTerms.model_validate({"willing": {"number": 0.5}})))
    assert half == list(range(1, 20, 2))
    some = sorted(int(name[1:]) for name in unwilling(people, CallInTerms.model_validate({"willing": {"number": 0.8}})))
    assert some == [4, 9, 14, 19]


def test_months_begin_where_the_calendars_do():
    terms = overtime_terms(WorkRules(), Prices(), date(2021, 7, 30), 10)
    assert terms.month_starts == (-29, 2)       # the first of July and of August
    assert (terms.most_a_day, terms.most_a_month, terms.emergency) == (180, 2160, False)
    assert (terms.wage, terms.longer, terms.day_off) == (68 / 60, 1.5, 2.0)


# --- the account of overtime -----------------------------------------------------------------------------------------

LONG = Duty("长", 480, 600, 600)      # ten hours
WHITE = Duty("白", 480, 480, 480)


def account(rows, rules=None, **person):
    """Of rosters from Monday on, a letter a day."""
    roster = np.array([["白长".find(letter) for letter in row] for row in rows])
    people = tuple(Person(f"P{i}", "g", **person) for i in range(len(rows)))
    problem = Problem(roster.shape[1], (WHITE, LONG), people, ())
    rules = rules or WorkRules()
    terms = overtime_terms(rules, Prices(), date(2021, 8, 2), problem.days)
    return Account(problem, terms, in_roster(problem, roster, rules))


def test_overtime_of_the_roster_is_not_there_for_calls():
    """Four times ten hours and a day of eight are 48: eight hours on the fifth day. 36 hours a month leave 28."""
    left = account(["长长长长白..白......"]).left("P0", 8)
    assert left.month == (36 - 8) * 60
    assert account(["白白白白白..白白白白白.."]).left("P0", 8).month == 36 * 60
    assert account(["白白白白白..白白白白白.."]).done == ()


def test_a_day_is_longer_only_by_what_goes_beyond_its_standard_hours():
    """Fifty hours in five days: the last is overtime in whole, and longer by two hours."""
    done = account(["长长长长长.."]).done
    assert [(one.day, one.minutes, one.day_off) for one in done] == [(4, 120, False), (4, 480, True)]
    assert account(["长长长长长.."]).left("P0", 4).day == 60


def test_hours_carried_in_count():
    before = CarriedIn(minutes_this_week=36 * 60)
    done = account(["白......"], before=before).done
    assert [(one.day, one.minutes) for one in done] == [(0, 4 * 60)]


def test_where_hours_are_reckoned_over_longer_only_the_sum_counts():
    rules = WorkRules(comprehensive="month")
    assert account(["长长长长长长.长......"], rules).done == ()
    assert sum(one.minutes for one in account(["长长长长长长.长长长...."], rules).done) == 10 * 60


def test_ordinary_limits_at_a_price_are_left_to_the_account(surge):
    names = {rule.name for person in of_surge(surge.problem, np.zeros((3, 48), int), Prices()).people
             for rule in person.limits if rule.price is not None}
    assert names == {"least_rest"}


def test_where_workplaces_are_too_few_by_most_a_missing_person_counts_most(surge):
    problem = of_surge(surge.problem, np.full((3, 48), 9), Prices())
    overload = np.zeros((3, 48))
    overload[1, 20:22] = 0.5, 0.9
    rows = [row.missing_price for row in worst_first(problem, overload).cover]
    usual = problem.cover[0].missing_price
    assert rows[48 + 20:48 + 23] == pytest.approx([1.2 * usual, 1.36 * usual, usual])
