"""What is wrong with a file, where, and the words for it."""
from __future__ import annotations

import difflib
import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PROBLEMS = 100
MOST_KNOWN = 2000
MOST_COMPARED = 40
LONGEST_SHOWN = 60
LONGEST_LISTED = 200
LONGEST_MESSAGE = 300
Where = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """File, line and column, counted from 1 as editors do; line 0 where it is of no file."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.path + ': ' if self.path else ''}{self.message}"


class UserError(Exception):
    """What a user can mend: the message says what is wrong and how to mend it."""


class ScenarioError(UserError):
    """Everything that is wrong with a scenario, all at once, or as much of it as somebody may read."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems))
        if len(self.problems) > MOST_PROBLEMS:
            del self.problems[MOST_PROBLEMS:]
            self.problems.append(Problem(self.problems[-1].place, "", "more problems follow: mend these first"))
        super().__init__("\n".join(map(str, self.problems)))


class WorldError(UserError, ValueError):
    """A scenario whose numbers no engine can hold."""


class ClusterError(UserError):
    """A cluster that can't be used: the message says why and what to do."""


def problem(place: Place, message: str, path: str = "") -> ScenarioError:
    return ScenarioError([Problem(place, path, message)])


# --- what messages say -----------------------------------------------------------------------------------------------

class RuleError(ValueError):
    """A rule that a value breaks. ``at`` leads from the value to the part that breaks it, or whose name does."""

    def __init__(self, message: str, *at: str | int, of_name: bool = False):
        super().__init__(message)
        self.at, self.of_name = at, of_name


def printable(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Text that is safe to show: not too long, and nothing in it that moves a cursor."""
    short = text if len(text) <= longest else text[:longest - 3] + "..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def shortly(value: object) -> str:
    """A value of a file, as a message shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = printable(str(value))
    return f'"{text}"' if isinstance(value, str) else text


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the name that was probably meant."""
    names = [str(k) for k in itertools.islice(known, MOST_KNOWN)]
    close = probably(name, names)
    if close is not None:
        return f"; did you mean {shortly(close)}?"
    listed = printable(", ".join(names), LONGEST_LISTED)
    return f"; known are {listed}" if 0 < len(names) <= 20 else ""


def probably(name: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant. Of many only those with much the same letters are compared, which is slow."""
    if len(name) > LONGEST_SHOWN:
        return None
    names, letters = [other for other in known if len(other) <= LONGEST_SHOWN], set(name)
    if len(names) > MOST_COMPARED:
        names = heapq.nsmallest(MOST_COMPARED, names, lambda other: (len(letters.symmetric_difference(other)),
                                                                     abs(len(other) - len(name)), other != name))
    close = difflib.get_close_matches(name, names, 1, 0.5)
    return close[0] if close else None


def dotted(where: Where) -> str:
    """A path as messages show it: cities.nanjing.seats, levers[1].kind."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{printable(step)}" for step in where).lstrip(".")
