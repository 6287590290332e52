"""The format of scenario files as a JSON schema, for editors."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reading.findings import FILLED_IN
from sim.reading.short_forms import MODELS, add_short_forms
from sim.scenario.people import KEY
from sim.scenario.scenario import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTHING = {"type": "null"}


def schema() -> dict[str, Any]:
    """What a file may write. A base file may give any part of a mapping: only in lists is anything required."""
    told = Scenario.model_json_schema()
    defs = told.pop("$defs")
    let_take_away(told)
    for model in (told, *defs.values()):
        as_written(model)
    for name in models(told, defs, through_lists=False):
        defs[name].pop("required", None)
    add_short_forms(told, defs)
    del told["required"]
    told["$defs"] = {name: defs[name] for name in sorted(models(told, defs, through_lists=True))}
    return {"$schema": DIALECT} | told


def let_take_away(scenario: dict[str, Any]) -> None:
    """A file may write ~ for what its base says: for a section that need not be there, and for one city or the like."""
    for name, section in scenario["properties"].items():
        for names in (section.get("patternProperties", {}), section):
            for key in names.keys() & {KEY, "additionalProperties"}:
                if names[key].get("type") != "string":
                    names[key] = {"anyOf": [names[key], NOTHING]}
        if isinstance(section.get("default"), dict | list):
            scenario["properties"][name] = {"anyOf": [section, NOTHING]}


def as_written(model: dict[str, Any]) -> None:
    """Take out what the program fills in, and shut every mapping to names that are none."""
    for name in FILLED_IN:
        model.get("properties", {}).pop(name, None)
    for part in mappings(model):
        if isinstance(part.get("default"), dict | list):
            del part["default"]
        if "patternProperties" in part:
            part["additionalProperties"] = False


def mappings(part: Any) -> Iterator[dict[str, Any]]:
    """A part of a schema and all within it."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from mappings(inner)


def models(part: Any, defs: dict[str, Any], through_lists: bool, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names of the models that a part of a schema leads to."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    for key, inner in part.items() if isinstance(part, dict) else ():
        if key == "$ref" and (name := inner.removeprefix(MODELS)) not in found:
            found = models(defs[name], defs, through_lists, found | {name})
        elif key != "items" or through_lists:
            found = models(inner, defs, through_lists, found)
    return found
