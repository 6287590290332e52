"""Messages to a user: what they say and what stands in it, so that it can be said in any language.

The English is in the code and is the name under which another language has its words. This room knows no language but
how Chinese letters and others stand beside each other.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from string import Formatter
from typing import NamedTuple, overload

LONGEST_SHOWN = 60
COMMA, SEMICOLON, OR, AND, NEXT_LINE = ", ", "; ", " or ", " and ", "\n"
SEPARATORS = (COMMA, SEMICOLON, OR, AND)
JOINED = "{before}{after}"
FORMATTER = Formatter()
WIDE = re.compile("[\u2018-\u201d\u2e80-\u9fff\uff00-\uffef]")  # letters and signs
WIDE_AND_SPACE, SPACE_AND_WIDE = re.compile(f"{WIDE.pattern} $"), re.compile(f" {WIDE.pattern}")
HAN, NARROW = re.compile("[\u2e80-\u2fff\u3400-\u9fff]"), re.compile("[A-Za-z0-9]")


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
    """A message. The template is its English, and its name in the catalogs of other languages."""
    return Message(template, values)


# --- several things in one message -----------------------------------------------------------------------------------

class Several(NamedTuple):
    """Names or messages, and the English of what stands between them."""

    parts: Sequence[object]
    between: str = COMMA


def either(names: Iterable[str]) -> Message:
    """Names of which one will do: "mean or median"."""
    return say("{names}", names=Several(tuple(names), OR))


def both(names: Iterable[str]) -> Message:
    """Names that belong together: "start and callers"."""
    return say("{names}", names=Several(tuple(names), AND))


def some(names: Sequence[str], most: int) -> Message:
    """The first of some names."""
    return say("{names} ...", names=names[:most]) if len(names) > most else say("{names}", names=names)


def in_a_row(messages: Iterable[Message]) -> Message:
    """One message after another."""
    return say("{messages}", messages=Several(tuple(messages), SEMICOLON))


def lines(messages: Iterable[Message]) -> Message:
    """One message below another."""
    return say("{messages}", messages=Several(tuple(messages), NEXT_LINE))


# --- in the text of a language ---------------------------------------------------------------------------------------

def rendered(template: str, values: Mapping[str, object], longest: int | None, words: Mapping[str, str]) -> str:
    told = {name: worded(value, words) for name, value in values.items()}
    text = filled(words.get(template, template), told) if words else template.format(**told)
    return text if longest is None else printable(text, longest)


def worded(value: object, words: Mapping[str, str]) -> object:
    """A value as it stands in the text; numbers and dates are formatted by the template."""
    if isinstance(value, Message):
        return value.translated(words)
    if isinstance(value, Several):
        parts, between = [str(worded(part, words)) for part in value.parts], words.get(value.between, value.between)
        return reduce(lambda text, part: beside(beside(text, between), part), parts) if words else between.join(parts)
    return worded(Several(value), words) if isinstance(value, list | tuple) else value


def filled(template: str, values: Mapping[str, object]) -> str:
    """A template with its values, each beside what it stands by."""
    parts = ((words, "" if name is None else format(values[name], form or ""))
             for words, name, form, _ in FORMATTER.parse(template))
    return reduce(beside, (part for both_parts in parts for part in both_parts), "")


def beside(text: str, more: str) -> str:
    """Text and what follows it: between Chinese and other letters stands a space, and within Chinese none."""
    if WIDE_AND_SPACE.search(text) and WIDE.match(more):
        return text[:-1] + more
    if WIDE.match(text[-1:]) and SPACE_AND_WIDE.match(more):
        return text + more[1:]
    ends, begins = text[-1:], more[:1]
    is_mixed = (HAN.match(ends) and NARROW.match(begins)) or (NARROW.match(ends) and HAN.match(begins))
    return f"{text} {more}" if is_mixed else text + more


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
