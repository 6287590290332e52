"""Which cities lend how many seats to whom in which blocks: the model is put together and solved."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from optimizer.lending.inputs import promise
from optimizer.lending.inputs.estimates import Estimates, NoPlanError
from optimizer.lending.inputs.flow import draws
from optimizer.lending.inputs.province import Lent, Pair
from optimizer.lending.inputs.second_surges import SecondSurge
from optimizer.lending.inputs.sources import city_of
from optimizer.lending.model import constraints
from optimizer.lending.model.calls import (
    people_come_once_a_day,
    rested_since_they_came,
    within_hours_of_overtime,
    within_remote_seats,
)
from optimizer.lending.model.goals import GOALS
from optimizer.lending.model.highs import run
from optimizer.lending.model.hints import start_of
from optimizer.lending.model.outcomes import callers_flow_on, lenders_lose
from optimizer.lending.model.recourse import second_surges
from optimizer.lending.model.variables import Course, Model
from optimizer.lending.settings import A_PERSON, GAP, SOLVE_MOST_S
from sim.core.arrays import Floats
from sim.scenario.messages import say


@dataclass(frozen=True)
class Answer:
    """What is done about a second surge: seats by lender, borrower and block."""

    struck: SecondSurge
    back: dict[tuple[Pair, int], int]
    called: dict[tuple[Pair, int], int]


@dataclass(frozen=True)
class Solution:
    """A plan, what the model promises of it, and what no plan can pass under the same surfaces."""

    lent: Lent                        # only seats above 0
    gains: dict[str, Floats]          # by borrower and block: people answered more than without help
    losses: dict[str, Floats]         # by lender and open block: people answered less
    alone: float                      # what the goal is worth where nobody lends
    objective: float                  # how much more with this plan
    bound: float                      # and with any plan, at the most
    standby: Lent = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    @property
    def gap(self) -> float:
        return (self.bound - self.objective) / max(abs(self.objective), A_PERSON)

    @property
    def people(self) -> float:
        """Answered more: what borrowers gain less what lenders lose."""
        gains, losses = ([float(values.sum()) for values in part.values()] for part in (self.gains, self.losses))
        return sum(gains) - sum(losses)

    @property
    def lenders(self) -> set[str]:
        """Cities that lend."""
        return {city_of(source) for source, borrower, *_ in self.lent if city_of(source) not in ("", borrower)}

    def by_slot(self, lender: str | None = None) -> dict[tuple[int, int], int]:
        """Seats of guests at once, by all or by one lender: by days and block of the day."""
        found: dict[tuple[int, int], int] = defaultdict(int)
        for (giver, borrower, *slot), seats in self.lent.items():
            if lender in (None, giver) and city_of(giver) != borrower:
                found[slot[0], slot[1]] += seats
        return found


def build(estimates: Estimates) -> Model:
    """The whole model."""
    model = under_terms(estimates)
    for course in model.courses:
        callers_flow_on(model, course)
        lenders_lose(model, course)
    GOALS[estimates.province.agreement.objective](model)
    return model


def under_terms(estimates: Estimates) -> Model:
    """Seats that may be lent, whatever they bring."""
    model = Model(estimates, draws(estimates.province), mathopt.Model(), [Course(1.0, estimates.lenders)])
    for term in (constraints.whole_seats, second_surges, constraints.within_caps, constraints.floors_hold,
                 people_come_once_a_day, rested_since_they_came, within_hours_of_overtime, within_remote_seats,
                 constraints.within_licences, constraints.within_all_seats, constraints.nobody_lends_and_borrows,
                 constraints.stints_are_long_enough, constraints.few_changes_a_day,
                 constraints.burdens_are_fair):
        term(model)
    return model


def solve(estimates: Estimates, near: Lent | None = None, most_s: float = SOLVE_MOST_S, gap: float = GAP) -> Solution:
    """The best plan for what is known.

    :param near: a plan from which to start.
    :raises NoPlanError: if no plan was found in the time.
    """
    return best(beside_no_help(estimates), near, most_s, gap)


def beside(estimates: Estimates, lent: Lent) -> tuple[Solution, Solution]:
    """The best plan for what is known, and this one as the model has it, with the bound of every plan."""
    model = beside_no_help(estimates)
    most = best(model, lent)
    constraints.lent_as(model, lent)
    return most, replace(best(model), bound=most.bound)


def beside_no_help(estimates: Estimates) -> Model:
    """The whole model, whose goal is what help brings: beside what is worth without it, a gap of a hundredth of all who
    are answered is wide."""
    model = build(estimates)
    with constraints.nothing_lent(model):
        model.alone = float(run(model.solver).objective_value())
    model.solver.objective.offset -= model.alone
    return model


def best(model: Model, near: Lent | None = None, most_s: float = SOLVE_MOST_S, gap: float = GAP) -> Solution:
    """The best plan of a model.

    :param near: a plan from which to start.
    :raises NoPlanError: if no plan was found in the time.
    """
    estimates = model.knowledge
    result = run(model.solver, start_of(model, near) if near else None, time_limit=timedelta(seconds=most_s),
                 relative_gap_tolerance=gap, absolute_gap_tolerance=A_PERSON * gap, random_seed=1)
    if not result.has_primal_feasible_solution():
        why = result.termination.detail or result.termination.reason
        raise NoPlanError(say("no plan was found in {seconds:g} s: {why}", seconds=most_s, why=why))
    values = result.variable_values()
    lent = read(model, model.lent, values)
    answers = [Answer(course.struck, read(model, course.back, values), read(model, course.called, values))
               for course in model.courses if course.struck is not None]
    return Solution(lent, promise.gains(estimates, lent), promise.losses(estimates, lent), model.alone,
                    result.objective_value(),
                    result.best_objective_bound(), read(model, model.standby, values), answers)


def read(model: Model, seats: dict[Any, Any], values: Any) -> dict[Any, int]:
    """Seats, those above 0."""
    return {key: round(values[x]) for key, x in seats.items() if round(values[x])}
