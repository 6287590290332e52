"""Known causes are found, amounts are least: against enumeration of every roster of tiny problems."""
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from optimizer.staffing.revising.families import Treatment
from optimizer.staffing.revising.infeasible import Diagnosis, Left, NoRow, Prices, TooFew, why
from optimizer.staffing.revising.relaxation import Relaxation
from optimizer.staffing.revising.search import search
from optimizer.staffing.rosters.evaluate import broken_rules, evaluate
from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Ceiling,
    Cell,
    Cover,
    Duty,
    Person,
    Problem,
    Rule,
    cover_by_duty,
)

EARLY = Duty("E", 480, 480, 480)
LATE = Duty("L", 840, 480, 480)
NIGHT = Duty("N", 1320, 600, 540, night=True)
PRICES = Prices(person=1000.0, families={"rest": 2.0, "overtime": 0.5}, others={"pin": 40.0, "leave": 300.0})


def rule(name, value, price=None, duty=None):
    return Rule(name, value, "law", "law 1", price, duty)


def ways(diagnosis: Diagnosis, what: str, hard_too=None):
    return [way for way in diagnosis.ways_out if way.what == what and hard_too in (None, way.hard_too)]


def test_more_wanted_in_a_row_than_there_are_people():
    people = (Person("Li", "full"), Person("Wu", "full", leave=frozenset([0])), Person("Xu", "full",
                                                                                     pins=(Cell(0, None),)))
    problem = Problem(1, (EARLY,), people, (Cover("0 E", 3, 10.0, 0.0, ((0, "E"),)),))
    found = why(problem, PRICES)
    assert found.findings[0] == TooFew("rows", "hard_only", 0, 0, (0,), 3, 1)
    assert [(way.amount, way.price, way.still_missing, way.proof) for way in ways(found, "people")] \
        == [(2, 2000, 0, "search")]
    assert [(way.amount, way.price, way.proof) for way in ways(found, "cover")] == [(2, 20, "search")]


def test_rows_that_no_duty_covers_are_told_apart():
    found = why(Problem(1, (EARLY,), (Person("Li", "full"),), (Cover("0 03:00", 2, 10.0, 0.0, ()),)), PRICES)
    assert found == Diagnosis((TooFew("no_duty", "hard_only", 0, 0, (0,), 2, 0),), ())


def test_a_week_lacks_what_no_day_lacks_and_overtime_would_do():
    people = (Person("Li", "full", (rule("most_minutes_a_week", 1920, 0.5), rule("most_minutes_a_week", 2400))),)
    problem = Problem(7, (EARLY,), people, cover_by_duty([[1]] * 5 + [[0]] * 2, (EARLY,), 900.0, 0.0))
    found = why(problem, PRICES)
    assert found.findings == (TooFew("week", "priced_too", 0, 6, (0, 1, 2, 3, 4), 5, 4),)
    overtime = ways(found, "overtime", False)[0]
    assert (overtime.amount, overtime.price, overtime.still_missing, overtime.unit) == (480, 240, 0, "minutes")
    assert overtime.amounts == {("most_minutes_a_week", 1920, None): 480}
    assert overtime.proof == "search"
    assert found.ways_out[0] == overtime


def test_rest_down_and_more_people_on_nights():
    people = tuple(Person(name, "full", (rule("least_rest", 660, 0.1), rule("least_rest", 480))) for name in "AB")
    cover = (Cover("0 L", 2, 10.0, 0.0, ((0, "L"),)), Cover("1 E", 1, 10.0, 0.0, ((1, "E"),)))
    found = why(Problem(2, (EARLY, LATE, NIGHT), people, cover), PRICES)
    assert [(one.scope, one.missing) for one in found.findings] == [("week", 1)]
    rest = ways(found, "rest", False)[0]
    assert (rest.amount, rest.unit, rest.price, rest.proof) == (60, "minutes", 6.0, "search")
    assert (rest.times, rest.worst) == (1, 60)
    assert not ways(found, "people_on_nights")
    assert ways(found, "people")[0].amount == 1


def test_nights_need_people():
    people = tuple(Person(name, "full", (rule("most_nights", 1),)) for name in "AB")
    problem = Problem(3, (EARLY, NIGHT), people, cover_by_duty([[0, 1]] * 3, (EARLY, NIGHT), 10.0, 0.0))
    found = why(problem, PRICES)
    assert [(one.scope, one.missing) for one in found.findings] == [("week", 1)]
    assert ways(found, "people_on_nights")[0].amount == 1
    nights = ways(found, "nights", True)[0]
    assert (nights.amount, nights.unit, nights.found) == (1, "nights", True)


def test_rules_of_one_person_collide():
    rest = rule("least_rest", 660)
    person = Person("Li", "full", (rest, rule("most_nights", 3), rule("least_minutes", 0)),
                    pins=(Cell(0, "N"), Cell(1, "E")))
    found = why(Problem(3, (EARLY, NIGHT), (person, Person("Wu", "full")), ()), PRICES)
    assert found.findings == (NoRow("Li", ("pin", rest)),)
    assert [(way.what, way.amount, way.price, way.person) for way in found.ways_out] \
        == [("pin", 1, 40.0, "Li"), ("rest", 660, 1320.0, "Li")]


def test_a_roster_that_was_found_proves_whose_rules_do_not_collide():
    rest = rule("least_rest", 660)
    one, other = (Person(name, "full", (rest,), pins=(Cell(0, "N"), Cell(1, "E"))) for name in ("Li", "Wu"))
    problem = Problem(3, (EARLY, NIGHT), (one, other), ())
    broken, kept = [1, 0, -1], [1, -1, -1]   # of these only the first is as laid down, and breaks the rest
    found = why(problem, PRICES, roster=np.array([broken, broken]))
    assert found == why(problem, PRICES)
    assert [finding.person for finding in found.findings] == ["Li", "Wu"]
    free = replace(problem, people=(one, replace(other, pins=())))
    assert why(free, PRICES, roster=np.array([broken, kept])) == why(free, PRICES)


def test_leave_pins_and_least_minutes_collide():
    least = rule("least_minutes", 960)
    person = Person("Li", "full", (least,), leave=frozenset([0, 1]), pins=(Cell(2, None),))
    found = why(Problem(3, (EARLY,), (person,), ()), PRICES)
    assert set(found.findings[0].rules) == {"leave", least}
    assert {way.what: way.amount for way in found.ways_out} == {"leave": 2, "least_minutes": 960}


def test_nothing_to_find_where_all_is_well():
    problem = Problem(2, (EARLY,), (Person("Li", "full"),), cover_by_duty([[1], [1]], (EARLY,), 10.0, 0.0))
    assert why(problem, PRICES) == Diagnosis((), ())


# --- what more people alone leave ------------------------------------------------------------------------------------

def crowded(wanted, places, days=2):
    """So many people wanted early on each day, workplaces for fewer, and nobody but Li."""
    rows = [Cover(f"{day} E", wanted, 10.0, 0.0, ((day, "E"),), ceiling=Ceiling(places, 500.0)) for day in range(days)]
    return Problem(days, (EARLY,), (Person("Li", "full"),), tuple(rows))


def test_more_people_have_no_workplace_to_sit_at():
    found = why(crowded(4, 3), PRICES)
    assert found.left == Left(2.0, ("workplaces",))
    assert [(way.amount, way.still_missing) for way in ways(found, "people")] == [(2, 2)]
    enough = why(crowded(4, 4), PRICES)
    assert enough.left == Left(0.0, ())
    assert [(way.amount, way.still_missing) for way in ways(enough, "people")] == [(3, 0)]


def test_more_people_cannot_be_there_on_days_that_are_laid_down():
    found = why(crowded(2, 4), PRICES, since=1)
    assert found.left == Left(1.0, ("fixed_days",))
    assert [(way.amount, way.still_missing) for way in ways(found, "people")] == [(1, 1)]
    nothing = why(crowded(2, 4, days=1), PRICES, since=1)
    assert nothing.left == Left(1.0, ("fixed_days",))
    assert not ways(nothing, "people")


def test_more_people_do_not_fill_what_no_shift_may():
    people = (Person("Li", "full", allowed=frozenset("E")),)
    cover = (*cover_by_duty([[2, 1]], (EARLY, LATE), 10.0, 0.0),)
    found = why(Problem(1, (EARLY, LATE), people, cover), PRICES)
    assert found.left == Left(1.0, ("shifts",))


def test_who_is_laid_down_to_be_there_may_sit_beyond_the_workplaces():
    people = tuple(Person(name, "full", pins=(Cell(0, "E"),)) for name in ("Li", "Wu", "Xu"))
    row = Cover("0 E", 4, 10.0, 0.0, ((0, "E"),), ceiling=Ceiling(2, 500.0))
    found = why(Problem(1, (EARLY,), people, (row,)), PRICES)
    assert {(one.need, one.most) for one in found.findings} == {(4, 3)}
    assert found.left == Left(1.0, ("workplaces",))


LIMITS = [("most_minutes", 1000), ("most_minutes_a_week", 960), ("most_minutes_a_day", 500), ("most_days_in_a_row", 2),
          ("least_days_in_a_row", 2), ("least_days_off_in_a_row", 2), ("most_weekends", 0), ("most_nights", 1),
          ("most_nights_in_a_row", 1), ("most_of_duty", 1), ("least_rest", 700), ("weekly_rest_days", 6)]


@pytest.mark.parametrize("seed", range(10))
def test_bounds_and_searches_against_every_roster(seed):
    rng = np.random.default_rng(seed)
    duties, days = (EARLY, NIGHT), 4
    names = [LIMITS[k] for k in rng.choice(len(LIMITS), 3, replace=False)]
    limits = tuple(rule(name, value, duty="N" if name == "most_of_duty" else None,
                        price=None if rng.random() < 0.5 else 1.0) for name, value in names)
    past = CarriedIn(days_in_a_row=int(rng.integers(3)), days_this_week=2, minutes=200, minutes_this_week=300,
                     nights_in_a_row=1)
    people = (Person("A", "full", limits, before=past), Person("B", "full", limits, leave=frozenset([1])),
              Person("C", "full", limits[:1], pins=(Cell(2, None),)))
    problem = Problem(days, duties, people, cover_by_duty(rng.integers(0, 3, (days, 2)), duties, 10.0, 0.0),
                      first_weekday=4)
    for treatment, counted in ((Treatment(), True), (Treatment("hard_only"), False)):
        fewest = min_missing(problem, counted)
        found = search(problem, treatment, 10.0)
        if fewest is None:
            assert found is None
        else:
            assert found.missing == fewest
            assert found.best
            assert not [one for one in evaluate(problem, found.roster).broken if counted or one.rule.price is None]
            assert Relaxation(problem, treatment).least().lacking <= fewest + 1e-6


def min_missing(problem: Problem, counted: bool) -> int | None:
    """Over all rosters whose rows break no rule, or none that must never be broken."""
    need, best = np.array([row.need for row in problem.cover]), None
    covers = [set() for _ in problem.people]
    for found, person in zip(covers, problem.people, strict=True):
        for row in product(range(-1, len(problem.duties)), repeat=problem.days):
            if not [one for one in broken_rules(problem, person, list(row)) if counted or one.rule.price is None]:
                found.add(tuple(int(row[one.duties[0][0]] == problem.index[one.duties[0][1]])
                                for one in problem.cover))
    for choice in product(*covers):
        missing = int(np.maximum(0, need - np.sum(choice, axis=0)).sum())
        best = missing if best is None else min(best, missing)
    return best
