"""What the command line says of itself, in the language of whoever asks: help, usage, and what is wrong with a word.

The language is that of the last ``--lang`` among the words, then of ``SURGELINE_LANG``, then the locale's; Chinese
where nothing says otherwise. It is known before click reads the words, since help and faults are told while it does.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import partial
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from surgeline.locale import LANGS, Lang, catalog

OPTION, VARIABLE = "--lang", "SURGELINE_LANG"
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
SPOKEN: ContextVar[Lang] = ContextVar("language", default="zh")


# --- which language --------------------------------------------------------------------------------------------------

def language() -> Lang:
    """The language in which the command at hand is answered."""
    return SPOKEN.get()


def language_of(words: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language that somebody asks for; a word that is none is refused by the option itself."""
    given = [word for word in (*languages_in(words), environment.get(VARIABLE)) if word in LANGS]
    local = next((environment[name] for name in LOCALES if environment.get(name)), "")
    asked = given[0] if given else "en" if local.lower().startswith("en") else "zh"
    return next(lang for lang in LANGS if lang == asked)


def languages_in(words: Sequence[str]) -> list[str]:
    """What stands behind ``--lang``, the last one first: it may stand before a command and behind it."""
    options = words[:words.index("--")] if "--" in words else words
    apart = [(i, after) for i, (word, after) in enumerate(pairwise(options)) if word == OPTION]
    joined = [(i, word.partition("=")[2]) for i, word in enumerate(options) if word.startswith(f"{OPTION}=")]
    return [word for _, word in sorted(apart + joined, reverse=True)]


@contextmanager
def speaking(words: Sequence[str]) -> Iterator[None]:
    """While a command is read and done: what click says is said in the language that its words ask for."""
    token = SPOKEN.set(language_of(words, os.environ))
    try:
        yield
    finally:
        SPOKEN.reset(token)


# --- words -----------------------------------------------------------------------------------------------------------

class Destination(click.Path):
    """What is to be written, by a path that does not wind: x/../y is y, whether there is an x or not."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return Path(os.path.realpath(path.parent)) / path.name if ".." in path.parts else path


# --- what click says -------------------------------------------------------------------------------------------------

def said(text: str) -> str:
    """Text of a command, of an option or of click in the language that is spoken."""
    return catalog(language()).get(text, text)


def said_of(one: str, many: str, number: int) -> str:
    return said(one if number == 1 else many)


for module in MODULES:  # where click asks gettext, whose catalogs are files of machines
    for name, instead in (("_", said), ("ngettext", said_of)):
        if hasattr(module, name):
            setattr(module, name, instead)


class Formatter(click.HelpFormatter):
    """Help whose lines fit a terminal in which a Chinese letter is two columns wide."""

    def write_text(self, text: str) -> None:
        from surgeline.terminal import wrapped
        for i, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if i else "")
            self.write_lines(wrapped(paragraph, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        from rich.cells import cell_len

        from surgeline.terminal import wrapped
        rows = list(rows)
        column = min(max(cell_len(first) for first, _ in rows), col_max) + col_spacing
        for first, second in rows:
            lines = wrapped(second, max(self.width - self.current_indent - column, 10)) if second else [""]
            space = column - cell_len(first)
            if space < col_spacing:
                self.write_lines([first])
                first, space = "", column
            self.write_lines([first + " " * space + lines[0], *(" " * column + line for line in lines[1:])])

    def write_lines(self, lines: Iterable[str]) -> None:
        self.write("".join(f"{' ' * self.current_indent}{line}".rstrip() + "\n" for line in lines))


class Context(click.Context):
    formatter_class = Formatter


class Option(click.Option):
    """An option that is told in the language that is spoken."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        told = copy(self)
        told.help = said(cleandoc(self.help or ""))
        return super(Option, told).get_help_record(ctx)

    def make_metavar(self, ctx: click.Context) -> str:
        return said(super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument that is told in the language that is spoken."""

    def make_metavar(self, ctx: click.Context) -> str:
        return said(super().make_metavar(ctx))


class Command(click.Command):
    """A command that is told in the language that is spoken."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = said("Show this message and exit.")
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [said(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        told = copy(self)
        told.help = said(cleandoc(self.help or ""))
        super(Command, told).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence."""
        first = said(cleandoc(self.help or "")).partition("\n")[0]
        return first.partition("。")[0].partition(": ")[0].removesuffix(".")


class Group(Command, click.Group):
    """Commands that are told, and read, in the language that is asked for."""

    command_class = Command


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
option: Callable[..., Decorator] = partial(click.option, cls=Option)
argument: Callable[..., Decorator] = partial(click.argument, cls=Argument)
