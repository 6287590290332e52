"""What messages say, held to what they must: a place that there is, words for planners, and advice that helps."""
from __future__ import annotations

import json
import re
from pathlib import Path

from damage import MAIN, Files, words_of
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from sim.scenario.problems import Place, Problem, ScenarioError
from sim.scenario.shipped import SHIPPED

PLACED = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+)(?: \([A-Z]+\d+\))?: (?P<rest>.+)")
OURS = re.compile(r"<class|pydantic|NoneType|object at 0x|Traceback|datetime\.|Quantity\(|PosixPath|dict_keys|"
                  r"\bErrno\b|\b\w+Error\b|[Ii]nput should|validation error|\bNone\b|\bTrue\b|\bFalse\b")
UNPRINTED = re.compile(r"[\x00-\x1f\x7f\u200b\u2028\u202e]")
ADVICE = re.compile(r"(?:\bwrite(?: its (?:first|last) day,)?|did you mean) (?P<q>[\"`]?)"
                    r"(?!an? |it|the|this|text|hours:|[\w-]+: )(?P<value>[^\"`;?]+?)(?P=q)"
                    r"(?=\?|, or |, which| if |;|$)")
PATHLESS = re.compile(r"is no(?:t|)\b|can't be read|a scenario file is|this |is not allowed|text can't|has a character|"
                      r"here the file|an? |has more than|is nested|a name must|more problems follow|put ")


def faults(error: ScenarioError, files: Files) -> list[str]:
    """What is wrong with what is said of a file."""
    return [fault for problem in error.problems for fault in faults_of(problem, files)]


def faults_of(problem: Problem, files: Files) -> list[str]:
    said, found = str(problem), []
    placed = PLACED.fullmatch(said)
    if placed is None:
        return [f"no file:line:column, or a line break: {said!r}"]
    if UNPRINTED.search(said):
        found.append(f"a character that moves the cursor: {said!r}")
    words, place_is_yaml = re.sub(r'"[^"]*"', '""', problem.message), problem.place.file.endswith(".yaml")
    if OURS.search(words):
        found.append(f"the program's own words: {said}")
    said_so = re.search(rb"nan|inf|e400", b"".join(files.values()), re.IGNORECASE)
    if place_is_yaml and re.search(r"\b(nan|inf)\b", words) and not said_so:
        found.append(f"a number that is none: {said}")
    if not problem.path and place_is_yaml and not PATHLESS.match(problem.message):
        found.append(f"no path: {said}")
    if len(said) > 900:
        found.append(f"longer than anybody reads ({len(said)}): {said[:200]}")
    return found + [f"{why}: {said}" for why in misplaced(problem.place, files)]


def misplaced(place: Place, files: Files) -> list[str]:
    """Why there is no such place."""
    data = text_of(place.file, files)
    if data is None:
        return ["no such file"]
    if place.file.endswith(".xlsx"):
        return [] if place.line >= 1 <= place.column else ["no such place"]
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not 1 <= place.line <= len(lines):
        return [f"no such line, of {len(lines)}"]
    if place.file.endswith(".csv") or "\r" in text:
        return []
    return [] if 1 <= place.column <= len(lines[place.line - 1]) + 1 else ["no such column"]


def text_of(name: str, files: Files) -> bytes | None:
    if name in files:
        return files[name]
    shipped = SHIPPED / name
    return shipped.read_bytes() if shipped.is_file() else None


# --- advice ----------------------------------------------------------------------------------------------------------

def followed(problem: Problem, files: Files) -> Files | None:
    """The files after what a message advises; None if it advises nothing that can be done by a machine."""
    advice = ADVICE.search(problem.message)
    if advice is None or problem.place.file != MAIN or "the rest of a number" in problem.message:
        return None
    try:
        text = files[MAIN].decode("utf-8-sig")
        node = node_at(YAML(typ="safe", pure=True).compose(text), problem.place)
    except Exception:  # only the reader under test reads this
        return None
    if node is None or "\r" in text:
        return None
    new = advice["value"]
    if (node.tag.endswith("str") and words_of(text, node)[:1] in ("'", '"')) or advice["q"] == '"':
        new = json.dumps(new, ensure_ascii=False)
    begin, end = node.start_mark.index, node.end_mark.index
    return {**files, MAIN: (text[:begin] + new + text[end:]).encode()}


def node_at(node: Node | None, place: Place) -> Node | None:
    """The name or the single value at a place."""
    if isinstance(node, MappingNode | SequenceNode):
        inner = [part for value in node.value for part in (value if isinstance(value, tuple) else (value,))]
        return next((found for part in inner if (found := node_at(part, place)) is not None), None)
    if node is not None and (node.start_mark.line + 1, node.start_mark.column + 1) == (place.line, place.column):
        return node
    return None


def put(files: Files, folder: Path) -> None:
    """Write files below a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
