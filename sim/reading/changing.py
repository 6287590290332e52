"""A scenario with other values at some paths, and everything that is wrong with it."""
from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.reading.conflicts import Conflict, Levers
from sim.reading.crosschecks import cross_checks
from sim.reading.findings import told_once
from sim.reading.wording import in_words
from sim.reading.yaml_places import Document
from sim.scenario.changes import CHECKED, changed_data
from sim.scenario.messages import Message, say
from sim.scenario.problems import MOST_PROBLEMS, Place, Problem, RuleError, ScenarioError, Where, dotted, nearest
from sim.scenario.scenario import Scenario

MOST_FINDINGS = 20 * MOST_PROBLEMS


def cross_checked(scenario: Scenario, whole: bool = True) -> list[Conflict]:
    """What the parts of a scenario get wrong about each other: as many as anybody reads, and one more."""
    return list(itertools.islice(cross_checks(scenario, whole), MOST_PROBLEMS + 1))


def tried(scenario: Scenario, changes: Mapping[str, Any],
          levers: Levers | None = None) -> tuple[Scenario | None, list[tuple[Where, Message]]]:
    """A changed scenario, None if its parts break rules; and what is wrong with it that was not wrong before.

    :param levers: those that it has instead of its own before it is changed.
    """
    other = scenario if levers is None else scenario.model_copy(update={"levers": levers})
    try:
        changed = other.changed(changes)
    except RuleError as error:
        return None, [((error.at[0],), error.message)]
    except ValidationError as error:
        return None, in_plain_words(changed_data(other, changes), error)
    before = {(where, message) for where, message, *_ in cross_checked(alone(scenario))}
    faults = []
    for where, message, name, known in cross_checked(alone(changed)):
        if (where, message) not in before:
            faults.append((where, message + (say("") if name is None else nearest(name, known))))
    return changed, faults


def alone(scenario: Scenario) -> Scenario:
    """A scenario whose variants have names, and no levers to be looked at."""
    bare = {name: one.model_copy(update={"levers": (), "change": {}}) for name, one in scenario.variants.items()}
    return scenario.model_copy(update={"variants": bare})


def in_plain_words(data: dict[str, Any], error: ValidationError) -> list[tuple[Where, Message]]:
    """Broken rules of plain data, each with its place in it."""
    document = Document(data, {(): Place("", 0, 0)})
    findings = told_once(document, error.errors(include_url=False)[:MOST_FINDINGS])[:MOST_PROBLEMS]
    return [((in_words(document, found).path,), in_words(document, found).message) for found in findings]


def checked(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """A scenario with other values at some paths.

    :raises ScenarioError: with all that is wrong with it.
    """
    changed, faults = tried(scenario, changes)
    if changed is None or faults:
        place = Place(scenario.name or "scenario", 0, 0)
        raise ScenarioError([Problem(place, dotted(where), message) for where, message in faults])
    return changed


CHECKED[:] = [checked]
