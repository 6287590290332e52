"""What nobody may be asked for who is called, though a roster may have it at a price."""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.rosters.problem import Problem
from sim.scenario.work_rules import WorkRules


def within_law(problem: Problem, rules: WorkRules) -> Problem:
    """No call makes days in a row more than the law's day of rest in seven leaves: days of a roster and those for which
    people are called count alike. In an emergency it may, at the price that the rule has, and each call tells it."""
    if rules.emergency:
        return problem
    return replace(problem, people=tuple(replace(person, limits=tuple(
        replace(rule, price=None) if rule.name == "most_days_in_a_row" and rule.kind == "law" else rule
        for rule in person.limits)) for person in problem.people))
