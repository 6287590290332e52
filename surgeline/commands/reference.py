"""The scenario reference: every field of a scenario file, from the schema and the fields' own descriptions."""
from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from sim.reading.schema import schema
from sim.reading.short_forms import MODELS
from sim.scenario.levers import LEVERS
from surgeline.locale import Lang

Schema = dict[str, Any]
BY_NAME = "ByName"  # ends the name of a model that is another one, of which nothing is required


def reference(lang: Lang) -> str:
    """The reference as Markdown."""
    told = schema()
    head = [f"# {word('title_of_page', lang)}", *(word(key, lang) for key in ("made", "quantities", "lists"))]
    names = ["Scenario", *(name for name in told["$defs"] if not name.endswith(BY_NAME))]
    return "\n\n".join([*head, *(section(name, told if name == "Scenario" else told["$defs"][name], lang)
                                 for name in names)]) + "\n"


def section(name: str, model: Schema, lang: Lang) -> str:
    """What a part of a scenario is, and a table of its fields."""
    required = model.get("required", [])
    rows = [f"| `{field}`{' *' if field in required else ''} | {may_be(one, lang)} | {says(field, one, lang)} |"
            for field, one in model["properties"].items()]
    head = [word(key, lang) for key in ("field", "may_be", "says")]
    mark = [f"\n\\* {word('needed', lang)}"] if required else []
    about = model["description"].replace("``", "`").replace("\n", " ") if lang == "en" else words()["models"][name]
    return "\n".join([f"## {name}", "", about, "", f"| {' | '.join(head)} |", "| --- | --- | --- |", *rows, *mark])


# --- words -----------------------------------------------------------------------------------------------------------

@cache
def words() -> dict[str, Any]:
    return tomllib.loads(files("surgeline.locale").joinpath("reference.toml").read_text(encoding="utf-8"))


def word(key: str, lang: Lang, of: str = "words") -> str:
    zh, en = words()[of][key]
    return str(zh if lang == "zh" else en)


def says(field: str, one: Schema, lang: Lang) -> str:
    """A field's description, or what its name stands for where it needs none."""
    text = next((part["description"] for part in (one, *one.get("anyOf", ())) if "description" in part), "")
    if not text:
        return word(field, lang, "names")
    return str(text if lang == "en" else words()["descriptions"][text]).replace("|", "\\|")


# --- what may stand in a field ---------------------------------------------------------------------------------------

def may_be(one: Schema, lang: Lang) -> str:
    return word("or", lang).join(dict.fromkeys(choices(one, lang)))


def choices(one: Schema, lang: Lang) -> Iterator[str]:
    """Everything that may stand somewhere, in words."""
    if is_quantity(one):
        yield f"{word('quantity', lang)} `{one['anyOf'][0]['examples'][0]}`"
    elif "oneOf" in one and len(one["oneOf"]) == len(LEVERS):
        yield word("lever", lang)
    elif "anyOf" in one or "oneOf" in one:
        for part in one.get("anyOf") or one["oneOf"]:
            yield from choices(part, lang)
    elif "$ref" in one:
        name = one["$ref"].removeprefix(MODELS).removesuffix(BY_NAME)
        yield f"[{name}](#{name.lower()})"
    elif "const" in one or "enum" in one:
        yield ", ".join(f"`{choice}`" for choice in one.get("enum", [one.get("const")]))
    else:
        yield from of_type(one, lang)


def is_quantity(one: Schema) -> bool:
    return "anyOf" in one and any("calibrated" in part.get("properties", {}) for part in one["anyOf"])


def of_type(one: Schema, lang: Lang) -> Iterator[str]:
    plain = {"string": "text", "integer": "whole", "number": "number", "boolean": "truth"}
    kinds = one.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind == "array":
            items = one.get("items") or {"anyOf": one.get("prefixItems", [])}
            yield word("list_of", lang) + may_be(items, lang)
        elif kind == "object" and "properties" in one:
            yield f"`{{{', '.join(f'{name}: …' for name in list(one['properties'])[:3])}}}`"
        elif kind == "object":
            inner: Any = one.get("additionalProperties") or next(iter(one.get("patternProperties", {}).values()), {})
            yield word("mapping_of", lang) + (may_be(inner, lang) if isinstance(inner, dict) and inner else "…")
        elif kind != "null":
            examples = one.get("examples", [])
            yield word(plain[kind], lang) + (f" `{examples[0]}`" if examples else "")
