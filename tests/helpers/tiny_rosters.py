"""Tiny random problems with every kind of rule in turn."""
from itertools import product

import numpy as np

from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Ceiling,
    Cell,
    Cover,
    Duty,
    Fairness,
    Person,
    Problem,
    Rule,
    Wish,
    cover_by_duty,
)

DAY = Duty("D", 480, 480, 480)
NIGHT = Duty("N", 1320, 600, 540, night=True, not_followed_by=frozenset("D"))
DUTIES = (DAY, NIGHT)


def rule(name, value, price=None, duty=None):
    return Rule(name, value, "contract", "contract 7", price, duty)


# Name, values hard, values priced: of all kinds of limits.
LIMITS = (
    ("most_minutes", 1500), ("least_minutes", 900), ("most_minutes_a_week", 1000), ("most_minutes_a_day", 500),
    ("most_days_in_a_row", 2), ("least_days_in_a_row", 2), ("least_days_off_in_a_row", 2), ("most_weekends", 0),
    ("most_nights", 1), ("most_nights_in_a_row", 1), ("most_of_duty", 1), ("least_rest", 900), ("weekly_rest_days", 4),
)


def limits(rng, count):
    picked = rng.choice(len(LIMITS), count, replace=False)
    return tuple(rule(LIMITS[k][0], LIMITS[k][1], float(rng.choice([0.05, 7])) if rng.random() < 0.5 else None,
                      "D" if LIMITS[k][0] == "most_of_duty" else None) for k in picked)


def before(rng):
    if rng.random() < 0.3:
        return None
    days = int(rng.integers(0, 3))
    last = str(rng.choice(["D", "N"])) if days else None
    return CarriedIn(days_in_a_row=days, days_off_in_a_row=int(rng.integers(1, 3)), last_duty=last,
                     nights_in_a_row=int(last == "N"), minutes=int(rng.choice([0, 300])),
                     minutes_this_week=int(rng.choice([0, 480])), days_this_week=int(rng.integers(0, 2)),
                     nights=int(rng.integers(0, 3)))


def person(rng, name, days, count):
    day = [int(k) for k in rng.permutation(days)]
    return Person(
        name, "all", limits(rng, count), leads=bool(rng.random() < 0.5),
        skills=frozenset(["en"] * int(rng.random() < 0.5)),
        leave=frozenset(day[:int(rng.random() < 0.3)]),
        pins=(Cell(day[1], "D" if rng.random() < 0.5 else None),) if rng.random() < 0.2 else (),
        published=(Cell(day[0], "N"), Cell(day[2], None)) if rng.random() < 0.3 else (),
        wishes=(Wish(day[0], None, False, 2.0), Wish(day[1], "N", True, 3.0)), before=before(rng))


def problem(seed, people=2, days=4):
    """[people] of two duties, from a Thursday on, so that a week and a weekend end inside."""
    rng = np.random.default_rng(seed)
    need = rng.integers(0, 3, (days, 2))
    leaders = tuple(Cover(f"leader {day}", 1, 4.0, 0.0, ((day, "D"), (day, "N")), leaders=True) for day in range(2))
    english = (Cover("english", 1, 5.0, 1.0, ((1, "D"),), skill="en", ceiling=Ceiling(0, 4.5)),)
    fairness = (Fairness("nights", "all", 3.0, width=1),) if seed % 3 == 0 else ()
    staff = tuple(person(rng, name, days, 4) for name in "ABC"[:people])
    return Problem(days, DUTIES, staff, (*cover_by_duty(need, DUTIES, 10.0, 1.0), *leaders, *english), fairness,
                   first_weekday=3, change_price=1.5, premium=tuple(0.01 * (day == 2) for day in range(days)))

def best_cost(problem):
    """Counted one by one: least cost of all rosters that keep the hard rules; infinite if there is none."""
    people, choices = len(problem.people), range(-1, len(problem.duties))
    rosters = (np.array(cells).reshape(people, problem.days)
               for cells in product(choices, repeat=people * problem.days))
    return min((found.cost for found in (evaluate(problem, roster) for roster in rosters) if found.feasible),
               default=np.inf)
