"""A hotline of a city like Nanjing over four weeks: need by half hour, agents with pasts, leave and wishes."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Duty,
    Fairness,
    Person,
    Problem,
    Rule,
    Wish,
    cover_by_interval,
)

DAYS = 28
STARTS = {"E": (7, 8, 9), "M": (10, 12), "L": (14, 16), "N": (22, 23)}   # nine shift types, by their start in hours
MEALS = (210, 240, 270)                                                # minutes after the start; an hour, unpaid
# Calls by hour of a working day against the busiest hour: a trough before dawn, peaks at ten and at three.
CURVE = (.18, .13, .10, .09, .09, .11, .18, .36, .74, .97, 1., .92, .66, .70, .92, .96, .88, .72, .56, .52, .48, .43,
         .35, .26)
WEEK = (1.08, 1.03, 1., 1., .99, .78, .72)


def duties() -> tuple[Duty, ...]:
    """Nine shifts of eight paid hours, each with three times of the meal."""
    return tuple(Duty(f"{kind}{hour:02d}{slot}", hour * 60, 540, 480, kind == "N", ((meal, 60),))
                 for kind, hours in STARTS.items() for hour in hours for slot, meal in zip("abc", MEALS, strict=True))


def limits() -> tuple[Rule, ...]:
    """Full time."""
    return (
        Rule("most_minutes_a_week", 2400, "law", "State Council Order 146 art. 3"),
        Rule("weekly_rest_days", 1, "law", "Labour Law art. 38"),
        Rule("most_days_in_a_row", 6, "law", "Labour Law art. 38"),
        Rule("least_minutes", 8160, "contract", "17 days of eight hours, leave apart", price=0.5),
        Rule("most_nights_in_a_row", 3, "contract", "works agreement"),
        Rule("least_rest", 660, "custom", "11 hours between shifts", price=0.2),
    )


def city(people: int, seed: int = 1) -> Problem:
    """A need of about as many people's worth as there are."""
    rng = np.random.default_rng(seed)
    all_duties = duties()
    staff = tuple(agent(k, people, all_duties, rng) for k in range(people))
    week = np.array([WEEK[day % 7] for day in range(DAYS)])
    shape = np.outer(week, np.repeat(CURVE, 2)) * rng.normal(1, 0.04, (DAYS, 48))
    supply = people * DAYS / 7 * 5 * 16 * 0.97
    need = np.round(shape * supply / shape.sum()).astype(int)
    fairness = (Fairness("nights", "full", 40.0), Fairness("weekends", "full", 20.0))
    return Problem(DAYS, all_duties, staff, cover_by_interval(need, all_duties, 20.0, 2.0), fairness)


def agent(k: int, people: int, all_duties: tuple[Duty, ...], rng: np.random.Generator) -> Person:
    """Five of six work nights; one in four has leave; each has three wishes."""
    nights = k % 6 > 0
    days = int(rng.integers(0, 6))
    last = str(rng.choice([duty.code for duty in all_duties if nights or not duty.night])) if days else None
    before = CarriedIn(days_in_a_row=days, days_off_in_a_row=0 if days else 2, last_duty=last,
                       nights_in_a_row=int(last is not None and last.startswith("N")))
    first = int(rng.integers(0, DAYS - 5))
    leave = frozenset(range(first, first + int(rng.integers(1, 5)))) if rng.random() < 0.25 else frozenset()
    wishes = [Wish(int(day), None, False, float(rng.integers(3, 11))) for day in rng.choice(DAYS, 2, replace=False)]
    wanted = str(rng.choice([duty.code for duty in all_duties[:18]]))
    wishes.append(Wish(int(rng.integers(DAYS)), wanted, True, float(rng.integers(3, 11))))
    allowed = None if nights else frozenset(duty.code for duty in all_duties if not duty.night)
    return Person(f"{k + 1:0{len(str(people))}d}", "full" if nights else "days", limits(), allowed=allowed, leave=leave,
                  wishes=tuple(wishes), before=before)
