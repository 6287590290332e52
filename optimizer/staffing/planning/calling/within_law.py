"""What law leaves open to who is called, beside what it leaves to a roster."""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.rosters.problem import Problem
from sim.scenario.work_rules import WorkRules


def within_law(problem: Problem, rules: WorkRules, hour: float) -> Problem:
    """No call makes more days in a row than the law's day of rest in seven leaves: days of a roster and those for which
    people are called count alike. In an emergency it may, at a day's pay for each, and the call tells it.

    :param hour: yuan of an hour's work.
    """
    if not rules.emergency:
        return problem
    price = rules.standard_day.value * hour
    return replace(problem, people=tuple(replace(person, limits=tuple(
        replace(rule, price=price) if rule.name == "most_days_in_a_row" and rule.kind == "law" else rule
        for rule in person.limits)) for person in problem.people))
