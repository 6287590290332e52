"""The rostering example of pyworkforce on the same inputs: ``python -m benchmarks.staffing.pyworkforce_rosters``.

Inputs are those of its ``examples/rostering/rostering_data.json`` (MIT; Rodrigo Arenas), where two of 55 people have
one name; the result is that of version 0.5.1. MinHoursRoster minimizes hours, less what preferences weigh, where nobody
may be missing, everybody works 40 hours and at least six of seven days. It knows no hours of rest, and forbids every
shift after a night where one is forbidden; ``with rest`` adds what it lacks: 11 hours between shifts, with the clock
that its scheduling example gives them, and at most 48 hours a week.
"""
from __future__ import annotations

import math
import sys

from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.rosters.problem import OFF, Duty, Person, Problem, Rule, Wish, cover_by_duty
from optimizer.staffing.rosters.solve import Solution, solve

DAYS, PEOPLE, SECONDS = 7, 55, 60.0
DUTIES = (Duty("Morning", 300, 480, 480), Duty("Afternoon", 780, 480, 480),
          Duty("Night", 1260, 480, 480, not_followed_by=frozenset({"Morning"})), Duty("Mixed", 540, 360, 360))
NEED = ((9, 11, 8, 2), (12, 13, 7, 4), (8, 10, 5, 18), (10, 11, 15, 7), (13, 9, 7, 10), (10, 11, 8, 5), (14, 7, 6, 17))
BANNED = {0: ((0, "Night"), (3, "Morning")), 1: ((1, "Mixed"),)}                # by person: days and duties
WISHED = {1: (0.8, ("Morning", "Mixed")), 54: (0.7, ("Afternoon",))}            # by person: weight and duties
THEIRS = 2379.0
A_DAY_OFF, MISSING, NEVER = 100.0, 10_000.0, 10_000.0       # hours' price: nothing is worth one more of these
RULES = (Rule("least_minutes", 40 * 60, "contract", "min_working_hours"),
         Rule("weekly_rest_days", 1, "law", "Labour Law art. 38"))
RESTED = (Rule("least_rest", 660, "custom", "11 hours between shifts"),
          Rule("most_minutes_a_week", 48 * 60, "law", "Labour Law art. 41"))


def person(k: int, rules: tuple[Rule, ...]) -> Person:
    """A day off costs: at most one is what MinHoursRoster allows."""
    works = tuple(Wish(day, None, True, A_DAY_OFF) for day in range(DAYS))
    banned = tuple(Wish(day, duty, False, NEVER) for day, duty in BANNED.get(k, ()))
    weight, duties = WISHED.get(k, (0.0, ()))
    wished = tuple(Wish(day, duty, True, weight) for duty in duties for day in range(DAYS))
    return Person(f"{k:02}", "all", rules, wishes=works + banned + wished)


def problem(rules: tuple[Rule, ...]) -> Problem:
    people = tuple(person(k, rules) for k in range(PEOPLE))
    return Problem(DAYS, DUTIES, people, cover_by_duty(NEED, DUTIES, MISSING, 0.0), premium=(1 / 60,) * DAYS)


def cost(found: Solution) -> float:
    """Hours less preferences, as MinHoursRoster has it; infinite where its rules are broken."""
    of = found.evaluation
    worked = found.roster != OFF
    banned = any(found.roster[k, day] != OFF and DUTIES[found.roster[k, day]].code == duty
                 for k, several in BANNED.items() for day, duty in several)
    if not of.feasible or of.parts["missing"] or worked.sum(axis=1).min() < DAYS - 1 or banned:
        return math.inf
    liked = sum(weight * sum(k != OFF and DUTIES[k].code in duties for k in found.roster[person])
                for person, (weight, duties) in WISHED.items())
    return float(of.minutes.sum() / 60 - liked)


def compared(name: str, rules: tuple[Rule, ...]) -> bool:
    found = solve(problem(rules), SECONDS)
    bound = found.bound - (found.cost - cost(found))    # what is constant in our price and not in theirs
    good = cost(found) <= THEIRS + 1e-9
    row((name, f"{cost(found):.1f}", f"{THEIRS:.1f}", f"{bound:.1f}", f"{found.seconds:.1f}", yes(good)))
    return good


def main() -> int:
    head("rules", "hours less preferences", "pyworkforce", "bound", "seconds", "no worse")
    met = [compared("as it has them", RULES), compared("with rest", (*RULES, *RESTED))]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
