"""The plans of a menu as they are proved: what each brings, whom it asks, and which of them is recommended."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from optimizer.lending.inputs.call_ins import WEEK_DAYS, OffDuty
from optimizer.lending.inputs.province import Province
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.settings import ENOUGH
from optimizer.lending.trials.proof import Proof
from sim.scenario.lever import Lever

Key = TypeVar("Key")


@dataclass(frozen=True)
class Asked:
    """People who are called in: how many times somebody comes, for how many hours, at what price."""

    people: float
    hours: float
    yuan: float
    beyond: float     # of these hours, beyond the limits of overtime
    rest: float       # days of rest that they give up, beyond those that everybody can spare
    declared: bool    # whether their rules of work say that it is an emergency


@dataclass(frozen=True)
class Option:
    """A plan of the menu, and its proof."""

    draft: Draft
    proof: Proof
    asked: Asked

    @property
    def name(self) -> str:
        return self.draft.stance.name

    @property
    def ordinary(self) -> bool:
        """Whether the terms of the scenario and its rules of work allow it: an emergency only where they say that it is
        one."""
        stance = self.draft.stance
        return stance.ordinary or (stance.drops <= 1 and self.asked.declared)


def option_of(draft: Draft, proof: Proof) -> Option:
    return Option(draft, proof, asked_of(draft.known.province, draft.levers))


def recommended(options: Sequence[Option]) -> Option:
    """Of the plans that terms and ordinary overtime allow and that break no floor, the one that asks least of those
    that bring nearly as much as the best."""
    allowed = [one for one in options if one.ordinary]
    sound = [one for one in allowed if one.proof.verdict.holds] or allowed
    most = max(one.proof.verdict.people.mean for one in sound)
    return next(one for one in sound if one.proof.verdict.people.mean >= ENOUGH * most)


# --- whom it asks ----------------------------------------------------------------------------------------------------

def asked_of(province: Province, levers: Sequence[Lever]) -> Asked:
    """The people called in of some levers, all cities together."""
    people = hours = yuan = beyond = rest = 0.0
    declared = True
    for one in province.off_duty.values():
        by_day = comes_by_day(one, levers)
        here = sum(hour for _, hour in by_day.values())
        declared &= one.emergency or not by_day
        people, hours, yuan = people + sum(came for came, _ in by_day.values()), hours + here, yuan + here * one.pay
        beyond += over(one.hours, summed({day: hour for day, (_, hour) in by_day.items()}, first_of_month))
        weeks = summed({day: came for day, (came, _) in by_day.items()}, partial(week_of, province))
        rest += over(dict.fromkeys(weeks, one.days), weeks)
    return Asked(people, hours, yuan, beyond, rest, declared)


def comes_by_day(one: OffDuty, levers: Sequence[Lever]) -> dict[date, tuple[float, float]]:
    """By day: how many times somebody of a city comes who is called in, and for how many hours of all of them."""
    found = defaultdict[date, tuple[float, float]](lambda: (0.0, 0.0))
    for lever in levers:
        number = one.called_by(lever)
        for begin, end in lever.span.stretches() if number else ():
            came, hours = found[begin.date()]
            found[begin.date()] = came + number, hours + number * (end - begin).total_seconds() / 3600
    return found


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def week_of(province: Province, day: date) -> int:
    """Which week of the horizon a day is in."""
    return (day - province.blocks[0].start.date()).days // WEEK_DAYS


def summed(by_day: Mapping[date, float], part_of: Callable[[date], Key]) -> dict[Key, float]:
    """Values of days added up by what each day is a part of."""
    found = defaultdict[Key, float](float)
    for day, value in by_day.items():
        found[part_of(day)] += value
    return dict(found)


def over(most: Mapping[Key, float], found: Mapping[Key, float]) -> float:
    """How much is beyond each of some limits, all together; a billionth was rounded."""
    return sum(value - most.get(key, 0.0) for key, value in found.items() if value > most.get(key, 0.0) + 1e-9)


def without_doubles(options: Sequence[Option]) -> list[Option]:
    """The options without those that are what one before them is."""
    found = list[Option]()
    for one in options:
        if all(one.draft.levers != other.draft.levers for other in found):
            found.append(one)
    return found


def same_as(option: Option, options: Sequence[Option]) -> Option:
    """The first one whose plan is this one's."""
    return next(one for one in options if one.draft.levers == option.draft.levers)
