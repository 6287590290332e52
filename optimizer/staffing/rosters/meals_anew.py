"""Breaks of a day given anew at once, whoever has whichever shift: the last of every search, as it is soon done."""
from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from optimizer.staffing.rosters.days_anew import MOST_PEOPLE, day_anew, day_of
from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import OFF, Duty, Problem

MOST_S = 2.0    # for all days


def meals_anew(making: Making, exchanges: Exchanges, rng: np.random.Generator) -> None:
    """The best breaks of each day, all else kept."""
    same, until = alternatives(making.instance.problem), time.perf_counter() + MOST_S
    number, roster = making.instance.people, making.roster
    for day in rng.permutation(making.instance.days):
        movable = [k for k in range(number) if roster[k, day] != OFF and same[roster[k, day] + 1].sum() > 1]
        if movable and time.perf_counter() < until:
            people = rng.permutation(movable)[:MOST_PEOPLE]
            day_anew(making, day_of(making, exchanges, int(day), people, same), until)


def alternatives(problem: Problem) -> npt.NDArray[np.bool_]:
    """[choices, choices] whether two choices of a day, 0 off and 1 + k a duty, differ by their breaks at most."""
    shapes = [None, *(shape(duty) for duty in problem.duties)]
    return np.array([[one == other for other in shapes] for one in shapes])


def shape(duty: Duty) -> tuple[object, ...]:
    """What duties have in common that differ by their breaks."""
    return duty.start, duty.presence, duty.paid, duty.night, duty.skills, duty.leader
