"""YAML as plain data with the place of everything in it: no tags, no aliases, nothing that runs or swells."""
from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.scenario.messages import Message, printable, say
from sim.scenario.problems import (
    LONGEST_MESSAGE,
    MOST_PROBLEMS,
    Place,
    Problem,
    RuleError,
    ScenarioError,
    Where,
    dotted,
    problem,
    reason,
    shortly,
)

MOST_BYTES = 500_000
MOST_VALUES = 50_000
MOST_ITEMS = 2000
MOST_DEPTH = 30
MOST_DIGITS = 30


# --- files -----------------------------------------------------------------------------------------------------------

@dataclass
class Document:
    """Plain data, where each value and each key of it stands, and what is wrong with it so far.

    ``files`` leads from a file's name in messages to the file, ``tables`` are the files of numbers read beside them,
    ``elsewhere`` leads from what was filled in to where a planner wrote it, ``bases`` are the files that it extends and
    their names in messages, ``totals`` has what was split over the cities, by where it is written, ``left_open``
    what could not be filled in for reasons that are told, ``longer`` the
    horizon of a base if the file has its own, ``notices`` what was left out because of it, ``day_columns`` the columns
    of the days of each roster and their headings, ``of_cells`` what is wrong with days of rosters that count as empty
    for that.
    """

    data: dict[str, Any]
    values: dict[Where, Place] = field(default_factory=dict)
    keys: dict[Where, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    tables: list[Path] = field(default_factory=list)
    elsewhere: dict[Where, Where] = field(default_factory=dict)
    totals: dict[Where, Any] = field(default_factory=dict)
    left_open: set[Where] = field(default_factory=set)
    longer: dict[str, Any] | None = None
    notices: list[Problem] = field(default_factory=list)
    bases: tuple[tuple[Path, str], ...] = ()
    day_columns: dict[Where, list[tuple[int, str]]] = field(default_factory=dict)
    of_cells: list[Problem] = field(default_factory=list)

    def note(self, where: Where, message: Message, of_name: bool = False) -> None:
        """Note a problem with a value, or with its name."""
        self.problems.append(self.problem(where, message, of_name))

    def problem(self, where: Where, message: Message, of_name: bool = False) -> Problem:
        """A problem with a value, or with its name, at its place."""
        written, said = self.as_written(where), printable(message, LONGEST_MESSAGE)
        if written[:-4] in self.day_columns and written[-2] == "codes":
            column, heading = self.day_columns[written[:-4]][int(written[-1])]
            return Problem(replace(self.place(where), column=column + 1), heading, said)
        place = self.keys.get(written) if of_name else None
        return Problem(place or self.place(where), dotted(written), said)

    def place(self, where: Where) -> Place:
        """The place of a value, or of the nearest thing around it."""
        where = self.as_written(where)
        while where not in self.values and where:
            where = where[:-1]
        return self.values[where]

    def as_written(self, where: Where) -> Where:
        """Where a planner wrote it: what many have in common, perhaps, once for all."""
        for length in range(len(where), 0, -1):
            if where[:length] in self.elsewhere:
                return self.elsewhere[where[:length]] + where[length:]
        return where

    def relist(self, where: Where, old: list[int]) -> None:
        """Keep the places of a list that has other items now: the number that each of them had before."""
        length = len(where)
        inside = {at: to for at, to in self.elsewhere.items() if at[:length] == where and len(at) > length}
        self.elsewhere = {at: to for at, to in self.elsewhere.items() if at not in inside}
        for new, number in enumerate(old):
            self.elsewhere[*where, new] = inside.get((*where, number), (*where, number))
        for at, to in inside.items():
            for new in [new for new, number in enumerate(old) if number == at[length] and len(at) > length + 1]:
                self.elsewhere[*where, new, *at[length + 1:]] = to

    def is_of_this_file(self, where: Where) -> bool:
        """Whether it stands in the file itself, and not in one that it extends."""
        *_, this = self.files
        return self.place(where).file == this


def read_yaml(path: Path, shown: str, most_bytes: int = MOST_BYTES) -> Document:
    """A YAML file as plain data. ``shown`` is the file's name in messages."""
    try:
        data = file_bytes(path, most_bytes)
    except RuleError as error:
        raise problem(Place(shown), error.message) from None
    document = parse(decoded(data, shown), shown)
    document.files[shown] = path
    return document


def file_bytes(path: Path, most_bytes: int) -> bytes:
    """What a regular file holds, and never more than is allowed."""
    try:
        if not path.is_file():
            raise RuleError(say("is no file"))
        with path.open("rb") as stream:
            data = stream.read(most_bytes + 1)
    except OSError as error:
        raise RuleError(say("can't be read: {why}", why=reason(error))) from None
    if len(data) > most_bytes:
        raise RuleError(say("has more than {most:,} bytes, which is the most that is read",
                            most=most_bytes))
    return data


def decoded(data: bytes, shown: str) -> str:
    """The text of a file. Ends of lines as Windows writes them and a mark of the byte order are fine."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[:error.start].decode("utf-8-sig", "replace")
        raise problem(last_place(before, shown), say("is not UTF-8 text: save the file as UTF-8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def last_place(text: str, shown: str) -> Place:
    """Where the next character after a text would stand."""
    lines = text.split("\n")
    return Place(shown, len(lines), len(lines[-1]) + 1)


# --- YAML ------------------------------------------------------------------------------------------------------------

def parse(text: str, shown: str) -> Document:
    """YAML text as plain data with places."""
    reader = Reader(shown)
    try:
        reader.read(YAML(typ="safe", pure=True).parse(text))
    except ReaderError as error:
        place = last_place(text[:error.position], shown)
        raise problem(place, say("has a character that no text has: U+{code:04X}",
                                 code=error.character)) from None
    except MarkedYAMLError as error:
        raise explained(error, text, shown) from None
    except YAMLError as error:
        raise problem(Place(shown), say("is not YAML: {error}", error=printable(str(error), 100))) from None
    return reader.document


class Reader:
    """Builds the data from the parser's events, one after another, and notes what scenario files have no use for."""

    def __init__(self, shown: str):
        self.shown = shown
        self.document = Document({})
        self.refused: list[Problem] = []
        self.events: Iterator[Event] = iter(())

    def read(self, events: Iterator[Event]) -> None:
        """The one document of a file. Stops at what YAML can't be without its aliases and tags."""
        self.events, documents, data = events, 0, None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self.check_start(event, documents)
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                data = self.value(event, ())
        if self.refused:
            raise ScenarioError(self.refused)
        if not isinstance(data, dict):
            got = say("plain text") if isinstance(data, str) else shortly(data)
            raise problem(Place(self.shown), say("a scenario file is a mapping of names to values, but here is {got}",
                                                 got=got))
        self.document.data = data

    def check_start(self, event: DocumentStartEvent, documents: int) -> None:
        if event.version or event.tags:
            raise problem(self.place(event), say("a directive (%) stands above this: remove its line"))
        if documents > 1:
            raise problem(self.place(event), say("a second document begins here, but a file holds one scenario"))

    def place(self, event: Event) -> Place:
        return Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def value(self, event: Event, where: Where) -> Any:
        """The data of an event and of those within it. Where there is nothing, its name has the place."""
        nothing = isinstance(event, ScalarEvent) and not event.value and where in self.document.keys
        place = self.document.keys[where] if nothing else self.place(event)
        self.document.values[where] = place
        self.refuse(event, place)
        if len(where) > MOST_DEPTH:
            raise problem(place, say("is nested deeper than {most} levels", most=MOST_DEPTH))
        if len(self.document.values) > MOST_VALUES:
            raise problem(place, say("here the file passes {most:,} values, which is the most that is read",
                                     most=MOST_VALUES))
        if isinstance(event, MappingStartEvent):
            return self.mapping(where)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(where)
        return scalar(event) if isinstance(event, ScalarEvent) else None

    def refuse(self, event: Event, place: Place) -> None:
        """Aliases can make a small file huge, tags can ask for objects: neither has a use here."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        what = (say("an alias (*name)") if isinstance(event, AliasEvent) else
                say("an anchor (&name)") if anchor else say("a tag (!name)") if tag else None)
        if what:
            self.refused.append(Problem(place, "", say("{what} is not allowed: write the value out", what=what)))
        if len(self.refused) > MOST_PROBLEMS:
            raise ScenarioError(self.refused)

    def sequence(self, where: Where) -> list[Any]:
        data, items = list[Any](), list[Event]()
        while not isinstance(event := next(self.events), SequenceEndEvent):
            if len(data) == MOST_ITEMS:
                raise problem(self.place(event), say("a list may have at most {most:,} items",
                                                     most=MOST_ITEMS), dotted(where))
            items.append(event)
            data.append(self.value(event, (*where, len(data))))
        if are_decimal_commas(items):
            self.document.note(where, say("looks like {number} numbers with decimal commas, but a comma sets items "
                                          "apart: write {one}.{two}, or a space after every comma",
                                          number=len(data) // 2, one=data[0], two=data[1]))
        return data

    def mapping(self, where: Where) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event)
            if key in data:
                self.note_twice(event, (*where, key))
            self.document.keys[(*where, key)] = self.place(event)
            first, value = data.get(key), self.value(next(self.events), (*where, key))
            data[key] = first | value if isinstance(first, dict) and isinstance(value, dict) else value
        return data

    def key(self, event: Event) -> str:
        self.refuse(event, self.place(event))
        if not isinstance(event, ScalarEvent):
            raise problem(self.place(event), say("a name must be plain text"))
        return sound(event.value)

    def note_twice(self, event: Event, where: Where) -> None:
        first = self.document.keys[where]
        self.document.problems.append(
            Problem(self.place(event), dotted(where), say("stands here twice, first in line {line}: remove one",
                                                          line=first.line)))
        if len(self.document.problems) > MOST_PROBLEMS:
            raise ScenarioError(self.document.problems)


def are_decimal_commas(items: list[Event]) -> bool:
    """Whether a list is of pairs such as 1,5, with spaces between them and none within."""
    if len(items) < 4 or len(items) % 2 or not all(isinstance(item, ScalarEvent) and item.value.isdecimal()
                                                   for item in items):
        return False
    places = [(item.start_mark.line, item.start_mark.column, item.end_mark.column) for item in items]
    tight = [line == to and start - end == 1 for (line, _, end), (to, start, _) in pairwise(places)]
    return all(tight[::2]) and not any(tight[1::2])


DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9_]+(?:[eE][-+]?[0-9]+)?")
WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}


def scalar(event: ScalarEvent) -> Any:
    """A single value by the rules of YAML 1.2: 12:30 is text, yes is text, 1e3 is a number, 2021-08-07 is a date."""
    text = sound(event.value)
    if not event.implicit[0]:  # in quotes
        return text
    if text in WORDS:
        return WORDS[text]
    try:
        return number_or_date(text)
    except ValueError:
        return text


def number_or_date(text: str) -> Any:
    if len(text) <= MOST_DIGITS and INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= MOST_DIGITS and FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    if DATE.fullmatch(text):
        return date.fromisoformat(text)
    return text


def sound(text: str) -> str:
    r"""Text without halves of characters, which "\ud800" can make and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


# --- what the YAML parser says, in plain words -----------------------------------------------------------------------

PLAINLY = (
    (r"found character '\\t'", say("a tab stands here: indent with spaces"), False),
    ("found character", say("a value can't begin with this character: put it in quotes"), False),
    ("mapping values are not allowed|but got ':'",
     say('a colon stands where none is expected: put text with a colon in quotes, such as "S4: 5 agents", '
         "or see whether the line above lacks its own"), False),
    ("could not find expected ':'", say("this is no \"name: value\": a colon and a space are missing"), True),
    ("unexpected end of stream", say("this quotation mark is never closed"), True),
    ("expected ',' or .*<stream end>", say("this is never closed"), True),
    (r"expected ',' or '\}'", say("a comma or the closing }} is missing before this"), False),
    (r"expected ',' or '\]'", say("a comma or the closing ] is missing before this"), False),
    ("expected <block end>", say("this does not line up with anything above it: check the indentation, and whether a # "
                                 "before a line above, or a space behind it, was left"), False),
    ("sequence entries are not allowed", say("a list can't begin here: put its - on a line of its own"), False),
    ("expected the node content", say("a value is missing before this"), False),
    ("<document start>", say("this does not belong to anything above it: check the indentation"), False),
    ("block scalar", say("text can't begin with | or >: put it in quotes"), True),
    ("an (anchor|alias)", say("text can't begin with & or *: put it in quotes"), True),
    ("directive", say("a line can't begin with %: put it in quotes"), True),
    ("a tag|tag handle", say("text can't begin with !: put it in quotes"), True),
    ("escape", say(r'a backslash within "..." must be written \\, or put the text in single quotes'), False),
)
"""A pattern of the parser's message, our words, and whether the fault is where the construct begins."""
HINTS = (
    (r"[，：｛｝［］“”]", say('this line has full-width signs: write , : {{ }} [ ] "')),
    (r"^\s*-[^\s-]", say("put a space after the -")),
    (r"^[^#\"']*\w:[^\s\"'/]", say("put a space after the colon")),
)
"""A pattern of the faulty line, and what is probably wrong with it."""


def explained(error: MarkedYAMLError, text: str, shown: str) -> ScenarioError:
    """A fault of syntax with its place and its remedy."""
    begins, fails = mark_place(error.context_mark, shown), mark_place(error.problem_mark, shown)
    said = " ".join(str(part) for part in (error.problem, error.context) if part)
    found = [(words, early) for pattern, words, early in PLAINLY if re.search(pattern, said)]
    words, early = found[0] if found else (say("is not YAML: {error}", error=printable(said, 100)), False)
    if "flow" in said and begins and fails and begins.line < fails.line:
        words, early = say("this is not closed, or a comma is missing, before line {line}", line=fails.line), True
    place = (begins if early else fails) or fails or begins or Place(shown)
    line = [*text.split("\n"), *[""] * place.line][place.line - 1]
    hint = next((say("; ") + hint for pattern, hint in HINTS if re.search(pattern, line)), say(""))
    return problem(place, words + hint)


def mark_place(mark: Any, shown: str) -> Place | None:
    return None if mark is None else Place(shown, mark.line + 1, mark.column + 1)
