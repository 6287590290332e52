"""How many seats a city must open itself, interval by interval, found and proved by simulation of the whole model.

Redials, patience by class, callers and talks that last into the next interval, busy lines and busy days are all in it.
The search begins with more than enough seats and goes down: with too few, callers dial again and again, and an interval
seems to need what only its neighbours lack. Few replications tell where seats are about right, more of them where each
seat belongs. The target is to be kept by a margin: seats that just keep it on the luck of a search have been lucky.
Every round is on the same luck; what is found is proved on luck that the search has not seen.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from optimizer.staffing.need.each_day import over_days
from optimizer.staffing.need.each_interval import by_interval
from optimizer.staffing.need.own_seats import Steps, lines_brought, own_seats, part, workplaces
from optimizer.staffing.need.target import CALLERS, OFFERED, Level, Target, levels, surely_missed
from optimizer.staffing.need.trials import Trials, refuse_what_cannot_be_had
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell

REPLICATIONS = 16


@dataclass(frozen=True)
class Need:
    """Seats that must be open, at the telephone: breaks are taken off. K staffing intervals, C cities; a period is one
    of the intervals, or a day, as the target has it."""

    target: Target
    cities: tuple[str, ...]
    steps: Steps
    seats: Ints               # [K, C] the city's own, besides whatever guests the scenario's levers bring
    as_planned: Ints          # [K, C] those that the scenario itself opens
    workplaces: Ints          # [K, C] with those on a break
    lines_brought: Ints       # [K, C] lines that were added for workplaces beyond the city's own
    found: dict[str, Level]   # by promise, share and answered, on the luck of the search; [periods, C]
    proved: dict[str, Level]  # on as much luck that the search has not seen
    kept_unseen: Floats       # [periods, C] whether all promises are kept on that luck
    surely_missed: Floats     # [periods, C] whether one surely is not, the intervals of all of them holding together
    met: Floats               # [periods, C] whether all promises are kept on the luck of the search
    calls: Floats             # [K, C] dials offered, the bot's aside, on the average of the unseen luck
    callers: Floats           # [K, C] people who dialled for the first time, likewise
    rounds: int
    replications: int         # of each round of the search
    confirmed: int            # of the last rounds, those of the search among them
    margin: float             # standard errors by which the target was to be kept on them
    seed: int

    @property
    def unseen(self) -> int:
        """The first replication that neither the search nor its proof has seen."""
        return 2 * self.confirmed

    @property
    def seat_hours(self) -> Floats:
        """[C] over the horizon."""
        return np.asarray(self.seats.sum(axis=0) * self.steps.step_s / 3600)

    @property
    def not_met(self) -> list[tuple[datetime, str]]:
        """When and where a promise is not kept on the luck of the search."""
        starts = self.steps.starts
        if self.target.each == "day":
            starts = [starts[self.steps.day.index(day)] for day in range(len(self.met))]
        return [(starts[k], self.cities[c]) for k, c in np.argwhere(~self.met)]


def need_of(scenario: Scenario, cities: str | Sequence[str] | None = None, target: Target | None = None, *,
            step_s: int | None = None, seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None,
            tell: Tell | None = None, begin: Ints | None = None) -> Need:
    """The fewest seats of their own with which cities keep a target.

    :param scenario: with its levers: guests that they bring answer too.
    :param cities: one, some, or all if None; the others keep the seats that the scenario gives them. A city's name
        stands for seats that answer every class; seats of people who answer some only are named as pools are, by city
        and classes. Of several seats of one city each is judged by the classes that none of those answers who answer
        fewer.
    :param target: 80 % within 15 seconds in each interval, if None.
    :param step_s: how long a staffing interval is: a multiple of the scenario's interval that divides a day; that
        interval if None.
    :param replications: a quarter of so many days of luck, but four at the least, tell where seats are about right;
        four times as many, up to 64, tell where each belongs, and as many others prove it.
    :param workers: processes; 1: here.
    :param tell: is told the share of the rounds that is done, of as many as there may be.
    :param begin: [K, C] seats to begin with, as of a target nearby.
    :raises TargetError: where no number of seats keeps the target; it says where and what could be had.
    :raises KeyError: for a city, or seats for some classes, that the scenario has not.
    :raises ValueError: for steps and numbers that make no sense.
    """
    with at_work(workers) as executor:
        trials = Trials.of(scenario, cities, target or Target(), step_s, seed, replications, executor, tell)
        return found_by(trials, begin)


def found_by(trials: Trials, begin: Ints | None = None) -> Need:
    """The need, with the executor at hand."""
    refuse_what_cannot_be_had(trials)
    seats = trials.ample if begin is None else np.asarray(begin, np.int64)
    seats = over_days(trials, seats) if trials.target.each == "day" else by_interval(trials, seats)
    return need(trials, seats)


# --- what was found --------------------------------------------------------------------------------------------------

def need(trials: Trials, seats: Ints) -> Need:
    """Seats with all that is said of them, proved on luck that the search has not seen."""
    scenario, target = trials.job.scenario, trials.target
    seen = trials.by_period(trials.counts(seats, trials.confirming))
    unseen = trials.counts(seats, trials.unseen)
    setting, mean, others = part(trials.job, trials.cities), unseen.mean(axis=0), trials.by_period(unseen)
    proved = levels(target, others)
    trials.tell(1.0)
    return Need(target, trials.cities, trials.steps, seats, own_seats(setting, trials.cities, trials.steps),
                workplaces(scenario, trials.cities, seats), lines_brought(scenario, trials.cities, seats),
                levels(target, seen), proved, target.kept(others), surely_missed(target, others), target.kept(seen),
                mean[..., OFFERED], mean[..., CALLERS], trials.rounds, trials.replications, len(trials.confirming),
                trials.margin, trials.job.seed)
