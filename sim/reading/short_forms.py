"""What a file may say in short, as JSON schema for editors: groups, tables, notes, totals, lists to add to."""
from __future__ import annotations

import copy
from typing import Any

from sim.reading.common import COUNTS, KEYS
from sim.reading.groups import TABLE
from sim.reading.notes import TEXTS
from sim.scenario.merging import ADD, LISTS_OF_PARTS, REPLACE

Schema = dict[str, Any]
MODELS = "#/$defs/"
NAMES: Schema = {"type": "array", "items": {"type": "string"}}
ONLY_IN_FILES: Schema = {
    "extends": {"anyOf": [{"type": "string"}, NAMES],
                "description": "a file below this one's folder, or one that ships, or a list of them: this file stands "
                               "on it and says only what differs; of several the later ones come on top"},
    "every_city": {"$ref": f"{MODELS}City", "description": "what each city has that does not say it itself"},
    "every_class": {"$ref": f"{MODELS}CallerClass", "description": "what each class has that does not say it itself"},
    "notes": {"type": "object", "additionalProperties": {"type": "string"},
              "description": f"texts by name: where one of {', '.join(TEXTS)} is such a name, the text stands there"},
    "lever_groups": {"type": "object",
                     "description": "levers by group: lists of them, or tables of which each row is a lever"},
}
OF_VARIANTS: Schema = {
    "on": {"type": "string", "description": "another variant on which this one stands"},
    "without": NAMES | {"description": "groups of levers that are left out"},
    "with": NAMES | {"description": "groups of levers that are added"},
    "replace": {"type": "object", "additionalProperties": {"type": "string"},
                "description": "groups of levers by the group that each is instead of"},
}

DATE: Schema = {"type": "string", "examples": ["2021-08-03"]}
OF_TIMES: Schema = {
    "times": {"type": ["number", "string", "object"], "examples": [3], "description": "everyday callers of these days "
              "times so much, instead of a profile and callers by day; of all classes if none is named"},
    "on": {"anyOf": [DATE, {"type": "array", "items": DATE}], "description": "with times: a day, or a list of them"},
    "from": DATE | {"description": "with times: the first day"}, "to": DATE | {"description": "with times: the last"},
}


def add_short_forms(told: Schema, defs: dict[str, Schema]) -> None:
    """Let a schema of scenarios take what files may say in short."""
    lever = told["properties"]["levers"]["anyOf"][0]["items"]
    terms = terms_of(lever, defs)
    told["properties"] |= copy.deepcopy(ONLY_IN_FILES)
    told["properties"]["lever_groups"]["additionalProperties"] = {"anyOf": [
        {"type": "array", "items": lever}, {"type": "null"}, table(terms, defs)]}
    lists = [told["properties"]["levers"]["anyOf"][0], defs["Variant"]["properties"]["levers"]]
    for one in lists:
        one["items"] = {"anyOf": [lever, {"type": "string", "description": "a group of levers"}]}
    defs["Variant"]["properties"] |= OF_VARIANTS
    defs["Surge"]["properties"] |= copy.deepcopy(OF_TIMES)
    defs["Surge"]["required"] = ["city"]
    defs["SurgeByName"] = {key: value for key, value in defs["Surge"].items() if key != "required"}
    told["properties"]["surges"]["anyOf"].append({"type": "object", "additionalProperties": {"anyOf": [
        {"$ref": f"{MODELS}SurgeByName"}, {"type": "null"}]}})
    split_totals(defs["City"]["properties"])
    for where in LISTS_OF_PARTS:
        part_at(told, defs, where)


def terms_of(lever: Schema, defs: dict[str, Schema]) -> Schema:
    """Terms of levers of any kind, none of them required."""
    names = [one["$ref"].removeprefix(MODELS) for one in lever["oneOf"]]
    found: dict[str, list[Any]] = {}
    for name in names:
        for term, said in defs[name]["properties"].items():
            found.setdefault(term, []).extend([said] if said not in found.get(term, []) else [])
    return {"type": "object", "additionalProperties": False,
            "properties": {term: {"anyOf": said} if len(said) > 1 else said[0] for term, said in found.items()}}


def table(terms: Schema, defs: dict[str, Schema]) -> Schema:
    """A table of levers: what is common, the names of columns, and the rows."""
    quantity = defs["City"]["properties"]["seats"]["anyOf"][1]
    cell = {"anyOf": [{"type": ["string", "number", "boolean", "null", "array"]}, quantity, terms]}
    columns = {"type": "array", "items": {"type": "string", "enum": list(terms["properties"])}}
    rows = {"type": "array", "items": {"type": "array", "items": cell}}
    return {"type": "object", "additionalProperties": False,
            "properties": dict(zip(TABLE, (terms, columns, with_forms(rows)), strict=True))}


def split_totals(city: Schema) -> None:
    """Let numbers of a city be totals of all, and let ~ take them away."""
    for name in COUNTS:
        one = city[name]
        total = {"type": "object", "additionalProperties": False, "required": ["total", "by"], "properties": {
            "total": {"anyOf": copy.deepcopy(one["anyOf"])},
            "by": {"enum": [key for key in KEYS if key != name]}}}
        one["anyOf"] = [*one["anyOf"], total, {"type": "null"}]


def part_at(told: Schema, defs: dict[str, Schema], where: tuple[str, ...]) -> None:
    """Let a list be ``{add: [...]}`` or ``{replace: [...]}``."""
    section, *below = where
    if not below:
        part = told["properties"][section]
        part["anyOf"] = [*part["anyOf"], *forms(part["anyOf"][0])]
    elif section == "lever_groups" and below == ["*"]:
        part = told["properties"][section]["additionalProperties"]
        part["anyOf"] = [*part["anyOf"], *forms(part["anyOf"][0])]
    elif section != "lever_groups":
        names = {"surges": ("Surge", "SurgeByName"), "variants": ("Variant",), "lending": ("Agreement",)}[section]
        for name in names:
            properties = defs[name]["properties"]
            properties[below[-1]] = with_forms(properties[below[-1]])


def with_forms(listed: Schema) -> Schema:
    if any("add" in one.get("properties", {}) for one in listed.get("anyOf", ())):
        return listed
    return {"anyOf": [listed, *forms(listed), {"type": "null"}]}


def forms(listed: Schema) -> list[Schema]:
    return [{"type": "object", "additionalProperties": False, "required": [form], "properties": {form: listed}}
            for form in (ADD, REPLACE)]
