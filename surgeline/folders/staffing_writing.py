"""From what a staffing plan found to its folder: the manifest, and figures by interval."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.staffing.planning.calling.ledger import ledger_of
from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.planning.city_roster.own_shifts import pools_on_shifts, rostered_groups
from optimizer.staffing.planning.horizon import STEP_H, first_day
from optimizer.staffing.planning.on_duty.needs import beside, people_for
from optimizer.staffing.revising.infeasible import Diagnosis, TooFew
from optimizer.staffing.rosters.evaluate import nights_of, paid_minutes
from optimizer.staffing.rosters.problem import OFF
from sim.core.arrays import Ints
from sim.reading.yaml_places import Document
from sim.scenario.people import OFF as DAY_OFF
from sim.scenario.people import Shift
from sim.scenario.scenario import Scenario
from surgeline.folders import lent_writing, replay_writing, staffed_cities, staffed_scenario, standby_writing
from surgeline.folders.overtime_writing import overtime
from surgeline.folders.rules_passed import passed_of
from surgeline.folders.scenario_files import own_files
from surgeline.folders.shift_words import clock, end, handing_over, meal, night, wish_text
from surgeline.folders.staffing_changes import changes_of, surge_cells
from surgeline.folders.staffing_plan import KIND, Manifest, StaffingPlan
from surgeline.folders.tables import write_parquet

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.need.simulated import Need
    from optimizer.staffing.need.target import Level
    from optimizer.staffing.planning.by_skill.specialists import Specialists
    from optimizer.staffing.planning.designing import Designed
    from optimizer.staffing.planning.on_duty.needs import Needs
    from optimizer.staffing.planning.on_duty.presence import Presence
    from optimizer.staffing.planning.plan import CityPlan, Lending, ServedBySkill, Surge
    from optimizer.staffing.planning.plan import StaffingPlan as Found
    from optimizer.staffing.planning.replays.variants import Replay
    from optimizer.staffing.planning.rostered import Rostered
    from optimizer.staffing.planning.serving import Service
    from optimizer.staffing.planning.standby.plan import Standby
    from optimizer.staffing.planning.surge.roster import SurgeRoster
    from optimizer.staffing.revising.call_in import Call, Plan
    from optimizer.staffing.revising.overtime import LimitOf
    from optimizer.staffing.rosters.problem import Problem

WEEK_DAYS = 7


def write(found: Found, document: Document, origin: dict[str, Any], folder: Path,
          write_reports: Callable[[StaffingPlan], None]) -> StaffingPlan:
    """Write the folder with its reports. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    own, replays, by_counts = own_files(document), replays_of(found), by_counts_of(found)

    def write_data(part: Path) -> None:
        write_parquet(intervals(found), part / "intervals.parquet")
        if found.by_skill is not None and found.by_skill.need is not None:
            write_parquet(pools_needed(found, found.by_skill.need), part / "pools_needed.parquet")
        for name, plan in found.cities.items():
            if plan.rostered is not None:
                staffed_scenario.write(found, name, plan, plan.rostered, replays[name], own, part)
        if by_counts:
            staffed_cities.write(found.as_it_is, *by_counts, document, part)
    return StaffingPlan(folder, manifest_of(found, origin, replays, by_counts)).write(write_reports, write_data)


def replays_of(found: Found) -> dict[str, tuple[Replay, ...]]:
    """By city: what its plan has beside its roster, as variants."""
    from optimizer.staffing.planning.replays.variants import Replays
    return {name: tuple(Replays(found, name, plan).every()) for name, plan in found.cities.items()}


def by_counts_of(found: Found) -> tuple[Scenario, tuple[str, ...]] | None:
    """The scenario of a plan without rosters, with as many people on each shift as are planned, and in which cities."""
    from optimizer.staffing.planning.by_counts import counted_cities, replayed
    cities = counted_cities(found) if len(found.cities) > 1 else ()
    return (replayed(found, staffed_scenario.COUNTS), cities) if cities else None


def manifest_of(found: Found, origin: dict[str, Any], replays: dict[str, tuple[Replay, ...]],
                by_counts: tuple[Scenario, tuple[str, ...]] | None) -> Manifest:
    return Manifest.model_validate({
        **origin, "kind": KIND, "target": found.terms.target, "within_s": found.target.within_s,
        "cities": {name: {**city(found, c, name, plan), "replays": replay_writing.told(replays[name])}
                   for c, (name, plan) in enumerate(found.cities.items())},
        "counted": by_counts[1] if by_counts else (), "scenario": found.as_it_is,
        "laps": {what: round(seconds, 1) for what, seconds in found.seconds.items()}})


# --- one city --------------------------------------------------------------------------------------------------------

def city(found: Found, c: int, name: str, plan: CityPlan) -> dict[str, Any]:
    """Everything about one city; ``c`` is its column in the need."""
    groups = rostered_groups(found.scenario, name).values()
    return {"people": sum(float(group.people) for group in groups), "of_ordinary": plan.needs.told is not None,
            "surge_people": people_in_surge(found, c, name, plan) if plan.needs.told is not None else None,
            "workplaces": int(np.max(plan.presence.workplaces)),
            "need": need(found, c), **price(found), "shifts": shifts(found, plan),
            "roster": whole_roster(found, name, plan.needs, plan.rostered) if plan.rostered else None,
            "service": service(plan.service), "today": service(plan.today),
            "call_in": call_in(found, name, plan.surge) if plan.surge else None,
            "lent": lent(found, name, plan.lent) if plan.lent else None,
            "standby": standby(found, plan.standby) if plan.standby else None,
            "pools": pools(found, name),
            "ledger": ledger(found, name, plan, plan.rostered) if plan.rostered else None}


def need(found: Found, c: int) -> dict[str, Any]:
    return {**seats_of(found.need, c), "rounds": found.need.rounds,
            "missed": int((~found.need.met[:, c]).sum()), "unseen": found.need.confirmed,
            "unseen_missed": int((~found.need.kept_unseen[:, c]).sum()),
            "surely_missed": int(found.need.surely_missed[:, c].sum()), "intervals": len(found.need.met),
            "lines_added": bool(found.need.lines_brought[:, c].any())}


def seats_of(need: Need, c: int) -> dict[str, Any]:
    """What is needed, and what is open today."""
    seats = need.seats[:, c]
    at = int(np.argmax(seats))
    return {"peak": int(seats[at]), "peak_at": need.steps.starts[at],
            "seat_hours": float(seats.sum() * need.steps.step_s / 3600), **against(need, c, need.as_planned[:, c])}


def against(need: Need, c: int, seats: Ints) -> dict[str, float]:
    """Seats that are open, [K], and what is needed beyond them."""
    hours = need.steps.step_s / 3600
    return {"open_hours": float(seats.sum() * hours),
            "short_hours": float(np.maximum(need.seats[:, c] - seats, 0).sum() * hours)}


# --- by what people can answer ---------------------------------------------------------------------------------------

def pools(found: Found, name: str) -> list[dict[str, Any]] | None:
    """Of the only city; None where all answer everything, nothing where it can't be had."""
    if found.by_skill is None:
        return None
    need = found.by_skill.need
    classes = pools_on_shifts(found.as_it_is, name).values()
    return [pool(found, need, c, some) for c, some in enumerate(classes)] if need else []


def pool(found: Found, need: Need, c: int, classes: tuple[str, ...]) -> dict[str, Any]:
    """One of them, and when it is short of the most."""
    planned = next((one for one in found.specialists if one.classes == classes), None)
    return {**seats_of(need, c), "classes": classes, **shortest(need, c, need.as_planned[:, c]),
            "cover": pool_cover(need, c, found.served_by_skill) if found.served_by_skill else None,
            "plan": pool_plan(found, planned) if planned else None}


def shortest(need: Need, c: int, seats: Ints) -> dict[str, Any]:
    """When a pool with these seats, [K], is short of the most."""
    short = need.seats[:, c] - seats
    at = int(np.argmax(short))
    most = max(int(short[at]), 0)
    return {"short_most": most, "short_at": need.steps.starts[at] if most else None}


def pool_cover(need: Need, c: int, served: ServedBySkill) -> dict[str, Any]:
    seats = served.planned.seats[:, c]
    return {**against(need, c, seats), **shortest(need, c, seats), "today": answered(served.today.in_all, c),
            "planned": answered(served.planned.in_all, c)}


def pool_plan(found: Found, of: Specialists) -> dict[str, Any]:
    """Where they are planned for a part of the need, what that part lacks is no measure of how many are missing."""
    figures = roster(found, of.needs, of.rostered)
    return {"groups": of.groups, "of_ordinary": of.needs.told is not None, "alone": full_time(found, of.alone),
            "part": of.part, "shifts": shifts(found, of),
            "roster": figures if of.part == 1 else {**figures, "shortage": None}}


# --- shifts and service ----------------------------------------------------------------------------------------------

def price(found: Found) -> dict[str, Any]:
    """Levels of service, where they were asked for."""
    if found.price is None:
        return {"ladder": (), "at_workplaces": None}
    weeks = found.need.steps.number * found.need.steps.step_s / 3600 / 168
    rungs = [{"share": one.goal, "peak": int(one.need.seats.max()), "seat_hours": float(one.seat_hours.sum()),
              "people": float(one.people[0]), "yuan_a_week": float(one.yuan[0]) / weeks} for one in found.price.rungs]
    return {"ladder": rungs, "at_workplaces": found.price.at_workplaces}


def shifts(found: Found, plan: CityPlan | Specialists) -> dict[str, Any]:
    of = plan.designed.plan
    dates = [first_day(found.scenario) + timedelta(days=i) for i in range(len(of.cover))]
    parts = {"work": of.cost.hours, "missing": of.cost.understaffed, "kinds": of.cost.kinds}
    lines = [line(shift, people) for shift, people in begun(plan)]
    cover = plan.rostered.there if plan.rostered else of.cover
    return {"lines": sorted(lines, key=lambda one: one["start"]), "dates": dates,
            "cost": {"parts": parts, "total": of.cost.total, "bound": of.bound, "gap": of.gap},
            "missing_hours": float(of.understaffed.sum() * STEP_H),
            "surplus_hours": float(of.overstaffed.sum() * STEP_H),
            "people": full_time(found, plan.designed), "hours": plan.designed.work_hours,
            "people_a_day": int(plan.designed.people.sum(axis=0)[1:].max(initial=0)),
            "workplaces": int(np.max(plan.presence.workplaces)), **fullest(plan.presence, cover)}


def fullest(presence: Presence, cover: Ints) -> dict[str, Any]:
    """The most people on duty at once, and the share of them who do not come: the most of it, if it is so often.

    :param cover: [1 + days, half-hours] people on duty.
    """
    there = cover[1:]
    comes = np.broadcast_to(presence.comes, there.shape)
    most = int(there.max(initial=0))
    return {"at_most": most, "absent_then": float(1 - comes[there == most].min(initial=1.0))}


def full_time(found: Found, of: Designed) -> float:
    """Full-time people that hours of work make."""
    week = float(found.scenario.workforce(next(iter(found.cities))).rules.standard_week)
    weeks = (len(of.plan.cover) - 1) / 7  # the day before gives its night only
    return of.work_hours / weeks / week


def people_in_surge(found: Found, c: int, name: str, plan: CityPlan) -> float:
    """Full-time people whom the busiest seven days take, with the absence of those days, whatever workplaces hold."""
    people = people_for(plan.presence, found.need.seats[:, c], beside(found.scenario, name))[1:]
    hours = people.sum(axis=1) * STEP_H
    days = min(WEEK_DAYS, len(hours))
    most = float(np.convolve(hours, np.ones(days), "valid").max())
    return most * WEEK_DAYS / days / float(found.scenario.workforce(name).rules.standard_week)


def begun(plan: CityPlan | Specialists) -> Iterator[tuple[Shift, Sequence[int] | Ints]]:
    """Shifts, and [days] how many people begin each, whenever their meals are: by the roster where there is one."""
    if plan.rostered is None:
        yield from zip(plan.designed.shifts, plan.designed.people, strict=True)
        return
    codes = codes_of(plan.rostered.problem, plan.rostered.solved.roster)
    for code, shift in shifts_of(plan.rostered, plan.designed).items():
        people = (codes == code).sum(axis=0)
        if people.any():
            yield shift, people


def shifts_of(of: Rostered, designed: Designed) -> dict[str, Shift]:
    """By code, whenever their meals are; those that only the roster has as it has them first."""
    known = (*of.shifts, *designed.shifts, *(of.surge.shifts if of.surge else ()))
    return {shift_code(shift.code): shift for shift in known}


def codes_of(problem: Problem, roster: Ints) -> npt.NDArray[np.str_]:
    """[people, days] the shift of each, whenever its meal is."""
    return np.array([*(shift_code(duty.code) for duty in problem.duties), DAY_OFF])[roster]


def line(shift: Shift, people: Sequence[int] | Ints) -> dict[str, Any]:
    return {"code": shift.code, "start": clock(shift.start), "end": end(shift), "meal": meal(shift),
            "hours": shift.work_hours, "night": night(shift), "people": [int(n) for n in people],
            "handover": handing_over(shift)}


def service(of: Service) -> dict[str, Any]:
    """Shares with their intervals."""
    return {**answered(of.in_all, 0), "reached": of.reached, "missed": of.missed}


def answered(in_all: dict[str, Level], c: int) -> dict[str, Any]:
    """Of one of several whose calls are told apart."""
    return {name: {side: float(getattr(in_all[promise], side)[c]) for side in ("mean", "low", "high")}
            for name, promise in (("within", "share"), ("answered", "answered"))}


def call_in(found: Found, name: str, surge: Surge) -> dict[str, Any]:
    """Who is called, in the order of call."""
    plan, rules = surge.called.plan, found.scenario.workforce(name).rules
    return {"calls": calls_of(found, name, plan.calls), "hours": sum(one.extra for one in plan.calls) / 60,
            "yuan": sum(one.pay for one in plan.calls), "emergency": rules.emergency,
            "beyond_day": beyond(plan, "overtime_a_day"), "beyond_month": beyond(plan, "overtime_a_month"),
            "service": service(surge.service), "brings": surge.brings}


def ledger(found: Found, name: str, plan: CityPlan, of: Rostered) -> dict[str, Any] | None:
    """Who works beyond the limits of overtime, by the roster and by calls; nothing where nobody does."""
    surge, lent = (one.plan.calls if one else () for one in (
        plan.surge.called if plan.surge else None, plan.lent.lent if plan.lent else None))
    rows = ledger_of(found.scenario, name, of.problem, of.solved.roster, surge, lent)
    rules, first = found.scenario.workforce(name).rules, first_day(found.scenario)
    told = [{"name": one.person, "day": first + timedelta(days=one.day), "hours": (one.in_roster + one.called) / 60,
             "in_roster": one.in_roster / 60, "called": one.called / 60, "of_day": one.of_day / 60,
             "of_month": one.of_month / 60} for one in rows]
    return {"emergency": rules.emergency, "most_a_day": rules.overtime_day_special.value,
            "most_a_month": rules.overtime_month.value, "source": rules.overtime_month.source,
            "rows": told} if told else None


def beyond(plan: Plan, limit: LimitOf) -> float:
    """Hours beyond a limit of overtime."""
    return sum(one.beyond_law.get(limit, 0.0) for one in plan.ledger) / 60


def calls_of(found: Found, name: str, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """By day and time."""
    table = found.scenario.workforce(name).roster
    phones = table.phones if table else {}
    begin = datetime.combine(first_day(found.scenario), time.min)
    told = [{"name": one.person, "phone": phones.get(one.person), "day": (begin + timedelta(minutes=one.start)).date(),
             "start": clock(one.start), "end": clock(one.end), "kind": one.kind, "hours": one.extra / 60,
             "rate": one.rate, "left_month": one.left.month / 60, "breaks": [passed_of(rule) for rule in one.breaks],
             "rest": None if one.rest is None else one.rest / 60,
             "call_by": begin + timedelta(minutes=one.call_by)} for one in calls]
    return sorted(told, key=lambda one: (one["day"], one["start"], one["name"]))


def lent(found: Found, name: str, of: Lending) -> dict[str, Any]:
    """Who mans the seats that the city lends."""
    return {**lent_writing.lent_seats(of.lent), "calls": calls_of(found, name, of.lent.plan.calls),
            "service": service(of.service)}


def standby(found: Found, of: Standby) -> dict[str, Any]:
    """Who stands by."""
    return standby_writing.standby(of, found.scenario.horizon.start.date())


# --- the roster ------------------------------------------------------------------------------------------------------

def whole_roster(found: Found, name: str, needs: Needs, of: Rostered) -> dict[str, Any]:
    """That of those who answer everything, with the wishes of all in the city's table and what changes of it."""
    wishes = [{"name": one.name, "day": one.day, "wish": wish_text(one.wish), "granted": one.granted}
              for each in found.rosters(name) for one in each.wishes]
    return {**roster(found, needs, of), "wishes": wishes, "changes": changes_of(found, name),
            "overtime": overtime(found.scenario, name, found.rosters(name))}


def roster(found: Found, needs: Needs, of: Rostered) -> dict[str, Any]:
    """What it is like for those who work it."""
    told, problem = of.solved.evaluation, of.problem
    lacking = (needs.first - of.there) * STEP_H
    missing, surplus = (float(np.maximum(side, 0).sum()) for side in (lacking, (of.there - needs.wanted) * STEP_H))
    planned = of.solved.roster[:, 1:]   # the day before gives its night only
    return {"people": len(problem.people), "hours": spread(paid_minutes(problem, planned) / 60),
            "nights": spread(nights_of(problem, planned)), "weekends": spread(told.weekends),
            "rest_days": spread(rest_days_of(problem, planned)), "missing_hours": missing, "surplus_hours": surplus,
            "for_surge": for_surge(found, needs, of.surge, of.there) if of.surge else None,
            "cost": of.solved.cost, "bound": of.solved.bound, "gap": of.solved.gap,
            "broken": broken(of), "shortage": short(of.shortage) if of.shortage else None,
            "without_leader": [{"start": start, "end": end, "missing": n}
                               for start, end, n in without_leader(found.scenario, of)]}


def without_leader(scenario: Scenario, of: Rostered) -> list[tuple[datetime, datetime, int]]:
    """From when to when how many leaders are missing."""
    begin = datetime.combine(first_day(scenario), time.min)
    half_hour = timedelta(hours=STEP_H)
    people = [row.need for row in of.problem.cover if not row.leaders]
    asked = [k for k, need in enumerate(people) if need > 0]
    there = of.solved.evaluation.cover[len(of.solved.evaluation.cover) - len(asked):]
    found: list[tuple[datetime, datetime, int]] = []
    for k, row, n in zip(asked, of.problem.cover[len(people):], there, strict=False):
        at, missing = begin + k * half_hour, row.need - int(n)
        if missing > 0 and found and found[-1][1:] == (at, missing):
            found[-1] = (found[-1][0], at + half_hour, missing)
        elif missing > 0:
            found.append((at, at + half_hour, missing))
    return found


def for_surge(found: Found, needs: Needs, of: SurgeRoster, there: Ints) -> dict[str, Any]:
    """From when on a roster is planned for a surge, and what is on duty of what it wants beyond ordinary time."""
    since = max(of.since, 1)    # the day before gives its night only
    usual, grown, there = (hours[since:] * STEP_H for hours in (needs.first, needs.grown, there))
    beyond = grown - usual
    moved = codes_of(of.problem, of.solved.roster) != codes_of(
        of.problem, of.solved.roster if of.before is None else of.before)
    return {"since": first_day(found.scenario) + timedelta(days=since), "was_known": of.before is None,
            "wanted": float(beyond.sum()), "there": float(np.clip(there - usual, 0, beyond).sum()),
            "changes": int(moved.sum()), "people_changed": int(moved.any(axis=1).sum()),
            "cells": list(surge_cells(found, needs.told, of))}


def short(of: Diagnosis) -> dict[str, Any] | None:
    """The widest proof that people are too few, and ways out; nothing where there is no proof."""
    proofs = [one for one in of.findings if isinstance(one, TooFew)]
    if not proofs:
        return None
    widest = max(proofs, key=lambda one: one.missing)
    ways = [{"what": one.what, "unit": one.unit, "amount": one.amount, "yuan": one.price,
             "still_missing": one.still_missing, "found": one.found} for one in of.ways_out]
    return {"need": widest.need, "most": widest.most, "ways_out": ways, "left": of.left.missing,
            "binds": of.left.binds}


def rest_days_of(problem: Problem, planned: Ints) -> Ints:
    """[people] days of rest that they work, of [people, days after the first]."""
    days = [day - 1 for pair in problem.rest_days for day in pair if day]
    worked: Ints = (planned[:, days] != OFF).sum(axis=1)
    return worked


def spread(values: Any) -> dict[str, float]:
    return {"least": float(np.min(values)), "mean": float(np.mean(values)), "most": float(np.max(values))}


def broken(of: Rostered) -> list[dict[str, Any]]:
    """Rules that are broken at a price: by whom, who does most first, and by how much in all."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for one in of.solved.evaluation.broken:
        people = found.setdefault((one.rule.name, one.rule.source), {})
        people[one.person] = people.get(one.person, 0.0) + one.amount
    return [{"rule": name, "source": source, "people": len(several), "amount": sum(several.values()),
             "names": sorted(several, key=several.__getitem__, reverse=True)}
            for (name, source), several in found.items()]


# --- by interval -----------------------------------------------------------------------------------------------------

def intervals(found: Found) -> pd.DataFrame:
    """One row an interval of the simulation and city."""
    return pd.concat([of_city(found, c, name, plan) for c, (name, plan) in enumerate(found.cities.items())],
                     ignore_index=True)


def pools_needed(found: Found, need: Need) -> pd.DataFrame:
    """One row a pool and half-hour."""
    seats = {"needed": need.seats, "open": need.as_planned}
    if found.served_by_skill:
        seats["planned"] = found.served_by_skill.planned.seats
    return pd.concat([pd.DataFrame({"pool": pool, "start": need.steps.starts}
                                   | {name: of[:, c] for name, of in seats.items()})
                      for c, pool in enumerate(need.cities)], ignore_index=True)


def of_city(found: Found, c: int, name: str, plan: CityPlan) -> pd.DataFrame:
    t = found.scenario.horizon.times
    every = found.need.steps.every
    in_the_end = (plan.lent or plan.surge or plan).service
    within = in_the_end.by_interval["share"]
    formulas = found.by_formula
    return pd.DataFrame({
        "city": name, "start": [t.begin(i) for i in range(t.number)],
        "needed": np.repeat(found.need.seats[:, c], every), "open": np.repeat(found.need.as_planned[:, c], every),
        "on_duty": in_the_end.seats, "erlang_dials": np.repeat(formulas.on_dials[:, c], every),
        "erlang_callers": np.repeat(formulas.on_callers[:, c], every), "offered": in_the_end.offered,
        "within": within.mean[:, 0], "low": within.low[:, 0], "high": within.high[:, 0]})
