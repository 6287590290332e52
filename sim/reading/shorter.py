"""A horizon that is shorter than that of a base: what the base says of other days is cut or left out."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sim.reading.yaml_places import Document
from sim.scenario.dates import DAY, moment
from sim.scenario.messages import say
from sim.scenario.problems import Problem, RuleError, Where, dotted

NO_DAY = timedelta(0)
Ends = tuple[datetime, datetime]


def cut_to_horizon(document: Document) -> None:
    """Leave out what a base says of days that are not in the horizon, if that is a part of the base's."""
    horizon, longer = (ends_of(part, "start", "end") for part in (document.data.get("horizon"), document.longer))
    if horizon is None or longer is None or horizon == longer or not longer[0] <= horizon[0] < horizon[1] <= longer[1]:
        return
    variants = document.data.get("variants")
    lists: list[Where] = [("levers",), ("absences",), ("lending", "second_surges"), ("lending", "offers")]
    lists += [("variants", name, "levers") for name in variants] if isinstance(variants, dict) else []
    for where in lists:
        keep(document, where, lambda part: overlaps(part, horizon))
    cut_surges(document, horizon)
    keep(document, ("observed",), lambda part: is_wholly_within(part, horizon), told=True)
    if not is_wholly_within(document.data.get("spotlight"), horizon) and not document.is_of_this_file(("spotlight",)):
        leave_out(document, ("spotlight",))
        del document.data["spotlight"]


def ends_of(part: Any, start: str, end: str) -> Ends | None:
    """From when to when something is, None if it does not say so soundly."""
    try:
        return (moment(part[start], NO_DAY), moment(part[end], DAY)) if isinstance(part, dict) else None
    except (RuleError, KeyError):
        return None


def overlaps(part: Any, horizon: Ends) -> bool:
    """Whether any of it lies in the horizon; what does not say soundly when it is, is kept to be told."""
    at = ends_of(part, "at", "at")
    span = (at[0], at[0] + timedelta(seconds=1)) if at else ends_of(part, "from", "to")
    return span is None or (span[1] > horizon[0] and span[0] < horizon[1]) or span[1] <= span[0]


def is_wholly_within(part: Any, horizon: Ends) -> bool:
    """Whether a record is about days of the horizon alone; without days it is about all of the longer one."""
    if not isinstance(part, dict):
        return True
    try:
        start = moment(part["from"], NO_DAY) if "from" in part else datetime.min
        end = moment(part["to"], DAY) if "to" in part else datetime.max
    except RuleError:
        return True
    return horizon[0] <= start and end <= horizon[1]


def keep(document: Document, where: Where, is_kept: Callable[[Any], bool], told: bool = False) -> None:
    """Leave out those items of a list that a base says and that are not to be kept."""
    *above, last = where
    around: Any = document.data
    for step in above:
        around = around.get(step) if isinstance(around, dict) else None
    items = around.get(last) if isinstance(around, dict) else None
    if not isinstance(items, list):
        return
    numbers = [i for i, item in enumerate(items) if is_kept(item) or document.is_of_this_file((*where, i))]
    for i in sorted(set(range(len(items))) - set(numbers)) if told else ():
        leave_out(document, (*where, i))
    if len(numbers) < len(items):
        around[last] = [items[i] for i in numbers]
        document.relist(where, numbers)


def leave_out(document: Document, where: Where) -> None:
    """Say so of something."""
    document.notices.append(Problem(document.place(where), dotted(where),
                                    say("is left out: it is about days that are not in the horizon")))


def cut_surges(document: Document, horizon: Ends) -> None:
    """Leave out days, shocks and life cycles of surges that bring nobody in the horizon, and surges of which nothing is
    left."""
    surges = document.data.get("surges")
    for i, surge in enumerate(surges if isinstance(surges, list) else ()):
        if isinstance(surge, dict):
            by_day, shocks, cycle = (surge.get(name) for name in ("by_day", "shocks", "life_cycle"))
            if isinstance(by_day, dict):
                for day in [day for day in by_day if not is_day_of(day, horizon)
                            and not document.is_of_this_file(("surges", i, "by_day", day))]:
                    del by_day[day]
            if isinstance(shocks, list):
                keep(document, ("surges", i, "shocks"), lambda shock: comes_before(shock, horizon[1]))
            if (span := ends_of(cycle, "outbreak", "end")) and not (span[1] > horizon[0] and span[0] < horizon[1]):
                del surge["life_cycle"]
    keep(document, ("surges",), lambda surge: not isinstance(surge, dict) or any(
        surge.get(name) for name in ("by_day", "life_cycle", "shocks", "table")))


def is_day_of(raw: str, horizon: Ends) -> bool:
    try:
        start = moment(raw, NO_DAY)
    except RuleError:
        return True
    return start + DAY > horizon[0] and start < horizon[1]


def comes_before(shock: Any, end: datetime) -> bool:
    at = ends_of(shock, "at", "at")
    return at is None or at[0] < end
