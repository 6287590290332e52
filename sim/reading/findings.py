"""What pydantic finds wrong with a file: where, what may stand there instead, and each fault once."""
from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from sim.reading.yaml_places import Document
from sim.scenario.changes import members
from sim.scenario.demand import Surge
from sim.scenario.levers import KINDS as LEVER_KINDS
from sim.scenario.levers import LEVERS
from sim.scenario.problems import MOST_PROBLEMS, Where, probably
from sim.scenario.scenario import Scenario, Variant

FILLED_IN = ("rows", "samples_s", "dates")
ONLY_IN_FILES: dict[Any, tuple[str, ...]] = {
    Scenario: ("extends", "every_city", "every_class", "lever_groups", "notes"),
    Surge: ("times", "on", "from", "to"), Variant: ("on", "without", "with", "replace"),
}
"""Names by which a file says in short what stands elsewhere in a scenario."""


@dataclass
class Finding:
    """What pydantic found: where in the file, what may stand there, and the choice that led there if there was one."""

    error: dict[str, Any]
    where: Where = ()
    kinds: list[Any] = field(default_factory=lambda: [Scenario])
    around: Any = None
    choice: Where | None = None
    choices: list[Any] = field(default_factory=list)
    chosen: Any = None
    of_name: bool = False

    @property
    def type(self) -> str:
        return str(self.error["type"])


def told_once(document: Document, errors: Iterable[Any]) -> list[Finding]:
    """One finding for each fault: a misspelt name is not also missing, a list with bad items not also too short."""
    findings = [found for error in errors for found in [meant(document, located(error))] if found is not None]
    unknown = [found for found in findings if found.type == "extra_forbidden"][:MOST_PROBLEMS]
    misspelt = {(*found.where[:-1], probably(str(found.where[-1]), names_in(found.around))) for found in unknown}
    within = {found.where[:length] for found in findings for length in range(len(found.where))}
    kept = [found for found in findings
            if not (found.type == "missing" and (found.where in misspelt or found.where in document.left_open))
            and not (found.type == "too_short" and found.where in within)]
    return list({(found.where, found.type): found for found in kept}.values())


def meant(document: Document, found: Finding) -> Finding | None:
    """Where a mapping or a word may stand: what is wrong with the one that the planner chose."""
    if found.choice is None or all(is_model(kind) for kind in found.choices):
        return found
    value = value_at(document.data, found.choice)
    if isinstance(value, dict) and any(is_model(kind) for kind in found.choices):
        return found if is_model(found.chosen) else None
    return Finding({"type": "choice", "input": value}, found.choice, found.choices)


def value_at(data: Any, where: Where) -> Any:
    """The value at a place of plain data, None if there is none."""
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


# --- walking the types -----------------------------------------------------------------------------------------------

def located(error: Any) -> Finding:
    """Pydantic's path without the parts that no file has, found by walking the types."""
    found = Finding(error)
    for step in error["loc"]:
        if len(found.kinds) > 1:  # here pydantic names the member of a union
            found.choice, found.choices = found.where, found.kinds
            found.chosen = member_named(found.kinds, step)
            found.kinds = [found.chosen]
        elif step == "[key]":
            found.kinds, found.of_name = members(typing.get_args(found.around)[0]), True
        else:
            found.where, found.around = (*found.where, step), found.kinds[0] if found.kinds else None
            found.kinds = kinds_below(found.around, step)
    return found


def member_named(kinds: list[Any], step: str | int) -> Any:
    """The member of a union that pydantic's path names."""
    named = [kind for kind in kinds if is_model(kind) and (kind_of_lever(kind) or kind.__name__) in str(step)]
    return (named or [kind for kind in kinds if not is_model(kind)] or kinds)[0]


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def kind_of_lever(kind: Any) -> str | None:
    return LEVER_KINDS[LEVERS.index(kind)] if kind in LEVERS else None


def kinds_below(kind: Any, step: str | int) -> list[Any]:
    """What may stand at a step below a type; nothing if the type knows no such step."""
    if is_model(kind):
        return next((members(f.annotation) for name, f in kind.model_fields.items() if step in (name, f.alias)), [])
    parts = typing.get_args(kind)
    if typing.get_origin(kind) is dict:
        return members(parts[1])
    if typing.get_origin(kind) is tuple and isinstance(step, int):
        return members(parts[0] if parts[-1] is Ellipsis else parts[min(step, len(parts) - 1)])
    return []


def names_in(kind: Any) -> list[str]:
    """The names that a part of a scenario may have."""
    if not is_model(kind):
        return []
    names = [f.alias or name for name, f in kind.model_fields.items() if name not in FILLED_IN]
    return [*names, *ONLY_IN_FILES.get(kind, ())]
