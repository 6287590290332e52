"""YAML as plain data with the place of everything in it: no tags, no aliases, nothing that runs or swells."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

MOST_BYTES = 4_000_000
MOST_DEPTH = 30
Where = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """File, line and column, counted from 1 as editors do."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.path + ': ' if self.path else ''}{self.message}"


class ScenarioError(Exception):
    """Everything that is wrong with a scenario, all at once."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def problem(place: Place, message: str, path: str = "") -> ScenarioError:
    return ScenarioError([Problem(place, path, message)])


@dataclass
class Document:
    """Plain data, and where each value and each key of it stands."""

    data: dict[str, Any]
    values: dict[Where, Place] = field(default_factory=dict)
    keys: dict[Where, Place] = field(default_factory=dict)


def read_yaml(path: Path, shown: str) -> Document:
    """A YAML file as plain data. ``shown`` is the file's name in messages."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise problem(Place(shown), f"the file has {size:,} bytes; at most {MOST_BYTES:,} are read")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise problem(Place(shown), f"can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise problem(Place(shown), f"must be UTF-8 text; byte {error.start} is not") from None
    return parse(text, shown)


def parse(text: str, shown: str) -> Document:
    """YAML text as plain data with places."""
    try:
        refuse_what_swells(text, shown)
        node = YAML(pure=True).compose(text)
        document = Document({})
        data = plain_data(node, (), document, shown, 0)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        raise problem(place, f"is not YAML: {error.problem or error.context}") from None
    except (YAMLError, ValueError) as error:
        raise problem(Place(shown), f"is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise problem(Place(shown), "is nested too deeply") from None
    if not isinstance(data, dict):
        raise problem(Place(shown), "must be a mapping of names to values")
    document.data = data
    return document


def refuse_what_swells(text: str, shown: str) -> None:
    """Aliases can make a small file huge, tags can ask for objects: neither has a use here."""
    refused = {AliasToken: "an alias (*name)", AnchorToken: "an anchor (&name)", TagToken: "a tag (!name)"}
    problems = [Problem(Place(shown, token.start_mark.line + 1, token.start_mark.column + 1), "",
                        f"{refused[type(token)]} is not allowed: write the value out")
                for token in YAML(pure=True).scan(text) if type(token) in refused]
    if problems:
        raise ScenarioError(problems[:20])


def plain_data(node: Node | None, where: Where, document: Document, shown: str, depth: int) -> Any:
    """The data of a node; notes the places of all that is in it."""
    if node is None:
        return {}
    place = Place(shown, node.start_mark.line + 1, node.start_mark.column + 1)
    document.values[where] = place
    if depth > MOST_DEPTH:
        raise problem(place, "is nested too deeply")
    if isinstance(node, SequenceNode):
        return [plain_data(child, (*where, i), document, shown, depth + 1) for i, child in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return mapping(node, where, document, shown, depth)
    return scalar(node, place)


def mapping(node: MappingNode, where: Where, document: Document, shown: str, depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = Place(shown, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            raise problem(place, "a name must be plain text")
        key = str(key_node.value)
        if key in data:
            raise problem(place, f"{key!r} stands here twice", ".".join(map(str, where)))
        document.keys[(*where, key)] = place
        data[key] = plain_data(value_node, (*where, key), document, shown, depth + 1)
    return data


def scalar(node: Any, place: Place) -> Any:
    """A single value by the rules of YAML 1.2: 12:30 is text, yes is text, 1e3 is a number."""
    kind, text = str(node.tag).rsplit(":", 1)[-1], node.value
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0) if not text.lstrip("+-").isdigit() else int(text)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        if kind == "timestamp":
            return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        raise problem(place, f"can't be read as a value: {text[:40]!r}") from None
    return {"null": None, "bool": text.lower() == "true"}.get(kind, text)
