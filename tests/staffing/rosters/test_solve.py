"""Rosters against all rosters of tiny problems, and what must hold of each."""
from dataclasses import replace

import numpy as np
import pytest
import tiny_rosters
from tiny_rosters import DAY, DUTIES, NIGHT, rule

from optimizer.staffing.rosters import bound as bounds
from optimizer.staffing.rosters import days_anew, graph, instance, paths
from optimizer.staffing.rosters import solve as solving
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.making import as_published, published_roster
from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Ceiling,
    Cell,
    Cover,
    Duty,
    Fairness,
    Person,
    Problem,
    ProblemError,
    Wish,
    cover_by_duty,
    cover_by_interval,
)
from optimizer.staffing.rosters.solve import solve, unless_published


@pytest.mark.parametrize("way", ["few", "many", "crowd"])
@pytest.mark.parametrize("seed", range(12))
def test_no_roster_is_better_than_the_bound_nor_worse_than_found(seed, way, monkeypatch):
    monkeypatch.setattr(solving, "FEW", 20_000 if way == "few" else 0)
    if way == "crowd":
        for module in (solving, bounds, days_anew):
            monkeypatch.setattr(module, "MOST_PEOPLE", 1)
        monkeypatch.setattr(bounds, "SOME", 1)
    problem = tiny_rosters.problem(seed, days=3)
    best, found = tiny_rosters.best_cost(problem), solve(problem, seconds=20.0)
    if best == np.inf:
        assert found.status == "infeasible"
        return
    assert found.evaluation.feasible
    assert found.bound <= best + 1e-6
    assert found.cost == pytest.approx(best)


def line(people, days, **rest):
    return Problem(days, DUTIES, people, cover_by_duty(np.ones((days, 2)), DUTIES, 10.0, 1.0), **rest)


def test_the_fifth_day_in_a_row_carried_in_is_followed_by_a_day_off():
    person = Person("Zhang", "full", (rule("most_days_in_a_row", 5),), before=CarriedIn(days_in_a_row=5, last_duty="D"))
    assert list(solve(line((person,), 2)).roster[0] >= 0) == [False, True]


def test_pins_leave_and_what_may_not_follow_hold():
    person = Person("Zhang", "full", pins=(Cell(0, "N"), Cell(3, None)), leave=frozenset([2]))
    row = solve(line((person,), 5)).roster[0]
    assert row[0] == DUTIES.index(NIGHT)
    assert row[1] != DUTIES.index(DAY)
    assert list(row[2:4]) == [-1, -1]


def test_rest_between_duties_holds():
    late = Duty("L", 840, 540, 480)
    problem = Problem(4, (DAY, late), (Person("Li", "full", (rule("least_rest", 660),)),),
                      cover_by_duty([[0, 1], [1, 0], [0, 1], [1, 0]], (DAY, late), 10.0, 1.0))
    assert not solve(problem).evaluation.broken
    assert solve(problem).cost == 20.0


def test_what_is_published_changes_only_where_it_pays():
    published = tuple(Cell(day, None) for day in range(3))
    problem = replace(line((Person("Li", "full", published=published),), 3), change_price=12.0)
    assert (solve(problem).roster == -1).all()
    assert (solve(replace(problem, change_price=8.0)).roster >= 0).all()


def test_what_is_published_is_where_a_search_may_begin():
    """Who can keep the published row does; who can't has the best one beside the others."""
    people = (Person("A", "full", published=(Cell(0, "D", frozenset("N")), Cell(1, None))),
              Person("B", "full", published=(Cell(0, "N", frozenset("D")), Cell(1, "D"))),
              Person("C", "full", leave=frozenset([0]), published=(Cell(0, "D"), Cell(1, None))))
    problem = replace(line(people, 2), change_price=3.0)
    making = as_published(Instance(problem), [])
    assert making.roster.tolist() == [[0, -1], [0, 0], [-1, 1]]
    assert making.cost == 10 + 1 + 2 * 3   # a night is missing and a day too many, and C changes twice
    assert as_published(Instance(line((Person("A", "full"),), 2)), []) is None


def test_what_is_laid_down_is_a_part_of_what_is_published():
    """Who could not begin at the published row, as its first day is laid down, would have any other."""
    person = Person("A", "full", pins=(Cell(0, "D"),), published=(Cell(1, "N"), Cell(2, None)))
    problem = replace(line((person,), 3), change_price=3.0)
    assert published_roster(problem).tolist() == [[0, 1, -1]]
    assert as_published(Instance(problem), []).roster.tolist() == [[0, 1, -1]]


def test_what_is_published_is_handed_out_where_a_search_found_worse_or_what_may_not_be():
    free = line((Person("A", "full", published=(Cell(0, "D"), Cell(1, "D"))),), 2)
    problem = replace(free, change_price=3.0)
    worse, illegal = np.array([[-1, 0]]), np.array([[1, 0]])    # a day missing and a change; a day after a night
    assert [unless_published(problem, one)[0].tolist() for one in (worse, illegal)] == [[[0, 0]]] * 2
    better = replace(problem, change_price=0.0, cover=cover_by_duty([[0, 0], [1, 1]], DUTIES, 10.0, 1.0))
    assert unless_published(better, worse)[0].tolist() == worse.tolist()
    refused = replace(problem, people=(replace(problem.people[0], limits=(rule("most_days_in_a_row", 1),)),))
    assert unless_published(refused, worse)[0].tolist() == worse.tolist()


@pytest.mark.parametrize("way", ["few", "many"])
def test_a_plan_anew_costs_no_more_than_what_is_published(way, monkeypatch):
    monkeypatch.setattr(solving, "FEW", 20_000 if way == "few" else 0)
    plain = tiny_rosters.problem(8, people=4, days=7)
    problem = replace(plain, fairness=(), people=tuple(replace(one, published=()) for one in plain.people))
    first = solve(problem, seconds=0.5, seed=1)
    assert first.evaluation.feasible
    codes = [*(duty.code for duty in problem.duties), None]
    known = replace(problem, change_price=1.0, people=tuple(
        replace(one, published=tuple(Cell(day, codes[k]) for day, k in enumerate(row)))
        for one, row in zip(problem.people, first.roster, strict=True)))
    again = solve(known, seconds=0.0, seed=2)
    assert again.cost <= first.cost + 1e-9


def test_a_weekend_is_given_to_one_person():
    people = tuple(Person(name, "full", (rule("most_weekends", 1),)) for name in "AB")
    problem = Problem(14, (DAY,), people, cover_by_duty(np.ones((14, 1)), (DAY,), 10.0, 10.0))
    found = solve(problem)
    assert found.cost == 0.0
    assert sorted(found.evaluation.weekends) == [1, 1]


def test_nights_are_shared():
    people = tuple(Person(name, "full", (rule("most_days_in_a_row", 6),), before=CarriedIn(nights=n))
                   for name, n in [("A", 0), ("B", 0), ("C", 2)])
    problem = Problem(8, (NIGHT,), people, cover_by_duty(np.ones((8, 1)), (NIGHT,), 10.0, 1.0),
                      (Fairness("nights", "full", 5.0, width=1),))
    nights = solve(problem).evaluation.nights + np.array([0, 0, 2])
    assert max(nights) - min(nights) <= 1


@pytest.mark.parametrize("few", [0, 20_000])
def test_nobody_works_where_there_is_no_room(few, monkeypatch):
    """Three are wanted and five would like to work, and there is room for two."""
    monkeypatch.setattr(solving, "FEW", few)
    people = tuple(Person(name, "full", (rule("least_minutes", 5 * 480, 1.0),)) for name in "ABCDE")
    cover = tuple(replace(row, ceiling=Ceiling(2, 2_000.0))
                  for row in cover_by_interval(np.full((7, 24), 3), DUTIES, 20.0, 1.0))
    found = solve(Problem(7, DUTIES, people, cover), 5.0)
    assert found.evaluation.cover.max() == 2
    assert found.evaluation.parts["beyond"] == 0
    assert found.bound <= found.cost


def test_a_leader_stands_on_each_shift():
    people = (Person("A", "full", leads=True), Person("B", "full", leads=True), Person("C", "full"))
    rows = tuple(Cover(f"leader {code}", 1, 50.0, 0.0, ((0, code),), leaders=True) for code in "DN")
    problem = Problem(1, DUTIES, people, (*cover_by_duty([[2, 1]], DUTIES, 10.0, 1.0), *rows))
    assert sorted(solve(problem).roster[:2, 0]) == [0, 1]


def test_people_whose_rules_contradict_each_other_are_named():
    people = (Person("A", "full", pins=(Cell(0, "D"),), leave=frozenset([0])), Person("B", "full"))
    found = solve(line(people, 2))
    assert found.status == "infeasible"
    assert found.without_row == ("A",)
    assert (found.roster[1] >= 0).all()


def test_the_same_seed_gives_the_same_roster():
    problem = tiny_rosters.problem(5, people=3, days=6)
    assert (solve(problem, seed=3).roster == solve(problem, seed=3).roster).all()


def test_without_time_cover_costs_nothing_at_the_least():
    people = tuple(Person(name, "full", leave=frozenset([0]), wishes=(Wish(0, None, True, 3.0),)) for name in "ABCDE")
    found = solve(line(people, 4), seconds=0.0)
    assert 15.0 <= found.bound <= found.cost


@pytest.mark.parametrize(("module", "limit"), [(paths, "MOST_NODES"), (graph, "MOST_ARCS"), (instance, "MOST_ARCS")])
def test_a_horizon_of_which_not_even_a_week_fits_is_refused(module, limit, monkeypatch):
    monkeypatch.setattr(module, limit, 10)
    with pytest.raises(ProblemError, match="fewer weeks"):
        solve(line((Person("A", "full", (rule("most_weekends", 1),)),), 28))
