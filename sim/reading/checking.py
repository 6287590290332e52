"""Every rule that a file breaks: those of single parts, and those between parts, of as many as are sound."""
from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from sim.problems import LONGEST_MESSAGE, MOST_PROBLEMS, Problem, Where, printable
from sim.quantities import FROM_FILE
from sim.reading.crosschecks import Conflict, cross_checks
from sim.reading.findings import told_once
from sim.reading.wording import in_words, likely
from sim.scenario import Scenario
from sim.yamlfile import Document

LISTS = ("levers", "surges", "absences", "observed", "focus")
MAPPINGS = ("cities", "classes", "shifts", "profiles", "everyday", "variants")
MOST_FINDINGS = 20 * MOST_PROBLEMS
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
    document.problems += list(itertools.islice(rows_beside_intervals(document, scenario), MOST_PROBLEMS + 1))
    return scenario


def cross_checked(scenario: Scenario) -> list[Conflict]:
    """What the parts of a scenario get wrong about each other: as many as anybody reads, and one more."""
    return list(itertools.islice(cross_checks(scenario), MOST_PROBLEMS + 1))


def as_problem(document: Document, where: Where, message: str, name: str | None, known: Iterable[str]) -> Problem:
    hint = "" if name is None else likely(document, name, known)
    is_date = where[-2:-1] == ("by_day",)
    return document.problem(where, printable(message, LONGEST_MESSAGE - len(hint)) + hint, of_name=is_date)


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
    for where, message, name, known in cross_checked(scenario):
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
    """Each row of a table of callers is one interval: what lies beside or between would be lost."""
    length = s.horizon.interval_s
    for i, surge in enumerate(s.surges):
        starts = [start for start, _ in surge.rows]
        for k, start in enumerate(starts):
            if (start - s.horizon.start).total_seconds() % length:
                yield Problem(document.values["surges", i, "rows", k], "start",
                              f"{start:%Y-%m-%d %H:%M:%S} is not where an interval of {length / 60:g} min starts")
        if starts and not any(s.horizon.start <= start < s.horizon.end for start in starts):
            yield document.problem(("surges", i, "table"), "none of its rows lies within the horizon")
        steps = [(b - a).total_seconds() for a, b in itertools.pairwise(sorted(starts))]
        if steps and min(steps) > length:
            yield document.problem(("surges", i, "table"), f"has a row every {min(steps) / 60:g} min, but an interval "
                                                           f"has {length / 60:g} min: write a row for each interval")
