"""What papers are made of that are printed, filled in and signed: each sheet a page, with blanks to write on."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from surgeline.locale import LANGS, Lang
from surgeline.reports.page.blocks import Table
from surgeline.reports.page.layout import environment
from surgeline.reports.page.words import Words

BLANK = ""
MOST_ROWS = {"portrait": 46, "landscape": 30}
MOST_CLOSE = {"portrait": 60, "landscape": 40}
LINE, CELL = 140, 66  # letters that fit into a line of a sentence, and of a table's longest cell; a Chinese one is two


@dataclass(frozen=True)
class Fields:
    """Names with what stands behind them; nothing is a line to write on."""

    items: tuple[tuple[str, str], ...]
    across: int = 3
    kind: str = field(default="fields", init=False)

    @property
    def rows(self) -> list[tuple[tuple[str, str], ...]]:
        return [self.items[i:i + self.across] for i in range(0, len(self.items), self.across)]


@dataclass(frozen=True)
class Lines:
    """Sentences, one below the other."""

    lines: tuple[str, ...]
    kind: str = field(default="lines", init=False)


@dataclass(frozen=True)
class Signed:
    """What is declared, and who signs it."""

    says: tuple[str, ...]
    by: tuple[str, ...]
    kind: str = field(default="signed", init=False)


@dataclass(frozen=True)
class Part:
    """A part of a sheet under its heading."""

    title: str
    blocks: tuple[Fields | Lines | Signed | Table, ...]

    @property
    def rows(self) -> int:
        """About how many rows it takes: its heading, rows of tables, sentences, lines to write on."""
        return 1 + sum(rows_of(block) for block in self.blocks)


@dataclass(frozen=True)
class Sheet:
    """A page of paper."""

    brand: str
    title: str
    facts: tuple[str, ...]
    head: Fields
    parts: tuple[Part, ...]
    foot: str
    way: Literal["portrait", "landscape"] = "portrait"

    @property
    def rows(self) -> int:
        """About how many rows stand on it."""
        return len(self.head.rows) + sum(part.rows for part in self.parts)

    @property
    def look(self) -> str:
        """A full sheet is set closer, and one that is fuller still closer yet, so that it is one page of paper."""
        if self.rows > MOST_CLOSE[self.way]:
            return f"{self.way} close tight"
        return f"{self.way} close" if self.rows > MOST_ROWS[self.way] else self.way


def rows_of(block: Fields | Lines | Signed | Table) -> int:
    if isinstance(block, Table):
        rows = sum(max(wrapped(str(cell), CELL) for cell in row) for row in block.rows)
        return rows + 1 + bool(block.title) + 2 * bool(block.note)
    if isinstance(block, Fields):
        return len(block.rows)
    if isinstance(block, Lines):
        return sum(wrapped(line, LINE) for line in block.lines)
    return sum(wrapped(line, LINE) for line in block.says) + 3


def wrapped(text: str, most: int) -> int:
    """Lines that a text takes in a column of so many letters."""
    return max(-(-sum(2 if letter > "\u2e7f" else 1 for letter in text) // most), 1)


def write(title: str, sheets: dict[Lang, list[Sheet]]) -> str:
    """All sheets in one file, from what they say in each language."""
    pages = [{"w": Words(lang), "sheets": sheets[lang]} for lang in LANGS]
    return environment().get_template("sheets.html").render(pages=pages, title=title)
