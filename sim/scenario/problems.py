"""What is wrong with a file, where, and the words for it."""
from __future__ import annotations

import difflib
import errno
import heapq
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.scenario.messages import LONGEST_SHOWN, Message, lines, printable, say, some

MOST_PROBLEMS = 100
MOST_KNOWN = 2000
MOST_RANGES = 10
FEWEST_ALIKE = 3  # two are as soon read one by one
ROW, DIGITS = re.compile(r"\[\d+\]"), re.compile(r"\d+")
MOST_COMPARED = 40
LONGEST_LISTED = 200
LONGEST_MESSAGE = 300
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
Where = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Place:
    """File, line and column, counted from 1 as editors do; line 0 where it is of no file. Of a workbook the cell's name
    stands behind them, as sheet programs show it."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        if not self.line:
            return self.file
        cell = f" ({letters(self.column - 1)}{self.line})" if self.file.lower().endswith(WORKBOOKS) else ""
        return f"{self.file}:{self.line}:{self.column}{cell}"


def letters(column: int) -> str:
    """A column, from 0, as sheets name it: A, Z, AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    place: Place
    path: str
    message: Message

    @property
    def told(self) -> Message:
        """The problem with its place."""
        if self.path:
            return say("{place}: {path}: {message}", place=self.place, path=self.path, message=self.message)
        return say("{place}: {message}", place=self.place, message=self.message)

    def __str__(self) -> str:
        return self.told


class UserError(Exception):
    """What a user can mend: the message says what is wrong and how to mend it, in any language that there is."""

    def __init__(self, message: Message):
        super().__init__(message)
        self.message = message


class ScenarioError(UserError):
    """Everything that is wrong with a scenario, all at once, or as much of it as somebody may read; and what is to be
    noted besides."""

    def __init__(self, problems: list[Problem], notices: Iterable[Problem] = ()):
        self.notices = list(notices)
        found = sorted(set(problems))
        self.problems = list(told_once(found, in_all=len(found) <= MOST_PROBLEMS))[:MOST_PROBLEMS]
        if len(found) > MOST_PROBLEMS:
            self.problems.append(Problem(self.problems[-1].place, "", say("more problems follow: mend these first")))
        super().__init__(lines(problem.told for problem in self.problems))


REASONS = {
    errno.ENOENT: say("No such file or directory"), errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"), errno.EEXIST: say("File exists"),
    errno.EISDIR: say("Is a directory"), errno.ENOTDIR: say("Not a directory"),
    errno.ENOSPC: say("No space left on device"), errno.EDQUOT: say("Disk quota exceeded"),
    errno.EROFS: say("Read-only file system"), errno.EFBIG: say("File too large"),
    errno.ENAMETOOLONG: say("File name too long"), errno.ELOOP: say("Too many levels of symbolic links"),
    errno.EIO: say("Input/output error"), errno.EMFILE: say("Too many open files"),
    errno.ENOLCK: say("No locks available"),
}
"""What systems say most often when a file can't be read or written."""


def reason(error: Exception) -> Message:
    """Why a file can't be read or written."""
    known = REASONS.get(getattr(error, "errno", None) or 0)
    return known or say("{why}", why=getattr(error, "strerror", None) or str(error))


class WorldError(UserError, ValueError):
    """A scenario whose numbers no engine can hold."""


class ClusterError(UserError):
    """A cluster that can't be used: the message says why and what to do."""


def problem(place: Place, message: Message, path: str = "") -> ScenarioError:
    return ScenarioError([Problem(place, path, message)])


# --- what many rows share --------------------------------------------------------------------------------------------

def told_once(problems: Iterable[Problem], in_all: bool) -> Iterator[Problem]:
    """Problems that are alike but for the row of a list and for numbers: the first of them, and where the others are.

    :param in_all: whether all were looked for.
    """
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        kind = one.place.file, ROW.sub("[]", one.path), DIGITS.sub("", one.message)
        kinds.setdefault(kind, []).append(one)
    for first, *others in kinds.values():
        if len(others) + 1 < FEWEST_ALIKE:
            yield from (first, *others)
        else:
            yield replace(first, message=first.message + alike_in([one.place.line for one in others], in_all))


def alike_in(rows: Sequence[int], in_all: bool) -> Message:
    """How many more rows there are, and in which lines.

    :param rows: the line of each.
    :param in_all: whether all were looked for.
    """
    if not rows:
        return say("")
    more = (say("; 1 more like this, in line {line}", line=rows[0]) if len(rows) == 1 else
            say("; {more:,} more like this, in lines {lines}", more=len(rows), lines=some(ranges(rows), MOST_RANGES)))
    return more if in_all else more + say(" and beyond")


def ranges(numbers: Iterable[int]) -> list[str]:
    """Whole numbers in short: 3-5, 8."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [f"{first}-{last}" if last > first else f"{first}" for first, last in found]


# --- what messages say -----------------------------------------------------------------------------------------------

class RuleError(ValueError):
    """A rule that a value breaks. ``at`` leads from the value to the part that breaks it, or whose name does."""

    def __init__(self, message: Message, *at: str | int, of_name: bool = False):
        super().__init__(message)
        self.message, self.at, self.of_name = message, at, of_name


def shortly(value: object) -> Message:
    """A value of a file, as a message shows it."""
    if value is None:
        return say("nothing")
    if isinstance(value, dict):
        return say("a mapping")
    if isinstance(value, list | tuple):
        return say("a list") if value else say("an empty list")
    text = printable(str(value).lower() if isinstance(value, bool) else str(value))
    return say('"{text}"', text=text) if isinstance(value, str) else say("{value}", value=text)


def nearest(name: str, known: Iterable[str]) -> Message:
    """A hint at the name that was probably meant."""
    names = [str(k) for k in itertools.islice(known, MOST_KNOWN)]
    close = probably(name, names)
    if close is not None:
        return say("; did you mean {name}?", name=shortly(close))
    listed = printable(say("{names}", names=names), LONGEST_LISTED)
    return say("; known are {names}", names=listed) if 0 < len(names) <= 20 else say("")


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
