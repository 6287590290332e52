"""Every rule that a file breaks: those of single parts, and those between parts, of as many as are sound."""
from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from sim.reading.changing import MOST_FINDINGS, cross_checked, tried
from sim.reading.findings import told_once
from sim.reading.wording import in_words, likely
from sim.reading.yaml_places import Document
from sim.scenario.problems import LONGEST_MESSAGE, MOST_PROBLEMS, Problem, Where, dotted, printable
from sim.scenario.quantities import DAY_S, FROM_FILE
from sim.scenario.scenario import Scenario

LISTS = ("levers", "surges", "absences", "observed", "focus")
MAPPINGS = ("cities", "classes", "shifts", "profiles", "everyday", "variants")
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
    return scenario


def as_problem(document: Document, where: Where, message: str, name: str | None, known: Iterable[str]) -> Problem:
    hint = "" if name is None else likely(document, name, known)
    is_date = where[-2:-1] == ("by_day",)
    return document.problem(where, printable(message, LONGEST_MESSAGE - len(hint)) + hint, of_name=is_date)


# --- what variants change ---------------------------------------------------------------------------------------------

def wrong_changes(document: Document, scenario: Scenario, name: str) -> Iterator[Problem]:
    """What a variant's changes make wrong, where it is changed; and of its levers, where they are written."""
    here, variant = ("variants", name, "change"), scenario.variants[name]
    if not variant.change:
        return
    changed, faults = tried(scenario, variant.change, variant.levers)
    for where, message in faults:
        path = next((one for one in variant.change if dotted(where).startswith(one)), None)
        if where[:1] == ("levers",) and path is None:
            yield document.problem(("variants", name, *where), f"in the variant {name}, {message}")
        else:
            said = message if dotted(where) == path else f"{dotted(where)}: {message}"
            yield document.problem((*here, path) if path else here, f"with this, {said}", of_name=True)
    if changed is not None:
        yield from rows_beside_intervals(document, changed)


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
        if name not in names if name is not None else where[0] != "everyday" and "horizon" not in sections:
            document.problems.append(as_problem(document, in_full(where, kept), message, name, known))


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

def rows_beside_intervals(document: Document, s: Scenario) -> Iterator[Problem]:
    """Each row of a table of callers is one interval: what lies beside, between or over several would be wrong."""
    for i, surge in enumerate(s.surges):
        starts = [start for start, _ in surge.rows]
        if starts:
            yield from off_the_intervals(document, s, i, starts)
            if not any(s.horizon.start <= start < s.horizon.end for start in starts):
                yield document.problem(("surges", i, "table"), "none of its rows lies within the horizon")
            yield from coarse_rows(document, s, i, starts)


def off_the_intervals(document: Document, s: Scenario, i: int, starts: list[datetime]) -> Iterator[Problem]:
    """Rows that do not begin with an interval: told once, with how many there are."""
    length = s.horizon.interval_s
    beside = [k for k, start in enumerate(starts) if (start - s.horizon.start).total_seconds() % length]
    if not beside:
        return
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(sorted(starts))]
    finer = min(steps, default=length) <= length / 2
    remedy = f"; add up the rows of each {length / 60:g} min, or take a shorter horizon.interval" if finer else ""
    yield Problem(document.values["surges", i, "rows", beside[0]], "start",
                  f"{starts[beside[0]]:%Y-%m-%d %H:%M:%S} is not where an interval of {length / 60:g} min starts"
                  f"{and_more(len(beside) - 1)}{remedy}")


def coarse_rows(document: Document, s: Scenario, i: int, starts: list[datetime]) -> Iterator[Problem]:
    """Rows that stand for more than an interval, as far as can be seen: all their callers would call in the first."""
    length, order = s.horizon.interval_s, sorted(range(len(starts)), key=lambda k: starts[k])
    one = f"a row stands for one interval of {length / 60:g} min"
    steps = [(starts[b] - starts[a]).total_seconds() for a, b in itertools.pairwise(order)]
    gaps = [(a, step) for a, step in zip(order, steps, strict=False) if step > length and starts[a] < s.horizon.end
            and starts[a] + timedelta(seconds=step) > s.horizon.start]
    if steps and min(steps) > length:
        daily = " or by_day" if min(steps) % DAY_S == 0 else ""
        yield document.problem(("surges", i, "table"), f"has a row every {min(steps) / 60:g} min, but {one}: write a "
                                                       f"row for each interval{daily}")
    elif gaps:
        first, step = gaps[0]
        yield Problem(document.values["surges", i, "rows", first], "start",
                      f"the next row after {starts[first]:%Y-%m-%d %H:%M} comes {step / 60:g} min later, but {one}: "
                      f"write a row for each interval, with 0 where nobody calls{and_more(len(gaps) - 1)}")
    elif len(starts) == 1 and starts[0].time() == time(0) and length < DAY_S:
        yield Problem(document.values["surges", i, "rows", 0], "start",
                      f"{one}, and the only one is at midnight: write a row for each interval, or by_day if it is the "
                      "whole day")


def and_more(rows: int) -> str:
    return f"; so in {rows:,} more {'row' if rows == 1 else 'rows'}" if rows else ""
