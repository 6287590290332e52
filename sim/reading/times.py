"""A surge as a multiple of what is usual: three times the everyday callers on Tuesday."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sim.reading.findings import names_in
from sim.reading.wording import unknown_name
from sim.reading.yaml_places import MOST_ITEMS, MOST_VALUES, Document
from sim.scenario import dates
from sim.scenario.demand import Surge
from sim.scenario.messages import say
from sim.scenario.problems import RuleError, Where, problem, shortly
from sim.scenario.quantities import KINDS, count, factor, share
from sim.scenario.scenario import ALL

OF_TIMES = ("name", "city", "class", "times", "on", "from", "to", "busyness_cv")
MOST_DAYS = 400


class Usual(NamedTuple):
    """The everyday callers of a city and a class on an ordinary day, by which profile, and on each weekday."""

    city: str
    klass: str
    profile: str
    callers: float
    week: list[float]


def give_times(document: Document) -> None:
    """Surges that say ``times`` as callers by day: what comes beside the everyday callers, spread as they are."""
    surges = document.data.get("surges")
    old: list[int] = []
    found: list[Any] = []
    for i, surge in enumerate(surges if isinstance(surges, list) else ()):
        if isinstance(surge, dict) and "times" in surge:
            parts = of_times(document, ("surges", i), surge)
            if len(found) + len(parts) > MOST_ITEMS or MOST_DAYS * len(parts) > 4 * MOST_VALUES:
                raise problem(document.place(("surges", i)), say("comes to more surges than are read: name a city "
                                                                 "and a class"), f"surges[{i}]")
            found += parts
            old += [i] * len(parts)
        else:
            found.append(surge)
            old.append(i)
    if isinstance(surges, list) and any(isinstance(surge, dict) and "times" in surge for surge in surges):
        document.data["surges"] = found
        document.relist(("surges",), old)


def of_times(document: Document, where: Where, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The surges of single cities and classes that such a surge stands for; none, and problems, if it is wrong."""
    for key in [key for key in said if key not in OF_TIMES]:
        if key in names_in(Surge):
            document.note((*where, key), say("has no use beside times: callers are spread as the everyday ones are"),
                          of_name=True)
        else:
            document.problems.append(unknown_name(document, (*where, key), OF_TIMES))
    days, scales = days_of(document, where, said), multiples(document, where, said)
    usual = [one for one in everyday(document) if said.get("city") in (one.city, ALL)
             and said.get("class", one.klass) == one.klass]
    if not usual and isinstance(said.get("city"), str):
        document.note(where, say("nobody calls {got} on ordinary days{more}: name a city and a class with everyday "
                                 "callers",
                                 got=shortly(said["city"]), more=say(" of this class") if "class" in said else say("")))
    return [part(said, one, days, scales) for one in usual] if days and scales else []


def part(said: dict[str, Any], one: Usual, days: list[date], scales: dict[str, Any]) -> dict[str, Any]:
    callers = {day.isoformat(): scaled(said["times"], scales, one.callers * one.week[day.weekday()]) for day in days}
    kept = {key: said[key] for key in ("name", "busyness_cv") if key in said}
    return kept | {"city": one.city, "class": one.klass, "profile": one.profile, "by_day": callers}


def scaled(raw: Any, scales: dict[str, Any], usual: float) -> Any:
    """So many callers more, with the origin of the multiple."""
    if not isinstance(raw, dict):
        return usual * scales["number"]
    more = {key: usual * scales["number"] for key in raw if key in KINDS}
    ends = {"range": [usual * end for end in scales["range"]]} if "range" in scales else {}
    return raw | more | ends


def multiples(document: Document, where: Where, said: dict[str, Any]) -> dict[str, Any]:
    """How many times the usual callers come beside them, and between what; nothing, and a problem, if it is wrong."""
    raw = said["times"]
    try:
        number = factor(next((raw[key] for key in KINDS if key in raw), None) if isinstance(raw, dict) else raw)
        if number < 1:
            raise RuleError(say("must be >= 1, got {number:g}: fewer callers than usual are no surge; see "
                                "everyday_level", number=number))
        ends = raw.get("range") if isinstance(raw, dict) else None
        found = {"range": [max(factor(end) - 1, 0) for end in ends]} if isinstance(ends, list) else {}
        return {"number": number - 1, **found}
    except RuleError as error:
        document.note((*where, "times"), error.message)
        return {}


def days_of(document: Document, where: Where, said: dict[str, Any]) -> list[date]:
    """The days on which more call; none, and a problem, if they are wrong."""
    try:
        if "on" in said:
            listed = said["on"] if isinstance(said["on"], list) else [said["on"]]
            return [a_day(one, "on") for one in listed]
        if "from" not in said or "to" not in said:
            raise RuleError(say("needs days: on: 2021-08-03, or from and to"), "times")
        first, last = a_day(said["from"], "from"), a_day(said["to"], "to")
        if not first <= last or (last - first).days > MOST_DAYS:
            raise RuleError(say("must come before to, and not more than {MOST_DAYS} days", MOST_DAYS=MOST_DAYS), "from")
        return [first + timedelta(days=i) for i in range((last - first).days + 1)]
    except RuleError as error:
        document.note((*where, *error.at), error.message)
        return []


def a_day(raw: Any, name: str) -> date:
    try:
        found = dates.day(raw)
    except RuleError as error:
        raise RuleError(error.message, name) from None
    if not isinstance(found, date) or isinstance(found, datetime):
        raise RuleError(say("must be a date such as 2021-08-07, got {got}", got=shortly(raw)), name)
    return found


def everyday(document: Document) -> list[Usual]:
    """Who calls every day, as far as the file says it soundly; what is wrong with it is told elsewhere."""
    data = document.data
    level = number(data.get("everyday_level", 1), factor)
    found = []
    for klass, demand in mapping(data.get("everyday")).items():
        profile = mapping(mapping(data.get("profiles")).get(str(mapping(demand).get("profile"))))
        week = profile.get("week", [1] * 7)
        if isinstance(week, list) and len(week) == 7 and all(isinstance(x, int | float) for x in week) and sum(week):
            weekly = [7 * x / sum(week) for x in week]
            for city, own in mapping(data.get("cities")).items():
                callers = level * number(mapping(own).get("calls_a_day"), count) * number(demand.get("share", 1), share)
                found += [Usual(city, klass, str(demand["profile"]), callers, weekly)] if callers else []
    return found


def mapping(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def number(raw: Any, unit: Any) -> float:
    """The number of a quantity as written, 0 for what is none."""
    value = next((raw[key] for key in KINDS if key in raw), None) if isinstance(raw, dict) else raw
    return unit(value) if value is not None and unit.reads(value) else 0.0
