"""A roster that is planned anew: its shifts are known, its cells are kept where they can be, and changes are told."""
import numpy as np
import pytest
from one_city import PEOPLE, ROSTER, loaded

from optimizer.staffing.planning.city_roster.duties import duties_of
from optimizer.staffing.planning.city_roster.from_table import Codes
from optimizer.staffing.planning.city_roster.published import (
    Family,
    families,
    revised,
    unless_hardly_better,
    with_published,
)
from optimizer.staffing.planning.city_roster.rostering import problem_of
from optimizer.staffing.planning.city_roster.table_shifts import named_from
from optimizer.staffing.planning.designing import designed
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.rostered import rostered_on
from optimizer.staffing.rosters.problem import OFF, Cell, Cover, Person, Problem
from optimizer.staffing.rosters.solve import solve
from sim.scenario.people import Shift
from sim.scenario.staffing_terms import MARKS, Prices, ShiftType

LATER = frozenset(f"早{mark}" for mark in MARKS[1:])
EIGHT = np.tile([0] * 16 + [2] * 16 + [0] * 16, (3, 1))     # two people from eight to four on each day


def shift(code, start=480, hours=8.5, window=(3.0, 5.5), length=1800.0):
    breaks = [{"length": {"number": length, "unit": "s"}, "paid": False,
               "window": [{"number": one, "unit": "h"} for one in window]}] if window else []
    return Shift.model_validate({"code": code, "start": start, "hours": {"number": hours, "unit": "h"},
                                 "breaks": breaks})


def kind(code="白", start=(480, 480), hours=(8.5,), **more):
    return ShiftType.model_validate({"code": code, "from": start, "hours": [{"number": h, "unit": "h"} for h in hours],
                                     **more})


def town(folder, roster=ROSTER, **numbers):
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    return loaded(folder, PEOPLE, lambda text: text.replace("hours: 8, share: 50 %", "hours: 8, code: 白"), **numbers)


# --- duties ----------------------------------------------------------------------------------------------------------

def test_a_designed_shift_that_is_known_has_the_code_that_is_known():
    known = [shift("早①", window=(3.0, 3.5)), shift("早②", window=(4.0, 4.5))]
    codes = [duty.code for duty in with_published(duties_of([shift("白0800")], 30), known, 30)]
    assert codes == ["早①", "早②", "白0800②", "白0800④", "白0800⑤"]


def test_a_time_of_a_shift_stands_once_though_the_shift_is_known_too():
    """Some of a roster's people have their meal at a time of its own, others in a window."""
    known = [shift("早"), shift("早②", window=(4.0, 4.5)), shift("晨", window=(3.0, 3.5))]
    assert [duty.code for duty in with_published((), known, 30)] == [
        "早②", "晨", "早①", "早b②", "早④", "早⑤"]
    other = [shift("早", window=(3.0, 4.5)), shift("早①", window=(3.5, 4.0))]
    assert [(duty.code, duty.breaks[0][0]) for duty in with_published((), other, 30)] == [
        ("早①", 210), ("早b①", 180), ("早③", 240)]


def test_a_code_that_is_known_for_another_shift_gets_a_letter():
    known = [shift("白0800", start=540)]
    duties = {duty.code: duty.start for duty in with_published(duties_of([shift("白0800")], 30), known, 30)}
    assert duties == {f"白0800{mark}": 540 for mark in MARKS} | {f"白0800b{mark}": 480 for mark in MARKS}


def test_a_cell_without_a_time_for_the_meal_is_kept_at_any_time():
    duties = duties_of([shift("早"), shift("晚②", start=900, window=(4.0, 4.5))], 30)
    codes = Codes(duties)
    cells = [codes.cell(day, code) for day, code in enumerate(("早", "早③", "晚②", "休"))]
    assert cells == [Cell(0, "早①", LATER), Cell(1, "早③"), Cell(2, "晚②"), Cell(3, None)]
    assert codes.cell(0, "早").duty == "早②"     # in turn
    assert cells[0].kept_by("早③")
    assert not cells[1].kept_by("早①")
    assert not cells[0].kept_by(None)


# --- shifts ----------------------------------------------------------------------------------------------------------

def test_shifts_that_differ_by_their_meals_are_one_kind():
    early = [shift("早①", window=(3.0, 3.5)), shift("早③", window=(5.0, 5.5))]
    known = families([*early, shift("短", hours=4, window=())], 30)
    assert list(known) == [Family(480, 510, 30), Family(480, 240, 0)]
    assert known[480, 510, 30, False].code == "早"
    assert [float(hours) for hours in known[480, 510, 30, False].breaks[0].window] == [3.0, 5.5]


@pytest.mark.parametrize("odd", [shift("早", start=490), shift("早", hours=8.25), shift("早", window=(3.25, 5.5)),
                                 shift("早", length=1200.0)])
def test_shifts_that_are_not_of_half_hours_are_no_kinds(odd):
    assert families([odd], 30) == {}


def test_a_known_shift_costs_nothing_as_a_kind_and_keeps_its_code():
    alone = designed([kind()], EIGHT, 99, Prices(), 2.0, 1)
    known = designed([kind()], EIGHT, 99, Prices(), 2.0, 1,
                     published=[shift("早①", window=(3.0, 3.5))])
    assert ([one.code for one in alone.shifts], [one.code for one in known.shifts]) == (["白0800"], ["早"])
    assert alone.plan.cost.kinds == pytest.approx(1000 * 3 / 7)
    assert known.plan.cost.kinds == 0
    assert known.people.tolist() == alone.people.tolist()


def test_a_known_shift_is_there_that_no_kind_offers():
    of = designed([kind(start=(900, 900))], EIGHT, 99, Prices(), 2.0, 1,
                  published=[shift("早", hours=8, window=())])
    assert [(one.code, one.start, float(one.hours)) for one in of.shifts] == [("早", 480, 8.0)]
    assert of.people.tolist() == [[2, 2, 2]]


# --- a plan anew -----------------------------------------------------------------------------------------------------

def need(people):
    """[3 days, half-hours] from eight to four on the second and third."""
    found = np.zeros((3, 48), int)
    found[1:, 16:32] = people
    return found


def anew(scenario, people):
    shifts = designed(scenario.staffing.shift_types, people, 9, scenario.staffing.prices, 1.0, 1,
                      published=named_from(scenario, "town", first_day(scenario)))
    return rostered_on(scenario, "town", shifts, people, 2.0, 1)


def test_where_the_need_is_what_it_was_nothing_changes(tmp_path):
    rostered = anew(town(tmp_path), need(1))
    assert [row.codes for row in rostered.table.rows] == [
        ("休", "白", "休"), ("休", "休", "白"), ("休", "假", "休"), ("休", "休", "休")]
    assert (rostered.changed.changes, rostered.changed.price, rostered.changed.frozen_kept) == ((), 0, True)


def test_who_comes_in_addition_is_told_and_all_else_stays(tmp_path):
    changed = anew(town(tmp_path), need(2)).changed
    assert sorted(one.day for one in changed.changes) == [1, 2]
    assert {(one.before, one.after, one.minutes) for one in changed.changes} == {(None, "白", 480)}
    assert changed.change_price == 2 * 2 * 68
    assert changed.price < 0    # less is missing than the changes and the hours cost
    assert [one.notice for one in sorted(changed.changes, key=lambda one: one.day)] == [480, 480 + 1440]


@pytest.mark.parametrize(("worth", "kept"), [(14.0, True), (20.0, False)])
def test_what_is_published_stays_where_a_change_hardly_pays(worth, kept):
    """Two changes cost 2 x 1, what has changed another 5."""
    [duty] = duties_of([shift("早", window=())], 30)
    people = tuple(Person(name, "full", published=(Cell(0, None), Cell(1, None))) for name in "AB")
    cover = tuple(Cover(f"{day}", 1, worth / 2, 0.0, ((day, "早"),)) for day in range(2))
    problem = Problem(2, (duty,), people, cover, change_price=1.0, premium=(4.0 / duty.paid,) * 2)
    solved = solve(problem, seconds=1.0)
    assert solved.cost == 2 * (1.0 + 4.0)   # of changes and of work, and nobody is missing
    found = unless_hardly_better(problem, solved)
    assert ((found.roster == OFF).all(), found.cost, found.status) == (
        (True, worth, "feasible") if kept else (False, solved.cost, "optimal"))


def test_a_meal_that_was_found_stays_where_all_else_is_as_published():
    duties = duties_of([shift("早")], 30)
    person = Person("王一", "full", published=(Cell(0, "早①", LATER), Cell(1, None)))
    need = (Cover("", 1, 1.0, 0.0, ((0, "早③"),)), Cover("", 1, 2.0, 0.0, ((1, "早①"),)))
    problem = Problem(2, duties, (person,), need, change_price=1.0)
    solved = solve(problem, seconds=1.0)
    assert solved.roster.tolist() == [[2, 0]]
    assert unless_hardly_better(problem, solved).roster.tolist() == [[2, OFF]]


def test_nothing_is_told_where_nothing_was_published(tmp_path):
    scenario = loaded(tmp_path)
    assert named_from(scenario, "town", first_day(scenario)) == ()
    assert anew(scenario, need(1)).changed is None


def test_a_cell_that_moves_within_what_was_published_is_no_change():
    duties = duties_of([shift("早")], 30)
    person = Person("王一", "full", published=(Codes(duties).cell(0, "早"), Cell(1, None)))
    problem = Problem(2, duties, (person, Person("李二", "full")), (), change_price=5.0)
    assert revised(problem, np.array([[2, OFF], [0, 1]]), 0).changes == ()
    [told] = revised(problem, np.array([[OFF, OFF], [0, 1]]), 0).changes
    assert (told.person, told.before, told.after, told.published) == ("王一", "早①", None, True)


def test_a_night_that_begins_as_its_day_ends_is_kept(tmp_path):
    """From midnight to eight, written with the day before."""
    (tmp_path / "roster.csv").write_text(ROSTER.replace("李二,休,休,白", "李二,休,休,休"), encoding="utf-8")
    scenario = loaded(tmp_path, PEOPLE, lambda text: text.replace('"08:00", hours: 8, share: 50 %',
                                                                  '"24:00", hours: 8, code: 白'))
    people = np.zeros((3, 48), int)
    people[2, :16] = 1
    rostered = anew(scenario, people)
    [night] = [duty for duty in rostered.problem.duties if duty.code == "白"]
    assert (night.start, night.night) == (1440, True)
    assert [(one.day, one.after) for one in rostered.changed.changes] == [(2, "白")]   # the night after the horizon
    assert rostered.solved.evaluation.cover[96:112].tolist() == [1] * 16


def test_leave_stays_leave_and_is_no_change(tmp_path):
    scenario = town(tmp_path)
    problem = problem_of(scenario, "town", (), need(0), first_day(scenario))
    assert [duty.code for duty in problem.duties] == ["白"]
    assert problem.people[2].leave == {1}
    assert [cell.day for cell in problem.people[2].pins] == [0]     # the evening before the horizon stays
    assert [cell.day for cell in problem.people[2].published] == [2]
