"""Every rule that a file breaks: those of single parts, and those between parts, of as many as are sound."""
from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from sim.reading.call_ins import fewer_than_asked, hours_in_emergencies
from sim.reading.changing import MOST_FINDINGS, cross_checked, tried
from sim.reading.counted_shifts import long_weeks
from sim.reading.findings import told_once
from sim.reading.people_there import rosters_without_shifts
from sim.reading.planned_days import days_not_planned
from sim.reading.planned_rosters import told_of_frozen
from sim.reading.roster_rules import by_rule, passed_by_rosters
from sim.reading.shift_rests import short_rests
from sim.reading.staffing import fewer_seats_than_asked
from sim.reading.wording import in_words, likely
from sim.reading.yaml_places import Document
from sim.scenario.messages import Message, printable, say
from sim.scenario.problems import LONGEST_MESSAGE, MOST_PROBLEMS, Problem, Where, alike_in, dotted
from sim.scenario.quantities import DAY_S, FROM_FILE
from sim.scenario.scenario import Scenario

FIXED = ("surgeline", "name", "title", "about", "horizon", "focus", "headline", "spotlight", "answered_within",
         "lending", "staffing", "observed", "sources", "variants")
"""What no variant can change: on what they are compared, and what makes no difference to a run."""
LISTS = ("levers", "surges", "absences", "observed", "focus")
MAPPINGS = ("cities", "classes", "shifts", "rotas", "people", "profiles", "everyday", "variants")
NEED_PEOPLE = ("staffing", "shifts", "shift_counts")
"""What may look wrong where the people of a city are not sound: then nobody leads, and shares of shifts are missing."""
BLANK = {"surgeline": 1, "title": {"zh": "", "en": ""}, "horizon": {"start": "2000-01-01", "end": "2000-01-01"}}


def validated(document: Document) -> Scenario | None:
    """The scenario, None if its parts break rules; notes every problem."""
    try:
        scenario = Scenario.model_validate(document.data, context=FROM_FILE)
    except ValidationError as error:
        findings = told_once(document, error.errors(include_url=False)[:MOST_FINDINGS])
        document.problems += [in_words(document, finding) for finding in findings[:MOST_PROBLEMS + 1]]
        check_sound_parts(document, [finding.where for finding in findings])
        return None
    document.problems += [as_problem(document, *found) for found in cross_checked(scenario)]
    document.problems += rows_beside_intervals(document, scenario)
    for name in scenario.variants:
        document.problems += wrong_changes(document, scenario, name)
    if not document.problems:
        told = (*hours_in_emergencies(scenario), *fewer_than_asked(scenario), *fewer_seats_than_asked(scenario),
                *short_rests(scenario), *long_weeks(scenario), *told_of_frozen(scenario), *passed_by_rosters(scenario),
                *rosters_without_shifts(scenario), *days_not_planned(scenario))
        said = [document.problem(where, message) for where, message, *_ in told]
        document.notices += by_rule(dict.fromkeys(said))
    return scenario


def as_problem(document: Document, where: Where, message: Message, name: str | None, known: Iterable[str]) -> Problem:
    hint = say("") if name is None else likely(document, name, known)
    is_date = where[-2:-1] == ("by_day",)
    return document.problem(where, printable(message, LONGEST_MESSAGE - len(hint)) + hint, of_name=is_date)


# --- what variants change ---------------------------------------------------------------------------------------------

def wrong_changes(document: Document, scenario: Scenario, name: str) -> Iterator[Problem]:
    """What a variant's changes make wrong, where it is changed; and of its levers, where they are written."""
    here, variant = ("variants", name, "change"), scenario.variants[name]
    if not variant.change:
        return
    fixed = [path for path in variant.change if re.split(r"[.\[]", path)[0] in FIXED]
    for path in fixed:
        yield document.problem((*here, path), say("is the same in all variants: they are compared on the same days, in "
                                                  "the same cities, by the same measures"), of_name=True)
    if fixed:
        return
    changed, faults = tried(scenario, variant.change, variant.levers)
    for where, message in faults:
        at = next((one for one in variant.change if dotted(where).startswith(one)), None)
        if where[:1] == ("levers",) and at is None:
            yield document.problem(("variants", name, *where), say("in the variant {name}, {message}",
                                                                   name=name, message=message))
        else:
            said = message if dotted(where) == at else say("{place}: {message}", place=dotted(where), message=message)
            yield document.problem((*here, at) if at else here, say("with this, {said}", said=said), of_name=True)
    if changed is not None:
        yield from rows_beside_intervals(document, changed)
        for part in ("cities", "classes"):
            if others := getattr(scenario, part).keys() ^ getattr(changed, part).keys():
                first = next(one for one in variant.change if one.startswith(part))
                yield document.problem((*here, first), say("makes other {part} ({names}): all variants have the same",
                                                           part=part, names=sorted(others)), of_name=True)


# --- where some parts are faulty -------------------------------------------------------------------------------------

def check_sound_parts(document: Document, faulty: list[Where]) -> None:
    """Where some parts break rules of their own, look at what the others get wrong about each other."""
    gone = {part_of(where) for where in faulty}
    data, kept = without(document.data, gone)
    try:
        scenario = Scenario.model_validate(data, context=FROM_FILE)
    except ValidationError:  # too little is left
        return
    names = {part[1] for part in gone if len(part) == 2} | misplaced_names(document, gone)
    sections = {part[0] for part in gone}
    for where, message, name, known in cross_checked(scenario, whole=False):
        if name not in names if name is not None else not may_follow(where, sections):
            faulty_too = [str(part[1]) for part in gone if is_named_among(part, known, scenario)]
            document.problems.append(as_problem(document, in_full(where, kept), message, name, [*known, *faulty_too]))


def may_follow(where: Where, sections: Collection[str | int]) -> bool:
    """Whether a fault may come of faulty parts of these sections alone."""
    return where[0] == "everyday" or "horizon" in sections or ("people" in sections and where[0] in NEED_PEOPLE)


def is_named_among(part: Where, known: Iterable[str], scenario: Scenario) -> bool:
    """Whether a faulty part has a name all the same that is known where these are: of a city among the cities."""
    return len(part) == 2 and part[0] in MAPPINGS and list(known) == list(getattr(scenario, str(part[0])))


def misplaced_names(document: Document, gone: set[Where]) -> set[str | int]:
    """The names below a misspelt one: they are not unknown as well."""
    return {name for part in gone if len(part) == 1 and isinstance(below := document.data.get(str(part[0])), dict)
            for name in below}


def part_of(where: Where) -> Where:
    """The smallest part of a scenario that the others can do without."""
    if where[:1] == ("variants",) and where[2:3] == ("levers",):
        return where[:4]
    return where[:2] if where[:1] and where[0] in LISTS + MAPPINGS else where[:1]


def without(data: dict[str, Any], gone: set[Where]) -> tuple[dict[str, Any], dict[Where, list[int]]]:
    """Data without some of its parts, and for each list, which of its items are left."""
    kept: dict[Where, list[int]] = {}

    def sound(value: Any, where: Where) -> Any:
        if isinstance(value, dict):
            return {key: sound(part, (*where, key)) for key, part in value.items() if (*where, key) not in gone}
        if isinstance(value, list):
            kept[where] = [i for i in range(len(value)) if (*where, i) not in gone]
            return [value[i] for i in kept[where]]
        return value
    return BLANK | sound(data, ()), kept


def in_full(where: Where, kept: dict[Where, list[int]]) -> Where:
    """A place in what is left as the place in all."""
    full: Where = ()
    for step in where:
        full = (*full, kept[full][step] if isinstance(step, int) and full in kept else step)
    return full


# --- tables beside the file ------------------------------------------------------------------------------------------

def rows_beside_intervals(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Each row of a table of callers is one interval: what lies beside, between or over several would be wrong."""
    for i, surge in enumerate(scenario.surges):
        starts = [start for start, _ in surge.rows]
        if starts:
            yield from off_the_intervals(document, scenario, i, starts)
            if not any(scenario.horizon.start <= start < scenario.horizon.end for start in starts):
                yield document.problem(("surges", i, "table"), say("none of its rows lies within the horizon"))
            yield from coarse_rows(document, scenario, i, starts)


def off_the_intervals(document: Document, scenario: Scenario, i: int, starts: list[datetime]) -> Iterator[Problem]:
    """Rows that do not begin with an interval: told once, with how many there are."""
    length = scenario.horizon.interval_s
    beside = [k for k, start in enumerate(starts) if (start - scenario.horizon.start).total_seconds() % length]
    if not beside:
        return
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(sorted(starts))]
    finer = min(steps, default=length) <= length / 2
    remedy = (say("; add up the rows of each {minutes:g} min, or take a shorter horizon.interval", minutes=length / 60)
              if finer else say(""))
    yield Problem(document.values["surges", i, "rows", beside[0]], "start",
                  say("{at} is not where an interval of {minutes:g} min starts",
                      at=f"{starts[beside[0]]:%Y-%m-%d %H:%M:%S}", minutes=length / 60)
                  + alike_in(lines_of(document, i, beside[1:]), in_all=True) + remedy)


def coarse_rows(document: Document, scenario: Scenario, i: int, starts: list[datetime]) -> Iterator[Problem]:
    """Rows that stand for more than an interval, as far as can be seen: all their callers would call in the first."""
    length, order = scenario.horizon.interval_s, sorted(range(len(starts)), key=lambda k: starts[k])
    one = say("a row stands for one interval of {minutes:g} min", minutes=length / 60)
    steps = [(starts[b] - starts[a]).total_seconds() for a, b in itertools.pairwise(order)]
    gaps = [(a, step) for a,
            step in zip(order, steps, strict=False) if step > length and starts[a] < scenario.horizon.end
            and starts[a] + timedelta(seconds=step) > scenario.horizon.start]
    if steps and min(steps) > length:
        daily = say(" or by_day") if min(steps) % DAY_S == 0 else say("")
        yield document.problem(("surges", i, "table"), say("has a row every {minutes:g} min, but {one}: write a row "
                                                           "for each interval{daily}", minutes=min(steps) / 60, one=one,
                                                           daily=daily))
    elif gaps:
        first, step = gaps[0]
        yield Problem(document.values["surges", i, "rows", first], "start",
                      say("the next row after {start:%Y-%m-%d %H:%M} comes {minutes:g} min later, but {one}: write a "
                          "row for each interval, with 0 where nobody calls", start=starts[first],
                          minutes=step / 60, one=one) + alike_in(lines_of(document, i, [k for k, _ in gaps[1:]]),
                                                                  in_all=True))
    elif len(starts) == 1 and starts[0].time() == time(0) and length < DAY_S:
        yield Problem(document.values["surges", i, "rows", 0], "start",
                      say("{one}, and the only one is at midnight: write a row for each interval, or by_day if it is "
                          "the whole day", one=one))


def lines_of(document: Document, i: int, rows: Iterable[int]) -> list[int]:
    """The lines of some rows of a surge's table."""
    return [document.values["surges", i, "rows", k].line for k in rows]
