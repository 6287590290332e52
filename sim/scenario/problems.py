"""What is wrong with a file, where, and the words for it."""
from __future__ import annotations

import difflib
import errno
import heapq
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

MOST_PROBLEMS = 100
MOST_KNOWN = 2000
MOST_COMPARED = 40
LONGEST_SHOWN = 60
LONGEST_LISTED = 200
LONGEST_MESSAGE = 300
LISTING = ", "
JOINED = "{before}{after}"
Where = tuple[str | int, ...]


# --- words that can be said in another language ----------------------------------------------------------------------

class Message(str):
    """Words of ours: a template with what stands in it, which is text, numbers, lists of names and further messages.

    It is its own English. It stays a message where it is added to text, cut short by ``printable``, carried by an error
    and asked for by ``str(error)``; not in an f-string, nor where it is joined or repeated.
    """

    template: str
    values: dict[str, object]
    longest: int | None

    def __new__(cls, template: str, values: dict[str, object], longest: int | None = None) -> Message:
        self = super().__new__(cls, rendered(template, values, longest, {}))
        self.template, self.values, self.longest = template, values, longest
        return self

    def __getnewargs__(self) -> tuple[str, dict[str, object], int | None]:  # type: ignore[override]
        return self.template, self.values, self.longest

    def __str__(self) -> Message:
        return self

    def __add__(self, other: str) -> Message:
        return Message(JOINED, {"before": self, "after": other})

    def __radd__(self, other: str) -> Message:
        return Message(JOINED, {"before": other, "after": self})

    def translated(self, words: Mapping[str, str]) -> str:
        """The same in another language.

        :param words: its templates by the English ones; what is missing is said in English.
        """
        return rendered(self.template, self.values, self.longest, words)


def say(template: str, **values: object) -> Message:
    """A message to a user. The template is its English, and its name in the catalogs of other languages."""
    return Message(template, values)


def either(names: Iterable[str]) -> Message:
    """Names of which one will do: "mean or median"."""
    first, *others = names
    either = say("{name}", name=first)
    for other in others:
        either = say("{one} or {other}", one=either, other=other)
    return either


def in_a_row(messages: Iterable[Message]) -> Message:
    """One message after another."""
    first, *others = messages
    for other in others:
        first = say("{before}; {after}", before=first, after=other)
    return first


def lines(messages: Iterable[Message]) -> Message:
    """One message below another."""
    first, *others = messages
    for other in others:
        first = say("{above}\n{below}", above=first, below=other)
    return first


def both(names: Iterable[str]) -> Message:
    """Names that belong together: "start and callers"."""
    first, *others = names
    both = say("{name}", name=first)
    for other in others:
        both = say("{one} and {other}", one=both, other=other)
    return both


def some(names: Sequence[str], most: int) -> Message:
    """The first of some names."""
    if len(names) > most:
        return say("{names} ...", names=names[:most])
    return say("{names}", names=names)


def rendered(template: str, values: Mapping[str, object], longest: int | None, words: Mapping[str, str]) -> str:
    text = words.get(template, template).format(**{name: worded(value, words) for name, value in values.items()})
    return text if longest is None else printable(text, longest)


def worded(value: object, words: Mapping[str, str]) -> object:
    """A value of a message as it stands in the text of a language; numbers and dates are formatted by the template."""
    if isinstance(value, Message):
        return value.translated(words)
    if isinstance(value, list | tuple):
        return words.get(LISTING, LISTING).join(str(worded(one, words)) for one in value)
    return value


# --- what is wrong, and where ----------------------------------------------------------------------------------------


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
    """Everything that is wrong with a scenario, all at once, or as much of it as somebody may read."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems))
        if len(self.problems) > MOST_PROBLEMS:
            del self.problems[MOST_PROBLEMS:]
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


# --- what messages say -----------------------------------------------------------------------------------------------

class RuleError(ValueError):
    """A rule that a value breaks. ``at`` leads from the value to the part that breaks it, or whose name does."""

    def __init__(self, message: Message, *at: str | int, of_name: bool = False):
        super().__init__(message)
        self.message, self.at, self.of_name = message, at, of_name


@overload
def printable(text: Message, longest: int = ...) -> Message: ...


@overload
def printable(text: str, longest: int = ...) -> str: ...


def printable(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Text that is safe to show: not too long, and nothing in it that moves a cursor."""
    if isinstance(text, Message):
        return Message(text.template, text.values, min(longest, text.longest or longest))
    short = text if len(text) <= longest else text[:longest - 3] + "..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


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
